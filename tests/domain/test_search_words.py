"""Words as the search compares them."""

import pytest

from voicebot.domain.search_words import LONGEST_WORD, digits_of, number_word, words_of, written_words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Don't  ring AB-1234!", ["don", "t", "ring", "ab", "1234"]),
        ("snake_case", ["snake", "case"]),
        ("Łódź, Đurđa, Øre, ısı", ["lodz", "durda", "ore", "isi"]),
        ("re\u00adfund brok\u202een", ["refund", "broken"]),
        ("ﬁne １２", ["fine", "12"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("😀 -- “”", []),
        ("a" * 99, ["a" * LONGEST_WORD]),
    ],
)
def test_words_are_letters_and_digits_alone_folded(written: str, words: list[str]) -> None:
    assert words_of(written) == words


def test_a_word_is_found_where_it_was_written_accents_and_all() -> None:
    text = "Café, שָׁלוֹם re\u0301sume\u0301"
    assert [(text[begin:end], word) for begin, end, word in written_words(text)] == [
        ("Café", "cafe"),
        ("שָׁלוֹם", "שלום"),
        ("re\u0301sume\u0301", "resume"),
    ]


def test_the_last_digits_of_a_number_are_its_beginning() -> None:
    assert number_word("+1 (202) 555-1020").startswith(number_word("1020"))
    assert (number_word("Bob"), digits_of("٣٤ 5")) == ("", "345")


def test_a_point_that_stands_alone_is_no_word() -> None:
    assert [word for _, _, word in written_words("\ufe70 fine")] == ["fine"]


def test_a_plain_text_is_taken_apart_like_one_with_accents() -> None:
    for text in ("It's HG-0042_x, 50% of", "a" * 50, "", "__ -- !", "ab\x1fcd\n EF"):
        assert list(written_words(text)) == list(written_words(f"{text} \u00e9"))[:-1]
