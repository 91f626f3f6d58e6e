"""Words and keys against the vocabulary."""

import pytest

from voicebot.flow.definition import PhraseList
from voicebot.flow.grammar import (
    closed_grammar,
    commands_of,
    digit_phrases,
    ends_with_command,
    find_command,
    keyed_number,
    match_answer,
    phrases_of,
    plain,
    spoken_number,
)
from voicebot.flow.spoken_english import English

ENGLISH = English()
CHOICES = {"yes": ("yes", "yeah", "that's right"), "no": ("no", "not really"), "later": ("another time", "no")}
PERSON = ("person", "supervisor", "a supervisor")
VOCABULARY = {
    "yes": PhraseList(phrases=("yes", "right")),
    "person": PhraseList(phrases=("manager",), lead_ins=("talk to a", "i want a")),
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("Yes!", "yes"),
        ("yes yeah that's right", "yes"),
        ("[unk] yeah [unk]", "yes"),
        ("not really", "no"),
        ("another time", "later"),
        ("no another time", "later"),
        ("yes no", None),
        ("yes tomorrow", None),
        ("[unk]", None),
        ("", None),
    ],
)
def test_answer(text: str, answer: str | None) -> None:
    assert match_answer(text, CHOICES) == answer


def test_a_word_of_two_answers_alone_is_nobodys() -> None:
    assert match_answer("no", CHOICES) is None


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("a supervisor", True),
        ("no [unk] a person please", True),
        ("personal", False),
        ("supervisory person-to-person", False),
        ("", False),
    ],
)
def test_command_anywhere_in_a_short_answer(text: str, is_found: bool) -> None:
    assert find_command(text, PERSON) is is_found


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("my parcel is lost a supervisor", "a supervisor"),
        ("a supervisor", "a supervisor"),
        ("the supervisor was rude", None),
        ("", None),
    ],
)
def test_command_at_the_end_of_free_speech(text: str, phrase: str | None) -> None:
    assert ends_with_command(text, PERSON) == phrase


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
def test_number_keyed(keys: str, digits: str) -> None:
    assert keyed_number(keys) == digits


def test_grammar_has_each_phrase_once_and_the_unknown_last() -> None:
    assert closed_grammar(["yes", "no", "yes"]) == ("yes", "no", "[unk]")


def test_commands_may_be_said_politely() -> None:
    polite = {"person": PhraseList(phrases=("a manager",), lead_ins=("i want",), tails=("please",))}
    assert commands_of(polite, ["person"]) == (
        "a manager",
        "a manager please",
        "i want a manager",
        "i want a manager please",
    )


def test_phrases_come_without_lead_ins_and_commands_with_each() -> None:
    assert phrases_of(VOCABULARY, ["person", "yes", "nowhere"]) == ("manager", "yes", "right")
    assert commands_of(VOCABULARY, ["person", "nowhere"]) == ("manager", "talk to a manager", "i want a manager")


def test_digit_phrases_have_oh_and_double() -> None:
    assert {"zero", "nine", "oh", "double", "triple"} <= set(digit_phrases(ENGLISH))


def test_plain_words_have_no_punctuation_and_no_unknown() -> None:
    assert plain("  That's fine, [unk] OK. ") == "that's fine ok"
