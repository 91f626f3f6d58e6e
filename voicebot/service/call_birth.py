"""A call is answered: call, ticket, case number, owner and first turn are born in one transaction.

Whatever happens next, nothing is lost; so this asks nothing of the caller and needs nothing but the store.
Knows: what a call is born with. Must not know: TwiML, what the flow says first.
"""

from dataclasses import dataclass

from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.phone import national_digits, to_e164
from voicebot.domain.ticket import Channel
from voicebot.flow.engine import start_session
from voicebot.flow.events import CallAnswered
from voicebot.flow.instructions import HangUp
from voicebot.flow.session import CallFacts, FlowSession
from voicebot.service.call_end import finish_call
from voicebot.service.hotline import Hotline
from voicebot.service.number_gate import callable_number
from voicebot.service.ports import UnitOfWork
from voicebot.service.scene import CallScene
from voicebot.service.ticket import TicketOpening, open_ticket
from voicebot.service.turn import CallAnswer, keep_definitions, store_turn, stored_answer, take_first_event


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingCall:
    """What the carrier says about a call; numbers as given, possibly empty, short or not numbers at all."""

    carrier_call_id: str
    caller: str
    called: str
    forwarded_from: str | None = None


def answer_call(hotline: Hotline, incoming: IncomingCall) -> CallAnswer:
    """Answer a call: call, ticket, case number, owner and first turn are born in one transaction.

    Idempotent on `carrier_call_id`: of two webhooks at once the store makes the second wait for the first.
    """
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(incoming.carrier_call_id)
        if call is not None:
            return stored_answer(work, call, 0)
        answer = _first_answer(_bear(hotline, work, incoming), incoming)
        work.commit()
        return answer


def _bear(hotline: Hotline, work: UnitOfWork, incoming: IncomingCall) -> CallScene:
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    policy = hotline.flows.current_policy()
    now = hotline.clock.now()
    keep_definitions(work, flow, policy)
    opening = TicketOpening(
        channel=Channel.PHONE,
        locale=flow.locales[0],
        complainant_number=callable_number(hotline.rules, incoming.caller, policy),
    )
    ticket = open_ticket(hotline, work, opening)
    way = Way.STREAM if hotline.recognisers.has_room() else Way.RECORD
    call = Call(
        id=hotline.ids.new_id(),
        carrier_call_id=incoming.carrier_call_id,
        ticket_id=ticket.id,
        caller_number=to_e164(incoming.caller),
        called_number=incoming.called,
        status=CallStatus.LIVE,
        way=way,
        locale=ticket.locale,
        flow_name=flow.name,
        flow_digest=flow.digest,
        policy_digest=policy.digest,
        started_at=now,
        stream_token=hotline.ids.new_token() if way is Way.STREAM else None,
        last_heard_at=now,
    )
    work.calls.add(call)
    return CallScene(hotline=hotline, work=work, call=call, flow=flow, policy=policy, now=now)


def _first_answer(scene: CallScene, incoming: IncomingCall) -> CallAnswer:
    session = start_session(scene.flow, scene.call.locale, _facts(scene))
    if to_e164(incoming.caller) == scene.hotline.rules.own_number:
        return _end_loop(scene, session)
    if incoming.forwarded_from:
        scene.note("call_forwarded", actor="carrier")
    return take_first_event(scene, session, CallAnswered())


def _end_loop(scene: CallScene, session: FlowSession) -> CallAnswer:
    """Answer a call from our own number by hanging up: a forwarding loop would ring for ever."""
    scene.note("call_from_own_number", actor="carrier")
    over = session.model_copy(update={"is_over": True})
    answer = store_turn(scene, CallAnswered(), session=over, instructions=(HangUp(),))
    finish_call(scene, CallEnd.COMPLETED)
    return answer


def _facts(scene: CallScene) -> CallFacts:
    ticket = scene.ticket()
    number = ticket.complainant_number
    return CallFacts(
        company=scene.hotline.rules.company,
        case_number=ticket.case_number,
        caller_number=number,
        caller_digits=national_digits(number) if number else "",
        can_text=number is not None and not scene.work.sms.opted_out(number, scene.hotline.rules.own_number),
        zone=scene.policy.calendar.zone,
        is_overflow=scene.call.way is Way.RECORD,
    )
