"""What becomes of a number that is said twice at most. When these fail the figures tell of another hotline."""

from functools import lru_cache

import numpy as np
import pytest

from tests.flow.small_flow import project_texts
from voicebot.cli.bench.answers import asked_at
from voicebot.cli.bench.digit_clips import DigitString, Speaker
from voicebot.cli.bench.digit_run import (
    QUESTION,
    Arrival,
    Heard,
    arrival,
    callers_as_recorded,
    callers_of,
    case_numbers,
    in_noise,
)
from voicebot.domain.case_number import is_valid
from voicebot.domain.utterance import HeardNumber, Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.events import FinishedBy, FlowEvent, NoInput, UtteranceHeard
from voicebot.flow.instructions import CheckNumber
from voicebot.flow.reader import read_flow
from voicebot.speech.audio import encode_mulaw

RIGHT, WRONG = "two zero two five five five zero one four three", "two zero two five five five zero one four four"


@lru_cache
def _flow() -> Flow:
    return read_flow(project_texts("complaint", "shared"))


def _says(words: str) -> FlowEvent:
    return UtteranceHeard(utterance=Utterance(text=words), finished_by=FinishedBy.SILENCE)


def _arrives(*events: FlowEvent, is_read_back: bool = True, exists: bool = True) -> Arrival:
    def gate(effect: CheckNumber) -> str | None:
        return effect.digits if exists else None

    asked, heard = asked_at(_flow(), QUESTION), Heard(digits="2025550143", events=events)
    return arrival(_flow(), asked, heard, gate=gate, is_read_back=is_read_back)


@pytest.mark.parametrize(
    ("events", "becomes"),
    [
        ((_says(RIGHT), _says(WRONG)), Arrival.AT_ONCE),
        ((_says(WRONG), _says(RIGHT)), Arrival.REPEATED),
        ((_says("[unk]"), _says(RIGHT)), Arrival.REPEATED),
        ((NoInput(), _says(RIGHT)), Arrival.REPEATED),
        ((_says(WRONG), _says("[unk]")), Arrival.LEFT),
    ],
)
def test_a_number_is_read_back_and_said_once_more(events: tuple[FlowEvent, ...], becomes: Arrival) -> None:
    assert _arrives(*events) is becomes


def test_a_wrong_number_that_nobody_reads_back_is_wrong() -> None:
    assert _arrives(_says(WRONG), _says(RIGHT), is_read_back=False) is Arrival.WRONG
    assert _arrives(_says("[unk]"), _says(RIGHT), is_read_back=False) is Arrival.LEFT


def test_a_number_that_does_not_exist_is_asked_for_again_and_never_taken() -> None:
    assert _arrives(_says(RIGHT), _says(RIGHT), exists=False) is Arrival.LEFT


def test_what_was_read_back_and_refused_is_not_read_back_again() -> None:
    """The same mistake twice: the second best guess of both is what was said."""
    numbers = (HeardNumber(digits="2025550144"), HeardNumber(digits="2025550143", cost=4))
    heard = UtteranceHeard(utterance=Utterance(text=WRONG, numbers=numbers), finished_by=FinishedBy.SILENCE)
    assert _arrives(heard, heard) is Arrival.REPEATED


def test_callers_say_a_number_twice_in_other_recordings_and_in_noise() -> None:
    takes = {digit: [np.full(800 + 80 * take, 1000, dtype=np.int16) for take in range(3)] for digit in "12"}
    speaker = Speaker(name="ann", takes=takes)
    string = DigitString(speaker="ann", digits="12", mulaw=encode_mulaw(takes["1"][0]), gaps_ms=(80,))
    recorded = list(callers_as_recorded([string, string], [speaker]))
    made = list(callers_of([speaker], ["12", "21"]))
    noisy = list(in_noise(made, [np.arange(-500, 500, dtype=np.int16)], snr_db=10))
    assert recorded[0].sayings[0] == string.mulaw
    assert [one.digits for one in (*recorded, *made, *noisy)] == ["12", "12", "12", "21", "12", "21"]
    assert all(one.sayings[0] != one.sayings[1] for one in (*recorded, *made, *noisy))
    assert noisy[0].sayings != made[0].sayings


def test_case_numbers_are_those_that_are_minted() -> None:
    numbers = case_numbers(20, seed=1)
    assert len(set(numbers)) == 20
    assert all(is_valid(number) for number in numbers)
