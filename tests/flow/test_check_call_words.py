"""What `voicebot flows check` says of the words of calls that we make."""

import pytest

from tests.flow.small_flow import FILES
from voicebot.flow.check_call_words import check_call_words
from voicebot.flow.inspection import Inspection
from voicebot.flow.reader import parse_flow

FILE = "shared/calls.en.yaml"


def issues(calls: str) -> list[str]:
    flow = parse_flow({**FILES, FILE: calls})
    return [issue.found for issue in check_call_words(Inspection(flow=flow), "en")]


def test_the_words_that_come_with_us_are_right() -> None:
    assert issues(FILES[FILE]) == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("hello: hi\n", "hello is said on no call"),
        ("", "no words for staff_busy in en"),
        ('staff_busy: "{who} is busy"\n', "staff_busy has the slot who, which nothing fills"),
    ],
)
def test_other_words_are_faults(more: str, found: str) -> None:
    kept = [line for line in FILES[FILE].splitlines() if not line.startswith("staff_busy")]
    assert found in issues("\n".join(kept) + "\n" + more)


def test_a_notice_that_names_no_key_to_refuse_is_a_fault() -> None:
    """Who is told of a recording and of no way out of it has agreed to nothing."""
    mute = FILES[FILE].replace("To talk without a recording, press 8. ", "")
    assert issues(mute) == ["announce_recorded_keys does not say that key 8 refuses the recording"]


def test_what_the_complainant_hears_is_short() -> None:
    longer = FILES[FILE].replace(
        'announce_keys: "To talk now',
        'announce_keys: "Well, as we said in our text to you a short while ago: to talk now',
    )
    assert issues(longer) == ["announce_keys has 31 words"]
