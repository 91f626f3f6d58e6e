"""Notices. Each is something that happened on a case, of which somebody of the staff is told, at once or when they
work next.

A notice is unique on case, event, step and person. What is told at once leaves at once. The rest waits until its reader
works, and a while longer for others, so that one message tells several.
The ladders (escalation.py) tell whom they name of warnings, misses and late decisions. Notices of these reach who else
is to learn of it, such as an owner whom the ladder passed over because they were not on duty. Nobody gets both.

Knows: events, states, when a notice is due. Must not know: channels, wording, who has which role.
Source: complaints.md 3, "Escalation noise" (the key is case, event and step, never a date).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from voicebot.domain.escalation import OWNER

FORMER_OWNER = "former_owner"
"""In the `tell` of a hand-over, this is whose case it was."""
OFFERED = "offered"
"""In the `tell` of a repeat call, this is who else may take the case."""

SENIOR = "senior"
"""In the `tell` of whom a case is about, or of danger, this is whoever supervises or manages, but for that person."""
OF_CATEGORY = "of_category"
"""In the `tell` of a kind of complaint, this is whom that kind names."""


class NoticeEvent(StrEnum):
    """What happened. Values are stored, and are the keys of `notices.yaml`."""

    NEW_CASE = "new_case"
    SUPERVISOR_WANTED = "supervisor_wanted"
    DANGER_HEARD = "danger_heard"
    """Words of a caller may tell of danger or self-harm. Nobody has judged them yet."""
    NEW_WORDS = "new_words"
    REPEAT_CALL = "repeat_call"
    """The complainant has called again about the same case."""
    OWNER_CHANGED = "owner_changed"
    WARNING = "warning"
    """A promised call is due and was not made."""
    MISS = "miss"
    """A promised call was not made in its window."""
    ABOUT_SAID = "about_said"
    """Somebody has said that the case complains about one of the staff, who does not see it any more."""
    CATEGORY_SET = "category_set"
    """Staff have said what kind of complaint it is."""
    DECISION_DUE = "decision_due"
    """A decision is due soon, or was due and not told."""


LADDER_EVENTS = frozenset({NoticeEvent.WARNING, NoticeEvent.MISS, NoticeEvent.DECISION_DUE})
"""Those that a ladder tells of, too. Whoever the ladder told of it gets no notice."""


class NoticeState(StrEnum):
    """Where a notice is."""

    WAITING = "waiting"
    TOLD = "told"
    """A message that tells it was handed to at least one channel."""
    OVERTAKEN = "overtaken"
    """It was true no more. `reason` says why."""
    UNTOLD = "untold"
    """No channel reaches the person. `reason` says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRule:
    """Policy. It says whom to tell of one event, and when."""

    tell: tuple[str, ...]
    """Roles, `owner`, `former_owner` or `offered`."""
    is_at_once: bool = False
    """False means when the person works next."""
    bundle_for: timedelta = timedelta(0)
    """How long it waits for others, so that one message tells them all."""


def _default_rules() -> Mapping[NoticeEvent, NoticeRule]:
    ten = timedelta(minutes=10)
    return MappingProxyType(
        {
            NoticeEvent.NEW_CASE: NoticeRule(tell=(OWNER,), bundle_for=ten),
            NoticeEvent.SUPERVISOR_WANTED: NoticeRule(tell=("supervisor",), is_at_once=True),
            NoticeEvent.DANGER_HEARD: NoticeRule(tell=("supervisor",), is_at_once=True),
            NoticeEvent.NEW_WORDS: NoticeRule(tell=(OWNER,), bundle_for=ten),
            NoticeEvent.REPEAT_CALL: NoticeRule(tell=(OWNER, OFFERED), bundle_for=ten),
            NoticeEvent.OWNER_CHANGED: NoticeRule(tell=(OWNER, FORMER_OWNER), bundle_for=ten),
            NoticeEvent.ABOUT_SAID: NoticeRule(tell=(SENIOR,), is_at_once=True),
            NoticeEvent.CATEGORY_SET: NoticeRule(tell=(OF_CATEGORY,), bundle_for=ten),
            NoticeEvent.WARNING: NoticeRule(tell=(OWNER,), bundle_for=ten),
            NoticeEvent.MISS: NoticeRule(tell=(OWNER, "supervisor"), bundle_for=ten),
            NoticeEvent.DECISION_DUE: NoticeRule(tell=(OWNER, "supervisor"), bundle_for=ten),
        }
    )


DEFAULT_RULES = _default_rules()
"""What holds without `notices.yaml`. The reasons stand in `flows/policy/notices.yaml`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One event of one case for one person."""

    id: str
    ticket_id: str
    event: NoticeEvent
    step: str
    """Which occurrence, where an event can happen again, such as a call, a text, a hand-over, a step of a ladder."""
    member_id: str
    at: datetime
    opens_at: datetime
    """Not told before, because the person does not work until then."""
    due_at: datetime
    """Told then at the latest, with all of the person's that have opened."""
    state: NoticeState = NoticeState.WAITING
    reason: str = ""
    bundle: str = ""
    """The id of the first notice that the same message tells of. Empty until it is told."""


def notice_times(rule: NoticeRule, now: datetime, *, works_from: datetime) -> tuple[datetime, datetime]:
    """Return from when a notice may be told and when it is due. `works_from` is when its reader works next."""
    opens_at = now if rule.is_at_once else max(now, works_from)
    return opens_at, opens_at + rule.bundle_for
