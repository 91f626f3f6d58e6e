"""Voice webhooks: form to event, use case, answer to TwiML; every answer well under the carrier's patience.

Delivered twice, a webhook gets what was stored the first time. Nothing here decides what a caller hears.
Knows: routes, telephony, use cases. Must not know: nodes and words of flows.
"""

from dataclasses import dataclass
from typing import get_args

import structlog
from flask import Flask, Response, request

from voicebot.domain.call import Call, Way
from voicebot.errors import CarrierFault
from voicebot.flow.instructions import HangUp
from voicebot.service.call import (
    CallAnswer,
    IncomingCall,
    answer_call,
    apologise,
    end_call,
    resume_call,
    take_call_turn,
)
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_call, wait_at
from voicebot.telephony.twiml import StaticWords, TwimlWriter, WaitPlace
from voicebot.telephony.urls import Heard
from voicebot.telephony.webhooks import CallArrived, call_arrived, call_sid, call_status, fault_reported, turn_event
from voicebot.web.counters import FALLBACKS
from voicebot.web.faults import FaultMemory, first_that_works
from voicebot.web.guards import Guard, guarded, is_signed
from voicebot.web.resumes import ResumeWatch

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceDesk:
    """What the voice routes work with."""

    hotline: Hotline
    writer: TwimlWriter
    static_words: StaticWords
    resumes: ResumeWatch


class VoiceWebhooks:
    """Routes under `/twilio/voice` that answer with TwiML, and the call's status callback."""

    def __init__(self, desk: VoiceDesk) -> None:
        self._desk = desk
        self._hotline = desk.hotline
        self._writer = desk.writer
        self._faults = FaultMemory()

    def register(self, app: Flask) -> None:
        """Add the routes."""
        routes = (
            ("/twilio/voice", "answer", self.answer),
            ("/twilio/voice/resume/<call_id>", "resume", self.resume),
            ("/twilio/voice/turn/<call_id>/<int:turn_number>", "turn", self.turn),
            ("/twilio/voice/status", "status", self.status),
            ("/twilio/voice/fallback", "fallback", self.fallback),
            ("/twilio/voice/goodbye", "goodbye", self.goodbye),
        )
        for rule, endpoint, view in routes:
            app.add_url_rule(rule, endpoint, view, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def answer(self) -> Response:
        """Answer a call."""
        return _xml(first_that_works(self._answer, self._apologise_by_sid, self._static))

    @guarded(Guard.SIGNATURE)
    def resume(self, call_id: str) -> Response:
        """Go on after a stream is gone."""
        _bind(call_id)
        self._desk.resumes.fetched(call_id)
        return _xml(
            first_that_works(
                lambda: self._twiml(resume_call(self._hotline, call_id)),
                lambda: self._apologise(call_id),
                self._static,
            )
        )

    @guarded(Guard.SIGNATURE)
    def turn(self, call_id: str, turn_number: int) -> Response:
        """Take what Gather, Record or the Redirect after them has heard."""
        _bind(call_id)
        place = WaitPlace(call_id=call_id, turn_number=turn_number)
        return _xml(
            first_that_works(
                lambda: self._twiml(self._take(place)),
                lambda: self._apologise(call_id),
                lambda: self._static(place),
            )
        )

    @guarded(Guard.SIGNATURE)
    def status(self) -> Response:
        """End the call that the carrier says is over; one that we never answered is answered now, for its ticket."""
        report = call_status(request.form)
        if report.end is None:
            return Response(status=204)
        call = find_call(self._hotline, report.carrier_call_id)
        if call is not None:
            _bind(call.id)
            self._desk.resumes.fetched(call.id)
        elif report.is_inbound:
            answer_call(self._hotline, _incoming(call_arrived(request.form)))
        end_call(self._hotline, report.carrier_call_id, report.end)
        return Response(status=204)

    @guarded(Guard.STATIC_UNLESS_SIGNED)
    def fallback(self) -> Response:
        """Answer when the carrier could not use an answer of ours: resume; a second time apologise and record."""
        if not is_signed():
            FALLBACKS.labels("unsigned").inc()
            return _xml(self._static())
        return _xml(first_that_works(self._answer_fault, self._apologise_by_sid, self._static))

    @guarded(Guard.STATIC_UNLESS_SIGNED)
    def goodbye(self) -> Response:
        """Thank after a recording of the static fallback, also when its signature could not be checked."""
        return _xml(self._writer.say_goodbye(self._desk.static_words))

    def _answer(self) -> str:
        answer = answer_call(self._hotline, _incoming(call_arrived(request.form)))
        _bind(answer.call.id)
        return self._twiml(answer)

    def _take(self, place: WaitPlace) -> CallAnswer:
        told = wait_at(self._hotline, place.call_id, place.turn_number)
        if told is None or isinstance(told.wait, HangUp):
            raise CarrierFault("taking a turn: the address names no wait that was ever put to a caller")
        event = turn_event(_heard(), request.form, told.wait)
        if event is None:
            return told
        return take_call_turn(self._hotline, place.call_id, place.turn_number, event)

    def _answer_fault(self) -> str:
        report = fault_reported(request.form)
        log.error("fallback_asked", error_code=report.error_code)
        call = find_call(self._hotline, report.carrier_call_id)
        is_second = self._faults.is_second(report.carrier_call_id, report.error_url)
        FALLBACKS.labels("second" if is_second else "first").inc()
        if is_second:
            return self._static(_place_of(call))
        return self._answer() if call is None else self._twiml(resume_call(self._hotline, call.id))

    def _twiml(self, answer: CallAnswer) -> str:
        """Write an answer in the call's way. A stream whose token was used is fetched anew instead."""
        call, wait = answer.call, answer.wait
        if call.way is Way.RECORD or isinstance(wait, HangUp):
            return self._writer.put_wait(WaitPlace(call_id=call.id, turn_number=answer.turn_number), wait)
        if call.stream_token is None:
            return self._writer.resume(call.id)
        return self._writer.connect_stream(call.id, call.stream_token)

    def _apologise(self, call_id: str) -> str:
        answer = apologise(self._hotline, call_id)
        place = WaitPlace(call_id=call_id, turn_number=answer.turn_number)
        return self._writer.put_wait(place, answer.wait)

    def _apologise_by_sid(self) -> str:
        call = find_call(self._hotline, call_sid(request.form))
        if call is None:
            raise CarrierFault("apologising in a call that was never answered here")
        return self._apologise(call.id)

    def _static(self, place: WaitPlace | None = None) -> str:
        return self._writer.apologise_and_record(self._desk.static_words, place)


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


def _bind(call_id: str) -> None:
    structlog.contextvars.bind_contextvars(call=call_id)


def _xml(twiml: str) -> Response:
    return Response(twiml, mimetype="text/xml")
