"""The language of a text is told by its script."""

import pytest

from voicebot.web.console.script import language_of


@pytest.mark.parametrize(
    ("text", "locale", "language"),
    [
        ("my kettle leaks", "en-US", "en-US"),
        ("чайник течёт", "en-US", "ru"),
        ("чайник тече", "uk-UA", "uk-UA"),
        ("הקומקום דולף", "en-US", "he"),
        ("הקומקום דולף", "he-IL", "he-IL"),
        ("my kettle", "he-IL", "en"),
        ("mein Kessel", "de-DE", "de-DE"),
        ("moj čajnik", "sr", "sr"),
        ("мој чајник", "sr", "sr"),
        ("주전자가 샌다", "en-US", "ko"),
        ("電気ケトルの水漏れ", "en-US", "ja"),
        ("水壶漏水", "en-US", "zh"),
        ("الغلاية تسرب", "en-US", "ar"),
        ("order 482, чайник Bosch течёт вторую неделю", "en-US", "ru"),
        ("the word чайник in English", "en-US", "en-US"),
        ("123 …!", "he-IL", "he-IL"),
        ("", "en-US", "en-US"),
        ("😀😀", "en-US", "en-US"),
    ],
)
def test_a_text_is_marked_with_its_own_language(text: str, locale: str, language: str) -> None:
    assert language_of(text, locale) == language


def test_what_staff_write_is_the_page_s_language_unless_its_script_says_otherwise() -> None:
    assert (language_of("called back"), language_of("перезвонил")) == ("en", "ru")
