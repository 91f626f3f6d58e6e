"""What else may have been said. When this fails the number that a caller said in two parts is not among the guesses."""

from voicebot.domain.utterance import Alternative, Word
from voicebot.speech.alternatives import MOST, joined


def _alternative(text: str, cost: float) -> Alternative:
    words = tuple(Word(text=word, start_s=at, end_s=at + 1, confidence=1) for at, word in enumerate(text.split()))
    return Alternative(text=text, words=words, cost=cost)


def test_the_parts_of_an_answer_are_joined_the_likeliest_first() -> None:
    first = (_alternative("one", 0), _alternative("nine", 2))
    second = (_alternative("five", 0), _alternative("oh", 1))
    whole = joined([first, second])
    assert [(one.text, one.cost) for one in whole] == [("one five", 0), ("one oh", 1), ("nine five", 2), ("nine oh", 3)]
    assert [word.text for word in whole[2].words] == ["nine", "five"]


def test_a_silent_part_changes_nothing() -> None:
    spoken = (_alternative("one", 0),)
    assert joined([(), spoken, ()]) == spoken
    assert joined([]) == joined([(), ()]) == ()


def test_no_more_are_kept_than_the_next_part_can_bear() -> None:
    many = tuple(_alternative(f"w{at}", at) for at in range(20))
    whole = joined([many, many, many])
    assert len(whole) == MOST
    assert [one.cost for one in whole] == sorted(one.cost for one in whole)
