"""How our questions stand up to echo and noise. It tells what is cut, what is taken for an answer, and who still gets
through.

A line plays our own clips to nobody, or to a caller who speaks over them, and brings back what a telephone brings back,
that is our voice, softer and later, and the sounds around it. Listening, recogniser and flow are the product's, and
stream time stands for the clock, so a place takes seconds where a call takes minutes.
Knows: flows, listening. Must not know: sockets, the database, how results are shown.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from voicebot.cli.bench.answers import Said, asked_at, taken_as
from voicebot.cli.bench.decoding import NoSpool
from voicebot.cli.bench.noise_sounds import Wave, dishes, knocks, music, tap
from voicebot.flow.definition import Flow
from voicebot.flow.events import FlowEvent, UtteranceHeard
from voicebot.flow.session import FlowSession
from voicebot.service.listening import CallListening
from voicebot.service.ports import PromptAudio, Recognisers
from voicebot.speech.audio import RATE_HZ, decode_mulaw, encode_mulaw
from voicebot.telephony.media_stream import (
    MarkReturned,
    MediaFrame,
    SendAudio,
    SendClear,
    SendMark,
    StreamCommand,
    StreamEvent,
)

_FRAME = RATE_HZ // 50
_LINE_NOISE = 16.0
"""Level of a quiet line's own noise, in steps of 16 bits, that is -66 dB of full scale."""
_SILENCE_S = 5.0
"""So long a question waits, once it was heard, for what may be taken for an answer, since softer sounds hold it for 3
s.
"""
_SPOKEN_OVER_AT_S = 1.5
_LATEST_MS = 100
"""A prompt is heard so much later than we believe, at most, as on a busy machine, a network."""
_SOUND_S = 60.0
_LOUD = 32000

QUESTIONS = (
    ("ask_story", ""), ("ask_remedy", ""), ("confirm_number", ""), ("confirm_number", "no_match_1_yes_no"),
    ("announce_text", ""), ("offer_window", ""), ("offer_window", "no_match_2_yes_no"), ("ask_number", ""),
)  # fmt: skip
"""Questions that a voice may stop, and other words they are put in, because "say yes or no" holds the answers
themselves.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What comes over a line beside the caller."""

    name: str
    echo_db: float | None = None
    """How much softer than we said it our voice comes back. None means that it does not."""
    delay_ms: int = 120
    is_new_stream: bool = False
    """Each question is the first of a stream, as after a break, when nothing is known of the line."""
    sound: Wave = field(default_factory=lambda: np.zeros(_FRAME))


def places(television: bytes) -> tuple[Place, ...]:
    """Return the places to measure in. Callers' clips lie at -20 dB, so -30 is ten decibels softer than they are."""
    echoes = [
        Place(name=f"our echo, -{echo_db} dB, {delay_ms} ms", echo_db=echo_db, delay_ms=delay_ms)
        for echo_db in (10, 16, 22, 28)
        for delay_ms in (60, 400)
    ]
    tv = decode_mulaw(television).astype(np.float64) * 10 ** (-15 / 20)
    return (
        Place(name="a quiet line"),
        *echoes,
        Place(name="our echo on a new stream, -16 dB", echo_db=16, is_new_stream=True),
        *_knocked_places(),
        Place(name="dishes, -30 dB", sound=dishes(_SOUND_S, level_db=-30)),
        Place(name="a running tap, -35 dB", sound=tap(_SOUND_S, level_db=-35)),
        Place(name="music, -35 dB", sound=music(_SOUND_S, level_db=-35)),
        Place(name="a television, -35 dB", sound=tv),
    )


def _knocked_places() -> Iterator[Place]:
    for times, what in ((1, "single knocks"), (4, "knocks in series")):
        for burst_ms, level_db in ((20, -10), (120, -10), (120, -22)):
            sound = knocks(_SOUND_S, times=times, every_s=3.1, burst_ms=burst_ms, level_db=level_db)
            yield Place(name=f"{what} of {burst_ms} ms, {level_db} dB", sound=sound)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question and what became of it."""

    is_cut: bool
    """Whether something stopped its prompt."""
    taken_as: str
    """What was taken for an answer, or empty when nothing was."""


def ask_nobody(flow: Flow, ears: Recognisers, clips: PromptAudio, *, place: Place, story: bytes) -> Iterator[Asked]:
    """Put each question to a place where nobody answers, and on a stream that lasts a story is told first."""
    line = _told_line(flow, ears, clips, place, story)
    for node, prompt in QUESTIONS:
        line = NoisyLine(place, ears, clips) if place.is_new_stream else line
        yield line.ask(flow, asked_at(flow, node, prompt))


def ask_callers(
    flow: Flow, ears: Recognisers, clips: PromptAudio, *, place: Place, said: Iterable[Said]
) -> Iterator[tuple[Said, Asked]]:
    """Let each caller say yes or no over a question, half of them over words that hold both."""
    for number, one in enumerate(said):
        line = NoisyLine(place, ears, clips)
        if not place.is_new_stream:
            line.ask(flow, asked_at(flow, "say_recording_notice"))
        yield one, line.ask(flow, asked_at(flow, one.node, "no_match_1_yes_no" if number % 2 else ""), one.mulaw)


def _told_line(flow: Flow, ears: Recognisers, clips: PromptAudio, place: Place, story: bytes) -> "NoisyLine":
    """Return a line on which the notice was said and a story told, so that how loud its caller is, is known."""
    line = NoisyLine(place, ears, clips)
    line.ask(flow, asked_at(flow, "say_recording_notice"))
    line.ask(flow, asked_at(flow, "ask_story"), story)
    return line


class NoisyLine:
    """One call's line in a place."""

    def __init__(self, place: Place, ears: Recognisers, clips: PromptAudio) -> None:
        self._place = place
        self._call = CallListening(call_id="bench", recognisers=ears, prompts=clips, spool=NoSpool())
        self._queue: deque[Wave | str] = deque()
        """What we sent and nobody has heard yet, as sounds, and the marks behind them."""
        self._on_its_way = np.zeros(place.delay_ms * RATE_HZ // 1000)
        self._at = self._turn = 0
        self._dice = np.random.default_rng(1)
        self._is_cut = False
        self._event: FlowEvent | None = None

    def ask(self, flow: Flow, asked: FlowSession, said: bytes = b"") -> Asked:
        """Put the question, let the caller speak over it, and wait for what is taken for an answer."""
        assert asked.listen is not None, "every question asked is one that listens"
        self._turn, self._is_cut, self._event = self._turn + 1, False, None
        self._queue.append(np.zeros(int(self._dice.integers(0, _LATEST_MS)) * RATE_HZ // 1000))
        self._send(self._call.begin(asked.listen, self._turn, asked.locale))
        self._wait(np.concatenate([np.zeros(round(_SPOKEN_OVER_AT_S * RATE_HZ)), decode_mulaw(said)]))
        self._queue.clear()
        is_answer = isinstance(self._event, UtteranceHeard)
        return Asked(
            is_cut=self._is_cut,
            taken_as=taken_as(flow, asked, self._event) if is_answer and self._event is not None else "",
        )

    def _wait(self, voice: Wave) -> None:
        spoken, quiet = 0, 0
        while self._event is None and quiet < _SILENCE_S * RATE_HZ:
            self._pass(voice[spoken : spoken + _FRAME])
            spoken += _FRAME
            quiet = 0 if self._queue or spoken < len(voice) else quiet + _FRAME

    def _pass(self, said: Wave) -> None:
        """Let 20 ms pass in both directions."""
        sent = np.concatenate([self._on_its_way, self._play()])
        back, self._on_its_way = sent[:_FRAME], sent[_FRAME:]
        line = self._dice.normal(0, _LINE_NOISE, _FRAME)
        line += np.take(self._place.sound, np.arange(self._at, self._at + _FRAME), mode="wrap")
        line[: len(said)] += said
        if self._place.echo_db is not None:
            line += back * 10 ** (-self._place.echo_db / 20)
        mulaw = encode_mulaw(np.clip(line, -_LOUD, _LOUD).astype(np.int16))
        self._feed(MediaFrame(mulaw, self._at * 1000 // RATE_HZ))
        self._at += _FRAME

    def _play(self) -> Wave:
        """Return the next 20 ms of what we sent, while marks that are passed go back."""
        out = np.zeros(0)
        while self._queue and len(out) < _FRAME:
            first = self._queue.popleft()
            if isinstance(first, str):
                self._feed(MarkReturned(first))
                continue
            fits = _FRAME - len(out)
            out = np.concatenate([out, first[:fits]])
            if len(first) > fits:
                self._queue.appendleft(first[fits:])
        return np.concatenate([out, np.zeros(_FRAME - len(out))])

    def _feed(self, event: StreamEvent) -> None:
        outcome = self._call.feed(event)
        self._send(outcome.commands)
        self._event = self._event or outcome.event

    def _send(self, commands: Iterable[StreamCommand]) -> None:
        for command in commands:
            match command:
                case SendAudio():
                    self._queue.append(decode_mulaw(command.audio).astype(np.float64))
                case SendMark():
                    self._queue.append(command.name)
                case SendClear():
                    self._is_cut = True
                    self._queue.clear()
                case _:
                    pass
