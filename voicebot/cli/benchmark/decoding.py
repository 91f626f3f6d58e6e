"""The same audio through bare Vosk and through our listening, in one process and as fast as it goes.

Knows: Vosk's own API for the bare run. Must not know: sockets.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import vosk

from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.benchmark.programme import Programme
from voicebot.flow.events import CallerHungUp
from voicebot.flow.instructions import Listen, Prompt, Speech
from voicebot.service.listening import CallListening
from voicebot.speech.audio import RATE_HZ, decode_mulaw, pcm_bytes
from voicebot.speech.energy_gate import GateSettings
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


class BareVosk:
    """The engine as its own examples use it: 200 ms at a time, nothing asked for but the final words."""

    def __init__(self, folder: Path) -> None:
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(folder))

    def hear(self, mulaw: bytes, *, is_paced: bool = False) -> str:
        """Return the words; paced, no faster than they were spoken."""
        engine = vosk.KaldiRecognizer(self._model, float(RATE_HZ))
        engine.SetWords(True)
        heard, began = [], time.monotonic()
        for at in range(0, len(mulaw), _STEP):
            if is_paced:
                time.sleep(max(0.0, began + (at + _STEP) / RATE_HZ - time.monotonic()))
            if engine.AcceptWaveform(pcm_bytes(decode_mulaw(mulaw[at : at + _STEP]))):
                heard.append(json.loads(engine.Result())["text"])
        return " ".join([*heard, json.loads(engine.FinalResult())["text"]])

    def cost_of_lines(self, lines: list[bytes]) -> float:
        """Return the CPU seconds of hearing these lines at the same time and in real time, a thread for each.

        A core that does two things at once does both more dearly, so calls that ran together are compared with this.
        """
        began = time.process_time()
        threads = [threading.Thread(target=self.hear, args=(line,), kwargs={"is_paced": True}) for line in lines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.process_time() - began


def listened(folder: Path, settings: GateSettings | None = None) -> Callable[[bytes], str]:
    """Return our listening, fed as a stream feeds it: 20 ms at a time, audio kept in memory."""
    recognisers = VoskRecognisers({"en": folder}, limit=1)

    def listen(mulaw: bytes) -> str:
        call = CallListening(
            call_id="bench", recognisers=recognisers, prompts=NoPrompts(), spool=NoSpool(), gate_settings=settings
        )
        call.begin(_STORY, 1, "en")
        for at in range(0, len(mulaw), _FRAME):
            call.feed(MediaFrame(mulaw[at : at + _FRAME], at * 1000 // RATE_HZ))
        event = call.feed(StreamStopped(is_clean=True)).event
        assert isinstance(event, CallerHungUp), "nothing else ends this wait"
        return event.utterance.text if event.utterance is not None else ""

    return listen


def measure(hear: Callable[[bytes], str], said: Iterable[Programme]) -> Decoded:
    """Hear each programme and add up CPU, audio and errors; CPU is this whole process's, so nothing else may run."""
    cpu_s, audio_s, errors = 0.0, 0.0, WordErrors()
    for programme in said:
        began = time.process_time()
        heard = hear(programme.mulaw)
        cpu_s += time.process_time() - began
        audio_s += programme.seconds
        errors += word_errors(programme.words, heard)
    return Decoded(cpu_s, audio_s, errors)


class NoPrompts:
    """Says nothing."""

    def audio(self, prompt: Prompt) -> bytes:
        """Return no sound."""
        return b""


class NoSpool:
    """Takes audio and keeps none."""

    def append(self, name: str, frames: bytes) -> None:
        """Drop it."""

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
