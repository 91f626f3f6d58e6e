"""One fake for each port, named like it; they keep in plain lists and dicts what they were told."""

from collections.abc import Callable
from datetime import datetime

from voicebot.domain.utterance import Hypothesis, Word
from voicebot.errors import SettingFault, Unavailable
from voicebot.flow.instructions import Prompt
from voicebot.service.call.listening_places import ListeningPlaces
from voicebot.service.ports import Places, Seat
from voicebot.speech.audio import decode_mulaw

# --- hearing and speaking ----------------------------------------------------------------------------------


_SOFTER = 0x28
"""Two and a half segments of mu-law: 15 dB."""


class CodedVoice:
    """Words as sound that `FakeRecogniser` can hear: each word is a square wave of a level of its own.

    So tests say what a caller says, and gates, endpoints and clocks work on real audio.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def says(self, words: str, seconds: float) -> bytes:
        """Return mu-law in which the words take equal parts of so many seconds."""
        each = round(seconds * 8000 / len(words.split()) / 160) * 160
        return b"".join(self._wave(self._code(word)) * (each // 2) for word in words.split())

    def softly(self, words: str, seconds: float) -> bytes:
        """Return the same words 15 dB softer: somebody else's in the room."""
        each = round(seconds * 8000 / len(words.split()) / 160) * 160
        return b"".join(self._wave(self._code(word) + _SOFTER) * (each // 2) for word in words.split())

    def noise(self, seconds: float) -> bytes:
        """Return a sound without a word: a cough, a door."""
        return self._wave(0x80) * round(seconds * 4000)

    def word_of(self, frame: bytes) -> str | None:
        """Return the word that 20 ms of 16-bit PCM belong to; `[unk]` for noise, None for silence."""
        level = max(abs(int.from_bytes(frame[at : at + 2], "little", signed=True)) for at in (0, 2))
        return None if level < 100 else self._words().get(level, "[unk]")

    def _code(self, word: str) -> int:
        return self._codes.setdefault(word, 0x81 + len(self._codes))

    def _words(self) -> dict[int, str]:
        codes = {code + more: word for word, code in self._codes.items() for more in (0, _SOFTER)}
        return {abs(int(decode_mulaw(bytes([code]))[0])): word for code, word in codes.items()}

    @staticmethod
    def _wave(code: int) -> bytes:
        return bytes([code, code ^ 0x80])


class FakeRecogniser:
    """Hears `CodedVoice`: a word per level, a final segment after `ends_after_s` of silence."""

    def __init__(
        self,
        voice: CodedVoice,
        grammar: tuple[str, ...] | None,
        *,
        fails_after_s: float | None = None,
        is_slow: bool = False,
        ends_after_s: float = 0.5,
    ) -> None:
        self._voice = voice
        self._is_slow = is_slow
        self._ends_after_frames = round(ends_after_s * 50)
        self._grammar = grammar
        self._fails_after_s = fails_after_s
        self._words: list[Word] = []
        self._was: str | None = None
        self._silent_frames = 0
        self._frames = 0
        self.is_finished = False

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Take whole frames of 20 ms."""
        segment = None
        for at in range(0, len(pcm), 320):
            segment = self._hear(self._voice.word_of(pcm[at : at + 320])) or segment
        return segment

    def partial(self) -> str:
        """Return the words of the open segment; a slow one says nothing before the end."""
        return "" if self._is_slow else " ".join(word.text for word in self._words)

    def settle(self) -> Hypothesis:
        """Return the open segment as final; a slow one keeps it until the end."""
        self._fail_when_told()
        return Hypothesis() if self._is_slow else self._final()

    def finish(self) -> Hypothesis:
        """Return the open segment as final."""
        self.is_finished = True
        self._fail_when_told()
        return self._final()

    def _fail_when_told(self) -> None:
        if self._fails_after_s is not None and self._frames / 50 > self._fails_after_s:
            raise Unavailable("the fake recogniser fails as it was told to")

    def _hear(self, word: str | None) -> Hypothesis | None:
        self._frames += 1
        now_s = self._frames / 50
        self._fail_when_told()
        self._silent_frames = self._silent_frames + 1 if word is None else 0
        if word is not None:
            self._extend(word if self._is_expected(word) else "[unk]", now_s)
        self._was = word
        has_ended = self._silent_frames == self._ends_after_frames and self._words and not self._is_slow
        return self._final() if has_ended else None

    def _is_expected(self, word: str) -> bool:
        return self._grammar is None or any(word in phrase.split() for phrase in self._grammar)

    def _extend(self, word: str, now_s: float) -> None:
        if word == "[unk]" and self._grammar is None:
            return
        if self._was is not None and self._words and self._words[-1].text == word:
            self._words[-1] = self._words[-1].model_copy(update={"end_s": now_s})
        else:
            self._words.append(Word(text=word, start_s=now_s - 0.02, end_s=now_s, confidence=0.9))

    def _final(self) -> Hypothesis:
        words, self._words = tuple(self._words), []
        return Hypothesis(text=" ".join(word.text for word in words), words=words)


class FakeRecognisers:
    """Makes `FakeRecogniser`s; `fails_after_s` counts each one's own audio, 0 refuses to make any."""

    def __init__(self, voice: CodedVoice | None = None, *, limit: int = 8, fails_after_s: float | None = None) -> None:
        self.voice = voice or CodedVoice()
        self._places = ListeningPlaces(limit)
        self.fails_after_s = fails_after_s
        self.are_slow = False
        self.is_loaded = True
        self.made: list[FakeRecogniser] = []

    @property
    def limit(self) -> int:
        """How many places there are."""
        return self._places.limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._places.limit = limit

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._places.places().taken

    def reserve(self, seat: Seat) -> bool:
        """Take a place."""
        return self._places.reserve(seat)

    def release(self, seat: Seat) -> None:
        """Give a place back."""
        self._places.release(seat)

    def has_room(self, seat: Seat) -> bool:
        """Whether a place is free for this caller."""
        return self._places.has_room(seat)

    def places(self) -> Places | None:
        """Return places taken and allowed."""
        return self._places.places() if self.is_loaded else None

    def supports(self, locale: str) -> bool:
        """Whether it is English."""
        return locale.startswith("en")

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> FakeRecogniser:
        """Make one, unless told to fail at once."""
        if self.fails_after_s == 0 or not self.supports(locale):
            raise Unavailable("the fake recognisers refuse as they were told to")
        self.made.append(FakeRecogniser(self.voice, grammar, fails_after_s=self.fails_after_s, is_slow=self.are_slow))
        return self.made[-1]


class FakePromptAudio:
    """A tenth of a second for each word of a prompt; prompts and words named in `missing` have no clip."""

    def __init__(self, *, missing: frozenset[str] = frozenset()) -> None:
        self.missing = missing

    def audio(self, prompt: Prompt) -> bytes:
        """Return as many bytes of a tone that `CodedVoice` does not resemble: half as high."""
        if prompt.key in self.missing:
            raise SettingFault(f"no clip for {prompt.key}")
        return b"\x90\x90\x10\x10" * (200 * len(prompt.text.split()))

    def can_say(self, locale: str, words: str) -> bool:
        """Return whether these words are not among the missing ones."""
        return words not in self.missing


class FakeSpool:
    """Files in a dict."""

    def __init__(self, folder_id: str = "folder-1") -> None:
        self.folder_id = folder_id
        self.files: dict[str, bytes] = {}
        self.written: dict[str, datetime] = {}
        self.is_full = False

    def append(self, name: str, frames: bytes) -> None:
        """Append, unless told to refuse."""
        self.probe()
        self.files[name] = self.files.get(name, b"") + frames

    def cut(self, name: str, length: int) -> None:
        """Take so many bytes off the end."""
        self.files[name] = self.files[name][: len(self.files[name]) - length]

    def read(self, name: str) -> bytes:
        """Return what was appended."""
        return self.files[name]

    def delete(self, name: str) -> None:
        """Forget; a name that is not there is forgotten already."""
        self.files.pop(name, None)

    def names(self) -> list[str]:
        """Return all names."""
        return sorted(self.files)

    def written_at(self, name: str) -> datetime | None:
        """Return what the test has set, if it has."""
        return self.written.get(name)

    def probe(self) -> None:
        """Refuse when told to."""
        if self.is_full:
            raise Unavailable("the fake spool is full as it was told to")


# --- the database's job queue ------------------------------------------------------------------------------


class FakeJobs:
    """Collects jobs to be drained by hand; `on` stands where `open_jobs(engine)` does: `open_store(engine, jobs.on)`.

    Jobs of a unit of work that rolled back stay in the list: every job is idempotent and looks at its row.
    """

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str]] = []

    def on(self, _connection: object) -> "FakeJobs":
        """Return itself for any unit of work."""
        return self

    def enqueue(self, job: str, subject_id: str) -> None:
        """Collect."""
        self.waiting.append((job, subject_id))

    def drain(self, run_job: Callable[[str, str], None]) -> int:
        """Run what waits, and what that enqueues, in order; return how many ran."""
        ran = 0
        while self.waiting:
            run_job(*self.waiting.pop(0))
            ran += 1
        return ran
