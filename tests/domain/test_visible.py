"""What nobody sees in a text is shown as a mark, and what people need to write their script or an emoji stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain.visible import visible


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202elive", "[U+202E]live"),
        ("a\u2066b\u2069c", "a[U+2066]b[U+2069]c"),
        ("pass\u200bword", "pass[U+200B]word"),
        ("pass\u200dword", "pass[U+200D]word"),
        ("\ufeffhello", "[U+FEFF]hello"),
        ("hi\U000e0068\U000e0069", "hi[U+E0068][U+E0069]"),
        ("left\u200fright", "left[U+200F]right"),
        ("\x1b[2Jgone", "[U+001B][2Jgone"),
        ("over\rwritten", "over[U+000D]written"),
        ("\u3164\u115f", "[U+3164][U+115F]"),
    ],
)
def test_what_nobody_sees_is_a_mark(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines\tand\r\nmore",
        "שלום\u200f עולם",
        "מחיר \u200e12:00",
        "می\u200cخواهم",
        "क्\u200dष",
        "\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "naïve Ærø “quoted” – 5 €",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_no_override_of_a_direction_and_no_control_is_left_in_any_text(text: str) -> None:
    shown = visible(text)
    assert not [each for each in shown if unicodedata.bidirectional(each) in {"RLO", "LRO", "RLE", "LRE", "PDF"}]
    assert not [each for each in shown if unicodedata.category(each) == "Cc" and each not in "\n\t\r"]
