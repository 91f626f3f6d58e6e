"""Recording callbacks: the carrier has an answer's voice ready, or never will.

Knows: routes, telephony, use cases. Must not know: how a recording is fetched.
"""

from flask import Flask, Response, request

from voicebot.service.hotline import Hotline
from voicebot.service.recording_notes import note_recording, note_stray_recording
from voicebot.telephony.webhooks import call_sid, recording_reported
from voicebot.web.guards import Guard, guarded


class RecordingWebhooks:
    """Routes under `/twilio/voice/recording`."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, app: Flask) -> None:
        """Add the routes."""
        path = "/twilio/voice/recording"
        app.add_url_rule(f"{path}/<call_id>/<int:turn_number>", "recording", self.of_wait, methods=["POST"])
        app.add_url_rule(path, "recording_of_call", self.of_call, methods=["POST"])

    @guarded(Guard.SIGNATURE)
    def of_wait(self, call_id: str, turn_number: int) -> Response:
        """Note the recording of one wait."""
        report = recording_reported(request.form)
        note_recording(
            self._hotline,
            call_id,
            turn_number,
            recording_sid=report.recording_sid,
            is_available=report.is_available,
            length_s=report.duration_s,
        )
        return Response(status=204)

    @guarded(Guard.SIGNATURE)
    def of_call(self) -> Response:
        """Note a recording made by fixed words; a call that never reached us gets its case from it."""
        report = recording_reported(request.form)
        note_stray_recording(
            self._hotline,
            call_sid(request.form),
            recording_sid=report.recording_sid,
            is_available=report.is_available,
            length_s=report.duration_s,
        )
        return Response(status=204)
