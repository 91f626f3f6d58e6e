"""Rings people through Twilio's REST API.

A create call has no idempotency key, so three endings are told apart, as for texts. The endings are refused, busy (429,
nothing was rung) and uncertain. Who is uncertain asks for our calls to that number.
Source: Twilio, voice/api/call-resource (twilio.md 1.6, 1.11).
Knows: the twilio package. Must not know: why somebody is rung.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from voicebot.adapters.twilio_rest.carrier import CLOCK_MARGIN, LISTED_MOST, REQUEST_TIMEOUT, TOO_MANY_REQUESTS
from voicebot.adapters.twilio_rest.client import TROUBLE, TwilioAccount, open_client, raise_unavailable, status_of
from voicebot.domain.canary import CanarySpeech
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain
from voicebot.telephony.canary_twiml import LONGEST, complain
from voicebot.telephony.urls import LAST_RETRIES, HotlineUrls, with_retries

_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class TwilioCalls:
    """Fulfils `service.ports.CallPlacer`, and threads may share it."""

    def __init__(self, account: TwilioAccount, urls: HotlineUrls) -> None:
        self._client = open_client(account)
        self._sender = account.sender
        self._urls = urls

    def ring(self, number: str, call_id: str, *, ring_for: timedelta, longest: timedelta) -> str:
        """Ring a number for a staff call. Raises: CallRefused, CallBusy, CallUncertain."""
        try:
            call = self._client.calls.create(
                to=number,
                from_=self._sender,
                url=with_retries(self._urls.staff_call(call_id, "whisper")),
                fallback_url=with_retries(self._urls.staff_call(call_id, "fallback"), LAST_RETRIES),
                status_callback=self._urls.staff_call(call_id, "ended"),
                status_callback_event=["completed"],
                timeout=round(ring_for.total_seconds()),
                time_limit=round(longest.total_seconds()),
            )
        except TROUBLE as problem:
            raise _ending(problem) from None
        if not call.sid:
            raise CallUncertain
        return str(call.sid)

    def ring_self(self, number: str, *, sender: str, speech: CanarySpeech) -> str:
        """Ring our own number and complain there. Raises: CallRefused, CallBusy, CallUncertain."""
        document = complain(speech)
        longest = round(LONGEST.total_seconds())
        try:
            call = self._client.calls.create(to=number, from_=sender, twiml=document, time_limit=longest)
        except TROUBLE as problem:
            raise _ending(problem) from None
        if not call.sid:
            raise CallUncertain
        return str(call.sid)

    def find(self, number: str, since: datetime, *, sender: str = "") -> Sequence[str]:
        """Return ids of our calls to a number made since, newest first. Raises: Unavailable."""
        try:
            recent = self._client.calls.list(to=number, from_=sender or self._sender, limit=LISTED_MOST)
            return [str(call.sid) for call in recent if call.date_created >= since - CLOCK_MARGIN]
        except TROUBLE as problem:
            raise_unavailable("look up a call", problem)

    def is_over(self, carrier_call_id: str) -> bool:
        """Tell whether a call is over, where one that Twilio does not know is. Raises: Unavailable."""
        try:
            return str(self._client.calls(carrier_call_id).fetch().status) in _OVER
        except TROUBLE as problem:
            if status_of(problem) == 404:
                return True
            raise_unavailable("ask for a call's state", problem)

    def record(self, carrier_call_id: str, call_id: str) -> str:
        """Record a live call and return the recording's sid. Raises: CallRefused, Unavailable.

        The member's leg is the first channel, the complainant's the second.
        Source: Twilio, voice/api/recording#create-a-recording-on-an-active-call (recordingChannels `dual`: parent call
        first, child call second); a relative callback is lost (twilio.md 1.4).
        """
        try:
            recording = self._client.calls(carrier_call_id).recordings.create(
                recording_channels="dual",
                recording_track="both",
                trim="do-not-trim",
                recording_status_callback=self._urls.staff_call(call_id, "recorded"),
                recording_status_callback_method="POST",
                recording_status_callback_event=["completed", "absent"],
            )
        except TROUBLE as problem:
            ending = _ending(problem)
            if isinstance(ending, CallRefused):
                raise ending from None
            raise_unavailable("record a call", problem)
        return str(recording.sid)

    def recordings_of(self, carrier_call_id: str) -> tuple[str, ...]:
        """Return sids of a call's recordings, the oldest first. Raises: Unavailable."""
        try:
            found = self._client.calls(carrier_call_id).recordings.list(limit=LISTED_MOST)
        except TROUBLE as problem:
            raise_unavailable("look up a call's recordings", problem)
        return tuple(str(one.sid) for one in reversed(found))

    def stop_recording(self, carrier_call_id: str, recording_sid: str) -> None:
        """End a recording. Raises: Unavailable. One that Twilio calls ended or unknown is left as it is."""
        try:
            self._client.calls(carrier_call_id).recordings(recording_sid).update(status="stopped")
        except TROUBLE as problem:
            if not isinstance(_ending(problem), CallRefused):
                raise_unavailable("stop a recording", problem)


def _ending(problem: Exception) -> Exception:
    status = status_of(problem)
    if status == TOO_MANY_REQUESTS:
        return CallBusy()
    if status is not None and 400 <= status < 500 and status != REQUEST_TIMEOUT:
        return CallRefused(int(getattr(problem, "code", None) or status))
    return CallUncertain()
