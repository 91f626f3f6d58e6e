"""Keys pressed on the left, answers on the right."""

import pytest

from voicebot.flow.instructions import DigitCollection
from voicebot.service.listening.keypad import Keypad, KeyPresses

NUMBER = DigitCollection(max_digits=5, inter_digit_s=4)


def _press(keypad: Keypad, keys: str, *, at_s: float = 0.0, gap_s: float = 0.3) -> list[str | None]:
    return [keypad.press(key, at_s + place * gap_s) for place, key in enumerate(keys)]


def test_single_key_is_an_answer_at_once_and_others_are_ignored() -> None:
    keypad = Keypad(("1", "2"), None)
    assert _press(keypad, "3*1") == [None, None, "1"]
    assert (keypad.matters("1"), keypad.matters("3")) == (True, False)
    assert keypad.check(100) is None


def test_every_key_matters_while_a_number_is_wanted() -> None:
    assert Keypad((), NUMBER).matters("3")


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        ("12345", [None, None, None, None, "12345"]),
        ("12#", [None, None, "12"]),
        ("#", [""]),
        ("0#", [None, "0"]),
        ("**", [None, "*"]),
        ("*0", [None, "*0"]),
        ("*9", [None, "*9"]),
        ("12*0", [None, None, None, "*0"]),
        ("12*34#", [None, None, None, None, None, "34"]),
        ("12*#", [None, None, None, ""]),
    ],
)
def test_keys_of_a_number_become(keys: str, answers: list[str | None]) -> None:
    assert _press(Keypad(("*",), NUMBER), keys) == answers


def test_number_with_another_end_key_ignores_hash() -> None:
    assert _press(Keypad((), DigitCollection(max_digits=9, end_key="*")), "1#2") == [None, None, None]


def test_what_was_keyed_so_far_is_known() -> None:
    keypad = Keypad((), NUMBER)
    _press(keypad, "20")
    assert keypad.typed == "20"


def test_star_alone_means_again_after_a_moment() -> None:
    keypad = Keypad(("*",), NUMBER)
    _press(keypad, "*", at_s=10)
    assert keypad.is_typing
    assert keypad.check(11.4) is None
    assert keypad.check(11.5) == "*"


def test_unfinished_number_is_taken_after_the_inter_digit_time() -> None:
    keypad = Keypad(("*",), NUMBER)
    _press(keypad, "12", at_s=10, gap_s=1)
    assert keypad.check(14.9) is None
    assert keypad.check(15) == "12"


def test_key_with_its_own_meaning_counts_when_pressed_alone_first() -> None:
    keypad = Keypad(("*", "0"), NUMBER)
    _press(keypad, "0", at_s=10)
    assert keypad.check(11.4) is None
    assert keypad.check(11.5) == "0"


def test_key_with_its_own_meaning_is_a_digit_within_a_number() -> None:
    keypad = Keypad(("*", "0"), NUMBER)
    assert _press(keypad, "020#") == [None, None, None, "020"]


def test_nothing_keyed_is_nothing_however_long_one_waits() -> None:
    keypad = Keypad(("*",), NUMBER)
    assert not keypad.is_typing
    assert keypad.check(1000) is None


@pytest.mark.parametrize(
    ("gap_s", "is_repeated"), [(0.0, True), (0.06, True), (0.08, True), (0.1, False), (0.12, False), (1.0, False)]
)
def test_a_press_reported_twice_is_one_and_who_presses_twice_means_two(*, gap_s: float, is_repeated: bool) -> None:
    presses = KeyPresses()
    assert not presses.is_repeated("1", 5.0)
    assert presses.is_repeated("1", 5.0 + gap_s) is is_repeated


def test_another_key_is_another_press_however_soon() -> None:
    presses = KeyPresses()
    assert [presses.is_repeated(key, 5.0) for key in "1212"] == [False] * 4


def test_keys_that_few_telephones_have_belong_to_no_number() -> None:
    keypad = Keypad(("*",), NUMBER)
    assert [keypad.matters(key) for key in "ABCD"] == [False] * 4
    assert all(keypad.matters(key) for key in "0123456789*#")


def test_keys_within_half_a_second_of_a_new_question_are_left_over() -> None:
    keypad = Keypad(("1",), None)
    assert not keypad.is_left_over("1", 0.0)
    keypad.begin_at(5.0)
    assert [keypad.is_left_over("1", at_s) for at_s in (5.0, 5.4, 5.5, 9.0)] == [True, True, False, False]


def test_a_question_heard_to_its_end_takes_any_key_however_short_it_was() -> None:
    keypad = Keypad(("1",), None)
    keypad.begin_at(5.0)
    keypad.question_heard()
    assert not keypad.is_left_over("1", 5.2)


def test_a_key_that_means_the_same_everywhere_is_left_over_only_when_it_ended_the_question_before() -> None:
    keypad = Keypad(("1", "0", "8"), None, standing=("0", "8"))
    keypad.begin_at(10.0, pressed_before="0")
    assert [key for key in ("1", "0", "8") if keypad.is_left_over(key, 10.2)] == ["1", "0"]
    assert not keypad.is_left_over("0", 10.6)
