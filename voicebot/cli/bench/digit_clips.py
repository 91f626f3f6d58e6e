"""Numbers said digit by digit by real people, put together of recordings of single digits.

The strings of `VOICEBOT_SPEECH_DIR` are such themselves. Each is one speaker's single digits (FSDD) with 80 to 150 ms
of noise floor between two, and the manifest tells how long each gap is. So they are cut at their gaps, and other
numbers are put together of the pieces in the same way. Held against the single recordings, 456 of the 459 digits keep
nine tenths of their voice. One string holds one speaker. A repetition is made of other recordings of the same digits,
as a person never says a number twice alike.
Knows: manifests, samples. Must not know: recognisers, flows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.audio import RATE_HZ, Samples, decode_mulaw, encode_mulaw, read_wav

DIGIT_SET = "fsdd_digits"
NOISE_SET = "noise"
_STEP = RATE_HZ // 1000
"""Samples of a millisecond, the step in which gaps are looked for."""
_SHORTEST_MS = 80
"""Every digit has so much voice at the least."""
_VOICED = 20.0
"""So much more power than in the silence of a string is a voice."""
_GAPS_MS = (80, 150)
"""Between two digits, as in the strings of the manifest."""
_AROUND_MS = 350
"""So much noise floor stands before and behind each string of the manifest."""
_ACTIVE = 1000
"""Frames within 30 dB of the loudest one hold the voice, as `telephone.py` of the same folder counts them."""
_FRAME = RATE_HZ // 50

Wave = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitString:
    """A string of the manifest."""

    speaker: str
    digits: str
    mulaw: bytes
    gaps_ms: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """One person's single digits."""

    name: str
    takes: Mapping[str, Sequence[Samples]]
    """Digit to its recordings, two of each at the least."""

    def say(self, digits: str, dice: np.random.Generator, *, not_as: Sequence[int] = ()) -> "Spoken":
        """Say a number. No digit is said as in `not_as`, the recordings of an earlier saying of it."""
        chosen = [
            _choose(dice, len(self.takes[digit]), not_as[at] if not_as else -1) for at, digit in enumerate(digits)
        ]
        parts: list[Samples] = []
        for digit, take in zip(digits, chosen, strict=True):
            parts += [_floor(dice, int(dice.integers(*_GAPS_MS)))] if parts else []
            parts.append(self.takes[digit][take])
        return Spoken(encode_mulaw(np.concatenate(parts)), tuple(chosen))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number as it was said, and which recording each digit is."""

    mulaw: bytes
    takes: tuple[int, ...]


def digit_strings(folder: Path) -> list[DigitString]:
    """Return the strings of a folder with a manifest."""
    return [
        DigitString(
            speaker=line["speaker"],
            digits=line["digits"],
            mulaw=read_wav((folder / line["path"]).read_bytes()),
            gaps_ms=tuple(line["gaps_ms"]),
        )
        for line in _lines(folder)
        if line["set"] == DIGIT_SET
    ]


def noises(folder: Path) -> list[Samples]:
    """Return the sounds of a folder with a manifest that telephones stand in."""
    return [
        decode_mulaw(read_wav((folder / line["path"]).read_bytes()))
        for line in _lines(folder)
        if line["set"] == NOISE_SET
    ]


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, (folder / "manifest.jsonl").read_text().splitlines())


def speakers_of(strings: Sequence[DigitString]) -> list[Speaker]:
    """Return each speaker with the single digits that their strings are made of."""
    takes: dict[str, dict[str, list[Samples]]] = {}
    for string in strings:
        own = takes.setdefault(string.speaker, {})
        said = decode_mulaw(string.mulaw)[_AROUND_MS * _STEP : -_AROUND_MS * _STEP]
        for digit, piece in zip(string.digits, cut(said, string.gaps_ms), strict=True):
            own.setdefault(digit, []).append(piece)
    return [Speaker(name=name, takes=own) for name, own in sorted(takes.items())]


def speakers_in(folder: Path) -> list[Speaker]:
    """Return the speakers of a folder of single digits, `<digit>_<speaker>_<number>.wav`, as FSDD has them."""
    takes: dict[str, dict[str, list[Samples]]] = {}
    for path in sorted(folder.glob("?_*_*.wav")):
        digit, name, _ = path.stem.split("_")
        takes.setdefault(name, {}).setdefault(digit, []).append(decode_mulaw(read_wav(path.read_bytes())))
    return [Speaker(name=name, takes=own) for name, own in takes.items()]


def cut(samples: Samples, gaps_ms: Sequence[int]) -> list[Samples]:
    """Cut a string at its gaps, whose lengths are known and whose places are those that are quietest together."""
    begins = _gaps_begin(samples, gaps_ms)
    starts = [0, *((at + gap) * _STEP for at, gap in zip(begins, gaps_ms, strict=True))]
    ends = [*(at * _STEP for at in begins), len(samples)]
    return [samples[start:end] for start, end in zip(starts, ends, strict=True)]


def _gaps_begin(samples: Samples, gaps_ms: Sequence[int]) -> list[int]:
    """Return where each gap begins, in milliseconds.

    The best places of the first gaps are known for every end, so one more gap is one more look at each (dynamic
    programming). Between two gaps there is a voice, since recordings hold silence, too.
    """
    steps = samples[: len(samples) // _STEP * _STEP].astype(np.float64).reshape(-1, _STEP)
    level = (steps**2).mean(axis=1) + 1.0
    loudness = np.concatenate([[0.0], np.cumsum(np.log(level))])
    voiced = np.concatenate([[0], np.cumsum(level > _VOICED * np.percentile(level, 10))])
    before, ways = np.zeros(len(loudness)), list[NDArray[np.int64]]()
    last_gap = 0
    for gap in gaps_ms:
        reach = np.searchsorted(voiced, voiced - _SHORTEST_MS, side="right") - 1 - last_gap
        cost = np.full(len(loudness), np.inf)
        cost[: len(loudness) - gap] = loudness[gap:] - loudness[:-gap]
        cost += np.where((reach >= 0) & (voiced >= _SHORTEST_MS), before[np.maximum(reach, 0)], np.inf)
        before, way = _least_so_far(cost)
        ways.append(way)
        last_gap = gap
    at = _latest(voiced, len(voiced) - 1) - last_gap
    begins = list[int]()
    for number in reversed(range(len(ways))):
        begins.append(int(ways[number][at]))
        at = _latest(voiced, begins[-1]) - (gaps_ms[number - 1] if number else 0)
    return begins[::-1]


def _latest(voiced: NDArray[np.int64], end: int) -> int:
    """Return the latest place behind which there is a voice before the end."""
    return int(np.searchsorted(voiced, voiced[end] - _SHORTEST_MS, side="right")) - 1


def _least_so_far(cost: Wave) -> tuple[Wave, NDArray[np.int64]]:
    """Return for each place the least cost up to it, and where that is."""
    least = np.minimum.accumulate(cost)
    where = np.maximum.accumulate(np.where(cost == least, np.arange(len(cost)), 0))
    return least, where


def _choose(dice: np.random.Generator, count: int, but: int) -> int:
    chosen = int(dice.integers(count - (but >= 0)))
    return chosen + (0 <= but <= chosen)


def _floor(dice: np.random.Generator, length_ms: int) -> Samples:
    return np.rint(dice.normal(0, 8, length_ms * _STEP)).astype(np.int16)


def with_noise(mulaw: bytes, noise: Samples, *, snr_db: float, dice: np.random.Generator) -> bytes:
    """Return a voice with noise so much softer than it, both counted where they sound."""
    voice = decode_mulaw(mulaw).astype(np.float64)
    beside = np.resize(np.roll(noise, -int(dice.integers(len(noise)))), len(voice)).astype(np.float64)
    gain = _active_rms(voice) / max(_active_rms(beside), 1.0) / 10 ** (snr_db / 20)
    return encode_mulaw(np.clip(voice + beside * gain, -32000, 32000).astype(np.int16))


def _active_rms(wave: Wave) -> float:
    power = (wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() / _ACTIVE].mean()))
