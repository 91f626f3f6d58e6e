"""Locale codes."""

import doctest

import pytest

from voicebot.domain import locale_tag
from voicebot.domain.locale_tag import best_locale, fallbacks, is_right_to_left, language_of, read_locale


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("EN_us", "en-US"),
        (" he-il ", "he-IL"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("english", None),
        ("", None),
        ("en-", None),
    ],
)
def test_a_tag_is_brought_into_its_usual_spelling(text: str, tag: str | None) -> None:
    assert read_locale(text) == tag


@pytest.mark.parametrize(
    ("wanted", "available", "best"),
    [
        ("en-US", {"en", "en-US"}, "en-US"),
        ("en-US", {"en", "ru"}, "en"),
        ("en-GB", {"en-US", "en-AU"}, "en-AU"),
        ("en", {"en-US"}, "en-US"),
        ("lt", {"en", "ru"}, None),
    ],
)
def test_the_nearest_locale_is_taken(wanted: str, available: set[str], best: str | None) -> None:
    assert best_locale(wanted, available) == best


def test_a_tag_falls_back_to_its_shorter_forms() -> None:
    assert fallbacks("en-US") == ("en-US", "en")
    assert language_of("sr-Latn-RS") == "sr"


def test_hebrew_is_written_from_right_to_left() -> None:
    assert is_right_to_left("he-IL")
    assert not is_right_to_left("ru")


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(locale_tag).failed == 0
