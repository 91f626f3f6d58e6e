"""How numbers arrive that are said digit by digit. They are right at once, right after one repetition, left to the
keys, or wrong.

Our listening hears each saying on a line, our engine decides, and a pretend caller answers what is read back. Whoever
hears a wrong number says no and says it once more, in other recordings. That "no" is taken to arrive, since yes and no
have figures of their own.
Knows: flows, listening, the engine. Must not know: sockets, the database, how results are shown.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from voicebot.cli.bench.answers import NOW, hear_answer
from voicebot.cli.bench.digit_clips import DigitString, Speaker, with_noise
from voicebot.domain.case_number import mint_case_number
from voicebot.flow.definition import Flow
from voicebot.flow.engine import take_turn
from voicebot.flow.events import FlowEvent, KeysPressed, NumberAccepted, NumberRefused
from voicebot.flow.instructions import CheckNumber
from voicebot.flow.session import FlowSession
from voicebot.service.ports import Recognisers
from voicebot.speech.audio import Samples

QUESTION = "ask_number"


class Arrival(StrEnum):
    """What became of a number."""

    AT_ONCE = "right at once"
    REPEATED = "right after one repetition"
    LEFT = "left to the keys"
    """Said twice and not understood, or wrong and noticed by the caller."""
    WRONG = "wrong"
    """Taken wrongly, and nobody asked the caller."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Somebody who says a number, and says it once more where we ask."""

    digits: str
    sayings: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What our listening made of each saying of a number."""

    digits: str
    events: tuple[FlowEvent, ...]


Gate = Callable[[CheckNumber], str | None]
"""Which of the numbers that may have been said is one that exists. None means that none is."""


def callers_as_recorded(strings: Sequence[DigitString], speakers: Sequence[Speaker]) -> Iterator[Caller]:
    """Yield a caller for each string of the manifest. The repetition is put together of other recordings."""
    dice, by_name = np.random.default_rng(11), {speaker.name: speaker for speaker in speakers}
    taken: dict[tuple[str, str], int] = {}
    for string in strings:
        first = list[int]()
        for digit in string.digits:
            first.append(taken.get((string.speaker, digit), 0))
            taken[string.speaker, digit] = first[-1] + 1
        again = by_name[string.speaker].say(string.digits, dice, not_as=first)
        yield Caller(digits=string.digits, sayings=(string.mulaw, again.mulaw))


def callers_of(speakers: Sequence[Speaker], numbers: Iterable[str]) -> Iterator[Caller]:
    """Yield a caller for each number, the speakers in turn."""
    dice = np.random.default_rng(12)
    for at, digits in enumerate(numbers):
        speaker = speakers[at % len(speakers)]
        first = speaker.say(digits, dice)
        again = speaker.say(digits, dice, not_as=first.takes)
        yield Caller(digits=digits, sayings=(first.mulaw, again.mulaw))


def in_noise(callers: Iterable[Caller], noises: Sequence[Samples], *, snr_db: float) -> Iterator[Caller]:
    """Yield the same callers, each in one of the noises in turn."""
    dice = np.random.default_rng(13)
    for at, caller in enumerate(callers):
        noise = noises[at % len(noises)]
        sayings = tuple(with_noise(saying, noise, snr_db=snr_db, dice=dice) for saying in caller.sayings)
        yield Caller(digits=caller.digits, sayings=sayings)


def takes_any(effect: CheckNumber) -> str:
    """Let every number pass."""
    return effect.digits


def wrong_numbers(cases: Sequence[str], count: int) -> list[str]:
    """Return numbers that are none of the cases, each one digit, or one swap of neighbours, away from one of them."""
    dice, found = np.random.default_rng(15), list[str]()
    while len(found) < count:
        digits = list(cases[int(dice.integers(len(cases)))])
        at = int(dice.integers(1, len(digits)))
        if len(found) % 2:
            digits[at - 1], digits[at] = digits[at], digits[at - 1]
        else:
            digits[at] = str((int(digits[at]) + int(dice.integers(1, 10))) % 10)
        wrong = "".join(digits)
        found += [wrong] if wrong not in cases else []
    return found


def case_numbers(count: int, *, seed: int) -> list[str]:
    """Return so many numbers of cases, as they are minted."""
    dice = np.random.default_rng(seed)
    return [mint_case_number(lambda length: "".join(map(str, dice.integers(10, size=length)))) for _ in range(count)]


def hear_caller(recognisers: Recognisers, asked: FlowSession, caller: Caller) -> Heard:
    """Let a caller say the number, and say it again."""
    events = tuple(hear_answer(recognisers, asked, saying)[0] for saying in caller.sayings)
    return Heard(digits=caller.digits, events=events)


def arrival(flow: Flow, asked: FlowSession, heard: Heard, *, gate: Gate, is_read_back: bool = True) -> Arrival:
    """Return what becomes of a number that was heard so. Without a read-back what is taken stands."""
    session = asked
    for at, event in enumerate(heard.events):
        told = take_turn(flow, session, event, NOW)
        effect = told.instructions[-1]
        number = gate(effect) if isinstance(effect, CheckNumber) else None
        if number == heard.digits:
            return Arrival.REPEATED if at else Arrival.AT_ONCE
        if not is_read_back:
            return Arrival.LEFT if number is None else Arrival.WRONG
        session = told.session if not isinstance(effect, CheckNumber) else _sent_back(flow, told.session, number)
    return Arrival.LEFT


def _sent_back(flow: Flow, session: FlowSession, number: str | None) -> FlowSession:
    """Return the session when the question is put again, since the gate or the caller said no."""
    if number is None:
        return take_turn(flow, session, NumberRefused(reason="unknown"), NOW).session
    read_back = take_turn(flow, session, NumberAccepted(number=number, national_digits=number), NOW).session
    return take_turn(flow, read_back, KeysPressed(keys="2"), NOW).session
