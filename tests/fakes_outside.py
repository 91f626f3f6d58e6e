"""Fakes of time, chance, the carrier and files; those of hearing, speaking and jobs are in `fakes.py`."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import BinaryIO

from voicebot.domain.calendar_feed import CalendarFeed, FetchedCalendar
from voicebot.domain.canary import CanarySpeech
from voicebot.errors import Unavailable
from voicebot.service.ports import CallRefused, CallUncertain, FileTooLarge, Letter, SmsUncertain


class SteppedClock:
    """Stands still until it is stepped."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return where it stands."""
        return self.at

    def step(self, amount: timedelta) -> None:
        """Go on by so much."""
        self.at += amount


class ClockSetMeanwhile(SteppedClock):
    """Somebody sets it while others read it."""

    readings_left: int | None = None
    jump = timedelta()

    def set_before(self, reading: int, jump: timedelta) -> None:
        """Jump right before it is read for the so-manieth time from now."""
        self.readings_left, self.jump = reading, jump

    @property
    def was_set(self) -> bool:
        """Whether it has jumped."""
        return self.readings_left == 0

    def now(self) -> datetime:
        """Return where it stands."""
        if self.readings_left:
            self.readings_left -= 1
            if self.was_set:
                self.step(self.jump)
        return self.at


class RunningClock(SteppedClock):
    """Goes on by a second at every look: two instants of one action come apart."""

    def now(self) -> datetime:
        """Return where it stands, then go on."""
        self.step(timedelta(seconds=1))
        return self.at


class FakeIds:
    """Ids that count up, digits from a seeded source."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self._count = 0

    def new_id(self) -> str:
        """Return the next id."""
        self._count += 1
        return f"{self._count:032x}"

    def skip(self, count: int) -> None:
        """Go on with other ids and digits than another source of the same seed gave."""
        self._count += count
        self._chance.seed(count)

    def new_token(self) -> str:
        """Return a token that says that it is one."""
        return f"token-{self.new_id()}"

    def random_digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(self._chance.choice("0123456789") for _ in range(count))


class FakeSmsSender:
    """Keeps texts as (recipient, body); `trouble` is raised by the next sends, in order.

    With `keeps_uncertain` a send that ends uncertainly has reached the carrier all the same.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: list[Exception | None] = []
        self.keeps_uncertain = False
        self.states: dict[str, tuple[str, int | None]] = {}
        self.is_away = False

    def send(self, recipient: str, body: str) -> str:
        """Keep the text and return its sid, or raise the next trouble."""
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is None or (isinstance(trouble, SmsUncertain) and self.keeps_uncertain):
            self.sent.append((recipient, body))
        if trouble is not None:
            raise trouble
        return self._sid(len(self.sent))

    def find(self, recipient: str, body: str, since: datetime) -> Sequence[str]:
        """Return the sids of such texts that were kept, newest first."""
        if self.is_away:
            raise Unavailable("the fake carrier is away as it was told to")
        kept = [self._sid(count) for count, sent in enumerate(self.sent, 1) if sent == (recipient, body)]
        return kept[::-1]

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return what the test has put into `states`; `sent` otherwise."""
        if self.is_away:
            raise Unavailable("the fake carrier is away as it was told to")
        return self.states.get(message_sid, ("sent", None))

    def to(self, recipient: str) -> list[str]:
        """Return the bodies sent to one number."""
        return [body for number, body in self.sent if number == recipient]

    @staticmethod
    def _sid(count: int) -> str:
        return f"SM{count:032x}"


class FakeCalls:
    """Keeps whom it rang, with the staff call; `trouble` is raised by the next rings, in order.

    With `keeps_uncertain` a ring that ends uncertainly has reached the carrier all the same.
    """

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.trouble: list[Exception | None] = []
        self.keeps_uncertain = False
        self.over: set[str] = set()
        self.is_away = False
        self.recorded: dict[str, list[str]] = {}
        self.stopped: list[str] = []
        self.refuses_to_record: int | None = None

    def record(self, carrier_call_id: str, call_id: str) -> str:
        """Begin a recording, another one each time it is asked."""
        self._refuse_when_away()
        if self.refuses_to_record is not None:
            raise CallRefused(self.refuses_to_record)
        sid = f"RE{sum(map(len, self.recorded.values())) + 1:032x}"
        self.recorded.setdefault(carrier_call_id, []).append(sid)
        return sid

    def recordings_of(self, carrier_call_id: str) -> tuple[str, ...]:
        """Return what was begun on a call."""
        self._refuse_when_away()
        return tuple(self.recorded.get(carrier_call_id, ()))

    def stop_recording(self, carrier_call_id: str, recording_sid: str) -> None:
        """Note that it was stopped."""
        self._refuse_when_away()
        self.stopped.append(recording_sid)

    def ring(self, number: str, call_id: str, *, ring_for: timedelta, longest: timedelta) -> str:
        """Keep the call and return its sid, or raise the next trouble."""
        return self._take(number, call_id)

    def ring_self(self, number: str, *, sender: str, speech: CanarySpeech) -> str:
        """Keep the call with what it says, and return its sid, or raise the next trouble."""
        return self._take(number, speech.words)

    def _take(self, number: str, what: str) -> str:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is None or (isinstance(trouble, CallUncertain) and self.keeps_uncertain):
            self.rung.append((number, what))
        if trouble is not None:
            raise trouble
        return self.sid(len(self.rung))

    def find(self, number: str, since: datetime, *, sender: str = "") -> Sequence[str]:
        """Return the sids of calls to the number, newest first."""
        self._refuse_when_away()
        return [self.sid(count) for count, (rung, _) in enumerate(self.rung, 1) if rung == number][::-1]

    def is_over(self, carrier_call_id: str) -> bool:
        """Tell what the test has put into `over`."""
        self._refuse_when_away()
        return carrier_call_id in self.over

    def _refuse_when_away(self) -> None:
        if self.is_away:
            raise Unavailable("the fake carrier is away as it was told to")

    @staticmethod
    def sid(count: int) -> str:
        """Return the sid of the nth call."""
        return f"CA{count:032x}"


class FakeLetters:
    """Keeps letters as (address, letter)."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Letter]] = []

    def send(self, address: str, letter: Letter) -> None:
        """Keep it."""
        self.sent.append((address, letter))


class FakeCalendars:
    """Calendars at the other side, by address: events, None for "nothing new", or a problem."""

    def __init__(self) -> None:
        self.answers: dict[str, FetchedCalendar | Exception | None] = {}
        self.asked: list[CalendarFeed] = []

    def fetch(self, feed: CalendarFeed, *, now: datetime, zone: str) -> FetchedCalendar | None:
        """Give what stands at the address."""
        self.asked.append(feed)
        answer = self.answers[feed.address]
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeCarrier:
    """Recordings in a dict; redirects in a list."""

    def __init__(self) -> None:
        self.recordings: dict[str, bytes] = {}
        self.media: dict[tuple[str, str], bytes] = {}
        self.deleted_media: list[str] = []
        self.redirects: list[tuple[str, str]] = []
        self.deleted: list[str] = []
        self.is_away = False
        self.cannot_delete = False

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Note the redirect."""
        self.redirects.append((carrier_call_id, url))

    def download_recording(self, recording_sid: str) -> bytes:
        """Return the recording, unless there is none (yet)."""
        if self.is_away or recording_sid not in self.recordings:
            raise Unavailable("the fake carrier has no such recording")
        return self.recordings[recording_sid]

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Return a file of a text, unless there is none (yet)."""
        body = None if self.is_away else self.media.get((message_sid, media_sid))
        if body is None:
            raise Unavailable("the fake carrier has no such file")
        if len(body) > most_bytes:
            raise FileTooLarge("the fake carrier's file is large")
        return body

    def delete_file(self, message_sid: str, media_sid: str) -> None:
        """Forget the file."""
        if self.is_away or self.cannot_delete:
            raise Unavailable("the fake carrier is away as it was told to")
        self.media.pop((message_sid, media_sid), None)
        self.deleted_media.append(media_sid)

    def delete_recording(self, recording_sid: str) -> None:
        """Forget the recording."""
        if self.is_away or self.cannot_delete:
            raise Unavailable("the fake carrier is away as it was told to")
        self.recordings.pop(recording_sid, None)
        self.deleted.append(recording_sid)


class FakeAudioStore:
    """Files in a dict."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, wav: bytes) -> None:
        """Keep."""
        self.files[key] = wav

    def get(self, key: str) -> bytes:
        """Return what was kept."""
        if key not in self.files:
            raise Unavailable("the fake audio store has no such file")
        return self.files[key]

    def open(self, key: str) -> BinaryIO:
        """Open what was kept."""
        return BytesIO(self.get(key))

    def delete(self, key: str) -> None:
        """Forget."""
        self.files.pop(key, None)

    def exists(self, key: str) -> bool:
        """Whether it is kept."""
        return key in self.files
