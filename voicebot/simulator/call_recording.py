"""A live call recorded by order of the REST API: from that instant on, both sides, until it is stopped or over.

Source: Twilio, voice/api/recording (create on an active call: `dual` puts the two sides on two channels; statuses
in-progress, completed, absent; `stopped` ends it; RecordingStatusCallbackEvent, `completed` unless named).
Knows: the ledger, tracks of calls. Must not know: HTTP, who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Protocol

import numpy as np

from voicebot.simulator import sound
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.ledger import API_VERSION, Ledger, Recording, new_sid
from voicebot.simulator.line import Happening, LineCall
from voicebot.simulator.options import CarrierOptions, RecordingCallback


class Recorder(Protocol):
    """What recording needs of the carrier."""

    clock: CarrierClock
    ledger: Ledger
    options: CarrierOptions
    api_url: str

    def callback(
        self, subject: str, url: str, form: Mapping[str, str], *, method: str = "POST", delay_s: float = 0.0
    ) -> None:
        """Post a status callback in the background."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingOrder:
    """What was asked for."""

    channels: int = 1
    track: str = "both"
    callback_url: str = ""
    callback_method: str = "POST"
    events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))


@dataclass(slots=True)
class LiveRecording(Recording):
    """A recording that goes on, or went on."""

    order: RecordingOrder = RecordingOrder()
    from_byte: int = 0
    """Where in the call's tracks it begins."""


def begin(carrier: Recorder, call: LineCall, order: RecordingOrder) -> LiveRecording:
    """Begin a recording and write it into the ledger."""
    recording = LiveRecording(
        sid=new_sid("RE"),
        call_sid=call.sid,
        wav=b"",
        seconds=0,
        started_at=carrier.clock.now(),
        ready_at_s=float("inf"),
        status="in-progress",
        channels=order.channels,
        source="StartCallRecordingAPI",
        order=order,
        from_byte=len(call.caller_track),
    )
    with carrier.ledger.lock:
        carrier.ledger.recordings[recording.sid] = recording
    call.note(Happening.RECORDING, recording.sid)
    return recording


def stop(carrier: Recorder, call: LineCall, recording: LiveRecording) -> None:
    """End a recording, once, keep what was heard and tell who wanted to know."""
    with carrier.ledger.lock:
        if recording.status != "in-progress":
            return
        caller, hotline = (bytes(track[recording.from_byte :]) for track in (call.caller_track, call.hotline_track))
        recording.wav, recording.seconds = _wav(recording.order, caller, hotline), round(len(caller) / sound.RATE_HZ)
        recording.status = "completed" if caller else "absent"
        recording.ready_at_s = carrier.clock.elapsed_s() + carrier.options.recording_ready_s
    call.note(Happening.RECORDED, recording.sid)
    _tell(carrier, recording)


def stop_all(carrier: Recorder, call: LineCall) -> None:
    """End what still records a call that is over."""
    with carrier.ledger.lock:
        mine = [each for each in carrier.ledger.recordings.values() if each.call_sid == call.sid]
    for recording in mine:
        if isinstance(recording, LiveRecording):
            stop(carrier, call, recording)


def status_fields(recording: Recording, account_sid: str, api_url: str, *, track: str) -> dict[str, str]:
    """Return the fields of a recording's callback."""
    return {
        "AccountSid": account_sid,
        "CallSid": recording.call_sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": f"{api_url}/{API_VERSION}/Accounts/{account_sid}/Recordings/{recording.sid}",
        "RecordingStatus": recording.status,
        "RecordingDuration": str(recording.seconds),
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": format_datetime(recording.started_at),
        "RecordingSource": recording.source,
        "RecordingTrack": track,
        "ErrorCode": "0",
    }


def _wav(order: RecordingOrder, caller: bytes, hotline: bytes) -> bytes:
    if order.channels == 2:
        return sound.pcm_wav(caller, hotline)
    both = sound.to_pcm(caller).astype(int) + sound.to_pcm(hotline)
    return sound.pcm_wav(sound.to_mulaw(both.clip(-32_768, 32_767).astype(np.int16)))


def _tell(carrier: Recorder, recording: LiveRecording) -> None:
    order = recording.order
    is_wanted = order.callback_url and recording.status in order.events
    if not is_wanted or carrier.options.recording_callback is RecordingCallback.NEVER:
        return
    form = status_fields(recording, carrier.ledger.account_sid, carrier.api_url, track=order.track)
    delay_s = carrier.options.recording_ready_s
    carrier.callback(recording.sid, order.callback_url, form, method=order.callback_method, delay_s=delay_s)
