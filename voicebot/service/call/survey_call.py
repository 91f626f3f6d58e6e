"""A complainant picks up whom we ask whether the matter is settled. A call of the hotline begins with that flow.

It is a call like any that comes in: turns, streams, the end. It belongs to the case from its first word, so it opens
none. Whatever is asked twice gets the same answer.

Knows: rows of calls that we make, how a call is opened. Must not know: TwiML, what is asked.
"""

from voicebot.domain.call import SURVEY_FLOW, Way
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import Ticket
from voicebot.flow.engine import start_session
from voicebot.flow.events import CallAnswered
from voicebot.service.call.engine_loop import take_first_event
from voicebot.service.call.incoming import IncomingCall, facts_of, open_call, repeat_answer
from voicebot.service.call.listening_places import seat_of
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.callback.dial import meet
from voicebot.service.callback.hops import HangUpLeg
from voicebot.service.callback.survey import survey_number
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import going_on


def answer_survey(hotline: Hotline, call_id: str, carrier_call_id: str) -> CallAnswer | HangUpLeg | None:
    """Return what the complainant hears who picked up. None when the call was ordered for something else.

    A second call of one order, and one of an order that is over, is ended.
    """
    with hotline.unit_of_work() as work:
        ordered = work.staff_calls.get(call_id)
    if ordered is None or ordered.kind is not StaffCallKind.SURVEY:
        return None
    met = meet(hotline, call_id, carrier_call_id)
    if met is None:
        return HangUpLeg()
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(carrier_call_id)
        context = context_of(hotline, work)
        if known is not None:
            return repeat_answer(context, known)
        if met.state is StaffCallState.ENDED:
            return HangUpLeg()
        answer = _begin(context, met, carrier_call_id)
        work.commit()
        return answer


def _begin(context: Context, ordered: StaffCall, carrier_call_id: str) -> CallAnswer:
    hotline, ticket = context.hotline, going_on(context.work, ordered.ticket_id)
    arrived = IncomingCall(
        carrier_call_id=carrier_call_id,
        caller=_rang_from(context, ticket) or survey_number(context, ordered),
        called=hotline.rules.own_number,
    )
    has_room = hotline.recognisers.has_room(seat_of(hotline, arrived.caller))
    opened = open_call(
        context,
        arrived,
        way=Way.STREAM if has_room else Way.RECORD,
        ticket=ticket,
        flow=hotline.flows.current_flow(SURVEY_FLOW),
    )
    return take_first_event(opened, start_session(opened.flow, ticket.locale, facts_of(opened)), CallAnswered())


def _rang_from(context: Context, ticket: Ticket) -> str | None:
    """Return the number of the case's last call, since texts go to the phone from which somebody rang last."""
    calls = context.work.calls.of_ticket(ticket.id)
    return calls[-1].caller_number if calls else None
