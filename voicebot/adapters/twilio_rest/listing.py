"""What Twilio keeps of our calls, texts and recordings, read page by page.

Twilio's own filters go by whole days in UTC ("on or after midnight of this date"), whatever instant is given, so the
day is asked for and the instant is looked at here. Lists come newest first, and a page is fetched when it is needed, so
what happens meanwhile can only be seen twice, never missed. A text whose body was redacted is listed all the same, with
nothing in it.
Source: Twilio, voice/api/call-resource, voice/api/recording, messaging/api/message-resource and media-subresource
(read November 2026, in the package's own words too).
Knows: the twilio package. Must not know: which calls are known here.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from voicebot.adapters.twilio_rest.client import TROUBLE, TwilioAccount, open_client, raise_unavailable, status_of
from voicebot.domain.picture import MOST_FILES, FileSent, read_kind
from voicebot.service.ports import ListedCall, ListedRecording, ListedText

PAGE_SIZE = 200
"""Rows asked for at a time, because the API gives at most 1,000."""

GOES_ON = frozenset({"queued", "initiated", "ringing", "in-progress"})
"""States of a call that is not over."""
IN_THE_MAKING = frozenset({"in-progress", "paused", "stopped", "processing"})
"""States of a recording that will be whole later."""
INBOUND = "inbound"
RECEIVED = "received"
NOT_FOUND = 404


class TwilioListing:
    """Fulfils `service.ports.CarrierListing`."""

    def __init__(self, account: TwilioAccount, *, page_size: int = PAGE_SIZE) -> None:
        self._client = open_client(account)
        self._page_size = page_size

    def calls_to(self, number: str, *, since: datetime) -> Iterator[ListedCall]:
        """Yield inbound calls to the number since then. Raises: Unavailable."""
        found = _each(
            "list the calls",
            lambda: self._client.calls.stream(to=number, start_time_after=_midnight(since), page_size=self._page_size),
        )
        for call in found:
            started_at = _instant(call.start_time) or _instant(call.date_created)
            if call.direction == INBOUND and started_at is not None and started_at >= since:
                yield _listed_call(call, started_at)

    def call(self, carrier_call_id: str, *, to: str) -> ListedCall | None:
        """Return one inbound call to the number, or None when it is another's, or gone. Raises: Unavailable."""
        try:
            call = self._client.calls(carrier_call_id).fetch()
        except TROUBLE as problem:
            if status_of(problem) == NOT_FOUND:
                return None
            raise_unavailable("look up a call", problem)
        started_at = _instant(call.start_time) or _instant(call.date_created)
        if call.direction != INBOUND or call.to != to or started_at is None:
            return None
        return _listed_call(call, started_at)

    def texts_to(self, number: str, *, since: datetime) -> Iterator[ListedText]:
        """Yield inbound texts to the number since then, those still coming in left out. Raises: Unavailable."""
        found = _each(
            "list the texts",
            lambda: self._client.messages.stream(
                to=number, date_sent_after=_midnight(since), page_size=self._page_size
            ),
        )
        for text in found:
            sent_at = _instant(text.date_sent) or _instant(text.date_created)
            if text.direction == INBOUND and text.status == RECEIVED and sent_at is not None and sent_at >= since:
                yield _listed_text(text, sent_at)

    def files_of(self, message_sid: str) -> Sequence[FileSent]:
        """Return the files of one text. Raises: Unavailable."""
        found = _each(
            "list the files of a text",
            lambda: self._client.messages(message_sid).media.stream(limit=MOST_FILES, page_size=MOST_FILES),
        )
        return [FileSent(kind=read_kind(str(file.content_type)), media_sid=str(file.sid)) for file in found]

    def recordings(self, *, since: datetime) -> Iterator[ListedRecording]:
        """Yield the account's recordings since then. Raises: Unavailable."""
        found = _each(
            "list the recordings",
            lambda: self._client.recordings.stream(date_created_after=_midnight(since), page_size=self._page_size),
        )
        for recording in found:
            recorded_at = _instant(recording.date_created)
            if recording.call_sid and recorded_at is not None and recorded_at >= since:
                yield _listed_recording(recording, recorded_at)


def _each(action: str, stream: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """Go through a stream, where only what asking for its pages raises is the carrier's trouble."""
    try:
        pages = iter(stream())
    except TROUBLE as problem:
        raise_unavailable(action, problem)
    while True:
        try:
            each = next(pages, None)
        except TROUBLE as problem:
            raise_unavailable(action, problem)
        if each is None:
            return
        yield each


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time.min, tzinfo=UTC)


def _instant(value: object) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _listed_call(call: Any, started_at: datetime) -> ListedCall:
    status = str(call.status)
    return ListedCall(
        carrier_call_id=str(call.sid),
        caller=str(getattr(call, "_from", None) or ""),
        started_at=started_at,
        is_over=status not in GOES_ON,
        status=status,
        seconds=_whole(call.duration),
    )


def _listed_recording(recording: Any, recorded_at: datetime) -> ListedRecording:
    status = str(recording.status)
    seconds = _whole(recording.duration)
    return ListedRecording(
        recording_sid=str(recording.sid),
        carrier_call_id=str(recording.call_sid),
        recorded_at=recorded_at,
        is_available=status == "completed",
        is_absent=status not in IN_THE_MAKING and status != "completed",
        seconds=seconds,
    )


def _listed_text(text: Any, sent_at: datetime) -> ListedText:
    return ListedText(
        message_sid=str(text.sid),
        sender=str(getattr(text, "from_", None) or ""),
        body=str(text.body or ""),
        sent_at=sent_at,
        files=_whole(text.num_media),
    )


def _whole(written: object) -> int:
    """Read a duration or a count, which Twilio writes as -1 or leaves out while it is unknown."""
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() else 0
