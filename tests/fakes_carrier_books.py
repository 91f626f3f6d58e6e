"""Fakes of what the carrier keeps: lists of calls and recordings, the account's numbers and their settings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from voicebot.domain.picture import FileSent
from voicebot.errors import Unavailable
from voicebot.service.ports import CarrierNumber, ListedCall, ListedRecording, ListedText, NumberSettings, TextGroup


class FakeListing:
    """Calls and recordings in lists; `away_after` lets so many rows through before the carrier goes away."""

    def __init__(self) -> None:
        self.calls: list[ListedCall] = []
        self.listed: list[ListedRecording] = []
        self.texts: dict[str, list[ListedText]] = {}
        self.files: dict[str, list[FileSent]] = {}
        self.is_away = False
        self.away_after: int | None = None
        self.asked_since: list[datetime] = []

    def calls_to(self, number: str, *, since: datetime) -> Iterator[ListedCall]:
        """Yield calls since then, newest first."""
        self.asked_since.append(since)
        yield from self._rows([call for call in reversed(self.calls) if call.started_at >= since])

    def call(self, carrier_call_id: str, *, to: str) -> ListedCall | None:
        """Return one call."""
        if self.is_away:
            raise _away()
        return next((call for call in self.calls if call.carrier_call_id == carrier_call_id), None)

    def texts_to(self, number: str, *, since: datetime) -> Iterator[ListedText]:
        """Yield texts to the number since then, newest first."""
        yield from self._rows([each for each in reversed(self.texts.get(number, [])) if each.sent_at >= since])

    def files_of(self, message_sid: str) -> Sequence[FileSent]:
        """Return the files of a text."""
        if message_sid not in self.files:
            raise _away()
        return self.files[message_sid]

    def recordings(self, *, since: datetime) -> Iterator[ListedRecording]:
        """Yield recordings since then, newest first."""
        yield from self._rows([each for each in reversed(self.listed) if each.recorded_at >= since])

    def _rows(self, rows: list) -> Iterator:  # type: ignore[type-arg]
        for count, row in enumerate(rows):
            if self.is_away or (self.away_after is not None and count >= self.away_after):
                raise _away()
            yield row
        if self.is_away:
            raise _away()


class FakeNumbers:
    """Numbers in a list; `trouble` is raised by the next actions, in order (None: none)."""

    def __init__(self) -> None:
        self.numbers: list[CarrierNumber] = []
        self.group: TextGroup | None = None
        self.trouble: list[Exception | None] = []
        self.changes: list[NumberSettings] = []
        self.ignores: set[str] = set()
        """Settings that the carrier takes and does not keep."""

    def all(self) -> Sequence[CarrierNumber]:
        """Return every number."""
        self._meet()
        return tuple(self.numbers)

    def find(self, number: str) -> CarrierNumber | None:
        """Return one."""
        self._meet()
        return next((each for each in self.numbers if each.number == number), None)

    def change(self, sid: str, settings: NumberSettings) -> None:
        """Set what is not ignored."""
        self._meet()
        self.changes.append(settings)
        kept = {name: value for name, value in settings.items() if name not in self.ignores}
        self.numbers = [
            replace(each, settings={**each.settings, **kept}) if each.sid == sid else each for each in self.numbers
        ]

    def text_group_of(self, sid: str) -> TextGroup | None:
        """Return the group."""
        self._meet()
        return self.group

    def send_texts_to_number(self, group_sid: str, *, is_on: bool) -> None:
        """Turn it on or off."""
        self._meet()
        assert self.group is not None
        self.group = replace(self.group, sends_to_number=is_on)

    def _meet(self) -> None:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble


def _away() -> Unavailable:
    return Unavailable("the fake carrier is away as it was told to")
