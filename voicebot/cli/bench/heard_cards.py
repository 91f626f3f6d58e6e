"""Card numbers said by real people, digit by digit, as our listening hears them, and how many of them are masked.

Nobody recorded whole cards. The clips are strings of digits of one speaker with pauses of known length between (FSDD),
so each is cut into its digits, and these are put together to the numbers that we want. Nothing is said before a number,
no "my card is", which makes it as hard as it gets.
Knows: the manifest's strings of digits, our listening. Must not know: how a private number is recognised.
Source: Free Spoken Digit Dataset, as /manifest.jsonl describes it (`digits`, `gaps_ms`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.table import Table

from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.decoding import ListeningHearer
from voicebot.cli.bench.private_run import Digits, a_card
from voicebot.domain.number_words import runs_in
from voicebot.domain.private.masking import private_spans
from voicebot.speech.audio import RATE_HZ, decode_mulaw, read_wav

DIGIT_SET = "fsdd_digits"
EACH = 20
"""Numbers of each speaker."""
_FRAME = RATE_HZ // 100
_SHORTEST = 12
"""Frames of a digit at least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidCard:
    """A number as somebody says it."""

    number: str
    mulaw: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class HeardCard:
    """A number, and what was heard of it."""

    number: str
    heard: str

    @property
    def is_right(self) -> bool:
        """Whether every digit was heard, and no other."""
        return "".join(part.digits for run in runs_in(self.heard) for part in run) == self.number

    @property
    def is_masked(self) -> bool:
        """Whether something of it is masked."""
        return bool(private_spans(self.heard))

    @property
    def digits_left(self) -> int:
        """How many digits stand outside every mark."""
        spans = private_spans(self.heard)
        parts = (part for run in runs_in(self.heard) for part in run)
        return sum(len(part.digits) for part in parts if not any(s.begin <= part.begin < s.end for s in spans))


def said_cards(folder: Path, *, each: int = EACH) -> Iterator[SaidCard]:
    """Yield so many numbers of each speaker. Nothing where the folder has no strings of digits."""
    for speaker, digits in sorted(_digits_of(folder).items()):
        pick = Digits(f"voice {speaker}")
        for at in range(each):
            number = a_card(at)
            voices = (digits[digit] for digit in number)
            yield SaidCard(number=number, mulaw=b"".join(one[int(pick(4)) % len(one)] for one in voices))


def heard_card(recognisers: VoskRecognisers, card: SaidCard) -> HeardCard:
    """Let our listening hear a number, as in a call."""
    hearer = ListeningHearer(recognisers)
    hearer.take(card.mulaw)
    return HeardCard(number=card.number, heard=" ".join(word.text for word in hearer.utterance().words))


def table_of(cards: Sequence[HeardCard]) -> Table:
    """Return how many were masked, and how many of the digits that were heard stand outside every mark."""
    table = Table("card numbers as a call hears them", "numbers", "masked", "digits left readable")
    right, wrong = [card for card in cards if card.is_right], [card for card in cards if not card.is_right]
    for name, some in (("heard right", right), ("misheard", wrong), ("all", cards)):
        masked, left = sum(card.is_masked for card in some), sum(card.digits_left for card in some)
        said = sum(len(card.number) for card in some)
        table.add_row(
            name, str(len(some)), *([f"{masked / len(some):.0%}", f"{left / said:.1%}"] if some else ["", ""])
        )
    return table


def readable_of(cards: Sequence[HeardCard]) -> Iterator[str]:
    """Yield a line for each number of which nothing was masked."""
    return (f"not masked: {card.number} heard as {card.heard!r}" for card in cards if not card.is_masked)


def _digits_of(folder: Path) -> Mapping[str, Mapping[str, Sequence[bytes]]]:
    """Return the voices of each digit by speaker, each with the pause that follows it."""
    manifest = folder / "manifest.jsonl"
    found: dict[str, dict[str, list[bytes]]] = {}
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else ()
    for line in map(json.loads, lines):
        if line["set"] == DIGIT_SET:
            of_speaker = found.setdefault(line["speaker"], {digit: [] for digit in "0123456789"})
            parts = cut(read_wav((folder / line["path"]).read_bytes()), line["gaps_ms"])
            for digit, part in zip(line["digits"], parts, strict=False):
                of_speaker[digit].append(part)
    return found


def cut(mulaw: bytes, gaps_ms: Sequence[int]) -> Sequence[bytes]:
    """Return the stretches of a clip from the beginning of each digit to the next, but for the last digit.

    The pauses are put where they are quietest in all, in their order, each with a digit before it.
    """
    samples = decode_mulaw(mulaw).astype(np.float64)
    count = len(samples) // _FRAME
    loud = np.log1p((samples[: count * _FRAME].reshape(count, _FRAME) ** 2).mean(axis=1))
    begins = _begins([0.0, *map(float, np.cumsum(loud))], [max(1, round(gap / 10)) for gap in gaps_ms])
    return [mulaw[begin * _FRAME : end * _FRAME] for begin, end in pairwise((0, *begins))]


def _begins(sums: Sequence[float], gaps: Sequence[int]) -> Sequence[int]:
    """Return where each digit but the first begins, in frames. `sums` are the loudness of all frames before each."""
    ways: Mapping[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for gap in gaps:
        found, best = dict[int, tuple[float, tuple[int, ...]]](), None
        for at in range(_SHORTEST, len(sums) - gap - _SHORTEST):
            best = min(filter(None, (best, ways.get(at - _SHORTEST))), default=None)
            if best is not None:
                found[at + gap] = (best[0] + sums[at + gap] - sums[at], (*best[1], at + gap))
        ways = found
    return min(ways.values())[1]
