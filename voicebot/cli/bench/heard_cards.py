"""Numbers as long as a card's, said by real people digit by digit, as a call hears them, and how many are masked.

Nobody recorded whole cards. The clips are strings of eight digits (FSDD), and two of one speaker, one behind the other,
are as many as a card has. Few of these numbers have a card's check digit, so what is masked is masked for its length
alone, and a real card is masked at least as often. Nothing is said before a number, no "my card is". Cutting the clips
into digits was tried and given up (November 2026): pauses and quiet digits could not be told apart.
Knows: the manifest's strings of digits, our listening. Must not know: how a private number is recognised.
Source: Free Spoken Digit Dataset, as manifest.jsonl describes it (`digits`, `speaker`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.decoding import ListeningHearer
from voicebot.domain.number_words import runs_in
from voicebot.domain.private.masking import private_spans
from voicebot.speech.audio import read_wav

DIGIT_SET = "fsdd_digits"
HALF = 8
"""Digits of a clip that is half of a number."""
FIRST_OF_A_CARD = ("2", "3", "4", "5", "6")


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


def said_cards(folder: Path) -> Iterator[SaidCard]:
    """Yield each clip that may begin a card with the next one of its speaker. Nothing where there are no such clips."""
    manifest = folder / "manifest.jsonl"
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else ()
    halves = [line for line in map(json.loads, lines) if line["set"] == DIGIT_SET and len(line["digits"]) == HALF]
    for at, first in enumerate(halves):
        others = [each for each in (*halves[at + 1 :], *halves[:at]) if each["speaker"] == first["speaker"]]
        if first["digits"].startswith(FIRST_OF_A_CARD) and others:
            pair = (first, others[0])
            mulaw = b"".join(read_wav((folder / each["path"]).read_bytes()) for each in pair)
            yield SaidCard(number="".join(each["digits"] for each in pair), mulaw=mulaw)


def heard_card(recognisers: VoskRecognisers, card: SaidCard) -> HeardCard:
    """Let our listening hear a number, as in a call."""
    hearer = ListeningHearer(recognisers)
    hearer.take(card.mulaw)
    return HeardCard(number=card.number, heard=" ".join(word.text for word in hearer.utterance().words))


def table_of(cards: Sequence[HeardCard]) -> Table:
    """Return how many were masked, and how many of the digits that were heard stand outside every mark."""
    table = Table("numbers as long as a card's, as a call hears them", "numbers", "masked", "digits left readable")
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
