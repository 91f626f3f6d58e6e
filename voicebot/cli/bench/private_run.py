"""How often numbers that must stay readable are masked, and private ones are not, counted over made and real words.

Case, telephone and order numbers are made from a digest, so that each run counts the same ones, and put into a sentence
as people write and say them. Real words are the references of the clips of real people, in which nothing is private.
Knows: numbers, sentences. Must not know: how a private number is recognised.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stdnum import luhn

from voicebot.domain.case_number import mint_case_number, written
from voicebot.domain.number_words import ENGLISH
from voicebot.domain.private.masking import private_spans

EACH = 1_000
"""Numbers of each kind."""
_CARDS = (("4", 16), ("51", 16), ("37", 15), ("6011", 16))


@dataclass(frozen=True, kw_only=True, slots=True)
class Masked:
    """How many texts of a kind have a mark."""

    name: str
    texts: int
    marked: int
    is_private: bool


class Digits:
    """Digits from a digest, the same in each run."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def __call__(self, count: int) -> str:
        """Return so many digits."""
        self._count += 1
        digest = hashlib.sha256(f"{self._name}:{self._count}".encode()).hexdigest()
        return str(int(digest, 16))[-count:]


def count_masked(speech_folder: Path, *, each: int = EACH) -> Iterator[Masked]:
    """Yield what was counted, kind by kind, first what must stay readable."""
    for name, make in _OTHERS.items():
        for form, tell in _FORMS.items():
            texts = [f"I rang about {name} {tell(make(Digits(f'{name} {at}')))} twice" for at in range(each)]
            yield _counted(f"{name}, {form}", texts, is_private=False)
    references = _references(speech_folder)
    if references:
        yield _counted("what real people said", references, is_private=False)
    for form, tell in _FORMS.items():
        texts = [f"you charged {tell(_card(at))} without asking" for at in range(each)]
        yield _counted(f"card numbers, {form}", texts, is_private=True)


def _counted(name: str, texts: Sequence[str], *, is_private: bool) -> Masked:
    marked = sum(bool(private_spans(text)) for text in texts)
    return Masked(name=name, texts=len(texts), marked=marked, is_private=is_private)


def _references(folder: Path) -> Sequence[str]:
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        return ()
    clips = (json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines())
    return [clip["reference"] for clip in clips if clip.get("reference")]


def _card(at: int) -> str:
    begins, length = _CARDS[at % len(_CARDS)]
    body = begins + Digits(f"card {at}")(length - 1 - len(begins))
    return body + luhn.calc_check_digit(body)


def _said(number: str) -> str:
    return " ".join(ENGLISH.small[int(digit)] for digit in number if digit.isdecimal())


def _stammered(number: str) -> str:
    words = _said(number).split()
    return " ".join((*words[:3], "uh", *words[3:7], "erm", *words[7:]))


def _doubled(number: str) -> str:
    told, at = list[str](), 0
    while at < len(number):
        is_pair = number[at : at + 2] == number[at] * 2
        told.append(f"double {_said(number[at])}" if is_pair else _said(number[at]))
        at += 2 if is_pair else 1
    return " ".join(told)


_OTHERS: dict[str, Callable[[Digits], str]] = {
    "case numbers": lambda digits: written(mint_case_number(digits)).replace("-", ""),
    "telephone numbers": lambda digits: f"1{digits(10)}",
    "eight digits": lambda digits: digits(8),
    "twelve digits": lambda digits: digits(12),
    "sixteen digits": lambda digits: digits(16),
    "order number": lambda digits: digits(16),
}
_FORMS: dict[str, Callable[[str], str]] = {
    "written": lambda number: number,
    "in fours": lambda number: " ".join(number[at : at + 4] for at in range(0, len(number), 4)),
    "said": _said,
    "said with stammers": _stammered,
    "said with doubles": _doubled,
}
