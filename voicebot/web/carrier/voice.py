"""Voice webhooks, from form to event to use case, and from answer to TwiML. Every answer is well under the carrier's
patience.

Delivered twice, a webhook gets what was stored the first time. Nothing here decides what a caller hears.
Knows: routes, telephony, use cases. Must not know: nodes and words of flows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import structlog
from flask import Flask, Response, request

from voicebot.domain.call import Call, CallStatus, Way
from voicebot.domain.call_event import Part
from voicebot.errors import CarrierFault
from voicebot.flow.events import OwnerNotReached
from voicebot.flow.instructions import ConnectOwner, HangUp, Listen
from voicebot.service.call.budget import may_come_in, sender_of
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.missed_call import take_up_missed_call
from voicebot.service.call.outage_budget import OutageBudget
from voicebot.service.call.stored_turn import CallAnswer, wait_at
from voicebot.service.call.stream import resume_call
from voicebot.service.call.turn import apologise, end_call, take_call_turn
from voicebot.service.callback.rang_in import close_owner_leg, owner_leg
from voicebot.service.hotline import Hotline
from voicebot.service.log_context import name_call
from voicebot.service.lookup import find_call
from voicebot.service.ports import ListedCall
from voicebot.telephony.form_fields import is_stale
from voicebot.telephony.staff_call_webhooks import dial_reported
from voicebot.telephony.twiml import StaffLeg, StaticWords, TwimlWriter, WaitPlace
from voicebot.telephony.urls import Heard
from voicebot.telephony.webhooks import (
    CallArrived,
    CallStatusReported,
    call_arrived,
    call_sid,
    call_status,
    fault_reported,
    turn_event,
)
from voicebot.web.carrier.answered_calls import AnsweredCalls
from voicebot.web.carrier.resume_watch import ResumeWatch
from voicebot.web.carrier.seen_requests import IDEMPOTENCY_HEADER, SeenRequests
from voicebot.web.counters import CALLS_TURNED_AWAY, FALLBACKS, TURN_SECONDS
from voicebot.web.guard.guards import Guard, guarded, is_signed
from voicebot.web.resilience.call_event_writer import CallEventWriter
from voicebot.web.resilience.faults import fault_words, first_that_works
from voicebot.web.resilience.report_retry import ReportRetryQueue

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceDependencies:
    """What the voice routes work with."""

    hotline: Hotline
    writer: TwimlWriter
    static_words: StaticWords
    resumes: ResumeWatch
    live_calls: AnsweredCalls
    owed: ReportRetryQueue
    book: CallEventWriter


class VoiceWebhooks:
    """Routes under `/twilio/voice` that answer with TwiML, and the call's status callback."""

    def __init__(self, dependencies: VoiceDependencies) -> None:
        self._dependencies = dependencies
        self._hotline = dependencies.hotline
        self._writer = dependencies.writer
        self._outage = OutageBudget(self._hotline.flows.current_policy().limits.calls, self._hotline.clock.now)
        self._seen_faults = SeenRequests()
        self._seen_tokens = SeenRequests()

    def register(self, app: Flask) -> None:
        """Add the routes."""
        routes = (
            ("/twilio/voice", "answer", self.answer),
            ("/twilio/voice/resume/<call_id>", "resume", self.resume),
            ("/twilio/voice/turn/<call_id>/<int(max=100000):turn_number>", "turn", self.turn),
            ("/twilio/voice/connected/<call_id>/<int(max=100000):turn_number>", "connected", self.connected),
            ("/twilio/voice/status", "status", self.status),
            ("/twilio/voice/fallback", "fallback", self.fallback),
            ("/twilio/voice/goodbye", "goodbye", self.goodbye),
        )
        for rule, endpoint, view in routes:
            app.add_url_rule(rule, endpoint, view, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def answer(self) -> Response:
        """Answer a call."""
        return _xml(first_that_works(self._answer, self._apologise_by_sid, self._static_within_budget))

    @guarded(Guard.SIGNATURE)
    def resume(self, call_id: str) -> Response:
        """Go on after a stream is gone."""
        name_call(call_id)
        self._dependencies.resumes.fetched(call_id)
        is_repeat = self._seen_tokens.is_repeat(request.headers.get(IDEMPOTENCY_HEADER, ""))
        return _xml(
            first_that_works(
                lambda: self.twiml(resume_call(self._hotline, call_id, is_repeat=is_repeat)),
                lambda: self._apologise(call_id),
                self._static,
                tell=self._noting(call_id),
            )
        )

    @guarded(Guard.SIGNATURE)
    def turn(self, call_id: str, turn_number: int) -> Response:
        """Take what Gather, Record or the Redirect after them has heard."""
        name_call(call_id)
        place = WaitPlace(call_id=call_id, turn_number=turn_number)
        return _xml(
            first_that_works(
                lambda: self.twiml(self._take(place)),
                lambda: self._apologise(call_id, turn_number),
                lambda: self._static(place),
                tell=self._noting(call_id),
            )
        )

    @guarded(Guard.SIGNATURE)
    def connected(self, call_id: str, turn_number: int) -> Response:
        """Go on after the caller has talked to a member of staff, or nobody has picked up."""
        name_call(call_id)
        return _xml(
            first_that_works(
                lambda: self.twiml(self._take_connected(call_id, turn_number)),
                lambda: self._apologise(call_id, turn_number),
                lambda: self._static(WaitPlace(call_id=call_id, turn_number=turn_number)),
                tell=self._noting(call_id),
            )
        )

    @guarded(Guard.SIGNATURE)
    def status(self) -> Response:
        """End the call that the carrier says is over, where one that we never answered gets its case now."""
        report = call_status(request.form)
        if report.end is None:
            return Response(status=204)
        may_open = report.is_inbound and not is_stale(report.told_at, self._hotline.clock.now())
        caller = call_arrived(request.form).caller if may_open else None
        return self._dependencies.owed.take(lambda: self._end(report, caller))

    @guarded(Guard.STATIC_UNLESS_SIGNED)
    def fallback(self) -> Response:
        """Answer when the carrier could not use an answer of ours, by resuming it.

        The second time apologise and record.
        """
        if not is_signed():
            FALLBACKS.labels("unsigned").inc()
            return _xml(self._static())
        return _xml(first_that_works(self._answer_fault, self._apologise_by_sid, self._static))

    @guarded(Guard.STATIC_UNLESS_SIGNED)
    def goodbye(self) -> Response:
        """Thank after a recording of the static fallback, also when its signature could not be checked."""
        return _xml(self._writer.say_goodbye(self._dependencies.static_words))

    def _end(self, report: CallStatusReported, caller: str | None) -> None:
        call = find_call(self._hotline, report.carrier_call_id)
        if call is not None:
            name_call(call.id)
            self._dependencies.resumes.fetched(call.id)
        elif caller is not None:
            take_up_missed_call(self._hotline, self._listed(report, caller))
        assert report.end is not None, "asked only of calls that are over"
        # Also after a call was taken up: it may have been answered at this very moment, and goes on here.
        end_call(self._hotline, report.carrier_call_id, report.end)

    def _listed(self, report: CallStatusReported, caller: str) -> ListedCall:
        """Return what a report tells of a call that we never answered."""
        return ListedCall(
            carrier_call_id=report.carrier_call_id,
            caller=caller,
            started_at=self._hotline.clock.now() - timedelta(seconds=report.seconds),
            is_over=True,
            status=report.status,
            seconds=report.seconds,
        )

    def _answer(self) -> str:
        incoming = _incoming(call_arrived(request.form))
        over = may_come_in(self._hotline, incoming)
        if over is not None:
            CALLS_TURNED_AWAY.labels(over.scope, over.measure).inc()
            return self._writer.turn_away()
        answer = answer_call(self._hotline, incoming)
        name_call(answer.call.id)
        if answer.call.status is CallStatus.ENDED and answer.wait == HangUp():
            return self._writer.turn_away()
        return self.twiml(answer)

    def _take(self, place: WaitPlace) -> CallAnswer:
        told = wait_at(self._hotline, place.call_id, place.turn_number)
        if told is None or not isinstance(told.wait, Listen):
            raise CarrierFault("taking a turn: the address names no wait that was ever put to a caller")
        event = turn_event(_heard(), request.form, told.wait)
        with TURN_SECONDS.labels(Way.RECORD).time():
            return take_call_turn(self._hotline, place.call_id, place.turn_number, event)

    def _take_connected(self, call_id: str, turn_number: int) -> CallAnswer:
        dial = dial_reported(request.form)
        event = close_owner_leg(
            self._hotline,
            call_id,
            status=dial.status,
            is_bridged=dial.is_bridged,
            seconds=dial.seconds,
            leg=request.args.get("leg", ""),
        )
        if event is not None:
            return take_call_turn(self._hotline, call_id, turn_number, event)
        answer = wait_at(self._hotline, call_id, turn_number)
        assert answer is not None, "somebody's telephone rings for this wait"
        return answer

    def _noting(self, call_id: str) -> Callable[[Exception], None]:
        """Return what writes a fault into the life of its call."""
        return lambda error: self._dependencies.book.note(call_id, "fault", detail=fault_words(error))

    def _answer_fault(self) -> str:
        report = fault_reported(request.form)
        log.error("fallback_asked", error_code=report.error_code)
        call = find_call(self._hotline, report.carrier_call_id)
        if call is not None:
            self._dependencies.book.note(
                call.id, "fallback_asked", detail=f"error {report.error_code}", part=Part.CARRIER
            )
        is_second = self._seen_faults.is_repeat((report.carrier_call_id, report.error_url))
        FALLBACKS.labels("second" if is_second else "first").inc()
        if is_second:
            return self._static(_place_of(call))
        return self._answer() if call is None else self.twiml(resume_call(self._hotline, call.id))

    def twiml(self, answer: CallAnswer) -> str:
        """Write an answer in the call's way. A stream whose token was used is fetched anew instead."""
        call, wait = answer.call, answer.wait
        self._dependencies.live_calls.met(call.id)
        if isinstance(wait, ConnectOwner):
            return self._connect(answer, wait)
        if call.way is Way.RECORD or isinstance(wait, HangUp):
            return self._writer.put_wait(WaitPlace(call_id=call.id, turn_number=answer.turn_number), wait)
        if call.stream_token is None:
            return self._writer.resume(call.id)
        return self._writer.connect_stream(call.id, call.stream_token)

    def _connect(self, answer: CallAnswer, wait: ConnectOwner) -> str:
        """Ring who is responsible, but where that is over already, a late repeat is told what came of it."""
        call, leg = answer.call, owner_leg(self._hotline, answer.call.id)
        if leg is None:
            result = close_owner_leg(self._hotline, call.id, status="failed", is_bridged=False, seconds=0)
            event = result or OwnerNotReached()
            return self.twiml(take_call_turn(self._hotline, call.id, answer.turn_number, event))
        place = WaitPlace(call_id=call.id, turn_number=answer.turn_number)
        staff = StaffLeg(
            call_id=leg.call_id,
            number=leg.number,
            caller_id=self._hotline.rules.own_number,
            ring_for=leg.ring_for,
            longest=leg.longest,
            is_first=leg.is_first,
        )
        return self._writer.connect_staff(place, wait, staff)

    def _apologise(self, call_id: str, turn_number: int | None = None) -> str:
        return self.twiml(apologise(self._hotline, call_id, turn_number))

    def _apologise_by_sid(self) -> str:
        call = find_call(self._hotline, call_sid(request.form))
        if call is None:
            raise CarrierFault("apologising in a call that was never answered here")
        return self._apologise(call.id)

    def _static_within_budget(self) -> str:
        """Let a call that could not be counted leave a message, unless too many of its sender came in this outage."""
        sid, caller = request.form.get("CallSid", ""), request.form.get("From", "")
        over = self._outage.may_come_in(sid, sender_of(self._hotline, caller))
        if over is None:
            return self._static()
        CALLS_TURNED_AWAY.labels(over.scope, over.measure).inc()
        return self._writer.turn_away()

    def _static(self, place: WaitPlace | None = None) -> str:
        return self._writer.apologise_and_record(self._dependencies.static_words, place)


def _heard() -> Heard:
    for heard in get_args(Heard):
        if request.args.get("heard") == heard:
            return heard  # type: ignore[no-any-return]
    raise CarrierFault("taking a turn: the address does not say what was heard")


def _place_of(call: Call | None) -> WaitPlace | None:
    return None if call is None else WaitPlace(call_id=call.id, turn_number=call.turn_number)


def _incoming(arrived: CallArrived) -> IncomingCall:
    return IncomingCall(
        carrier_call_id=arrived.carrier_call_id,
        caller=arrived.caller,
        called=arrived.called,
        forwarded_from=arrived.forwarded_from,
    )


def _xml(twiml: str) -> Response:
    return Response(twiml, mimetype="text/xml")
