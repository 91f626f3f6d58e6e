"""Every address that we give to the carrier, built from the one public URL.

They are absolute, and never made from the Host header, which anybody can set. The fragment of a webhook's address tells
the carrier how long to wait and when to try again. It is neither sent nor signed (seen by others, and `signature.py`
accepts both). Without it a process that hangs costs the caller 15 seconds of silence, and only a connection that fails
is tried again.
Source of the fragment: Twilio, usage/webhooks/webhooks-connection-overrides (read November 2026; twilio.md 1.10).
Knows: the paths of `web/`. Must not know: Flask.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from voicebot.flow.prompts import clip_name

OUR_MARK = "X-Voicebot"
"""Header of every answer of ours, so that a proxy's own answers are told apart."""

StaffHop = Literal[
    "whisper",
    "accept",
    "done",
    "result",
    "result_again",
    "ended",
    "left",
    "fallback",
    "announce",
    "agree",
    "detection",
    "recorded",
]
"""What the carrier asks or tells during a call of ours to staff.

`announce`, `agree` and `detection` come from the complainant's leg. `left` is the end of the leg of a member who was
rung for a caller on the line. `recorded` tells of the talk's recording.
"""

Heard = Literal["keys", "record", "nothing", "prompts"]
"""What the verb that fetches a turn has heard, be it digits, a recording, nothing in time, or all its prompts to the
end.
"""

RETRIES = "ct=2000&rt=5000&rc=1&rp=ct,rt,5xx"
"""Two tries of 2 s to connect and 5 s to answer, within the 15 s in all, and then the fallback. A refusal (4xx) would
be one again. The web process answers, whatever hangs, before a try is over, which web/resilience/time_limits.py
ensures.
"""
LAST_RETRIES = "ct=2000&rc=1&rp=ct,5xx"
"""The fallback's own, because nobody comes after it, so it may take all the time there is (15 s in all)."""


def with_retries(url: str, overrides: str = RETRIES) -> str:
    """Return a webhook's address with the carrier's patience written behind it, but not for sockets or clips."""
    return f"{url}#{overrides}"


PACE = "pace"
"""Names in a clip's address the share of the usual speed, where it is not the usual one."""


@dataclass(frozen=True, slots=True)
class HotlineUrls:
    """Addresses under `public_url` (`https://host[:port]`, no slash at its end)."""

    # Absolute everywhere: actions of calls that were started or changed over REST must be (twilio.md 1.4).
    public_url: str

    def voice(self) -> str:
        """Return where a call begins."""
        return f"{self.public_url}/twilio/voice"

    def fallback(self) -> str:
        """Return what is asked when an answer of ours cannot be used."""
        return f"{self.public_url}/twilio/voice/fallback"

    def status(self) -> str:
        """Return where the end of a call is told."""
        return f"{self.public_url}/twilio/voice/status"

    def sms(self) -> str:
        """Return where texts to the hotline arrive."""
        return f"{self.public_url}/twilio/sms"

    def resume(self, call_id: str) -> str:
        """Return what is fetched when a stream is gone and the caller is still there."""
        return f"{self.public_url}/twilio/voice/resume/{call_id}"

    def turn(self, call_id: str, turn_number: int, heard: Heard) -> str:
        """Return the action of a Gather or Record, or the Redirect after them, that answers this wait."""
        return f"{self.public_url}/twilio/voice/turn/{call_id}/{turn_number}?{urlencode({'heard': heard})}"

    def connected(self, call_id: str, turn_number: int, leg: str) -> str:
        """Return where a call goes on after its caller was connected with a member of staff, or was not.

        `leg` is the id of the call to that member, since others may be rung after them in the same turn.
        """
        return f"{self.public_url}/twilio/voice/connected/{call_id}/{turn_number}?{urlencode({'leg': leg})}"

    def staff_call(self, call_id: str, hop: StaffHop) -> str:
        """Return where a call of ours to a member of staff goes on."""
        return f"{self.public_url}/twilio/staff-call/{call_id}/{hop}"

    def recording(self, call_id: str, turn_number: int) -> str:
        """Return where the carrier tells that a recording is ready or absent."""
        return f"{self.public_url}/twilio/voice/recording/{call_id}/{turn_number}"

    def recording_of_call(self) -> str:
        """Return the same for a recording whose wait nobody could look up, since its call tells where it belongs."""
        return f"{self.public_url}/twilio/voice/recording"

    def goodbye(self) -> str:
        """Return what is fetched after a message was recorded by the static fallback."""
        return f"{self.public_url}/twilio/voice/goodbye"

    def sms_status(self) -> str:
        """Return where receipts of texts go."""
        return f"{self.public_url}/twilio/sms/status"

    def media(self, call_id: str, token: str) -> str:
        """Return the socket's address, with `wss` for `https`, and `ws` for the pretend carrier's plain `http`."""
        # In the path, not in a query: Twilio refuses a stream's address that has one (error 31920).
        return f"{self._socket_base()}/twilio/media/{call_id}/{token}"

    def clip(self, locale: str, words: str, prompt_key: str, *, pace: float = 1.0) -> str:
        """Return the recorded words. The key is for whoever reads the wire, the file does not depend on it."""
        query = urlencode({"prompt": prompt_key} | ({} if pace == 1.0 else {PACE: f"{pace:g}"}))
        return f"{self.public_url}/clips/{quote(locale)}/{quote(clip_name(words))}.wav?{query}"

    def pause(self, seconds: float) -> str:
        """Return so much silence, to the millisecond (`<Pause>` knows whole seconds only)."""
        return f"{self.public_url}/clips/pause/{round(seconds * 1000)}.wav"

    def health(self) -> str:
        """Return the health page."""
        return f"{self.public_url}/healthz"

    def identity(self, challenge: str) -> str:
        """Return where this installation proves that it is this one."""
        return f"{self.public_url}/identity/{challenge}"

    def ping(self) -> str:
        """Return a signed route that does nothing."""
        return f"{self.public_url}/twilio/ping"

    def _socket_base(self) -> str:
        scheme, _, rest = self.public_url.partition("://")
        return f"{'ws' if scheme == 'http' else 'wss'}://{rest}"
