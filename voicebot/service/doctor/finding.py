"""What a check says. It is fine, doubt or broken, what was found, and one sentence on what would put it right.

Knows: words, our errors. Must not know: what is checked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from voicebot.errors import VoicebotError


class Verdict(StrEnum):
    """How bad it is."""

    FINE = "fine"
    DOUBT = "doubt"
    """Serves, and yet somebody could be let down."""
    BROKEN = "broken"
    """Callers or promises are let down as it stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line of the report."""

    verdict: Verdict
    found: str
    """What is so, in one sentence without a full stop."""
    cure: str = ""
    """What would put it right, in one sentence without a full stop, empty when it is fine."""

    def __post_init__(self) -> None:
        if bool(self.cure) == (self.verdict is Verdict.FINE):
            raise AssertionError("what is not fine has a cure")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing to be looked at."""

    name: str
    """Short and stable: programs read it."""
    look: Callable[[], Iterable[Finding]]
    limit_s: float = 20.0
    """How long it may take before it counts as hanging."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """A finding with the check it came from."""

    check: str
    finding: Finding
    took_s: float


def fine(found: str) -> Finding:
    """Return a finding with which all is well."""
    return Finding(verdict=Verdict.FINE, found=found)


def doubt(found: str, *, cure: str) -> Finding:
    """Return a finding that could let somebody down."""
    return Finding(verdict=Verdict.DOUBT, found=found, cure=cure)


def broken(found: str, *, cure: str) -> Finding:
    """Return a finding that lets somebody down as it stands."""
    return Finding(verdict=Verdict.BROKEN, found=found, cure=cure)


def broken_by(error: VoicebotError) -> Finding:
    """Return an error of ours as a finding. Its message says what was found, then what would put it right."""
    found, _, cure = str(error).partition("; ")
    return broken(found, cure=cure or f"`voicebot docs errors` explains `{error.code}`")
