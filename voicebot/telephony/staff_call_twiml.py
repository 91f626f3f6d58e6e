"""Calls that we make, as TwiML. A member hears what it is about, is connected, and says what came of it.

A document that simply ends connects the complainant's leg, also with a machine. So every question is a Gather that
asks its action whatever is keyed, and nothing stands behind it but a Hangup.
Source: Twilio, voice/twiml/{dial,number,gather} (twilio.md 1.11).
Knows: words, addresses. Must not know: what a key means, who is rung.
"""

from dataclasses import dataclass
from datetime import timedelta

from twilio.twiml.voice_response import VoiceResponse

from voicebot.telephony.twiml import voice_of
from voicebot.telephony.urls import HotlineUrls, StaffHop, with_retries

KEY_TIMEOUT_S = 6
"""How long a key is waited for after the words."""
ANNOUNCE_TIMEOUT_S = 2
"""The same at the announcement, since who stays on the line is connected, and is not to wait long."""
BETWEEN_S = 1
"""Silence before a question is said again, because who picks up hears the first words badly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffCallWriter:
    """Writes answers for one call of ours."""

    urls: HotlineUrls
    call_id: str
    locale: str

    def ask(
        self, words: str, hop: StaffHop, *, before: str = "", times: int = 1, timeout_s: int = KEY_TIMEOUT_S
    ) -> str:
        """Ask for one key; whatever comes, or nothing, is told to the hop. No key cuts `before` short."""
        response = VoiceResponse()
        if before:
            response.say(before, **voice_of(self.locale))
        gather = response.gather(
            input="dtmf",
            num_digits=1,
            finish_on_key="",
            timeout=timeout_s,
            action_on_empty_result=True,
            action=self._url(hop),
            method="POST",
        )
        for time in range(times):
            if time:
                gather.pause(length=BETWEEN_S)
            gather.say(words, **voice_of(self.locale))
        response.hangup()
        return str(response)

    def connect(self, words: str, number: str, *, caller_id: str, ring_for: timedelta, longest: timedelta) -> str:
        """Ring the complainant from the hotline's number. The member is asked `done` when that leg is over."""
        response = VoiceResponse()
        response.say(words, **voice_of(self.locale))
        dial = response.dial(
            action=self._url("done"),
            method="POST",
            caller_id=caller_id,
            timeout=round(ring_for.total_seconds()),
            time_limit=round(longest.total_seconds()),
        )
        dial.number(
            number,
            url=self._url("announce"),
            method="POST",
            machine_detection="Enable",
            amd_status_callback=self._url("detection"),
            amd_status_callback_method="POST",
        )
        return str(response)

    def tell(self, words: str) -> str:
        """Say something and end this leg."""
        response = VoiceResponse()
        response.say(words, **voice_of(self.locale))
        response.hangup()
        return str(response)

    def _url(self, hop: StaffHop) -> str:
        return with_retries(self.urls.staff_call(self.call_id, hop))


def let_through() -> str:
    """Let the document of a called leg end, which connects it."""
    return str(VoiceResponse())


def hang_up() -> str:
    """End the leg that asks."""
    response = VoiceResponse()
    response.hangup()
    return str(response)
