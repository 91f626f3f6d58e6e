"""Twilio's REST API through its own client. It sends texts, redirects live calls, fetches and deletes recordings.

A create call has no idempotency key, so this adapter tells three endings apart and never sends twice by itself. They
are refused (Twilio said no), busy (429, nothing was sent) and uncertain (no answer, or one that does not tell).
Twilio's own error texts quote telephone numbers, so none is chained or passed on, because the code is enough. The
client's default is to wait for ever, while every request here has a limit.
Source: twilio.md 1.6, 1.8 and 2; error classes in complaints.md 5. Read November 2026.

Knows: the twilio package, requests. Must not know: why a text is sent, what a recording says.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import requests
from urllib3.exceptions import HTTPError

from voicebot.adapters.twilio_rest.client import (
    TROUBLE,
    TwilioAccount,
    open_client,
    raise_unavailable,
    status_of,
)
from voicebot.adapters.twilio_rest.download import DownloadLimits, download_file, download_wav
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain

TWILIO_API_URL = "https://api.twilio.com"
LISTED_MOST = 200
"""Recent texts to one number looked through for an uncertain one, that is what a phone of staff gets in a day at
most.
"""
LARGEST_RECORDING_BYTES = 256 * 1024 * 1024
"""An hour of both sides of a talk is 115 MB of 16-bit PCM."""
CLOCK_MARGIN = timedelta(minutes=2)
"""How far the carrier's clock and ours may differ when a text is looked for."""

BAD_STATUS_CALLBACK = 21609
TOO_MANY_REQUESTS = 429
REQUEST_TIMEOUT = 408

_MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
_MEDIA_SID = re.compile(r"ME[0-9a-fA-F]{32}")
_RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")


class TwilioRest:
    """Fulfils `service.ports.SmsSender` and `service.ports.CarrierControl`, and threads may share it."""

    def __init__(self, account: TwilioAccount, *, largest_recording_bytes: int = LARGEST_RECORDING_BYTES) -> None:
        self._account = account
        self._most_bytes = largest_recording_bytes
        self._client = open_client(account)

    def send(self, recipient: str, body: str) -> str:
        """Create one message and return its sid.

        A status callback that Twilio refuses is left out in a second try, because the first created nothing.
        Raises: SmsRefused, SmsBusy, SmsUncertain.
        """
        try:
            return self._create(recipient, body, status_callback=self._account.status_callback_url)
        except SmsRefused as refusal:
            if refusal.code != BAD_STATUS_CALLBACK:
                raise
        return self._create(recipient, body)

    def _create(self, recipient: str, body: str, **more: Any) -> str:
        try:
            message = self._client.messages.create(to=recipient, from_=self._account.sender, body=body, **more)
        except TROUBLE as problem:
            _raise_for_text(problem)
        if not message.sid:
            raise SmsUncertain
        return str(message.sid)

    def find(self, recipient: str, body: str, since: datetime) -> tuple[str, ...]:
        """Return the sids of texts with this body to this number created since then, newest first.

        Not asked by date, because a text that is still queued has none yet. Raises: Unavailable.
        """
        try:
            recent = self._client.messages.list(to=recipient, from_=self._account.sender, limit=LISTED_MOST)
        except TROUBLE as problem:
            raise_unavailable("look up a text", problem)
        return tuple(
            str(message.sid)
            for message in recent
            # A trial account puts its own words before ours.
            if _created_at(message) >= since - CLOCK_MARGIN and str(message.body).endswith(body)
        )

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return the status word and error code of a message. Raises: Unavailable."""
        try:
            message = self._client.messages(message_sid).fetch()
        except TROUBLE as problem:
            raise_unavailable("ask for a text's state", problem)
        return str(message.status), None if message.error_code is None else int(message.error_code)

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Make the live call fetch new instructions from an absolute URL. Raises: Unavailable."""
        try:
            self._client.calls(carrier_call_id).update(url=url, method="POST")
        except TROUBLE as problem:
            raise_unavailable("redirect a call", problem)

    def download_recording(self, recording_sid: str) -> bytes:
        """Return the recording's WAV bytes, whole. Raises: Unavailable (not ready, gone, cut short, too large)."""
        if not _RECORDING_SID.fullmatch(recording_sid):
            raise AssertionError("no recording sid")
        url, limits = self._address(f"Recordings/{recording_sid}.wav"), DownloadLimits(most_bytes=self._most_bytes)
        try:
            return download_wav(url, self._login, limits)
        except (requests.RequestException, HTTPError) as problem:
            raise_unavailable("download a recording", problem)

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Return a file that came with a text. Raises: FileTooLarge, Unavailable."""
        _check_names(message_sid, media_sid)
        url = self._address(f"Messages/{message_sid}/Media/{media_sid}")
        try:
            return download_file(url, self._login, DownloadLimits(most_bytes=most_bytes))
        except (requests.RequestException, HTTPError) as problem:
            raise_unavailable("download a file of a text", problem)

    def delete_file(self, message_sid: str, media_sid: str) -> None:
        """Delete a file of a text at Twilio, where one that is gone is deleted already. Raises: Unavailable."""
        _check_names(message_sid, media_sid)
        try:
            self._client.messages(message_sid).media(media_sid).delete()
        except TROUBLE as problem:
            if status_of(problem) != 404:
                raise_unavailable("delete a file of a text", problem)

    @property
    def _login(self) -> tuple[str, str]:
        return self._account.account_sid, self._account.auth_token

    def _address(self, path: str) -> str:
        base = (self._account.api_url or TWILIO_API_URL).rstrip("/")
        return f"{base}/2010-04-01/Accounts/{self._account.account_sid}/{path}"

    def delete_recording(self, recording_sid: str) -> None:
        """Delete a recording at Twilio, where one that is gone is deleted already. Raises: Unavailable."""
        if not _RECORDING_SID.fullmatch(recording_sid):
            raise AssertionError("no recording sid")
        try:
            self._client.recordings(recording_sid).delete()
        except TROUBLE as problem:
            if status_of(problem) != 404:
                raise_unavailable("delete a recording", problem)


def _check_names(message_sid: str, media_sid: str) -> None:
    """Let no name into an address that is not the carrier's own."""
    if not _MESSAGE_SID.fullmatch(message_sid) or not _MEDIA_SID.fullmatch(media_sid):
        raise AssertionError("no message sid, or no media sid")


def _raise_for_text(problem: Exception) -> NoReturn:
    status = status_of(problem)
    if status == TOO_MANY_REQUESTS:
        raise SmsBusy from None
    if status is not None and 400 <= status < 500 and status != REQUEST_TIMEOUT:
        raise SmsRefused(int(getattr(problem, "code", None) or status)) from None
    raise SmsUncertain from None


def _created_at(message: Any) -> datetime:
    """Return when the carrier made the message, or long ago when its answer does not tell."""
    created = message.date_created
    if not isinstance(created, datetime):
        return datetime.min.replace(tzinfo=UTC)
    return created if created.tzinfo else created.replace(tzinfo=UTC)
