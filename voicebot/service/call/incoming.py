"""A call is answered. The call, ticket, case number, owner and first turn are written in one transaction.

Whatever happens next, nothing is lost, so this asks nothing of the caller and needs nothing but the store.
Knows: what a call begins with. Must not know: TwiML, what the flow says first.
"""

from dataclasses import dataclass, replace

from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.announcement import words_at
from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.call_event import Part
from voicebot.domain.phone import national_digits
from voicebot.domain.ring_hours import is_clock_other, zones_of
from voicebot.domain.ticket import Channel, Ticket
from voicebot.flow.definition import Flow
from voicebot.flow.engine import start_session
from voicebot.flow.events import CallAnswered
from voicebot.flow.instructions import HangUp
from voicebot.flow.prompts import unsayable_names
from voicebot.flow.session import CallFacts, FlowSession
from voicebot.service.call.canary_call import facts_of_canary, house_case_of, note_arrival
from voicebot.service.call.ending import finish_call
from voicebot.service.call.engine_loop import take_first_event
from voicebot.service.call.listening_places import seat_of
from voicebot.service.call.repeat_call import known_case, newest_case
from voicebot.service.call.stored_turn import CallAnswer, store_turn, stored_answer
from voicebot.service.call_context import CallContext
from voicebot.service.callback.rang_in import owner_to_offer
from voicebot.service.definitions import keep_definitions
from voicebot.service.history import Verb, mark_call
from voicebot.service.hotline import Context, Hotline, HotlineRules, context_of
from voicebot.service.log_context import name_call
from voicebot.service.lookup import ticket_of
from voicebot.service.number_gate import caller_number, gets_texts, number_of
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.limits import is_line_flooded
from voicebot.service.staff.rota import rota_of
from voicebot.service.ticket.joining import case_of_words, owing_case
from voicebot.service.ticket.opening import TicketOpening, open_ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingCall:
    """What the carrier says about a call. Numbers are as given, possibly empty, short or not numbers at all."""

    carrier_call_id: str
    caller: str
    called: str
    forwarded_from: str | None = None


def answer_call(hotline: Hotline, incoming: IncomingCall) -> CallAnswer:
    """Answer a call. The call, ticket, case number, owner and first turn are written in one transaction.

    Idempotent on `carrier_call_id`. Of two webhooks at once the store makes the second wait for the first.
    """
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(incoming.carrier_call_id)
        context = context_of(hotline, work)
        if call is not None:
            return repeat_answer(context, call)
        answer = _first_answer(_open(context, incoming), incoming)
        work.commit()
        return answer


def repeat_answer(context: Context, call: Call) -> CallAnswer:
    """Return what a call was told when it was answered, because the question came again."""
    name_call(call.id)
    ticket_of(context.work, call.ticket_id)
    mark_call(context.work, call, context.now, what="answer_repeated", part=Part.CARRIER)
    answer = stored_answer(context.work, call, 0)
    context.work.commit()
    return answer


def _open(context: Context, incoming: IncomingCall) -> CallContext:
    """Open the call. Calls of a loop share one case, since the loop is one thing to put right."""
    hotline, rules = context.hotline, context.hotline.rules
    seat = seat_of(hotline, number_of(rules, incoming.caller))
    way = Way.STREAM if hotline.recognisers.has_room(seat) else Way.RECORD
    found = house_case_of(context, incoming.caller)
    if found is not None:
        # Without its number, so that no call of anybody else's is ever taken for one of the same caller.
        ours = open_call(context, replace(incoming, caller=""), way=way, ticket=found[0], is_canary=True)
        note_arrival(ours, found[1])
        return ours
    known = case_of_words(context.work, rules.own_number) if is_loop(rules, incoming) else None
    return open_call(context, incoming, way=way, ticket=known)


def open_call(
    context: Context,
    incoming: IncomingCall,
    *,
    way: Way,
    ticket: Ticket | None = None,
    is_canary: bool = False,
    flow: Flow | None = None,
) -> CallContext:
    """Write a live call and its case, in the caller's transaction. With `ticket` the call joins that case.

    Without `flow` it follows the flow of calls that come in.
    """
    work, ids, rules = context.work, context.hotline.ids, context.hotline.rules
    flow, policy = flow or context.flow, context.policy
    keep_definitions(work, flow, policy)
    opening = TicketOpening(
        channel=Channel.PHONE,
        locale=flow.locales[0],
        complainant_number=caller_number(rules, incoming.caller, policy),
    )
    ticket = ticket or open_ticket(context, opening)
    call = Call(
        id=ids.new_id(),
        carrier_call_id=incoming.carrier_call_id,
        ticket_id=ticket.id,
        caller_number=number_of(rules, incoming.caller),
        called_number=incoming.called,
        status=CallStatus.LIVE,
        way=way,
        locale=ticket.locale,
        flow_name=flow.name,
        flow_digest=flow.digest,
        policy_digest=policy.digest,
        started_at=context.now,
        stream_token=ids.new_token() if way is Way.STREAM else None,
        last_heard_at=context.now,
        is_canary=is_canary,
    )
    work.calls.add(call)
    name_call(call.id)
    return CallContext(
        hotline=context.hotline,
        work=work,
        now=context.now,
        call=call,
        began_with_flow=flow,
        began_with_policy=policy,
    )


def _first_answer(context: CallContext, incoming: IncomingCall) -> CallAnswer:
    session = start_session(context.flow, context.call.locale, facts_of(context))
    if is_loop(context.hotline.rules, incoming):
        return _end_loop(context, session)
    if incoming.forwarded_from:
        _note_forwarding(context, incoming.forwarded_from)
    return take_first_event(context, session, CallAnswered())


def is_loop(rules: HotlineRules, incoming: IncomingCall) -> bool:
    """Tell whether a call comes from our own number, or from the very number it rings."""
    caller = number_of(rules, incoming.caller)
    return caller is not None and caller in rules.own_numbers | {number_of(rules, incoming.called)}


def _end_loop(context: CallContext, session: FlowSession) -> CallAnswer:
    """Turn away a call from our own number without a word, because a telephone that forwards to us would ring for ever.

    It is never answered, so it costs nothing, and the caller hears that the line is busy (telephony/twiml.py).
    """
    context.note(Verb.CALL_FROM_OWN_NUMBER, actor="carrier")
    _alarm_of_loop(context)
    over = session.model_copy(update={"is_over": True})
    answer = store_turn(context, CallAnswered(), session=over, instructions=(HangUp(),))
    return replace(answer, call=finish_call(context, CallEnd.COMPLETED))


def _note_forwarding(context: CallContext, forwarded_from: str) -> None:
    """Note that somebody else's telephone sent the call on. Where it was our own number, staff look at it.

    The caller is a person all the same and is heard. Only the number that we are rung from makes a loop.
    """
    context.note(Verb.CALL_FORWARDED, actor="carrier")
    if number_of(context.hotline.rules, forwarded_from) in context.hotline.rules.own_numbers:
        _alarm_of_loop(context)


def _alarm_of_loop(context: CallContext) -> None:
    name, ticket_id = "call_loop", context.call.ticket_id
    raise_alarm(context, name=name, ticket_id=ticket_id, template=Template.STAFF_LOOP)


def facts_of(context: CallContext) -> CallFacts:
    """Return what the flow may know of a call before it asks."""
    ticket = context.ticket()
    number, newest = ticket.complainant_number, newest_case(context)
    is_flooded = number is not None and is_line_flooded(context.work, context.policy, number, context.now)
    owing = None if number is None or newest is None else owing_case(context, ticket)
    standing = None if number is None else context.work.sms.standing_of(number, context.hotline.rules.own_number)
    facts = CallFacts(
        company=_spoken_company(context),
        case_number=ticket.case_number,
        caller_number=number,
        caller_digits=national_digits(number) if number else "",
        can_text=number is not None and standing is not None and not is_flooded and gets_texts(number, standing),
        zone=context.policy.calendar.zone,
        is_overflow=context.call.way is Way.RECORD,
        is_call_owed=owing is not None,
        is_owner_in=owing is not None and owner_to_offer(context, owing) is not None,
        known_case=known_case(context, newest),
        is_clock_other=_is_clock_other(context, number),
        is_closed=_is_closed(context),
        notice=_notice(context),
        emergency_number=context.policy.emergency_number,
        needs_time=standing is not None and AdjustmentKind.SLOW in standing.agreed,
        is_number_shared=number in context.policy.limits.calls.named,
        is_line_flooded=is_flooded,
    )
    return facts_of_canary(context, facts) if context.call.is_canary else facts


def _is_clock_other(context: CallContext, number: str | None) -> bool:
    zone = context.policy.calendar.zone
    return number is not None and is_clock_other(zones_of(number, otherwise=zone), zone, context.now)


def _is_closed(context: CallContext) -> bool:
    """Tell whether nobody works, also by no shift of their own outside the company's hours."""
    is_open = context.policy.calendar.is_open(context.now)
    return not is_open and not rota_of(context.work, context.policy, now=context.now).on_duty(context.now)


def _notice(context: CallContext) -> str:
    """Return the notice of the day, or nothing while it has no recording."""
    words = words_at(context.policy.announcements, context.now, context.call.locale)
    return words if words and context.hotline.prompts.can_say(context.call.locale, words) else ""


def _spoken_company(context: CallContext) -> str:
    """Return the company's name, or nothing while it cannot be said. Then the caller hears neutral forms."""
    company = context.hotline.rules.company
    missing = unsayable_names(
        context.flow, context.call.locale, company=company, can_say=context.hotline.prompts.can_say
    )
    return "" if missing else company
