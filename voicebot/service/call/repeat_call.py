"""A call from a number whose case we know joins that case with its words, unless the caller speaks of another matter.

The flow asks which matter it is, and joins the case as soon as the caller was heard. Whoever hangs up before is joined
at the end of the call, if they said that it is about that case, or there was anything to hear (repeat_end.py). The case
is counted as a repeat and offered to another handler, for who was not helped by one may be helped by another. Its owner
stays until somebody takes it over. A number joins nothing that many people share, that is withheld, or that the known
case is not to be rung at, because those may be somebody else's phones. Who gave the code of a case joins that one from
any phone. Of the known case nothing is said but how it stands (case_status.py) and its number, and those only to
whoever says that it is theirs. A case that was no complaint is not known, because
"we know your case" would be said of a prank. The case is chosen when the call is answered, and no other is joined
later, because two people of one house may ring at once. Where staff join it into another one meanwhile, the call goes
there. A caller who was asked nothing joins no case in which anything was told. Whose line drops rings again before the
carrier has told us, so the case of a call that seems to go on is asked about, too, once anything was told in it. It is
joined by whoever says that it is theirs, and by nobody else.
Knows: which case a call belongs to. Must not know: words of the flow, what the call leaves (repeat_end.py).
Source: complaints.md S3-06, S3-12 (repeats count, nobody is penalised for them), D-08 (staff take it out again).
"""

from dataclasses import replace

from voicebot.domain.notice import NoticeEvent, NoticeState
from voicebot.domain.ticket import Ticket, TicketStatus, is_open
from voicebot.flow.events import CaseJoined, CaseKeptApart, FlowEvent, PromiseMade
from voicebot.flow.session import FlowSession, KnownCase, SpokenWindow
from voicebot.service.answer.keep import retell
from voicebot.service.call.aftermath import is_on_the_line
from voicebot.service.call.case_status import known_of, spoken_window
from voicebot.service.call.own_case import is_shared, joinable
from voicebot.service.call_context import CallContext
from voicebot.service.decision.term import follow_case
from voicebot.service.decision.waiting import end_wait_for_words
from voicebot.service.history import Verb, note_case
from voicebot.service.log_context import name_case
from voicebot.service.lookup import going_on, ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.make import awaited_promise
from voicebot.service.staff.assignment import choose_second
from voicebot.service.staff.decision import actions_of
from voicebot.service.staff.readers import barred
from voicebot.service.ticket.ending import reopen_for_words
from voicebot.service.ticket.joining import case_for_words
from voicebot.service.ticket.splitting import join_into

JOINED_SLOT, JOINED = "joined", "yes"
"""Slot by which a session says whether it came to joining the case, and what came of it."""


def newest_case(context: CallContext) -> Ticket | None:
    """Return the newest case of this number beside the call's own, by the one rule for words (joining.py).

    One in which nothing was told yet, while its call goes on, hides no other.
    """
    besides = [context.call.ticket_id]
    while True:
        newest = case_for_words(context, context.call.caller_number or "", besides=besides)
        if newest is None or is_shared(context) or not _is_told_later(context.work, newest):
            return newest
        besides.append(newest.id)


def known_case(context: CallContext, newest: Ticket | None) -> KnownCase | None:
    """Return what the flow may say of the newest case of this number, or None where the call may not join it.

    Nor where nothing was told in it, since then there is nothing to add to.
    """
    older = joinable(context, newest)
    return None if older is None or not _holds_anything(context.work, older) else known_of(context, older)


def join_case(
    context: CallContext, case_id: str, *, is_claimed: bool, is_proven: bool = False
) -> tuple[CallContext, FlowEvent]:
    """Join the call to the case that its caller was asked about, or has opened by its code (`is_proven`).

    Return the call as it stands then, and the answer to the flow.
    """
    joined = join(context, case_id, is_claimed=is_claimed, is_proven=is_proven)
    if joined is None:
        return context, CaseKeptApart()
    return joined, _as_joined(joined)


def of_its_case(context: CallContext, session: FlowSession) -> FlowSession:
    """Return the session of a joined call with number and promised call of the case that the call is a part of now.

    Staff may have taken it out, or joined its case into another one, since it was joined.
    """
    if session.slots.get(JOINED_SLOT) != JOINED or session.facts.case_number == context.ticket().case_number:
        return session
    told = _as_joined(context)
    facts = session.facts.model_copy(update={"case_number": told.case_number})
    window = None if told.standing is None else SpokenWindow(**told.standing.model_dump(exclude={"kind", "offers"}))
    slots = session.slots | {"target": told.target}
    return session.model_copy(update={"facts": facts, "window": window, "slots": slots})


def _as_joined(context: CallContext) -> CaseJoined:
    promise = awaited_promise(context, context.call.ticket_id)
    standing = None if promise is None else PromiseMade(**spoken_window(context, promise).model_dump())
    target = "" if promise is None else promise.target
    return CaseJoined(case_number=context.ticket().case_number, target=target, standing=standing)


def _case_meant(context: CallContext, case_id: str, *, is_claimed: bool) -> Ticket | None:
    """Return the case that the caller was asked about, or the one that it became a part of meanwhile.

    Who did not say that it is theirs may be another one of the house than whoever called about it at the same time.
    """
    newest = newest_case(context)  # others who would open or join a case of this number wait from here on
    if case_id:
        meant = going_on(context.work, case_id)
        return meant if is_claimed or not _was_rung_meanwhile(context, meant) else None
    return None if newest is None or _holds_anything(context.work, newest) else newest


def _was_rung_meanwhile(context: CallContext, case: Ticket) -> bool:
    """Tell whether another call of the case went on when this one began, or began later."""
    others = (call for call in context.work.calls.of_ticket(case.id) if call.id != context.call.id)
    return any(call.ended_at is None or call.ended_at > context.call.started_at for call in others)


def _is_told_later(work: UnitOfWork, ticket: Ticket) -> bool:
    """Tell whether nothing was told in a case yet, and its call goes on."""
    return is_on_the_line(work, ticket.id) and not _holds_anything(work, ticket)


def _holds_anything(work: UnitOfWork, ticket: Ticket) -> bool:
    """Tell whether more is known of a case than that somebody rang without a word."""
    return bool(work.tickets.answers(ticket.id) or ticket.supervisor_asks or ticket.recording_refused)


def join(context: CallContext, case_id: str, *, is_claimed: bool, is_proven: bool = False) -> CallContext | None:
    """Put the call's own case, and with it the call, to the case that its caller has. Return None where that cannot be.

    `case_id` is the case that the caller was asked about. It is empty when there was none to ask about. `is_claimed` is
    True when they have said that it is theirs, `is_proven` when they gave its code.
    """
    meant = _case_meant(context, case_id, is_claimed=is_claimed)
    older = _held(context.work, joinable(context, meant, is_proven=is_proven))
    if older is None or actions_of(context.work.tickets.history(context.call.ticket_id)):
        return None
    today, own = context.of_today(), context.ticket()
    opened = older if is_open(older) else reopen_for_words(today, older)
    besides = {opened.owner_id, *barred(today, opened)}
    second = choose_second(today.work, today.policy, locale=opened.locale, now=today.now, besides=besides)
    counted = _with_wishes(opened, own, offered_to=None if second is None else second.id)
    context.work.tickets.save(counted)
    note_case(context.work, older.id, Verb.REPEAT_CALL, at=context.now, actor="caller", after=own.case_number)
    join_into(today, own, counted, actor="system")
    _carry_notices(context.work, own.id, to=older.id)
    end_wait_for_words(today, older.id)
    told = retell(context.work, older.id)
    follow_case(today, told)
    name_case(told)
    return replace(context, call=replace(context.call, ticket_id=older.id))


def _held(work: UnitOfWork, found: Ticket | None) -> Ticket | None:
    """Return a case as it stands once no action of staff goes on, or None when such an action has joined it to another
    one.
    """
    if found is None:
        return None
    work.tickets.hold(found.id)
    standing = ticket_of(work, found.id)
    return None if standing.status is TicketStatus.MERGED else standing


def _with_wishes(older: Ticket, own: Ticket, *, offered_to: str | None) -> Ticket:
    """Return the older case with what the caller wants by now, and one more repeat.

    That they want no texts holds for their number. That they would not be recorded holds for the call alone.
    """
    return replace(
        older,
        repeats=older.repeats + 1,
        offered_to=offered_to,
        supervisor_asked_at=older.supervisor_asked_at or own.supervisor_asked_at,
        supervisor_asks=older.supervisor_asks + own.supervisor_asks,
        may_text=older.may_text and own.may_text,
        is_listen_first=older.is_listen_first or own.is_listen_first,
    )


def _carry_notices(work: UnitOfWork, own_id: str, *, to: str) -> None:
    """Let those who wait to be told that a supervisor is wanted be told it of the case that goes on."""
    for notice in work.notices.of_ticket(own_id):
        if notice.event is NoticeEvent.SUPERVISOR_WANTED and notice.state is NoticeState.WAITING:
            work.notices.save(replace(notice, ticket_id=to))
