"""Words where a mistake matters most."""

import pytest

from voicebot.domain.doubt import WeightyWords
from voicebot.flow.spoken import LANGUAGES
from voicebot.flow.weighty_words import weighty_words


@pytest.mark.parametrize("said", ["two", "monday", "not", "couldn't", "oh two", "mister hale", "name is anna"])
def test_numbers_dates_negations_and_names_are_weighty_in_english(said: str) -> None:
    texts = said.split()
    assert weighty_words("en-GB").are_at(texts, 0 if said == "oh two" else len(texts) - 1)


@pytest.mark.parametrize("said", ["kettle", "may", "oh", "my name", "may oh"])
def test_other_words_are_not(said: str) -> None:
    texts = said.split()
    assert not weighty_words("en").are_at(texts, len(texts) - 1)


@pytest.mark.parametrize("locale", sorted(LANGUAGES))
def test_every_language_that_we_speak_has_its_digits_among_them(locale: str) -> None:
    assert set(LANGUAGES[locale].digit_words) <= weighty_words(locale).numbers


def test_a_language_that_nobody_has_listed_has_none() -> None:
    assert weighty_words("hr") == WeightyWords()
