"""How a case ends and comes back. A decision is told, or it is closed for a reason, found to be no complaint, or opened
again.

Nobody closes a case because it is quiet. The complainant has said yes, or that they no longer pursue it, or a decision
was told with the time that closes the case, and that time has passed, or all tries of the policy were in vain, or two
people find that we cannot help. Each end is told by a text where one can be sent, also when nothing was decided. What
goes on again owes a call. And nobody ends what nobody listened to (heard.py).

Knows: decisions of staff, what a case owes, texts. Must not know: pages, when a sweep looks.
Source: complaints.md S1-14, S1-15, S1-17, S4-01, S4-16, D-01, D-02; script.md 7.
"""

from collections.abc import Sequence
from datetime import datetime

from voicebot.domain import ticket as life
from voicebot.domain.ending import waits_until, why_not_given_up
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.sms import Draft, Sms, SmsState
from voicebot.domain.ticket import (
    GOING_ON,
    CloseReason,
    HistoryEntry,
    NotComplaint,
    Ruling,
    Ticket,
    TicketStatus,
    ToldBy,
)
from voicebot.errors import Refused
from voicebot.flow.prompts import written_date
from voicebot.service.decision.term import follow_case
from voicebot.service.history import Verb, note_case, standing
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import (
    Template,
    compose_to_complainant,
    slots_of,
    why_no_text,
)
from voicebot.service.outbox.purpose import ASKED, TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.confirmation import promise_anew, text_complainant
from voicebot.service.promise.withdraw import withdraw_owed
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded
from voicebot.service.ticket.heard import refuse_unheard

_ANSWERS = {
    Ruling.GRANTED: Template.ANSWER_GRANTED,
    Ruling.PARTLY: Template.ANSWER_PARTLY,
    Ruling.REFUSED: Template.ANSWER_REFUSED,
}
_CLOSINGS = {
    CloseReason.AGREED: Template.CLOSED_AGREED,
    CloseReason.WAITED: Template.CLOSED_WAITED,
    CloseReason.NOT_REACHED: Template.CLOSED_NOT_REACHED,
    CloseReason.NO_DECISION: Template.CLOSED_NO_DECISION,
    CloseReason.WITHDRAWN: Template.CLOSED_WITHDRAWN,
}
_ARRIVED = frozenset({SmsState.SENT, SmsState.DELIVERED})


def answering(
    *,
    ruling: Ruling,
    told_by: ToldBy,
    words: str,
    actor: str,
    is_rule_told: bool = False,
    unheard: str = "",
    seen: int | None = None,
) -> Step:
    """Note that a decision was told, in staff's words, and text the complainant how long they may say no to it.

    `is_rule_told` says that the time was named in the call or letter, which is needed where no text can be sent.
    `unheard` says why nobody listened to the voice (heard.py). Refused when the decision was not told as said, the case
    is not open, or nobody has listened.
    """
    said = worded(words, missing=Refused("a decision needs words: what was decided, and why", code="decision-wordless"))

    def tell(at: CaseContext) -> None:
        ticket = at.ticket
        refuse_unheard(at, actor=actor, why=unheard)
        _check_told(at.work, ticket, told_by)
        _check_rule_told(at, ticket, told_by=told_by, is_rule_told=is_rule_told)
        until = waits_until(at.policy.endings, at.policy.calendar, at.now)
        answered = life.answer(ticket, ruling, told_by=told_by, closes_at=until)
        at.work.tickets.save(answered)
        withdraw_owed(at, ticket.id)
        date = written_date(until, zone=at.policy.calendar.zone, locale=ticket.locale)
        key = purpose(TextKind.ANSWER, ticket.id, str(ticket.reopened))
        _text(at, answered, key, template=_ANSWERS[ruling], date=date)

    after = f"{ruling}, by {told_by}: {said}"
    return Step(Decision(action=StaffAction.ANSWERED, actor=actor, after=after, seen=seen), tell)


def closing(*, reason: CloseReason, words: str, actor: str, unheard: str = "", seen: int | None = None) -> Step:
    """Close a case for a reason that staff may give, and text the complainant that it is closed.

    `unheard` says why nobody listened to the voice (heard.py). Refused when what the reason rests on is not there, or
    nobody has listened.
    """
    said = worded(words, missing=Refused("closing needs words: what was agreed, or tried", code="close-wordless"))

    def end(at: CaseContext) -> None:
        refuse_unheard(at, actor=actor, why=unheard)
        _check_reason(at, at.ticket, reason)
        _close(at, at.ticket, reason)

    return Step(Decision(action=StaffAction.CLOSED, actor=actor, after=f"{reason}: {said}", seen=seen), end)


def dismissing(*, kind: NotComplaint, words: str, actor: str, unheard: str = "", seen: int | None = None) -> Step:
    """Note that there is no complaint in a case.

    Then nobody is called, nobody is texted, and it can be opened again. Refused when nobody has listened to its voice,
    and `unheard` does not say why (heard.py).
    """
    said = worded(
        words,
        missing=Refused("saying that this is no complaint needs words: why it is none", code="dismissal-wordless"),
    )

    def dismiss(at: CaseContext) -> None:
        refuse_unheard(at, actor=actor, why=unheard)
        at.work.tickets.save(life.dismiss(at.ticket, kind, at=at.now))
        withdraw_owed(at, at.ticket.id)

    return Step(Decision(action=StaffAction.DISMISSED, actor=actor, after=f"{kind}: {said}", seen=seen), dismiss)


def reopening(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Open a case again, with a call that is owed and a text that says so."""
    said = worded(words, missing=Refused("opening a case again needs a reason in words", code="reopen-wordless"))

    def open_again(at: CaseContext) -> None:
        owe_call_again(at, life.reopen(at.ticket))

    return Step(Decision(action=StaffAction.REOPENED, actor=actor, after=said, seen=seen), open_again)


def reopen_for_words(context: Context, ticket: Ticket) -> Ticket:
    """Open a case again because its complainant came back with words. They are answered by whoever took them in."""
    opened = life.reopen(ticket)
    context.work.tickets.save(opened)
    follow_case(context, opened)
    note_case(context.work, ticket.id, Verb.CASE_REOPENED, at=context.now, actor="caller", before=ticket.status)
    return opened


def close_as_agreed(context: Context, ticket: Ticket, *, by_text: bool = True) -> None:
    """Close a case because its complainant said yes, in a text, or in a call that we made to ask.

    Raises: Refused when it is not closed from its status.
    """
    _close(context, ticket, CloseReason.AGREED, by_text=by_text)
    note_case(context.work, ticket.id, Verb.CASE_CLOSED, at=context.now, actor="caller", after=str(CloseReason.AGREED))


def close_as_withdrawn(context: Context, ticket: Ticket) -> None:
    """Close an open case because its complainant said in a call, and confirmed, that they no longer pursue it."""
    if ticket.status not in GOING_ON:  # staff have ended it meanwhile
        return
    _close(context, ticket, CloseReason.WITHDRAWN)
    after = str(CloseReason.WITHDRAWN)
    note_case(context.work, ticket.id, Verb.CASE_CLOSED, at=context.now, actor="caller", after=after)


def owe_call_again(context: Context, ticket: Ticket) -> None:
    """Save a case that goes on again with a new promise, and tell its complainant."""
    context.work.tickets.save(ticket)
    follow_case(context, ticket)
    promise = promise_anew(context, ticket)
    if promise is not None and promise.target != FIND_NUMBER:
        key = purpose(TextKind.WINDOW, promise.id)
        text_complainant(context, ticket, template=Template.REOPENED, promise=promise, key=key)


def waiting_over(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of answered cases whose time to say no has passed."""
    return tuple(context.work.tickets.waiting_over(context.now, limit))


def close_waited(hotline: Hotline, ticket_id: str) -> bool:
    """Close an answered case whose time has passed without a word. Returns whether anything was done.

    Where the text that named the time did not arrive, nobody was told of it. Then the case is open again, and somebody
    calls.
    """
    with hotline.unit_of_work() as work:
        work.tickets.hold(ticket_id)
        ticket, context = ticket_of(work, ticket_id), context_of(hotline, work)
        if ticket.status is not TicketStatus.ANSWERED or ticket.closes_at is None or ticket.closes_at > context.now:
            return False
        if _is_rule_unheard(work, ticket):
            why = "the text that told them of the answer did not arrive"
            note_case(work, ticket.id, Verb.CASE_REOPENED, at=context.now, actor="worker", after=why)
            owe_call_again(context, life.reopen(ticket))
        else:
            _close(context, ticket, CloseReason.WAITED)
            note_case(work, ticket.id, Verb.CASE_CLOSED, at=context.now, actor="worker", after=str(CloseReason.WAITED))
        work.commit()
        return True


def _close(context: Context, ticket: Ticket, reason: CloseReason, *, by_text: bool = False) -> None:
    closed = life.close(ticket, reason, at=context.now)
    context.work.tickets.save(closed)
    withdraw_owed(context, ticket.id)
    key = purpose(TextKind.ENDING, ticket.id, str(ticket.reopened), *([ASKED] if by_text else []))
    _text(context, closed, key, template=_CLOSINGS[reason])


def _text(context: Context, ticket: Ticket, key: str, *, template: Template, date: str = "") -> None:
    slots = slots_of(context, ticket, None) | {"date": date}
    compose_to_complainant(context, ticket, Draft(purpose=key, template=template, slots=slots))


def _check_told(work: UnitOfWork, ticket: Ticket, told_by: ToldBy) -> None:
    """Raise Refused when the decision cannot have been told as said, or a promised call would be dropped by it."""
    history = _since_opened(standing(work.tickets.history(ticket.id)))
    if told_by is ToldBy.CALL and not _has(history, Verb.COMPLAINANT_CALLED):
        raise Refused("no talk with the complainant is logged: log the call in which it was told", code="talk-missing")
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is None or promise.target == FIND_NUMBER or told_by is ToldBy.CALL:
        return
    if not any(entry.verb == Verb.COMPLAINANT_TRIED and entry.at >= promise.made_at for entry in history):
        raise Refused(
            "a call is promised, and a text or letter does not take its place: call first, and log it", code="call-owed"
        )


def _check_rule_told(context: Context, ticket: Ticket, *, told_by: ToldBy, is_rule_told: bool) -> None:
    why_not = why_no_text(context, ticket)
    if not why_not:
        return
    if told_by is ToldBy.TEXT:
        raise Refused(f"no text reaches the complainant ({why_not}): tell it by call or letter", code="text-impossible")
    if not is_rule_told:
        raise Refused(
            f"no text reaches the complainant ({why_not}): name the day on which the case is closed in the call or "
            "letter, and say that you did",
            code="rule-untold",
        )


def _check_reason(context: Context, ticket: Ticket, reason: CloseReason) -> None:
    history = _since_opened(standing(context.work.tickets.history(ticket.id)))
    if reason in (CloseReason.WAITED, CloseReason.HOUSE):
        raise Refused(f"nobody closes a case as {reason} by hand: the hotline does", code="close-by-rule")
    if reason in (CloseReason.AGREED, CloseReason.WITHDRAWN) and not _has_heard(ticket, history):
        raise Refused("no word of the complainant is logged: log the talk in which they said so", code="talk-missing")
    if reason is CloseReason.NOT_REACHED:
        policy = context.policy
        why_not = why_not_given_up(policy.endings, policy.calendar, _tries(history), now=context.now)
        if why_not:
            raise Refused(f"it is too soon to close the case as not reached: {why_not}", code="tries-missing")


def _has_heard(ticket: Ticket, history: Sequence[HistoryEntry]) -> bool:
    """Tell whether the complainant was spoken with, or wrote to a case that was open already."""
    texts = (entry for entry in history if entry.verb == Verb.TEXT_RECEIVED)
    return _has(history, Verb.COMPLAINANT_CALLED) or any(entry.at > ticket.opened_at for entry in texts)


def _is_rule_unheard(work: UnitOfWork, ticket: Ticket) -> bool:
    """Tell whether a text named the time, and did not arrive."""
    key = purpose(TextKind.ANSWER, ticket.id, str(ticket.reopened))
    told: Sms | None = next((sms for sms in work.sms.of_ticket(ticket.id) if sms.purpose == key), None)
    return told is not None and told.state not in _ARRIVED


def _since_opened(history: Sequence[HistoryEntry]) -> Sequence[HistoryEntry]:
    """Return the lines since the case was opened, or opened again."""
    again = max((at for at, entry in enumerate(history) if entry.verb == Verb.CASE_REOPENED), default=-1)
    return history[again + 1 :]


def _tries(history: Sequence[HistoryEntry]) -> tuple[datetime, ...]:
    """Return when the complainant was called in vain since somebody last spoke with them."""
    talk = max((at for at, entry in enumerate(history) if entry.verb == Verb.COMPLAINANT_CALLED), default=-1)
    return tuple(entry.at for entry in history[talk + 1 :] if entry.verb == Verb.COMPLAINANT_TRIED)


def _has(history: Sequence[HistoryEntry], *verbs: Verb) -> bool:
    return any(entry.verb in verbs for entry in history)
