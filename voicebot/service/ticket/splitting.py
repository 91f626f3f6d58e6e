"""Cases joined, taken apart again, and split. What was said goes with them, and each open case keeps a next date.

A case that is joined into another one leaves its number as an alias. The history keeps which calls and answers came
with it, so that what was joined wrongly is taken out with all of them. What two people, or two matters, told in one
case is split. The chosen answers become a case of their own. Our own texts stay where they were written. No clock
begins anew by any of this, so a call that is promised stays promised, and the time to decide goes on
(decision/carry.py).
Knows: calls, answers and their files, what a case owes. Must not know: pages, who a caller is.
Source: complaints.md D-08.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from voicebot.domain import ticket as life
from voicebot.domain.call import CallStatus
from voicebot.domain.case_number import read_case_number, written
from voicebot.domain.promise import FIND_NUMBER, Promise, is_overdue
from voicebot.domain.ticket import Answer, Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.service.answer.keep import retell
from voicebot.service.decision.carry import carry_into, carry_to_part, go_by_own_history
from voicebot.service.decision.term import follow_case
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.lookup import find_ticket, ticket_of
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.confirmation import is_call_unsettled, promise_anew, text_complainant
from voicebot.service.promise.make import SUPERVISOR_TARGET, PromiseRequest, confirm_promise, is_call_owed, make_promise
from voicebot.service.promise.withdraw import withdraw_owed
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded
from voicebot.service.ticket.about import keep_from
from voicebot.service.ticket.ending import owe_call_again, reopen_for_words
from voicebot.service.ticket.fields import carry_person
from voicebot.service.ticket.joined_kind import carry_written, keep_closed, keep_said, refuse_opened, take_back_written
from voicebot.service.ticket.opening import TicketOpening, open_ticket
from voicebot.service.ticket.tasks import move_tasks


def joining(other: str, *, words: str, actor: str, seen: int | None = None) -> Step:
    """Join the case into another one, which goes on. Its number leads there from now on.

    Refused when either is over, a call of it goes on, or there is no other case of that number.
    """
    said = worded(words, missing=Refused("joining cases needs words: why they are one", code="join-wordless"))

    def join(at: CaseContext) -> None:
        into = _other_case(at.work, other)
        _refuse_live(at.work, at.ticket)
        if at.work.lead_cases.followers_of(at.ticket.id):
            raise Refused("other cases follow this one: let them follow the other first", code="follow-chain")
        if into.about_id and at.ticket.about_id and into.about_id != at.ticket.about_id:
            raise Refused("the two cases complain about different people, so they stay two", code="join-about")
        into = _open_again(at, into) if life.is_open(at.ticket) else into
        refuse_opened(at, at.ticket, into)
        join_into(at, at.ticket, into, actor=actor)
        _settle(at, into)

    return Step(Decision(action=StaffAction.JOINED, actor=actor, after=said, seen=seen), join)


def join_into(context: Context, own: Ticket, into: Ticket, *, actor: str, is_settled: bool = False) -> None:
    """Join a case into another one with all that was said in it, and its promised call where that stands before.

    With `is_settled` the other one may be over, because nothing is left to be settled.
    Raises: Refused when one of them is over.
    """
    work = context.work
    merged = life.merge(own, into, is_settled=is_settled)
    carry_into(context, own, into)
    work.tickets.save(merged)
    if own.about_id and not into.about_id:
        keep_from(context, ticket_of(work, into.id), own.about_id)
    moved = _move(work, work.tickets.answers(own.id), _calls(work, own.id), to=into.id)
    note_case(work, own.id, Verb.CASE_MERGED, at=context.now, actor=actor, before=moved, after=into.case_number)
    note_case(work, into.id, Verb.CASE_TAKEN_IN, at=context.now, actor=actor, after=own.case_number)
    carry_written(context, own, into, actor=actor)
    _carry_promise(context, own, into)
    move_tasks(context, own.id, into.id)


def taking_out(joined: str, *, words: str, actor: str, seen: int | None = None) -> Step:
    """Take a case that was joined into this one out again, with all that came with it, as an open case with a call.

    `joined` is its own number. Refused when no case of that number was joined into this one.
    """
    said = worded(words, missing=Refused("taking a case out needs words: why they are two", code="join-wordless"))

    number = read_case_number(joined)
    after = f"{joined if number is None else written(number)}: {said}"

    def take_out(at: CaseContext) -> None:
        own = _joined_case(at.work, at.ticket, joined)
        calls, answers = _came_with(at.work, own, at.ticket)
        at.work.tickets.save(life.unmerge(own))
        _move(at.work, answers, calls, to=own.id)
        note_case(at.work, own.id, Verb.CASE_TAKEN_OUT, at=at.now, actor=actor, after=said)
        keep_said(at, ticket_of(at.work, own.id), at.ticket)
        take_back_written(at, own, at.ticket)
        standing = at.work.promises.open_of_ticket(at.ticket.id)
        _settle(at, own)
        _settle(at, at.ticket)
        go_by_own_history(at, ticket_of(at.work, own.id), besides=at.ticket)
        go_by_own_history(at, ticket_of(at.work, at.ticket.id), besides=own)
        _owe_call_like(at, ticket_of(at.work, own.id), standing)

    return Step(Decision(action=StaffAction.TAKEN_OUT, actor=actor, after=after, seen=seen), take_out)


def splitting(answer_ids: Sequence[str], *, words: str, actor: str, seen: int | None = None) -> Step:
    """Make a case of its own of some answers, for the same complainant, with a call that is owed.

    Refused when there is no such answer, nothing would be left, or the case is not open.
    """
    said = worded(words, missing=Refused("splitting a case needs words: what the other is about", code="join-wordless"))

    def split(at: CaseContext) -> None:
        all_answers = at.work.tickets.answers(at.ticket.id)
        chosen = [answer for answer in all_answers if answer.id in answer_ids]
        if not life.is_open(at.ticket) or not chosen or len(chosen) == len(all_answers):
            raise Refused(
                "a part of an open case's answers is split off: choose some, and leave some", code="split-part"
            )
        opening = TicketOpening(
            channel=at.ticket.channel,
            locale=at.ticket.locale,
            complainant_number=at.ticket.complainant_number,
            written_from=at.ticket.written_from,
        )
        new = open_ticket(at, opening)
        _move(at.work, chosen, (), to=new.id)
        note_case(at.work, new.id, Verb.CASE_TAKEN_IN, at=at.now, actor=actor, after=at.ticket.case_number)
        note_case(at.work, at.ticket.id, Verb.PART_GIVEN, at=at.now, actor=actor, after=new.case_number)
        new = replace(retell(at.work, new.id), opened_at=min(answer.at for answer in chosen))
        at.work.tickets.save(new)
        new = keep_closed(at, at.ticket, keep_from(at, new, at.ticket.about_id))
        retell(at.work, at.ticket.id)
        carry_person(at, at.ticket.id, new.id)
        carry_to_part(at, at.ticket, new)
        _owe_call_like(at, new, at.work.promises.open_of_ticket(at.ticket.id))

    return Step(Decision(action=StaffAction.SPLIT, actor=actor, after=said, seen=seen), split)


def _other_case(work: UnitOfWork, number: str) -> Ticket:
    try:
        other = find_ticket(work, number)
    except Refused as problem:
        raise Refused(f"the case to join with is not there: {problem}", code="join-unknown") from problem
    work.tickets.hold(other.id)
    return ticket_of(work, other.id)


def _joined_case(work: UnitOfWork, ticket: Ticket, number: str) -> Ticket:
    digits = "".join(sign for sign in number if sign.isdigit())
    joined = (ticket_of(work, ticket_id) for ticket_id in work.tickets.merged_into(ticket.id))
    found = next((each for each in joined if each.case_number == digits), None)
    if found is None:
        raise Refused(f"no case {number} was joined into this one", code="join-unknown")
    return found


def _refuse_live(work: UnitOfWork, ticket: Ticket) -> None:
    if any(call.status is CallStatus.LIVE for call in work.calls.of_ticket(ticket.id)):
        raise Refused("a call of the case goes on: wait until it is over", code="call-live")


def _calls(work: UnitOfWork, ticket_id: str) -> tuple[str, ...]:
    return tuple(call.id for call in work.calls.of_ticket(ticket_id))


def _move(work: UnitOfWork, answers: Sequence[Answer], call_ids: Sequence[str], *, to: str) -> str:
    """Move answers with their files, and calls, and return what was moved, as the history keeps it."""
    moved = {answer.id for answer in answers}
    for source in {answer.ticket_id for answer in answers}:
        for picture in work.pictures.of_ticket(source):
            if picture.answer_id in moved:
                work.pictures.save(replace(picture, ticket_id=to))
    for answer in answers:
        work.tickets.save_answer(replace(answer, ticket_id=to))
    work.reviews.move(moved, to)
    for call_id in call_ids:
        call = work.calls.lock(call_id)
        assert call is not None, "calls are never deleted"
        work.calls.save(replace(call, ticket_id=to))
    return " ".join((*sorted(moved), *call_ids))


def _came_with(work: UnitOfWork, own: Ticket, into: Ticket) -> tuple[tuple[str, ...], list[Answer]]:
    """Return the calls that came with a joined case, and all answers of them or moved with it."""
    merged = [entry for entry in work.tickets.history(own.id) if entry.verb == Verb.CASE_MERGED]
    ids = set(merged[-1].before.split()) if merged else set()
    calls = tuple(call_id for call_id in _calls(work, into.id) if call_id in ids)
    answers = [each for each in work.tickets.answers(into.id) if each.id in ids or each.call_id in calls]
    return calls, answers


def _carry_promise(at: Context, own: Ticket, into: Ticket) -> None:
    """Let the joined case's promised call stand on the other one, where that owes none, or a lesser one."""
    promise, standing = at.work.promises.open_of_ticket(own.id), at.work.promises.open_of_ticket(into.id)
    withdraw_owed(at, own.id)
    if (
        promise is None
        or not life.is_open(into)
        or not _may_be_carried(promise, at.now)
        or (standing is not None and _stands_before(standing, promise))
    ):
        return
    request = PromiseRequest(ticket=into, target=promise.target, chosen=promise.window, ignores_capacity=True)
    if make_promise(at, request) is not None:
        confirm_promise(at.work, into, words=promise.words, is_confirmed=promise.confirmed_by_caller)


def _owe_call_like(at: CaseContext, ticket: Ticket, standing: Promise | None) -> None:
    """Promise what the case it comes from is promised, else the first window with room, and say so in a text."""
    promise = _same_window(at, ticket, standing) or promise_anew(at, ticket)
    is_told_later = is_call_unsettled(at.work, ticket.id)  # the end of that call leaves a text
    if promise is not None and promise.target != FIND_NUMBER and not is_told_later:
        key = purpose(TextKind.WINDOW, promise.id)
        text_complainant(at, ticket, template=Template.WINDOW, promise=promise, key=key)


def _same_window(at: CaseContext, ticket: Ticket, standing: Promise | None) -> Promise | None:
    if ticket.complainant_number is None or standing is None or not _may_be_carried(standing, at.now):
        return None
    request = PromiseRequest(ticket=ticket, target=standing.target, chosen=standing.window, ignores_capacity=True)
    return make_promise(at, request)


def _may_be_carried(promise: Promise, now: datetime) -> bool:
    return not is_overdue(promise, now) and promise.target != FIND_NUMBER


def _open_again(at: CaseContext, into: Ticket) -> Ticket:
    """Return the case that goes on, open again where it was answered, because what the other one tells is not answered
    yet.
    """
    return reopen_for_words(at, into) if into.status is TicketStatus.ANSWERED else into


def _stands_before(standing: Promise, other: Promise) -> bool:
    """Tell whether a promise holds against another one.

    First come a supervisor's promise and one that was told, then the sooner one.
    """
    if standing.target == FIND_NUMBER or (standing.is_silent and not other.is_silent):
        return False
    of_supervisor = [promise.target == SUPERVISOR_TARGET for promise in (standing, other)]
    return of_supervisor[0] if of_supervisor[0] != of_supervisor[1] else _closes(standing) <= _closes(other)


def _closes(promise: Promise) -> datetime:
    return promise.window_closes_at


def _settle(context: Context, ticket: Ticket) -> None:
    """Tell the case anew from its answers, and bring its clock in line with its history."""
    told = retell(context.work, ticket.id)
    follow_case(context, told)
    if life.is_open(told) and not is_call_owed(context.work, told.id) and context.work.tickets.merged_into(told.id):
        owe_call_again(context, told)
