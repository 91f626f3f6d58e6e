"""A number said digit by digit. When this fails a caller's "oh", "double five" or stammer makes it another number."""

import pytest

from voicebot.domain.utterance import Alternative, Word
from voicebot.flow.spoken_english import English
from voicebot.flow.spoken_number import digit_phrases, keyed_number, numbers_in, spoken_number

ENGLISH = English()


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("two oh two", "202"),
        ("double five one", "551"),
        ("triple zero", "000"),
        ("f-f-five six", "56"),
        ("f- five", "5"),
        ("[unk] one two", "12"),
        ("nought o", "00"),
        ("five hundred", None),
        ("double", None),
        ("", None),
    ],
)
def test_number_said_digit_by_digit(text: str, digits: str | None) -> None:
    assert spoken_number(text, ENGLISH) == digits


@pytest.mark.parametrize(
    ("keys", "digits"), [("2025550199", "2025550199"), ("123*456", "456"), ("", ""), ("12*", ""), ("*0", "0")]
)
def test_keys_are_read_as_a_number(keys: str, digits: str) -> None:
    assert keyed_number(keys) == digits


def test_digit_phrases_have_oh_and_double() -> None:
    assert {"zero", "nine", "oh", "double", "triple"} <= set(digit_phrases(ENGLISH))


Timed = tuple[str, float, float]
"""A word, how long the silence before it is, and how long it is, in seconds."""


def _said(*words: Timed, cost: float = 0.0) -> Alternative:
    found, at = list[Word](), 0.0
    for text, pause_s, length_s in words:
        found.append(Word(text=text, start_s=at + pause_s, end_s=at + pause_s + length_s, confidence=1))
        at += pause_s + length_s
    return Alternative(text=" ".join(word.text for word in found), words=tuple(found), cost=cost)


def _plainly(text: str, cost: float = 0.0) -> Alternative:
    return _said(*((word, 0.1, 0.4) for word in text.split()), cost=cost)


def _numbers(*alternatives: Alternative) -> list[str]:
    return [number.digits for number in numbers_in(alternatives, ENGLISH)]


@pytest.mark.requirement("V-02")
def test_a_stammered_digit_is_one_and_one_said_twice_is_two() -> None:
    """Half a syllable right before the digit was begun and broken off. Two digits in a row are as long as others."""
    stammered = _said(("four", 0, 0.4), ("five", 0.1, 0.12), ("five", 0.05, 0.4), ("six", 0.1, 0.4))
    assert _numbers(stammered)[0] == "456"
    assert "4556" in _numbers(stammered), "the check digit may know better"
    assert _numbers(_plainly("four five five six"))[0] == "4556"


def test_a_digit_said_again_after_a_pause_may_be_one() -> None:
    paused = _said(("four", 0, 0.4), ("five", 0.1, 0.4), ("five", 1.2, 0.4), ("six", 0.1, 0.4))
    assert _numbers(paused) == ["4556", "456"]
    costs = [number.cost for number in numbers_in([paused], ENGLISH)]
    at_once = [number.cost for number in numbers_in([_plainly("four five five six")], ENGLISH)]
    assert costs[1] < at_once[1], "whoever pauses is likelier to have begun again"


def test_double_is_two_digits_whatever_else_was_heard() -> None:
    assert _numbers(_plainly("double five five oh")) == ["5550"]
    assert _numbers(_plainly("triple [unk] nine one")) == ["9991"]


def test_what_is_heard_in_several_ways_is_likelier() -> None:
    heard = [_plainly("one two"), _plainly("one oh", cost=0.3), _plainly("one zero", cost=0.3)]
    assert _numbers(*heard) == ["10", "12"]


def test_other_words_are_no_number() -> None:
    assert _numbers(_plainly("one person"), Alternative()) == []


def test_many_repetitions_are_not_read_in_every_way() -> None:
    assert len(_numbers(_plainly("five " * 12))) <= 16
