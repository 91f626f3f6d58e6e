"""What somebody typed into the one box, read as what is to be looked for."""

import pytest

from voicebot.domain.search_question import MOST_WORDS, SearchQuestion, Wanted, is_number, read_question


def words(question: SearchQuestion) -> set[tuple[str, bool]]:
    """Return every word that may be met, and whether its beginning is enough."""
    return {(wanted.word, wanted.is_beginning) for wanted in question.words()}


@pytest.mark.requirement("S1-20")
@pytest.mark.parametrize("typed", ["482719300", "482-719-300", " 482 719 300 ", "482\u2013719\u2013300"])
def test_a_case_number_is_one_however_it_is_written(typed: str) -> None:
    assert (read_question(typed).case_number, read_question(typed).is_mistyped) == ("482719300", False)


@pytest.mark.requirement("S1-20")
@pytest.mark.parametrize("typed", ["482-719-301", "482 917 300", "082719300"])
def test_a_wrong_digit_is_known_without_looking(typed: str) -> None:
    assert (read_question(typed).case_number, read_question(typed).is_mistyped) == (None, True)


@pytest.mark.parametrize("typed", ["482-719", "+482719301", "4827193010", "broken"])
def test_what_is_no_case_number_is_no_mistyped_one(typed: str) -> None:
    assert read_question(typed).is_mistyped is False


def test_digits_are_the_end_of_a_number_or_a_word() -> None:
    assert words(read_question("1020")) == {("§0201", True), ("1020", True)}
    assert words(read_question("020 7123 4567")) >= {("§7654321702", True)}
    assert words(read_question("0201")) >= {("§1020", True)}
    assert words(read_question("12")) == {("12", False)}
    assert words(read_question("Olive 1020")) == {("olive", True), ("1020", True), ("§0201", True)}


def test_each_word_is_wanted_once_and_no_more_than_so_many() -> None:
    assert words(read_question("a to REFUND refund")) == {("a", False), ("to", False), ("refund", True)}
    assert len(read_question(" ".join(f"word{n}x" for n in range(50))).terms) == MOST_WORDS


@pytest.mark.parametrize("typed", ["", "  ", "--", "\x00", "“*”"])
def test_nothing_is_looked_for_when_nothing_was_typed(typed: str) -> None:
    assert read_question(typed).terms == ()


def test_the_end_of_a_number_is_told_from_a_word() -> None:
    assert [
        is_number(wanted) for wanted in (Wanted("§0201", is_beginning=True), Wanted("0201", is_beginning=True))
    ] == [
        True,
        False,
    ]


def test_a_word_is_met_by_itself_and_by_what_it_begins_where_its_beginning_is_enough() -> None:
    whole, begun = Wanted("broken", is_beginning=False), Wanted("brok", is_beginning=True)
    assert [each.is_met_by("broken") for each in (whole, begun)] == [True, True]
    assert [each.is_met_by("brokenly") for each in (whole, begun)] == [False, True]
