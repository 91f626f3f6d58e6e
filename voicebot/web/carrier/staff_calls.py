"""Webhooks of the calls that we make, from form to use case, and from answer to TwiML. Whatever fails, the member hears
that something failed, and the complainant's leg is ended, so that there is no silence, and no machine that is connected
because a document of ours was missing.
Knows: routes, telephony, use cases. Must not know: what a key means.
"""

from collections.abc import Callable
from typing import assert_never

from flask import Flask, Response, request

from voicebot.flow.call_words import CallWords, words_of_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.survey_call import answer_survey
from voicebot.service.call.turn import end_call
from voicebot.service.callback import hops
from voicebot.service.callback.rang_in import close_left_leg
from voicebot.service.callback.talk import note_talk_recorded
from voicebot.service.hotline import Hotline
from voicebot.telephony.staff_call_twiml import ANNOUNCE_TIMEOUT_S, KEY_TIMEOUT_S, StaffCallWriter, hang_up, let_through
from voicebot.telephony.staff_call_webhooks import answered_by, dial_reported, key_pressed
from voicebot.telephony.urls import HotlineUrls, StaffHop
from voicebot.telephony.webhooks import CallStatusReported, call_sid, call_status, recording_reported
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.resilience.faults import first_that_works
from voicebot.web.resilience.report_retry import ReportRetryQueue

_Reply = CallAnswer | hops.Ask | hops.Tell | hops.Connect | hops.LetThrough | hops.HangUpLeg


class StaffCallWebhooks:
    """Routes under `/twilio/staff-call`."""

    def __init__(
        self, hotline: Hotline, urls: HotlineUrls, owed: ReportRetryQueue, *, talk: Callable[[CallAnswer], str]
    ) -> None:
        """`talk` writes what a call hears that a flow leads (`VoiceWebhooks.twiml`)."""
        self._talk = talk
        self._hotline = hotline
        self._urls = urls
        self._owed = owed
        flow = hotline.flows.current_flow(hotline.rules.flow_name)
        self._locale = flow.locales[0]
        # Taken now, since later there may be no flow to be had.
        self._fault_words = words_of_call(flow, self._locale, CallWords.FAULT, {})

    def register(self, app: Flask) -> None:
        """Add the routes."""
        for hop, view in (
            ("whisper", self.whisper),
            ("accept", self.accept),
            ("done", self.done),
            ("result", self.result),
            ("result_again", self.result_again),
            ("fallback", self.fallback),
            ("ended", self.ended),
            ("left", self.left),
            ("announce", self.announce),
            ("agree", self.agree),
            ("detection", self.detection),
            ("recorded", self.recorded),
        ):
            app.add_url_rule(f"/twilio/staff-call/<call_id>/{hop}", f"staff_call_{hop}", view, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def whisper(self, call_id: str) -> Response:
        """Tell the member what it is about, or ask the complainant where that is whom we rang."""
        return self._to_member(call_id, lambda: self._greet(call_id, call_sid(request.form)), hop="accept", times=2)

    def _greet(self, call_id: str, carrier_call_id: str) -> _Reply:
        asked = answer_survey(self._hotline, call_id, carrier_call_id)
        return hops.greet(self._hotline, call_id, carrier_call_id) if asked is None else asked

    @guarded(Guard.SIGNATURE)
    def accept(self, call_id: str) -> Response:
        """Connect the member, or not."""
        return self._to_member(call_id, lambda: hops.accept(self._hotline, call_id, key_pressed(request.form)))

    @guarded(Guard.SIGNATURE)
    def done(self, call_id: str) -> Response:
        """Ask the member what came of the talk."""

        def close() -> _Reply:
            dial = dial_reported(request.form)
            return hops.close_dial(
                self._hotline, call_id, status=dial.status, is_bridged=dial.is_bridged, seconds=dial.seconds
            )

        return self._to_member(call_id, close, hop="result")

    @guarded(Guard.SIGNATURE)
    def result(self, call_id: str) -> Response:
        """Take what the member keyed, and ask once more when it means nothing."""
        return self._to_member(call_id, lambda: self._take_result(call_id, is_last=False), hop="result_again")

    @guarded(Guard.SIGNATURE)
    def result_again(self, call_id: str) -> Response:
        """Take it, whatever it is."""
        return self._to_member(call_id, lambda: self._take_result(call_id, is_last=True))

    @guarded(Guard.SIGNATURE)
    def fallback(self, call_id: str) -> Response:
        """Tell the member that an answer of ours could not be used."""
        return _xml(self._writer(call_id).tell(self._fault_words))

    @guarded(Guard.SIGNATURE)
    def ended(self, call_id: str) -> Response:
        """Note that the leg of whom we rang is over."""
        report = call_status(request.form)
        if report.end is None:
            return Response(status=204)
        return self._owed.take(lambda: self._end(call_id, report))

    def _end(self, call_id: str, report: CallStatusReported) -> None:
        assert report.end is not None, "asked only of calls that are over"
        end_call(self._hotline, report.carrier_call_id, report.end)  # a flow talked there, or nothing is changed
        hops.end(self._hotline, call_id, status=report.status)

    @guarded(Guard.SIGNATURE)
    def left(self, call_id: str) -> Response:
        """Note that the leg of a member who was rung for a caller is over."""
        return self._owed.take(lambda: close_left_leg(self._hotline, call_id))

    @guarded(Guard.SIGNATURE)
    def announce(self, call_id: str) -> Response:
        """Tell the complainant who calls and why."""
        return self._to_complainant(call_id, lambda: hops.announce(self._hotline, call_id))

    @guarded(Guard.SIGNATURE)
    def agree(self, call_id: str) -> Response:
        """Connect the complainant, or not."""
        return self._to_complainant(call_id, lambda: hops.agree(self._hotline, call_id, key_pressed(request.form)))

    @guarded(Guard.SIGNATURE)
    def detection(self, call_id: str) -> Response:
        """Note who answered at the complainant's."""
        return self._owed.take(lambda: hops.detect(self._hotline, call_id, answered_by(request.form)))

    @guarded(Guard.SIGNATURE)
    def recorded(self, call_id: str) -> Response:
        """Note that the recording of a talk is ready, or that there is none."""
        told = recording_reported(request.form)
        return self._owed.take(
            lambda: note_talk_recorded(
                self._hotline, call_id, recording_sid=told.recording_sid, is_available=told.is_available
            )
        )

    def _take_result(self, call_id: str, *, is_last: bool) -> _Reply:
        return hops.take_result(self._hotline, call_id, key_pressed(request.form), is_last=is_last)

    def _to_member(
        self, call_id: str, answer: Callable[[], _Reply], *, hop: StaffHop = "accept", times: int = 1
    ) -> Response:
        return _xml(
            first_that_works(
                lambda: self._twiml(call_id, answer(), hop, times=times),
                lambda: self._writer(call_id).tell(self._fault_words),
            )
        )

    def _to_complainant(self, call_id: str, answer: Callable[[], _Reply]) -> Response:
        return _xml(
            first_that_works(lambda: self._twiml(call_id, answer(), "agree", timeout_s=ANNOUNCE_TIMEOUT_S), hang_up)
        )

    def _twiml(
        self, call_id: str, reply: _Reply, hop: StaffHop, *, times: int = 1, timeout_s: int = KEY_TIMEOUT_S
    ) -> str:
        match reply:
            case CallAnswer():
                return self._talk(reply)
            case hops.Ask(words=words, locale=locale, before=before):
                return self._writer(call_id, locale).ask(words, hop, before=before, times=times, timeout_s=timeout_s)
            case hops.Tell(words=words, locale=locale):
                return self._writer(call_id, locale).tell(words)
            case hops.Connect():
                return self._writer(call_id, reply.locale).connect(
                    reply.words,
                    reply.number,
                    caller_id=self._hotline.rules.own_number,
                    ring_for=reply.ring_for,
                    longest=reply.longest,
                )
            case hops.LetThrough():
                return let_through()
            case hops.HangUpLeg():
                return hang_up()
            case _:
                assert_never(reply)

    def _writer(self, call_id: str, locale: str = "") -> StaffCallWriter:
        return StaffCallWriter(urls=self._urls, call_id=call_id, locale=locale or self._locale)


def _xml(twiml: str) -> Response:
    return Response(twiml, mimetype="text/xml")
