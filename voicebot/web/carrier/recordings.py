"""Recording callbacks. They say that the carrier has an answer's voice ready, or never will.

Knows: routes, telephony, use cases. Must not know: how a recording is fetched.
"""

from functools import partial
from time import monotonic

from flask import Flask, Response, request

from voicebot.service.call.recording_callback import note_recording, note_stray_recording
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_call
from voicebot.telephony.form_fields import is_stale
from voicebot.telephony.webhooks import call_sid, recording_reported
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.resilience.report_retry import ReportRetryQueue

KNOWS_CALLER_WITHIN_S = 60.0
"""A call that we never answered is reported over, with its caller's number, soon after its recording."""


class RecordingWebhooks:
    """Routes under `/twilio/voice/recording`."""

    def __init__(self, hotline: Hotline, owed: ReportRetryQueue) -> None:
        self._hotline = hotline
        self._owed = owed

    def register(self, app: Flask) -> None:
        """Add the routes."""
        path = "/twilio/voice/recording"
        app.add_url_rule(f"{path}/<call_id>/<int(max=100000):turn_number>", "recording", self.of_wait, methods=["POST"])
        app.add_url_rule(path, "recording_of_call", self.of_call, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def of_wait(self, call_id: str, turn_number: int) -> Response:
        """Note the recording of one wait."""
        report = recording_reported(request.form)
        note = partial(
            note_recording,
            self._hotline,
            call_id,
            turn_number,
            recording_sid=report.recording_sid,
            is_available=report.is_available,
            length_s=report.duration_s,
        )
        return self._owed.take(note)

    @guarded(Guard.SIGNATURE)
    def of_call(self) -> Response:
        """Note a recording made by fixed words, where a call that never reached us gets its case from it."""
        report = recording_reported(request.form)
        begun, sid = monotonic(), call_sid(request.form)
        if is_stale(report.told_at, self._hotline.clock.now()) and find_call(self._hotline, sid) is None:
            return Response(status=204)

        def note() -> None:
            note_stray_recording(
                self._hotline,
                sid,
                recording_sid=report.recording_sid,
                is_available=report.is_available,
                length_s=report.duration_s,
                may_open=monotonic() - begun >= KNOWS_CALLER_WITHIN_S,
            )

        return self._owed.take(note)
