"""Words of languages come from their files, whatever accents somebody leaves out."""

import doctest

import pytest

from voicebot.domain import language_words
from voicebot.domain.language_words import FILES, LANGUAGES, folded, forms_of, words_beside, words_of_dates


def test_words_are_compared_without_accents() -> None:
    assert [folded(word) for word in ("Štyri", "пятёрка", "card", "ЧЕТЫРЕ")] == ["styri", "пятерка", "card", "четыре"]
    assert forms_of(["Nula Jeden", "Á"]) == (("nula", "jeden"), ("a",))
    assert doctest.testmod(language_words).failed == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_has_all_that_a_language_needs(language: str) -> None:
    told = FILES[language]
    months = forms_of(told["dates"]["months"])
    assert len(months[0]) == 12
    for small in forms_of(told["numbers"]["small"]):
        assert len(small) in (11, 20), "up to ten, where 11 to 19 are put together"
    assert {len(tens) for tens in forms_of(told["numbers"]["tens"])} == {8}
    assert {"birth", "within", "days"} <= set(told["dates"])
    assert {"card", "no_payment", "telephone", "other"} <= set(told["beside"])


def test_words_of_all_languages_stand_beside_private_numbers_with_what_is_put_before_them() -> None:
    assert {"tarjeta", "карту", "כרטיס", "בכרטיס", "kartica", "kortele", "karta"} <= words_beside("card")
    assert {"enero", "мая", "במאי", "svibnja", "geguzes", "maja"} <= words_of_dates("months")
