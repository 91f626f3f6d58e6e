"""Which of the numbers that may have been said is taken. When this fails a caller's number is another one."""

import pytest

from voicebot.domain.utterance import HeardNumber
from voicebot.flow.nodes import DigitAnswer, NumberForm
from voicebot.flow.number_choice import FARTHEST, MOST_CHOICES, choices

CASE = DigitAnswer(form=NumberForm.CASE_NUMBER, min_digits=9, max_digits=9, go="next")
ANY = DigitAnswer(min_digits=7, max_digits=10, go="next")


def _heard(**costs: float) -> tuple[HeardNumber, ...]:
    return tuple(HeardNumber(digits=digits.removeprefix("n"), cost=cost) for digits, cost in costs.items())


@pytest.mark.requirement("V-02")
def test_the_check_digit_finds_the_number_that_was_said_among_the_guesses() -> None:
    heard = _heard(n482719301=0, n482719300=2)
    assert choices(heard, CASE) == ("482719300",)
    assert choices(heard, ANY) == ("482719301", "482719300")


def test_a_guess_far_less_likely_than_the_best_is_not_what_was_said() -> None:
    assert choices(_heard(n482719301=0, n482719300=FARTHEST + 0.1), CASE) == ()


def test_a_number_has_as_many_digits_as_are_wanted() -> None:
    assert choices(_heard(n123456=0, n1234567=1, n12345678901=2), ANY) == ("1234567",)


def test_what_the_caller_said_no_to_is_not_taken_again() -> None:
    assert choices(_heard(n5550143=0, n5550142=3), ANY, refused=("5550143",)) == ("5550142",)


def test_the_second_saying_of_a_number_and_the_first_decide_together() -> None:
    """Neither heard it best, and only what both may have heard was said twice."""
    first, second = _heard(n5550143=0, n5550142=3), _heard(n5550192=0, n5550142=2)
    assert choices(second, ANY, earlier=first)[0] == "5550142"
    assert choices((), ANY, earlier=first) == (), "what was said before was asked about before"


def test_who_said_another_number_before_is_heard_with_the_one_said_now() -> None:
    first, second = _heard(n5550143=0), _heard(n2025550199=0)
    assert "2025550199" in choices(second, ANY, earlier=first, refused=("5550143",))


def test_no_more_are_kept_than_can_be_asked_about() -> None:
    many = tuple(HeardNumber(digits=f"{1000000 + at}", cost=at / 10) for at in range(20))
    assert len(choices(many, ANY)) == MOST_CHOICES
    assert choices((), ANY) == ()
