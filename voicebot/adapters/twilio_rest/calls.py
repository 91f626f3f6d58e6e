"""Rings people through Twilio's REST API.

A create call has no idempotency key, so three endings are told apart, as for texts: refused, busy (429: nothing was
rung), uncertain. Who is uncertain asks for our calls to that number.
Source: Twilio, voice/api/call-resource (twilio.md 1.6, 1.11).
Knows: the twilio package. Must not know: why somebody is rung.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from voicebot.adapters.twilio_rest.carrier import CLOCK_MARGIN, LISTED_MOST, REQUEST_TIMEOUT, TOO_MANY_REQUESTS
from voicebot.adapters.twilio_rest.client import TROUBLE, TwilioAccount, open_client, raise_unavailable, status_of
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain
from voicebot.telephony.urls import LAST_RETRIES, HotlineUrls, with_retries

_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class TwilioCalls:
    """Fulfils `service.ports.CallPlacer`; threads may share it."""

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

    def find(self, number: str, since: datetime) -> Sequence[str]:
        """Return ids of our calls to a number made since, newest first. Raises: Unavailable."""
        try:
            recent = self._client.calls.list(to=number, from_=self._sender, limit=LISTED_MOST)
            return [str(call.sid) for call in recent if call.date_created >= since - CLOCK_MARGIN]
        except TROUBLE as problem:
            raise_unavailable("look up a call", problem)

    def is_over(self, carrier_call_id: str) -> bool:
        """Tell whether a call is over; one that Twilio does not know is. Raises: Unavailable."""
        try:
            return str(self._client.calls(carrier_call_id).fetch().status) in _OVER
        except TROUBLE as problem:
            if status_of(problem) == 404:
                return True
            raise_unavailable("ask for a call's state", problem)


def _ending(problem: Exception) -> Exception:
    status = status_of(problem)
    if status == TOO_MANY_REQUESTS:
        return CallBusy()
    if status is not None and 400 <= status < 500 and status != REQUEST_TIMEOUT:
        return CallRefused(int(getattr(problem, "code", None) or status))
    return CallUncertain()
