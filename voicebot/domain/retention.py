"""How long what people told us stays. It has classes of what is kept, spans by policy, and when a class of one case is
due to go.

Counted from the last activity of a case at rest, in which nothing is owed any more. An unanswered complaint stays as a
whole but for its traces, and who refused to be recorded is forgotten sooner. Rows and case numbers stay for ever, so
that counts stay true and no number is used twice, and only what tells of a person goes.

Knows: classes, spans. Must not know: which column belongs to which class (adapters/store/erasure.py), policy files.
Source: complaints.md S1-16 (unanswered, three years) and section 2 (FCA DISP 1.9, a record for three years).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

RETENTION_ACTOR = "retention"
"""Who writes into the history that something went. It is no activity of the case."""


class RetentionClass(StrEnum):
    """What is kept, by what it tells."""

    AUDIO = "audio"
    """The voice of each answer."""
    WORDS = "words"
    """What was said, written or noted in words, such as problem, demand, transcripts, reasons."""
    NUMBERS = "numbers"
    """Telephone numbers, the PIN, and what staff wrote down of the complainant, which say whose the case is."""
    TEXTS = "texts"
    """Bodies of the texts we sent."""
    TRACES = "traces"
    """How a call went, turn by turn. It is needed while it lasts and to find out what went wrong."""


class CardNumbers(StrEnum):
    """What becomes of the number of a payment card that somebody says or writes."""

    MASK = "mask"
    """It is kept and shown as a mark. Who may see the original says why."""
    DESTROY = "destroy"
    """Words and samples are overwritten."""


def _default_spans() -> Mapping[RetentionClass, timedelta]:
    days = {
        RetentionClass.AUDIO: 180,
        RetentionClass.WORDS: 1095,
        RetentionClass.NUMBERS: 365,
        RetentionClass.TEXTS: 365,
        RetentionClass.TRACES: 90,
    }
    return MappingProxyType({each: timedelta(days=count) for each, count in days.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionRules:
    """The policy. Its defaults stand, with their reasons, in `flows/policy/retention.yaml`."""

    keep: Mapping[RetentionClass, timedelta] = field(default_factory=_default_spans)
    keep_refused: timedelta = timedelta(days=90)
    """The longest that words and traces stay of somebody who refused to be recorded."""
    keep_unanswered: timedelta = timedelta(days=1095)
    """The least that everything but traces stays of a complaint nobody answered."""
    card_numbers: CardNumbers = CardNumbers.MASK
    unanswered_after: timedelta = timedelta(days=30)
    """A case at rest so long, whose complainant nobody ever reached, is marked unanswered."""

    def least(self, kind: RetentionClass) -> timedelta:
        """Return the shortest span that any case can have for a class."""
        return self.span(kind, is_unanswered=False, is_recording_refused=True)

    def span(self, kind: RetentionClass, *, is_unanswered: bool, is_recording_refused: bool) -> timedelta:
        """Return how long a class of one case stays after its last activity, where unanswered beats refused."""
        span = self.keep[kind]
        if is_recording_refused and kind in _SOONER_IF_REFUSED:
            span = min(span, self.keep_refused)
        if is_unanswered and kind is not RetentionClass.TRACES:
            span = max(span, self.keep_unanswered)
        return span


_SOONER_IF_REFUSED = frozenset({RetentionClass.WORDS, RetentionClass.TRACES})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAtRest:
    """A case in which nothing is owed, nobody is on the line and nothing is on its way."""

    ticket_id: str
    case_number: str
    last_activity_at: datetime
    is_unanswered: bool
    """Marked so. The mark is never taken back."""
    is_recording_refused: bool


def due_at(rules: RetentionRules, kind: RetentionClass, case: CaseAtRest) -> datetime:
    """Return when a class of a case at rest is due to go, if nothing happens in it until then."""
    span = rules.span(kind, is_unanswered=case.is_unanswered, is_recording_refused=case.is_recording_refused)
    return case.last_activity_at + span
