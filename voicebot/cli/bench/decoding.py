"""The same audio through bare Vosk and through our listening, in one process and as fast as it goes.

All hear each programme side by side, a fifth of a second each, every time another one first (who is first finds the
caches cold), because other work makes CPU dearer from second to second, and one after the other would not compare.
Knows: Vosk's own API for the bare run. Must not know: sockets.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import vosk

from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.caller_lines import Programme
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import CallerHungUp
from voicebot.flow.instructions import Listen, Prompt, Speech
from voicebot.service.listening import CallListening
from voicebot.speech.audio import RATE_HZ, decode_mulaw, pcm_bytes
from voicebot.speech.energy_gate import EnergyGate, GateSettings
from voicebot.speech.word_errors import WordErrors, word_errors
from voicebot.telephony.media_stream import MediaFrame, StreamStopped

_FRAME = RATE_HZ // 50
_STEP = RATE_HZ // 5
_STORY = Listen(node="bench", speech=Speech(end_silence_s=600, max_utterance_s=3600), slot="story", store_audio=True)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What it cost, and how well it was heard."""

    cpu_s: float
    audio_s: float
    errors: WordErrors

    @property
    def load(self) -> float:
        """CPU seconds per second of audio."""
        return self.cpu_s / self.audio_s if self.audio_s else 0.0

    def __add__(self, other: "Decoded") -> "Decoded":
        return Decoded(self.cpu_s + other.cpu_s, self.audio_s + other.audio_s, self.errors + other.errors)


class Hearer(Protocol):
    """Hears one programme."""

    def take(self, mulaw: bytes) -> None:
        """Hear the next piece."""
        ...

    def end(self) -> str:
        """Return the words, after which nothing may follow."""
        ...


class BareVosk:
    """The engine as its own examples use it, with 200 ms at a time, nothing asked for but the final words."""

    def __init__(self, folder: Path) -> None:
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(folder))

    def __call__(self) -> "BareHearer":
        """Begin to hear a programme."""
        return BareHearer(self._model)

    def cost_of_lines(self, lines: list[bytes]) -> float:
        """Return the CPU seconds of hearing these lines at the same time and in real time, a thread for each.

        A core that does two things at once does both more dearly, so calls that ran together are compared with this.
        """
        began = time.process_time()
        threads = [threading.Thread(target=_hear_in_real_time, args=(self(), line)) for line in lines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.process_time() - began


class BareHearer:
    """One recogniser and what it heard."""

    def __init__(self, model: vosk.Model) -> None:
        self._engine = vosk.KaldiRecognizer(model, float(RATE_HZ))
        self._engine.SetWords(True)
        self._heard: list[str] = []

    def take(self, mulaw: bytes) -> None:
        """Hear the next piece."""
        if self._engine.AcceptWaveform(pcm_bytes(decode_mulaw(mulaw))):
            self._heard.append(json.loads(self._engine.Result())["text"])

    def end(self) -> str:
        """Return the words."""
        return " ".join([*self._heard, json.loads(self._engine.FinalResult())["text"]])


class ListeningHearer:
    """Our listening, fed as a stream feeds it, with 20 ms at a time, audio kept in memory."""

    def __init__(self, recognisers: VoskRecognisers, settings: GateSettings | None = None) -> None:
        self._call = CallListening(
            call_id="bench", recognisers=recognisers, prompts=NoPrompts(), spool=NoSpool(), gate_settings=settings
        )
        self._call.begin(_STORY, 1, "en")
        self._at = 0

    def take(self, mulaw: bytes) -> None:
        """Hear the next piece."""
        for at in range(0, len(mulaw), _FRAME):
            self._call.feed(MediaFrame(mulaw[at : at + _FRAME], (self._at + at) * 1000 // RATE_HZ))
        self._at += len(mulaw)

    def end(self) -> str:
        """Return the words."""
        return self.utterance().text

    def utterance(self) -> Utterance:
        """End, and return what a case would keep."""
        event = self._call.feed(StreamStopped(is_clean=True)).event
        assert isinstance(event, CallerHungUp), "nothing else ends this wait"
        return event.utterance or Utterance()


def measure(hearers: Sequence[Callable[[], Hearer]], said: Iterable[Programme]) -> tuple[Decoded, ...]:
    """Let each hear every programme and add up CPU, audio and errors, in the order of `hearers`.

    CPU is this whole process's, so nothing else may run in it.
    """
    totals = [Decoded(0.0, 0.0, WordErrors()) for _ in hearers]
    for programme in said:
        found = _side_by_side([begin() for begin in hearers], programme)
        totals = [total + one for total, one in zip(totals, found, strict=True)]
    return tuple(totals)


def let_through(lines: Iterable[bytes], settings: GateSettings | None = None) -> float:
    """Return the share of these lines that the gate gives to the recogniser, 0 to 1."""
    heard_s, fed_s = 0.0, 0.0
    for line in lines:
        gate = EnergyGate(settings)
        gate.feed(decode_mulaw(line))
        heard_s, fed_s = heard_s + gate.heard_s, fed_s + gate.fed_s
    return fed_s / heard_s if heard_s else 0.0


def _side_by_side(hearers: list[Hearer], programme: Programme) -> list[Decoded]:
    cpu_s, turn = [0.0] * len(hearers), deque(range(len(hearers)))
    for at in range(0, len(programme.mulaw), _STEP):
        for number in turn:
            began = time.process_time()
            hearers[number].take(programme.mulaw[at : at + _STEP])
            cpu_s[number] += time.process_time() - began
        turn.rotate()
    return [_ended(hearer, spent_s, programme) for hearer, spent_s in zip(hearers, cpu_s, strict=True)]


def _ended(hearer: Hearer, spent_s: float, programme: Programme) -> Decoded:
    began = time.process_time()
    heard = hearer.end()
    return Decoded(spent_s + time.process_time() - began, programme.seconds, word_errors(programme.words, heard))


def _hear_in_real_time(hearer: Hearer, mulaw: bytes) -> None:
    began = time.monotonic()
    for at in range(0, len(mulaw), _STEP):
        time.sleep(max(0.0, began + (at + _STEP) / RATE_HZ - time.monotonic()))
        hearer.take(mulaw[at : at + _STEP])
    hearer.end()


class NoPrompts:
    """Says nothing."""

    def audio(self, prompt: Prompt) -> bytes:
        """Return no sound."""
        return b""

    def can_say(self, locale: str, words: str) -> bool:
        """Return True, since nothing is missing."""
        return True


class NoSpool:
    """Takes audio and keeps none."""

    folder_id = "none"

    def append(self, name: str, frames: bytes) -> None:
        """Drop it."""

    def cut(self, name: str, length: int) -> None:
        """Do nothing."""

    def read(self, name: str) -> bytes:
        """Return nothing."""
        return b""

    def delete(self, name: str) -> None:
        """Do nothing."""

    def names(self) -> list[str]:
        """Return nothing."""
        return []

    def written_at(self, name: str) -> None:
        """Return nothing."""

    def probe(self) -> None:
        """Do nothing."""
