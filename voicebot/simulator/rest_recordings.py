"""`Recordings` of the REST API can fetch, list and delete, and give the WAV itself.

Source: Twilio, voice/api/recording. The media is at the resource's path without `.json`, as WAV.
Knows: the ledger. Must not know: what is heard on a recording.
"""

from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import API_VERSION, Recording
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, day_filter, page, stamp


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
        "channels": 1,
        "source": "RecordVerb",
        "status": recording.status if is_ready else "processing",
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
