"""One case as a page. It has the promise with its clock first, then what was said, then everything that explains it.

Knows: a case's view, instants, wording. Must not know: routes, forms.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from voicebot.domain.access import AccessKind
from voicebot.domain.call import CallStatus
from voicebot.domain.case_number import written
from voicebot.domain.case_task import CaseTask
from voicebot.domain.instants import Instants
from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.ticket import is_open
from voicebot.service.history import Verb
from voicebot.service.queries.case_view import CaseView
from voicebot.service.queries.deadline import Deadline
from voicebot.service.staff.decision import StaffAction
from voicebot.web.console import wording
from voicebot.web.console.call_back_rows import under_way_said
from voicebot.web.console.panels.timeline import Row, TimeLine, timeline
from voicebot.web.console.panels.words import SpokenAnswer, answers_of
from voicebot.web.console.promise_clock import PromiseClock, promise_clock


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePageView:
    """The page, in the order of its parts."""

    case: str
    owner: str
    clock: PromiseClock
    facts: tuple[tuple[str, str], ...]
    related: tuple[tuple[str, str], ...]
    """Numbers of cases that this one has to do with, and how."""
    number: str | None
    warnings: tuple[str, ...]
    under_way: str
    """Which call about the case goes on at this moment. It is empty when none does."""
    problem: str
    demand: str
    locale: str
    answers: tuple[SpokenAnswer, ...]
    has_voice: bool
    """Whether any of them was spoken, since what was written was never heard."""
    tasks: tuple[Row, ...]
    deadlines: tuple[Row, ...]
    timeline: TimeLine
    accesses: tuple[Row, ...] | None
    """Who saw the case and heard its voices. None for who is no administrator."""
    seen: int
    is_open: bool
    is_mine: bool
    is_seen: bool
    zone: str


def case_page(
    view: CaseView,
    *,
    member: StaffMember,
    instants: Instants,
    missing: Collection[str] = (),
    is_whole: bool = False,
) -> CasePageView:
    """Return the page of a case as this member sees it, where `missing` are ids of answers whose voice is not to be
    found, and `is_whole` shows what the machine noted, too.
    """
    ticket = view.ticket
    return CasePageView(
        case=written(ticket.case_number),
        owner=view.owner,
        clock=promise_clock(view, instants),
        facts=tuple(_facts(view, instants)),
        related=tuple(_related(view)),
        number=ticket.complainant_number,
        warnings=tuple(_warnings(view)),
        under_way=under_way_said(view, instants),
        problem=ticket.problem,
        demand=ticket.demand,
        locale=ticket.locale,
        answers=tuple(answers_of(view, instants, missing)),
        has_voice=any(not each.is_written for each in view.answers),
        tasks=tuple(_task(task, view, instants) for task in view.tasks),
        deadlines=tuple(_deadline(due, instants) for due in view.deadlines),
        timeline=timeline(view, instants, is_whole=is_whole),
        accesses=tuple(_accesses(view, instants)) if member.role == Role.ADMINISTRATOR else None,
        seen=view.actions_seen,
        is_open=is_open(ticket),
        is_mine=ticket.owner_id == member.id,
        is_seen=any(entry.verb == StaffAction.ACKNOWLEDGED for entry in view.history),
        zone=view.zone,
    )


def _facts(view: CaseView, instants: Instants) -> Iterable[tuple[str, str]]:
    ticket = view.ticket
    yield "Status", wording.worded(ticket.status)
    yield "Owner", f"{view.owner}{_hand_offs(view.ticket.hand_offs)}"
    yield "Their effort", view.effort.said
    yield "Opened", f"{instants.said(ticket.opened_at)}, by {wording.CHANNELS[ticket.channel]}"
    if ticket.written_from is not None:
        yield "Wrote from", ticket.written_from
    yield "Language", ticket.locale
    yield "Texts", "wanted" if ticket.may_text else f"no: {wording.worded(ticket.text_trouble) or 'not wanted'}"
    yield "Recording", "refused" if ticket.recording_refused else "allowed, or not asked"
    if ticket.is_listen_first:
        yield "Listen first", "The caller was not understood: the words may be wrong, the voice is right."
    if ticket.supervisor_asked_at is not None:
        times = "once" if ticket.supervisor_asks == 1 else f"{ticket.supervisor_asks} times"
        yield "Supervisor", f"asked for {times}, first {instants.said(ticket.supervisor_asked_at)}"
    if ticket.repeats:
        yield "Called again", "once" if ticket.repeats == 1 else f"{ticket.repeats} times"
    if ticket.offered_to is not None:
        yield "Offered to", view.names.get(ticket.offered_to, ticket.offered_to)
    if view.breaches:
        yield "Misses", str(len(view.breaches))


def _related(view: CaseView) -> Iterable[tuple[str, str]]:
    """Yield each related case once, by its number, empty where that leads here, and how it is related."""
    for number in view.joined:
        yield "", f"{written(number)} was joined into this one"
    split = {line.after for line in view.history if line.verb == Verb.PART_GIVEN}
    came = {line.after for line in view.history if line.verb == Verb.CASE_TAKEN_IN} - set(view.joined) - split
    yield from ((written(number), "has a part that was split off") for number in sorted(split))
    out = {line.after[:LONG_NUMBER] for line in view.history if line.verb == Verb.CASE_TAKEN_OUT}
    for number in sorted(came):
        was_out = written(number) in out
        yield written(number), "was joined here, and taken out again" if was_out else "is where this was split off from"
    beside = {one.case_number for one in view.open_beside} - split - came
    yield from ((written(number), "has the same number to call") for number in sorted(beside))


LONG_NUMBER = len("482-719-300")
"""How a line of what was taken out begins."""


def _warnings(view: CaseView) -> Iterable[str]:
    if not any(call.status is CallStatus.LIVE for call in view.calls):
        yield from _what_is_missing(view)
    if is_open(view.ticket) and view.why_owner_unreached:
        yield f"{view.owner} {view.why_owner_unreached}. No warning reaches them{_in_their_place(view)}"
    if is_open(view.ticket):
        yield from view.untold


def _in_their_place(view: CaseView) -> str:
    """Say who is told instead of an owner who is not reached."""
    if view.told_for_owner:
        return f"; we tell {' and '.join(view.told_for_owner)} instead."
    return ", and nobody is told in their place; after a miss the ladder goes on to others."


def _what_is_missing(view: CaseView) -> Iterable[str]:
    """Yield what a case lacks once its calls are over."""
    if view.ticket.written_from is not None:
        yield f"They wrote from {view.ticket.written_from}, which can be neither called nor texted from here."
    elif view.ticket.complainant_number is None:
        yield "There is no number to call back." + (" What was said may hold one: listen." if _has_told(view) else "")
    yield from _silence(view)


def _silence(view: CaseView) -> Iterable[str]:
    """Yield why there is nothing to read or to hear, if so."""
    if _has_told(view):
        return
    ask = "" if view.ticket.complainant_number is None else " Ask when you call."
    if view.ticket.recording_refused:
        yield f"The caller refused to be recorded: there is neither a voice to hear nor words.{ask}"
    elif view.calls:
        yield f"The caller said nothing: there is no voice to hear.{ask}"


def _has_told(view: CaseView) -> bool:
    return bool(view.answers)


def _task(task: CaseTask, view: CaseView, instants: Instants) -> Row:
    who, by = (view.names.get(each, each) for each in (task.assignee_id, task.asked_by))
    amount = "" if task.amount is None else f", amount {task.amount}"
    more = [f"{by} asks {who}{amount}, until {instants.said(task.due_at)}"]
    if task.late_at is not None:
        more.append(f"late: told {instants.said(task.late_at)}")
    if task.done_at is not None:
        more.append(f"done {instants.said(task.done_at)}: {task.result}")
    return Row(what=wording.worded(task.kind), at=instants.said(task.asked_at), more=tuple(more), words=task.words)


def _deadline(due: Deadline, instants: Instants) -> Row:
    return Row(what=wording.due_said(due.what), at=instants.said(due.at), away=instants.due(due.at), more=due.why)


def _accesses(view: CaseView, instants: Instants) -> Iterable[Row]:
    """Yield accesses, newest first."""
    asked = {each.answer.id: wording.worded(each.answer.slot) for each in view.answers}
    for access in reversed(view.accesses):
        name = view.names.get(access.staff_id, access.staff_id)
        heard = f"heard the voice: {asked.get(access.answer_id or '', 'an answer')}"
        what = "opened the case" if access.kind is AccessKind.PAGE else heard
        yield Row(what=f"{name} {what}", at=instants.exact(access.at))


def _hand_offs(count: int) -> str:
    if not count:
        return ""
    return f" (changed hands {'once' if count == 1 else f'{count} times'})"
