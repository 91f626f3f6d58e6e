"""One case as a page. It has the promise with its clock first, then what was said, then everything that explains it.

Knows: a case's view, instants, wording. Must not know: routes, forms.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from voicebot.domain.access import AccessKind
from voicebot.domain.call import CallStatus
from voicebot.domain.case_number import written
from voicebot.domain.case_task import CaseTask
from voicebot.domain.instants import Instants
from voicebot.domain.picture import Picture, PictureState, pictures_said
from voicebot.domain.promise import Promise, PromiseState, shown_by
from voicebot.domain.sms import Sms
from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.staff_call import caller_of
from voicebot.domain.ticket import Answer, HistoryEntry, is_open
from voicebot.service.answer.keep import DEMAND_SLOT, TALK_SLOT
from voicebot.service.history import Verb
from voicebot.service.outbox.purpose import is_for_staff
from voicebot.service.queries.case_view import UNTOLD, AnswerView, CaseView
from voicebot.service.queries.deadline import Deadline
from voicebot.service.staff.decision import StaffAction
from voicebot.web.console import wording
from voicebot.web.console.call_back_rows import call_back_rows, under_way_said
from voicebot.web.console.promise_clock import PromiseClock, promise_clock
from voicebot.web.console.transcript import Transcript, transcript_of


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """A file that came with a text."""

    id: str
    said: str
    """Kind and size."""
    is_kept: bool
    why_not: str
    """Why it cannot be saved from here, or what else staff should know of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenAnswer:
    """An answer with its voice."""

    id: str
    question: str
    voices: str
    """Whose voice is heard."""
    is_demand: bool
    at: str
    sure: str
    """How sure the recogniser was on the whole. It is empty without words."""
    transcript: Transcript
    files_said: str
    """How many pictures or other files came with it. It is empty without any."""
    files: tuple[FileView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of one of the tables, with what happened, when, and what more there is to say."""

    what: str
    at: str
    away: str = ""
    """How far away it is, where that matters."""
    more: tuple[str, ...] = ()
    words: str = ""
    """Words that somebody said or wrote, to be shown as theirs."""
    words_at: str = ""
    """When they were said, where they speak of "today" or "tomorrow"."""


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
    notes: tuple[Row, ...]
    tasks: tuple[Row, ...]
    deadlines: tuple[Row, ...]
    promises: tuple[Row, ...]
    texts: tuple[Row, ...]
    steps: tuple[Row, ...]
    calls: tuple[Row, ...]
    history: tuple[Row, ...]
    accesses: tuple[Row, ...] | None
    """Who saw the case and heard its voices. None for who is no administrator."""
    seen: int
    is_open: bool
    is_mine: bool
    is_seen: bool
    zone: str


def case_page(
    view: CaseView, *, member: StaffMember, instants: Instants, missing: Collection[str] = ()
) -> CasePageView:
    """Return the page of a case as this member sees it, where `missing` are ids of answers whose voice is not to be
    found.
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
        answers=tuple(_answer(each, view, instants, missing) for each in view.answers),
        has_voice=any(not each.is_written for each in view.answers),
        notes=tuple(_note(entry, view.names, instants) for entry in view.history if entry.verb == StaffAction.NOTED),
        tasks=tuple(_task(task, view, instants) for task in view.tasks),
        deadlines=tuple(_deadline(due, instants) for due in view.deadlines),
        promises=tuple(_promise(promise, view, instants) for promise in view.promises),
        texts=tuple(_text(sms, view, instants) for sms in view.texts),
        steps=tuple(_steps(view, instants)),
        calls=(*_calls(view, instants), *_calls_of_ours(view, instants)),
        history=tuple(_history(entry, view.names, instants) for entry in view.history),
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


def _answer(each: AnswerView, view: CaseView, instants: Instants, missing: Collection[str]) -> SpokenAnswer:
    answer = each.answer
    mine = [picture for picture in view.pictures if picture.answer_id == answer.id]
    return SpokenAnswer(
        id=answer.id,
        question=_question(answer, view),
        voices="both voices" if answer.slot == TALK_SLOT else "the caller’s voice",
        is_demand=answer.slot == DEMAND_SLOT,
        at=instants.exact(answer.at),
        sure="" if each.confidence is None else f"{each.confidence:.0%}",
        transcript=transcript_of(answer, is_missing=answer.id in missing),
        files_said=pictures_said(mine),
        files=tuple(_file(picture) for picture in mine),
    )


def _question(answer: Answer, view: CaseView) -> str:
    """Say what was asked, or of a talk who spoke and for how long."""
    call = next((call for call in view.staff_calls if call.id == answer.call_id), None)
    if call is None:
        return wording.worded(answer.slot)
    lasted = f", {answer.duration_s:.0f} s" if answer.duration_s else ""
    who = view.names.get(call.member_id, call.member_id)
    return f"{wording.worded(answer.slot)}: {who} and the complainant{lasted}"


def _file(picture: Picture) -> FileView:
    is_kept = picture.file_key is not None
    why_not = picture.reason or ("" if is_kept else _WHY_NO_FILE[picture.state])
    return FileView(id=picture.id, said=pictures_said([picture]), is_kept=is_kept, why_not=why_not)


_WHY_NO_FILE = {
    PictureState.AWAITED: "on its way from the carrier",
    PictureState.STORED: "erased when its time had come",
    PictureState.LOST: "it could not be had",
}


def _note(entry: HistoryEntry, names: Mapping[str, str], instants: Instants) -> Row:
    return Row(what=names.get(entry.actor, entry.actor), at=instants.said(entry.at), words=entry.after)


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


def _promise(promise: Promise, view: CaseView, instants: Instants) -> Row:
    more = [f"made {instants.said(promise.made_at)}, target {wording.worded(promise.target)}"]
    if promise.words:
        more.append("the caller confirmed it" if promise.confirmed_by_caller else "not confirmed by the caller")
    else:
        more.append(UNTOLD)
    missed = next((breach for breach in view.breaches if breach.promise_id == promise.id), None)
    if missed is not None:
        more.append(f"missed: the window closed {instants.said(missed.at)} without a talk")
    if promise.state is PromiseState.KEPT and promise.settled_at is not None:
        by = view.names.get(promise.kept_by or "", promise.kept_by)
        late = "late, " if missed is not None else ""
        more.append(
            f"kept {late}{instants.said(promise.settled_at)} by {by}: {promise.kept_reason} ({shown_by(promise)})"
        )
    state = wording.promise_said(promise.state)
    window = instants.window(promise.window_opens_at, promise.window_closes_at)
    return Row(what=state, at=window, more=tuple(more), words=promise.words, words_at=instants.said(promise.made_at))


def _text(sms: Sms, view: CaseView, instants: Instants) -> Row:
    staff_id = sms.purpose.rpartition(":")[2]
    to = view.names.get(staff_id, "staff") if is_for_staff(sms) else "the complainant"
    since = "" if sms.state_at is None else f", since {instants.exact(sms.state_at)}"
    more = (f"{wording.text_said(sms)}{since}",)
    what = f"{wording.template_said(sms.template).removeprefix('staff ')}, to {to}"
    return Row(what=what, at=instants.said(sms.created_at), more=more, words=sms.body)


def _steps(view: CaseView, instants: Instants) -> Iterable[Row]:
    missed = {breach.id for breach in view.breaches}
    for step in view.steps:
        kind = "step" if step.subject_id in missed else "warning"
        told = ", ".join(view.names.get(staff_id, staff_id) for staff_id in step.told.split(","))
        more = (f"told {told}", f"due {instants.said(step.due_at)}")
        yield Row(what=f"{kind}: {wording.worded(step.step)}", at=instants.said(step.taken_at), more=more)


def _calls_of_ours(view: CaseView, instants: Instants) -> Iterable[Row]:
    for what, at, how_far in call_back_rows(view, instants):
        yield Row(what=what, at=at, more=(how_far,))


def _calls(view: CaseView, instants: Instants) -> Iterable[Row]:
    connected = {caller_of(call) for call in view.staff_calls if call.was_bridged}
    for call in view.calls:
        said = [wording.consent_said(one.answer) for one in view.consents if one.call_id == call.id]
        notices = [
            f"recording notice ({one.locale}, wording {one.wording_version[:8]}): {what}, {instants.exact(one.at)}"
            for one, what in zip((c for c in view.consents if c.call_id == call.id), said, strict=True)
        ]
        ended = "" if call.ended_at is None else f" {instants.exact(call.ended_at)}"
        number, is_connected = call.caller_number or "number withheld", call.id in connected
        heard = "connected with whoever is responsible" if is_connected else wording.call_heard(call.way)
        more = (f"{number}; {heard}", *notices, f"{wording.call_ended(call.end)}{ended}")
        yield Row(what="call", at=instants.said(call.started_at), more=more)


def _accesses(view: CaseView, instants: Instants) -> Iterable[Row]:
    """Yield accesses, newest first."""
    asked = {each.answer.id: wording.worded(each.answer.slot) for each in view.answers}
    for access in reversed(view.accesses):
        name = view.names.get(access.staff_id, access.staff_id)
        heard = f"heard the voice: {asked.get(access.answer_id or '', 'an answer')}"
        what = "opened the case" if access.kind is AccessKind.PAGE else heard
        yield Row(what=f"{name} {what}", at=instants.exact(access.at))


def _history(entry: HistoryEntry, names: Mapping[str, str], instants: Instants) -> Row:
    detail = wording.detail_said(entry, instants, names)
    what = f"{names.get(entry.actor, entry.actor)} {wording.verb_said(entry.verb)}"
    return Row(what=what, at=instants.exact(entry.at), words=detail)


def _hand_offs(count: int) -> str:
    if not count:
        return ""
    return f" (changed hands {'once' if count == 1 else f'{count} times'})"
