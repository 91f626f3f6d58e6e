"""`<Record>`. It beeps, keeps what the caller says, and tells where it is.

Source: Twilio, voice/twiml/record: ends by a key, by `timeout` seconds of silence, by `maxLength` or by hang-up;
silence alone asks no action and falls through; `Digits` is the key or `hangup`; the file may be ready later, which
`recordingStatusCallback` tells.
Knows: sound, keys. Must not know: what is done with a recording.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.simulator import sound
from voicebot.simulator.call_context import CallContext, DocumentRequest
from voicebot.simulator.call_recording import status_fields
from voicebot.simulator.ledger import API_VERSION, Recording, new_sid
from voicebot.simulator.line import CallOver, Happening, SentElsewhere
from voicebot.simulator.options import RecordingCallback
from voicebot.simulator.sound import TICK_S
from voicebot.simulator.twiml_document import TwimlFault, Verb

_BEEP_S = 0.5
_BEEP = sound.tone(1000)


@dataclass(slots=True)
class _Take:
    """One recording in the making."""

    timeout_s: int
    most_s: int
    finish_keys: str
    started_at: datetime
    audio: bytearray
    silent_ticks: int = 0
    has_voice: bool = False
    key: str = ""

    @property
    def is_done(self) -> bool:
        return (
            bool(self.key)
            or self.silent_ticks * TICK_S >= self.timeout_s
            or len(self.audio) >= self.most_s * sound.RATE_HZ
        )

    def hear(self, audio: bytes) -> None:
        self.audio += audio
        if sound.is_voice(audio):
            self.silent_ticks, self.has_voice = 0, True
        else:
            self.silent_ticks += 1


def record(context: CallContext, verb: Verb) -> DocumentRequest | None:
    """Record, and return the request to `action`, or None when only silence was heard.

    Raises: TwimlFault 12200, and what ends a call (after the recording was kept).
    """
    take = _begin(context, verb)
    # Resolved first: a bad URL fails the verb before anything is recorded.
    action = context.url(verb.attributes.get("action", ""))
    _callback_url(context, verb)
    try:
        _listen(context, take)
    except CallOver:
        _after_hang_up(context, verb, take=take, action=action)
        raise
    except SentElsewhere:
        _keep(context, verb, take)
        raise
    recording = _keep(context, verb, take)
    if recording is None:
        return None
    if context.options.recording_callback is RecordingCallback.BEFORE_ACTION:
        _tell(context, verb, recording=recording, at_once=True)
    else:
        _tell(context, verb, recording=recording)
    return DocumentRequest(action, verb.method(), _fields(context, recording, take.key))


def _begin(context: CallContext, verb: Verb) -> _Take:
    take = _Take(
        timeout_s=verb.whole("timeout", 5, least=1),
        most_s=verb.whole("maxLength", 3600, least=1, most=14_400),
        finish_keys=verb.attributes.get("finishOnKey", "1234567890*#"),
        started_at=context.clock.now(),
        audio=bytearray(),
    )
    if set(take.finish_keys) - set("1234567890*#"):
        raise TwimlFault(13613, f'<Record finishOnKey="{take.finish_keys}">: not keys of a telephone')
    if verb.is_on("playBeep", default=True):
        for _ in range(round(_BEEP_S / TICK_S)):
            context.line.lose(context.line.tick(_BEEP).keys)
    return take


def _listen(context: CallContext, take: _Take) -> None:
    while not take.is_done:
        moment = context.line.tick(may_speak=True)
        take.hear(moment.audio)
        ending = [key for key in moment.keys if key in take.finish_keys]
        context.line.lose("".join(key for key in moment.keys if key not in take.finish_keys))
        take.key = ending[0] if ending else ""


def _keep(context: CallContext, verb: Verb, take: _Take) -> Recording | None:
    """Put the recording into the ledger, unless it is silence."""
    audio = bytes(take.audio)
    if verb.attributes.get("trim", "trim-silence") == "trim-silence":
        audio = sound.trim(audio)
    if not take.has_voice:
        _tell_absent(context, verb)
        return None
    recording = Recording(
        sid=new_sid("RE"),
        call_sid=context.call.sid,
        wav=sound.pcm_wav(audio),
        seconds=max(1, round(len(audio) / sound.RATE_HZ)),
        started_at=take.started_at,
        ready_at_s=context.clock.elapsed_s() + context.options.recording_ready_s,
    )
    with context.ledger.lock:
        context.ledger.recordings[recording.sid] = recording
    context.call.note(Happening.RECORDED, recording.sid)
    return recording


def _after_hang_up(context: CallContext, verb: Verb, *, take: _Take, action: str) -> None:
    recording = _keep(context, verb, take)
    if recording is None:
        return
    context.call.status = "completed"
    context.post_quietly(action, context.form(**_fields(context, recording, "hangup")))
    _tell(context, verb, recording=recording)


def _fields(context: CallContext, recording: Recording, key: str) -> dict[str, str]:
    fields = {
        "RecordingSid": recording.sid,
        "RecordingUrl": _media_url(context, recording.sid),
        "RecordingDuration": str(recording.seconds),
    }
    return fields | ({"Digits": key} if key else {})


def _media_url(context: CallContext, sid: str) -> str:
    return f"{context.api_url}/{API_VERSION}/Accounts/{context.ledger.account_sid}/Recordings/{sid}"


def _callback_url(context: CallContext, verb: Verb) -> str:
    written = verb.attributes.get("recordingStatusCallback", "")
    return context.url(written) if written else ""


def _tell(context: CallContext, verb: Verb, *, recording: Recording, at_once: bool = False) -> None:
    events = verb.attributes.get("recordingStatusCallbackEvent", "completed").split()
    url = _callback_url(context, verb)
    if not url or recording.status not in events or context.options.recording_callback is RecordingCallback.NEVER:
        return
    form = status_fields(recording, context.ledger.account_sid, context.api_url, track="inbound")
    if at_once:
        context.post_quietly(url, form)
    else:
        context.callbacks.send(recording.sid, url, form, delay_s=context.options.recording_ready_s)


def _tell_absent(context: CallContext, verb: Verb) -> None:
    url = _callback_url(context, verb)
    if url and "absent" in verb.attributes.get("recordingStatusCallbackEvent", "completed").split():
        none = Recording(
            sid=new_sid("RE"),
            call_sid=context.call.sid,
            wav=b"",
            seconds=0,
            started_at=context.clock.now(),
            ready_at_s=0,
            status="absent",
        )
        form = status_fields(none, context.ledger.account_sid, context.api_url, track="inbound")
        context.callbacks.send(none.sid, url, form)
