"""`Recordings` of the REST API can fetch, list and delete, give the WAV itself, and record a live call.

Source: Twilio, voice/api/recording. The media is at the resource's path without `.json`, as WAV.
Knows: the ledger. Must not know: what is heard on a recording.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from voicebot.simulator import call_recording
from voicebot.simulator.call_recording import RecordingOrder
from voicebot.simulator.ledger import API_VERSION, Recording
from voicebot.simulator.line import LineCall
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, created, day_filter, page, stamp


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""

    @app.get(f"{ROOT}/Recordings/<sid>.json")
    def fetch_recording(account: str, sid: str) -> Response:
        return jsonify(_shape(carrier, _recording(carrier, sid)))

    @app.delete(f"{ROOT}/Recordings/<sid>.json")
    def delete_recording(account: str, sid: str) -> Response:
        _recording(carrier, sid)
        with carrier.ledger.lock:
            carrier.ledger.recordings.pop(sid, None)
        return Response(status=204)

    @app.get(f"{ROOT}/Recordings/<sid>.wav")
    @app.get(f"{ROOT}/Recordings/<sid>")
    def download_media(account: str, sid: str) -> Response:
        recording = _recording(carrier, sid)
        if carrier.clock.elapsed_s() < recording.ready_at_s:
            raise ApiError(404, 20404, "The recording is not ready yet")
        return Response(recording.wav, content_type="audio/x-wav")

    @app.get(f"{ROOT}/Recordings.json")
    def list_recordings(account: str) -> Response:
        return page(carrier, "recordings", request.path, found=_found(carrier, request.args.get("CallSid")))

    @app.get(f"{ROOT}/Calls/<call_sid>/Recordings.json")
    def list_recordings_of_call(account: str, call_sid: str) -> Response:
        return page(carrier, "recordings", request.path, found=_found(carrier, call_sid))

    _add_live(app, carrier)


def _add_live(app: Flask, carrier: Switchboard) -> None:
    """Add what begins and ends the recording of a live call."""

    @app.post(f"{ROOT}/Calls/<call_sid>/Recordings.json")
    def record_call(account: str, call_sid: str) -> Response:
        call = _live_call(carrier, call_sid)
        recording = call_recording.begin(carrier, call, _order(request.form))
        return created(_shape(carrier, recording))

    @app.post(f"{ROOT}/Calls/<call_sid>/Recordings/<sid>.json")
    def update_recording(account: str, call_sid: str, sid: str) -> Response:
        call, recording = _live_call(carrier, call_sid), _recording(carrier, sid)
        if request.form.get("Status") != "stopped":
            raise ApiError(400, 20001, "The pretend carrier stops recordings and pauses none")
        if not isinstance(recording, call_recording.LiveRecording) or recording.status != "in-progress":
            raise ApiError(400, 21220, "The recording is over")
        call_recording.stop(carrier, call, recording)
        return jsonify(_shape(carrier, recording))


def _live_call(carrier: Switchboard, sid: str) -> LineCall:
    entry = carrier.ledger.calls.get(sid)
    if entry is None:
        raise ApiError(404, 20404, f"The requested resource /Calls/{sid}/Recordings.json was not found")
    is_answered = entry.line.direction == "inbound" or entry.line.status == "in-progress"
    if entry.ended_at is not None or not is_answered:
        raise ApiError(400, 21220, "Requested resource is not eligible for recording")
    return entry.line


def _order(form: MultiDict[str, str]) -> RecordingOrder:
    channels, url = form.get("RecordingChannels", "mono"), form.get("RecordingStatusCallback", "")
    events = frozenset(form.getlist("RecordingStatusCallbackEvent") or ["completed"])
    if channels not in {"mono", "dual"} or events - {"in-progress", "completed", "absent"}:
        raise ApiError(400, 20001, "RecordingChannels or RecordingStatusCallbackEvent has a value that is none")
    if url and not urlsplit(url).hostname:
        raise ApiError(400, 20001, "RecordingStatusCallback is not an absolute URL")
    return RecordingOrder(
        channels=2 if channels == "dual" else 1,
        track=form.get("RecordingTrack", "both"),
        callback_url=url,
        callback_method=form.get("RecordingStatusCallbackMethod", "POST"),
        events=events,
    )


def _found(carrier: Switchboard, call_sid: str | None) -> list[Shape]:
    is_within = day_filter("DateCreated")
    return [
        _shape(carrier, recording)
        for recording in reversed(list(carrier.ledger.recordings.values()))
        if call_sid in (None, recording.call_sid) and is_within(recording.started_at)
    ]


def _recording(carrier: Switchboard, sid: str) -> Recording:
    recording = carrier.ledger.recordings.get(sid)
    if recording is None:
        raise ApiError(404, 20404, f"The requested resource /Recordings/{sid} was not found")
    return recording


def _shape(carrier: Switchboard, recording: Recording) -> Shape:
    account = carrier.ledger.account_sid
    uri = f"/{API_VERSION}/Accounts/{account}/Recordings/{recording.sid}"
    is_ready = carrier.clock.elapsed_s() >= recording.ready_at_s
    return {
        "sid": recording.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "channels": recording.channels,
        "source": recording.source,
        "status": recording.status if is_ready or recording.status == "in-progress" else "processing",
        "duration": str(recording.seconds) if is_ready else "-1",
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "encryption_details": None,
        "date_created": stamp(recording.started_at),
        "date_updated": stamp(recording.started_at),
        "start_time": stamp(recording.started_at),
        "uri": f"{uri}.json",
        "subresource_uris": {},
        "media_url": f"{carrier.api_url}{uri}",
    }
