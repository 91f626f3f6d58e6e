"""How an action of staff is told from its own repetition.

An action is decided on a page that showed so many actions. Sent twice (a double click), the second finds itself among
those done since, and changes nothing. When somebody else has acted since, what rests on how the case stood is refused,
while what is a fact (a call was made, a note is written) is kept.
Knows: who did what since when. Must not know: pages, promises' clocks.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voicebot.domain.case_number import read_case_number
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import find_ticket, ticket_of
from voicebot.service.ports import UnitOfWork

LONGEST_TEXT = 2_000
"""Characters of a note or a reason. Our judgement, since more belongs into a document."""


class StaffAction(StrEnum):
    """What the history calls the actions of staff."""

    CALLED = Verb.COMPLAINANT_CALLED.value
    TRIED = Verb.COMPLAINANT_TRIED.value
    ACKNOWLEDGED = Verb.TICKET_ACKNOWLEDGED.value
    TAKEN_OVER = Verb.TICKET_TAKEN_OVER.value
    GIVEN = Verb.TICKET_GIVEN.value
    NOTED = Verb.NOTE_WRITTEN.value
    ANSWERED = Verb.CASE_ANSWERED.value
    JOINED = Verb.CASE_JOINED.value
    TAKEN_OUT = Verb.CASE_TAKEN_OUT.value
    SPLIT = Verb.CASE_SPLIT.value
    WINDOW_CHOSEN = Verb.PROMISE_CHOSEN.value
    FIELDS_KEPT = Verb.FIELDS_KEPT.value
    NUMBER_GIVEN = Verb.NUMBER_GIVEN.value
    CLOSED = Verb.CASE_CLOSED.value
    DISMISSED = Verb.CASE_DISMISSED.value
    REOPENED = Verb.CASE_REOPENED.value
    OFFER_ENDED = Verb.OFFER_ENDED.value
    REFUSAL_ASKED = Verb.REFUSAL_ASKED.value
    REFUSAL_CONFIRMED = Verb.REFUSAL_CONFIRMED.value
    REFUSAL_OVERRULED = Verb.REFUSAL_OVERRULED.value
    EXPLAINED = Verb.DELAY_EXPLAINED.value
    TASK_SET = Verb.TASK_SET.value
    TASK_DONE = Verb.TASK_DONE.value
    CATEGORISED = Verb.CATEGORY_SET.value
    KIND_SET = Verb.DECISION_KIND_SET.value
    FOLLOWS = Verb.CASE_FOLLOWS.value
    FOLLOWS_NONE = Verb.CASE_FOLLOWS_NONE.value
    UPDATE_SENT = Verb.LEAD_UPDATE_SENT.value
    WAITS = Verb.WAITING_BEGUN.value
    GOES_ON = Verb.WAITING_ENDED.value
    ABOUT_SAID = Verb.CASE_ABOUT_SAID.value
    TALK_TAKEN_BACK = Verb.TALK_TAKEN_BACK.value


_CHANGES_THE_CASE = frozenset(StaffAction) - {StaffAction.TRIED, StaffAction.NOTED, StaffAction.FIELDS_KEPT}
_FACTS = frozenset({StaffAction.CALLED, StaffAction.TRIED, StaffAction.NOTED})
"""What has happened is kept, however the case stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """An action that a member has decided on."""

    action: StaffAction
    actor: str
    """StaffMember.id, or whoever is at the terminal."""
    after: str = ""
    """What the history will keep of it."""
    seen: int | None = None
    """How many actions the page showed. None when it was decided without one. Then nothing is taken for a repeat."""


@dataclass(frozen=True, kw_only=True)
class CaseContext(Context):
    """The context of a step in one held case, as it stands now."""

    ticket: Ticket
    missing: Collection[str] = frozenset()
    """Ids of answers whose voice was not to be found just before."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision, and what it changes. The change refuses by raising Refused."""

    decision: Decision
    change: Callable[[CaseContext], None]
    before: Callable[[Ticket], str] = lambda _ticket: ""
    """What the history will keep of how the case stood."""


def actions_of(history: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """Return the actions of staff among a case's history. They were written one after the other."""
    return tuple(entry for entry in history if entry.verb in set(StaffAction))


def lock_case(work: UnitOfWork, case: str) -> Ticket:
    """Return the case for an action. Another action on it waits until this one is done.

    Its calls are held before it, because a turn holds its call before any case. In the other order the database would
    end one of the two. Raises: Refused when there is none of that number.
    """
    found = find_ticket(work, case)
    for call_id in sorted(call.id for call in work.calls.of_ticket(found.id)):
        work.calls.lock(call_id)
    work.tickets.hold(found.id)
    return find_ticket(work, case)


def is_repeated(work: UnitOfWork, ticket: Ticket, decision: Decision) -> bool:
    """Tell whether the same member has done the same since the page was read."""
    action = (decision.actor, decision.action, decision.after)
    return any((done.actor, done.verb, done.after) == action for done in _since(work, ticket, decision))


def refuse_if_changed(work: UnitOfWork, ticket: Ticket, decision: Decision) -> None:
    """Raise Refused when somebody else has called, acknowledged or taken over since the page was read."""
    others = [done for done in _since(work, ticket, decision) if done.actor != decision.actor]
    if any(done.verb in _CHANGES_THE_CASE for done in others):
        raise Refused(
            "somebody else has acted on this case since you opened the page, so nothing was changed: read the case "
            "again, then decide",
            code="case-changed",
        )


def act(hotline: Hotline, case: str, *steps: Step, missing: Collection[str] = frozenset()) -> bool:
    """Take the steps on a case, one after the other, and write each down. All of them are taken or none, and once.

    `missing` are ids of answers whose voice is not to be found. One transaction, while no other action on the case goes
    on. Returns False for a repetition.
    Raises: Refused when there is no such case, somebody else has acted since, or a step refuses.
    """
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        if any(is_repeated(work, one, step.decision) for step in steps for one in _by_that_number(work, ticket, case)):
            return False
        context = context_of(hotline, work)
        for step in steps:
            if step.decision.action not in _FACTS:
                refuse_if_changed(work, ticket, step.decision)
        for step in steps:
            # Read anew: a step before this one may have changed the case.
            standing = ticket_of(work, ticket.id)
            at = CaseContext(hotline=hotline, work=work, now=context.now, ticket=standing, missing=missing)
            step.change(at)
            note_action(work, ticket, step.decision, at=context.now, before=step.before(standing))
        work.commit()
        return True


def _by_that_number(work: UnitOfWork, ticket: Ticket, case: str) -> tuple[Ticket, ...]:
    """Return the case, and the one whose own number that is, since what was done to it before it was joined stands
    there.
    """
    if ticket.case_number == read_case_number(case):
        return (ticket,)
    joined = (ticket_of(work, ticket_id) for ticket_id in work.tickets.merged_into(ticket.id))
    return (ticket, *(each for each in joined if each.case_number == read_case_number(case)))


def worded(text: str, *, missing: Refused) -> str:
    """Return what somebody typed where words are needed. Raises: `missing` when there are none, Refused as `tidy`."""
    tidied = tidy(text)
    if not tidied:
        raise missing
    return tidied


def note_action(work: UnitOfWork, ticket: Ticket, decision: Decision, *, at: datetime, before: str = "") -> None:
    """Write the action into the history, at the instant that everything else of it has."""
    note_case(
        work,
        ticket.id,
        Verb(decision.action),
        at=at,
        actor=decision.actor,
        before=before,
        after=decision.after,
        # The case that was taken out has a line of its own, by which other systems are told.
        is_told=decision.action is not StaffAction.TAKEN_OUT,
    )


def tidy(text: str) -> str:
    """Return what somebody typed without what no database keeps. Raises: Refused when it is too long."""
    tidied = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(tidied) > LONGEST_TEXT:
        raise Refused(
            f"the text has {len(tidied)} characters, and {LONGEST_TEXT} is the most: shorten it, or write two notes",
            code="text-long",
        )
    return tidied


def _since(work: UnitOfWork, ticket: Ticket, decision: Decision) -> tuple[HistoryEntry, ...]:
    if decision.seen is None:
        return ()
    return actions_of(work.tickets.history(ticket.id))[decision.seen :]
