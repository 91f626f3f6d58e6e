"""Waits of the flow, and the few fixed answers, as TwiML.

A `Listen` is carried by one stream, or outside a stream by `<Gather>` for keys and `<Record>` for free speech. A prompt
without a clip is spoken by the carrier's voice.
Source: Twilio, voice/twiml/{stream,gather,record,redirect} (twilio.md 1.3, 1.4, 1.5, 1.9).
Knows: waits and addresses. Must not know: which clips exist (asked), what a turn does.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from twilio.twiml.voice_response import Gather, VoiceResponse

from voicebot.flow.instructions import ConnectOwner, HangUp, Listen, Pause, Prompt, Words
from voicebot.telephony.urls import Heard, HotlineUrls, with_retries

RECORD_SILENCE_S = 6
"""Silence that ends a recording at the least, because nothing tells the caller that we still listen, so pauses get
room.
"""

ANNOUNCEMENT_TIMEOUT_S = 1
"""How long a Gather waits for a key after prompts that ask for none (0 would end it with the prompts)."""

STATIC_RECORD_LIMIT_S = 180

VOICES = {
    "en": "Polly.Joanna",
    "ru": "Polly.Tatyana",
    "he": "Google.he-IL-Wavenet-A",
    "ko": "Polly.Seoyeon",
    "sk": "Google.sk-SK-Wavenet-A",
    "lt": "Google.lt-LT-Standard-A",
}
"""Carrier's voices by language, all in its own list of 2026 (twilio.md 1.5), while Croatian has none there."""

HasClip = Callable[[str, str], bool]
"""Whether (locale, words) has been recorded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitPlace:
    """Which wait is put, by call and number of its turn."""

    call_id: str
    turn_number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffLeg:
    """Whose phone rings while a caller waits."""

    call_id: str
    """Of the call to the member of staff."""
    number: str
    caller_id: str
    ring_for: timedelta
    longest: timedelta
    is_first: bool = True
    """False where another telephone has rung for this caller already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaticWords:
    """Words for when nothing else works, in one locale."""

    locale: str
    apology: str
    """Says that we failed and asks for name, number and story, to be ended by `#`."""
    goodbye: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TwimlWriter:
    """Writes answers to voice webhooks."""

    urls: HotlineUrls
    has_clip: HasClip

    def connect_stream(self, call_id: str, token: str) -> str:
        """Carry the talk over one stream, and when it is gone, the call is resumed."""
        response = VoiceResponse()
        # `<Connect>`, not `<Start>`: only a bidirectional stream plays audio and hears keys (twilio.md 1.2).
        response.connect().stream(url=self.urls.media(call_id, token))
        # Fetched when the stream is gone, ours or not. Without it the call would end there.
        response.redirect(with_retries(self.urls.resume(call_id)), method="POST")
        return str(response)

    def put_wait(self, place: WaitPlace, wait: Listen | HangUp) -> str:
        """Put a wait outside a stream."""
        response = VoiceResponse()
        match wait:
            case Listen():
                self._listen(response, place, wait)
            case HangUp():
                self._speak(response, wait.prompts)
                response.hangup()
            case _:
                assert_never(wait)
        return str(response)

    def connect_staff(self, place: WaitPlace, wait: ConnectOwner, leg: StaffLeg) -> str:
        """Ring a member of staff, who hears what it is about, and connect the caller with them."""
        response = VoiceResponse()
        self._speak(response, wait.prompts if leg.is_first else wait.still)
        dial = response.dial(
            action=with_retries(self.urls.connected(place.call_id, place.turn_number, leg.call_id)),
            method="POST",
            caller_id=leg.caller_id,
            timeout=round(leg.ring_for.total_seconds()),
            time_limit=round(leg.longest.total_seconds()),
        )
        dial.number(
            leg.number,
            url=with_retries(self.urls.staff_call(leg.call_id, "whisper")),
            method="POST",
            status_callback=with_retries(self.urls.staff_call(leg.call_id, "left")),
            status_callback_method="POST",
            status_callback_event="completed",
        )
        return str(response)

    def resume(self, call_id: str) -> str:
        """Fetch the last stored turn again."""
        response = VoiceResponse()
        response.redirect(with_retries(self.urls.resume(call_id)), method="POST")
        return str(response)

    def turn_away(self) -> str:
        """Refuse a call before it is answered, because that costs nothing, and who rings hears a busy line."""
        response = VoiceResponse()
        # `<Reject>` must be the first verb: anything before it answers, and is charged.
        response.reject(reason="busy")
        return str(response)

    def apologise_and_record(self, words: StaticWords, place: WaitPlace | None = None) -> str:
        """Ask for everything in one recording, thank and end. This needs no database and no call that we know.

        With `place` the recording is reported for that wait, else for whatever call it belongs to.
        """
        response = VoiceResponse()
        self._say_words(response, words.locale, words.apology, "static_fallback")
        response.record(**_record_attributes(with_retries(self.urls.goodbye()), self._reported(place)))
        self._close(response, words)
        return str(response)

    def say_goodbye(self, words: StaticWords) -> str:
        """Thank and end. This follows a recording of the static fallback."""
        response = VoiceResponse()
        self._close(response, words)
        return str(response)

    def _listen(self, response: VoiceResponse, place: WaitPlace, listen: Listen) -> None:
        # Prompts go inside: keys pressed during a bare `<Play>` or `<Say>` are lost (twilio.md 1.3).
        gather = Gather(input="dtmf", method="POST", action=self._action(place, "keys"), **_gather_limits(listen))
        self._speak(gather, listen.prompts)
        response.append(gather)
        if is_recorded(listen):
            self._record(response, place, listen)
        # A Gather that hears nothing falls through, and a document that ends there ends the call.
        fell_through: Heard = "prompts" if _is_announcement(listen) else "nothing"
        response.redirect(self._action(place, fell_through), method="POST")

    def _record(self, response: VoiceResponse, place: WaitPlace, listen: Listen) -> None:
        assert listen.speech is not None
        response.record(
            **_record_attributes(self._action(place, "record"), self._reported(place))
            | {
                "finish_on_key": _end_keys(listen),
                "timeout": max(RECORD_SILENCE_S, math.ceil(listen.speech.end_silence_s)),
                "max_length": max(1, math.ceil(listen.speech.max_utterance_s)),
            }
        )

    def _close(self, response: VoiceResponse, words: StaticWords) -> None:
        self._say_words(response, words.locale, words.goodbye, "say_goodbye")
        response.hangup()

    def _speak(self, parent: VoiceResponse | Gather, prompts: tuple[Prompt, ...]) -> None:
        for prompt in prompts:
            for fragment in prompt.fragments:
                match fragment:
                    case Words():
                        self._say_words(parent, prompt.locale, fragment.text, prompt.key, pace=prompt.pace)
                    case Pause():
                        parent.play(self.urls.pause(fragment.seconds / prompt.pace))
                    case _:
                        assert_never(fragment)

    def _say_words(
        self, parent: VoiceResponse | Gather, locale: str, words: str, prompt_key: str, *, pace: float = 1.0
    ) -> None:
        if self.has_clip(locale, words):
            parent.play(self.urls.clip(locale, words, prompt_key, pace=pace))
        elif pace == 1.0:
            parent.say(words, **voice_of(locale))
        else:
            parent.say(**voice_of(locale)).prosody(words, rate=f"{pace:.0%}")

    def _action(self, place: WaitPlace, heard: Heard) -> str:
        return with_retries(self.urls.turn(place.call_id, place.turn_number, heard))

    def _reported(self, place: WaitPlace | None) -> str:
        if place is None:
            return with_retries(self.urls.recording_of_call())
        return with_retries(self.urls.recording(place.call_id, place.turn_number))


def answer_nothing() -> str:
    """Answer a webhook that asks for nothing, such as an incoming text."""
    return str(VoiceResponse())


def is_recorded(listen: Listen) -> bool:
    """Tell whether this wait is heard by `<Record>`, that is free speech that may be kept.

    Closed answers go by keys there, for nobody would understand a spoken one in time.
    """
    # Without the right to keep audio there is no Record at all: the carrier itself keeps what it records.
    return listen.speech is not None and listen.speech.grammar is None and listen.store_audio


def _is_announcement(listen: Listen) -> bool:
    return not listen.asks_for_words and listen.no_input_after_s is None


def _gather_limits(listen: Listen) -> dict[str, object]:
    waited_s = _waited_s(listen)
    # `finishOnKey` is `#` by default, and would swallow that key where it is an answer.
    if listen.collect is None:
        return {"num_digits": 1, "finish_on_key": "", "timeout": waited_s}
    between_s = math.ceil(listen.collect.inter_digit_s)
    return {
        "num_digits": listen.collect.max_digits,
        "finish_on_key": listen.collect.end_key,
        "timeout": max(waited_s, between_s),
    }


def _waited_s(listen: Listen) -> int:
    """Return how long keys alone are waited for after the prompts, in whole seconds as the carrier wants them."""
    if is_recorded(listen) or listen.no_input_after_s is None:
        return ANNOUNCEMENT_TIMEOUT_S
    return max(ANNOUNCEMENT_TIMEOUT_S, math.ceil(listen.no_input_after_s))


def _end_keys(listen: Listen) -> str:
    """Return every key that ends the recording, because a person can be asked for in the middle of a story too."""
    return "".join(sorted({"#", *listen.keys}))


def _record_attributes(action: str, reported: str) -> dict[str, object]:
    """Return what every Record has."""
    return {
        # Its default is the current document: the call would record again and again (twilio.md 1.4).
        "action": action,
        "method": "POST",
        "play_beep": True,
        "finish_on_key": "#",
        "timeout": RECORD_SILENCE_S,
        "max_length": STATIC_RECORD_LIMIT_S,
        # Twilio trims silence by default, which shifts the times of the words.
        "trim": "do-not-trim",
        "recording_status_callback": reported,
        # Without `absent` nobody tells that a recording will never come.
        "recording_status_callback_event": "completed absent",
    }


def voice_of(locale: str) -> dict[str, str]:
    """Choose the carrier's voice."""
    # No `language`: the voice implies it, and lt-LT has a voice but stands in no list of languages (twilio.md 1.5).
    voice = VOICES.get(locale.partition("-")[0])
    return {"voice": voice} if voice else {}
