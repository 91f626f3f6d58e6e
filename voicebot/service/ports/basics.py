"""Time, chance, and the definitions a hotline runs by, as ports.

Knows: flows and policies as values. Must not know: clocks, files.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A stretch of what began one after the other, oldest first, to be read on from where one stopped.

    What begins meanwhile comes at its end, so that nothing is read twice and nothing is left out.
    """

    limit: int
    from_at: datetime | None = None
    until_at: datetime | None = None
    """What begins at this instant or later is left out."""
    after: tuple[datetime, str] | None = None
    """When the last one that was read began, and its id."""


class Clock(Protocol):
    """The only source of now."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """The only source of ids and randomness."""

    def new_id(self) -> str:
        """Return a fresh id (32 hexadecimal digits)."""
        ...

    def new_token(self) -> str:
        """Return a fresh secret, fit for a URL, of at least 128 bits."""
        ...

    def random_digits(self, count: int) -> str:
        """Return so many decimal digits from a cryptographic source. The first may be 0."""
        ...


class FlowLibrary(Protocol):
    """Flows and policy as the folder has them now, and as any digest once had them."""

    def current_flow(self, name: str) -> Flow: ...
    def current_policy(self) -> Policy: ...
    def faults(self) -> tuple[str, ...]:
        """What is wrong with files that were changed meanwhile. What was read before them stays in force."""
        ...

    def flow_from(self, body: str) -> Flow:
        """Rebuild a flow from the texts kept by `Definitions`."""
        ...

    def policy_from(self, body: str) -> Policy: ...
