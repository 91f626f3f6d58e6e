"""What each text is for, and whether it is still true when it is about to leave.

A text may wait (429, a worker that was down), and meanwhile the call was made or the case closed. So a text about a
promise is judged again at the last moment, because other desks warned people about cases long settled (complaints.md
3).
Knows: purposes and the rows they speak of. Must not know: templates, the carrier.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, assert_never

from voicebot.domain.decision_term import TermState
from voicebot.domain.notice import LADDER_EVENTS, Notice, NoticeEvent
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Ticket, TicketStatus, is_open
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import StaffAction, actions_of


class TextKind(StrEnum):
    """First part of `Sms.purpose`. The rest names the rows the text speaks of."""

    CALL_END = "call_end"
    """`call_end:<ticket>` is the one text that follows a call."""
    TEXT_CASE = "text_case"
    """`text_case:<ticket>` is the answer to a text that opened a case.

    `text_case:<ticket>:<promise>` is the answer to a later one.
    """
    MISSED = "missed"
    """`missed:<promise broken>` is the apology with a new window, or who is responsible now."""
    WARNING = "warning"
    """`warning:<promise>:<warning>:<staff>`."""
    STEP = "step"
    """`step:<breach>:<step>:<staff>`."""
    REPLY = "reply"
    """`reply:<message sid>` is the answer to a text that asks, or adds something."""
    ANSWER = "answer"
    """`answer:<ticket>:<times reopened>` tells which decision was told, and the rule of waiting."""
    ENDING = "ending"
    """`ending:<ticket>:<times reopened>` says that the case is closed."""
    WINDOW = "window"
    """`window:<promise>` tells of a window that staff chose, or that comes with a case opened again."""
    NOTICE = "notice"
    """`notice:<bundle>:<staff>` is what a person is told of one case or of several."""
    CALL_SOON = "call_soon"
    """`call_soon:<staff call>` says that their telephone rings in a few minutes."""
    TRIED = "tried"
    """`tried:<staff call>` says that we rang and did not reach them. It names the window of the next try."""
    DECISION_LATE = "decision_late"
    """`decision_late:<term>` is the letter that a decision is late, with its new date."""
    DECISION_WARNING = "decision_warning"
    """`decision_warning:<term>.due:<warning>:<staff>`."""
    DECISION_STEP = "decision_step"
    """`decision_step:<term>:<step>:<staff>`."""
    WAITING_OVER = "waiting_over"
    """`waiting_over:<term>.<instant>:<step>:<staff>` says that a case came back from waiting for its complainant."""
    LEAD_UPDATE = "lead_update"
    """`lead_update:<update>:<ticket>` is what all who complain of one cause are told once."""
    TASK = "task"
    """`task:<task>:<asked, done or late>:<staff>`."""
    ALARM = "alarm"
    """`alarm:<name>:<day>:<staff>` is true whatever becomes of the case by which it was noticed."""
    DRILL = "drill"
    """`drill:<drill>:<step>:<staff>` is a step after a miss that was made up."""
    MORNING = "morning"
    """`morning:<day>:<staff>` is the list to management.

    It stands with a case, as every message does, and is not its.
    """


TASK_DONE = "done"
"""The message that a task is done. The others hold until it is."""

ASKED = "asked"
"""Last part of the purpose of a text that otherwise comes unasked, where its recipient asked for it in a text."""

_OF_MANY_CASES = frozenset({TextKind.ALARM, TextKind.DRILL, TextKind.NOTICE, TextKind.MORNING})
"""These are true or not whatever becomes of the one case at which their text stands."""

_KNOWN_TO_WHO_ACTS = {
    NoticeEvent.NEW_CASE: frozenset(StaffAction),
    NoticeEvent.REPEAT_CALL: frozenset({StaffAction.CALLED}),
}
"""What somebody does on a case that makes a notice of this kind pointless for them."""


class Purposeful(Protocol):
    """A text or another message, as far as its purpose goes."""

    @property
    def ticket_id(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def created_at(self) -> datetime: ...


MORNING_GOES_WITHIN = timedelta(hours=16)
"""A list that could not leave for so long is overtaken by the next day's."""

FOR_STAFF = frozenset(
    {
        TextKind.WARNING,
        TextKind.STEP,
        TextKind.DECISION_WARNING,
        TextKind.DECISION_STEP,
        TextKind.WAITING_OVER,
        TextKind.TASK,
        TextKind.NOTICE,
        TextKind.ALARM,
        TextKind.DRILL,
        TextKind.MORNING,
    }
)
NEVER_HELD_BACK = frozenset({TextKind.ALARM, TextKind.MORNING})
"""To staff, whatever else they were told that day."""


def purpose(kind: TextKind, *parts: str) -> str:
    """Return the idempotency key of a text."""
    return ":".join((kind, *parts))


def is_answer(key: str) -> bool:
    """Tell by its purpose whether a text answers one that its recipient sent."""
    parts = key.split(":")
    return parts[0] in {TextKind.REPLY, TextKind.TEXT_CASE} or parts[-1] == ASKED


def is_for_staff(sms: Purposeful) -> bool:
    """Tell whether the text goes to staff. Else it goes to the complainant.

    A kind that another version wrote is none of ours. A page that lists it must not fail.
    """
    return _parts(sms)[0] in FOR_STAFF


def is_of_case(sms: Purposeful) -> bool:
    """Tell whether the text belongs to its case, is shown with it and stands in its history."""
    return _parts(sms)[0] != TextKind.MORNING


def kind_of(sms: Purposeful) -> TextKind:
    """Return what a text is for."""
    return TextKind(_parts(sms)[0])


def subject_of(sms: Purposeful) -> str:
    """Return what it speaks of. That is a promise, a climb, a term, as its kind says."""
    return _parts(sms)[1]


def why_no_longer_true(work: UnitOfWork, sms: Purposeful, now: datetime) -> str:
    """Return why the text would be untrue now, empty while it is true."""
    kind, subject_id = kind_of(sms), _parts(sms)[1]
    if kind not in _OF_MANY_CASES and not _suits_case(kind, ticket_of(work, sms.ticket_id)):
        return "the case stands otherwise by now"
    match kind:
        case (
            TextKind.ALARM
            | TextKind.ANSWER
            | TextKind.ENDING
            | TextKind.LEAD_UPDATE
            | TextKind.MORNING
            | TextKind.REPLY
        ):
            return _day_over(kind, sms, now)
        case TextKind.CALL_END | TextKind.TEXT_CASE | TextKind.WINDOW | TextKind.TRIED:
            return _window_gone(work, sms, now)
        case TextKind.CALL_SOON | TextKind.MISSED:
            return _overtaken(work, sms, subject_id, kind=kind)
        case TextKind.WARNING | TextKind.STEP | TextKind.DRILL:
            return _call_gone(work, sms, kind, now)
        case TextKind.NOTICE | TextKind.TASK:
            return _settled(work, sms, kind, now)
        case TextKind.DECISION_LATE | TextKind.DECISION_STEP | TextKind.DECISION_WARNING | TextKind.WAITING_OVER:
            return _decision_gone(work, sms, kind, now)
        case other:
            assert_never(other)


def why_notice_untrue(work: UnitOfWork, notice: Notice, now: datetime) -> str:
    """Return why what a notice tells of stands otherwise by now, empty while it stands.

    Of a warning, a miss or a decision it is as true as the message by which the ladder tells of it.
    """
    ticket = ticket_of(work, notice.ticket_id)
    if not is_open(ticket):
        return f"the case is {ticket.status}"
    if notice.event in _KNOWN_TO_WHO_ACTS and _has_acted(work, notice):
        return "they have worked on the case since"
    if notice.event not in LADDER_EVENTS:
        return ""
    return why_no_longer_true(work, _LadderTold(notice.ticket_id, notice.step, notice.at), now)


def _has_acted(work: UnitOfWork, notice: Notice) -> bool:
    """Tell whether the reader did since what shows that they know of it."""
    shows = _KNOWN_TO_WHO_ACTS[notice.event]
    theirs = (each for each in actions_of(work.tickets.history(notice.ticket_id)) if each.actor == notice.member_id)
    return any(each.at >= notice.at and each.verb in shows for each in theirs)


@dataclass(frozen=True, slots=True)
class _LadderTold:
    """What the ladder's own message about the same step would be."""

    ticket_id: str
    purpose: str
    created_at: datetime


def _day_over(kind: TextKind, sms: Purposeful, now: datetime) -> str:
    is_late = kind is TextKind.MORNING and now - sms.created_at > MORNING_GOES_WITHIN
    return "the next day has its own list" if is_late else ""


def _suits_case(kind: TextKind, ticket: Ticket) -> bool:
    """Tell whether the case still stands where a text of this kind is true."""
    if kind in (TextKind.REPLY, TextKind.TASK):
        return True
    if kind is TextKind.ANSWER:
        return ticket.status is TicketStatus.ANSWERED
    if kind is TextKind.ENDING:
        return ticket.status is TicketStatus.CLOSED
    return is_open(ticket)


def _window_gone(work: UnitOfWork, sms: Purposeful, now: datetime) -> str:
    """A confirmation names the window that stood when it was written. Before any promise it names none.

    Nor does the text that opens the written door to who was told of no window, because it is true until they were
    called.
    """
    named = [promise for promise in work.promises.of_ticket(sms.ticket_id) if promise.made_at <= sms.created_at]
    if not named or (named[-1].state is PromiseState.OPEN and named[-1].window_closes_at > now):
        return ""
    if not named[-1].words and named[-1].state is not PromiseState.KEPT:
        return ""
    return "the window it names has passed"


def _overtaken(work: UnitOfWork, sms: Purposeful, subject_id: str, *, kind: TextKind) -> str:
    return _rung_already(work, subject_id) if kind is TextKind.CALL_SOON else _miss_made_good(work, sms, subject_id)


def _rung_already(work: UnitOfWork, call_id: str) -> str:
    call = work.staff_calls.get(call_id)
    return "" if call is not None and call.dialled_at is None and call.ended_at is None else "their telephone has rung"


def _miss_made_good(work: UnitOfWork, sms: Purposeful, promise_id: str) -> str:
    breaches = work.promises.breaches_of_ticket(sms.ticket_id)
    mine = next((breach for breach in breaches if breach.promise_id == promise_id), None)
    assert mine is not None, "an apology belongs to a breach"
    if mine.ended_at is not None:
        return "the complainant was called meanwhile"
    return "a later miss has its own text" if breaches[-1].id != mine.id else ""


def _warning_gone(work: UnitOfWork, promise_id: str, now: datetime) -> str:
    promise = work.promises.get(promise_id)
    if promise is None or promise.state is not PromiseState.OPEN:
        return "the promise is no longer open"
    return "the window has closed" if promise.window_closes_at <= now else ""


def _settled(work: UnitOfWork, sms: Purposeful, kind: TextKind, now: datetime) -> str:
    subject_id = subject_of(sms)
    return _task_done(work, sms, subject_id) if kind is TextKind.TASK else _bundle_settled(work, subject_id, now)


def _task_done(work: UnitOfWork, sms: Purposeful, task_id: str) -> str:
    task = work.case_tasks.get(task_id)
    is_over = task is None or task.done_at is not None
    return "the task is done" if is_over and _parts(sms)[2] != TASK_DONE else ""


def _bundle_settled(work: UnitOfWork, bundle: str, now: datetime) -> str:
    is_any_true = any(not why_notice_untrue(work, notice, now) for notice in work.notices.of_bundle(bundle))
    return "" if is_any_true else "all that it tells of stands otherwise by now"


def _drill_over(work: UnitOfWork, drill_id: str) -> str:
    drill = work.watch.drill(drill_id)
    return "the drill is over" if drill is None or drill.ended_at is not None else ""


def _climb_over(work: UnitOfWork, sms: Purposeful, breach_id: str) -> str:
    breaches = work.promises.breaches_of_ticket(sms.ticket_id)
    is_over = any(breach.id == breach_id and breach.ended_at is not None for breach in breaches)
    return "the complainant was called meanwhile" if is_over else ""


def _call_gone(work: UnitOfWork, sms: Purposeful, kind: TextKind, now: datetime) -> str:
    """Tell whether a warning about a promised call, or a step after it, was overtaken."""
    subject_id = _parts(sms)[1]
    if kind is TextKind.DRILL:
        return _drill_over(work, subject_id)
    return _warning_gone(work, subject_id, now) if kind is TextKind.WARNING else _climb_over(work, sms, subject_id)


def _decision_gone(work: UnitOfWork, sms: Purposeful, kind: TextKind, now: datetime) -> str:
    subject_id = _parts(sms)[1]
    if kind in (TextKind.DECISION_LATE, TextKind.DECISION_STEP):
        return _late_term_over(work, sms, subject_id)
    return _term_gone(work, sms, subject_id, now)


def _late_term_over(work: UnitOfWork, sms: Purposeful, term_id: str) -> str:
    late = [term for term in work.decision_terms.of_ticket(sms.ticket_id) if term.state is TermState.LATE]
    if any(term.id == term_id and term.ended_at is not None for term in late):
        return "it was decided meanwhile"
    return "a later term has its own text" if late and late[-1].id != term_id else ""


def _term_gone(work: UnitOfWork, sms: Purposeful, subject_id: str, now: datetime) -> str:
    """Tell whether a text that names when a decision is due still names the right instant."""
    term_id = subject_id.partition(".")[0]
    term = next((term for term in work.decision_terms.of_ticket(sms.ticket_id) if term.id == term_id), None)
    if term is None or term.state is not TermState.RUNNING:
        return "the time to decide no longer runs"
    return "the decision is late by now" if term.due_at is not None and term.due_at <= now else ""


def _parts(sms: Purposeful) -> list[str]:
    return sms.purpose.split(":")
