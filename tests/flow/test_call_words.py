"""Sentences of calls that we make, with their slots filled."""

from tests.flow.small_flow import small_flow
from voicebot.flow.call_words import CallWords, said_digits, words_of_call


def test_slots_are_filled_and_empty_ones_leave_no_gap() -> None:
    flow = small_flow()
    slots = {"case_end": said_digits("305"), "number_end": said_digits("143"), "promise": "Until noon."}
    assert words_of_call(flow, "en", CallWords.WHISPER, slots) == (
        "Promised call. Case ending 3 0 5. Until noon. To be connected with the number ending 1 4 3, press 1."
    )


def test_a_locale_without_such_words_hears_those_of_the_first() -> None:
    flow = small_flow()
    assert words_of_call(flow, "lt", CallWords.BUSY, {}) == words_of_call(flow, "en", CallWords.BUSY, {})
