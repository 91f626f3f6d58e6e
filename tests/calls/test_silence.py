"""Callers who say nothing, or cannot."""

import pytest

from tests.calls.house import CALLER_NUMBER, House
from voicebot.simulator.caller import Caller, press

UNKNOWN = "+266696687"
"""How a carrier writes "anonymous"."""


@pytest.mark.requirement("S0-11")
def test_a_silent_call_is_asked_three_times_and_leaves_a_case_and_a_text_that_invites_words(house: House) -> None:
    call = house.ring(Caller())
    asked = [key for key in call.heard if key.startswith("no_input")]
    assert asked == ["no_input_1_story", "no_input_2_story", "no_input_3"]
    assert call.ended_by == "hotline"
    assert house.the_ticket().owner_id
    (text,) = house.texts_to(CALLER_NUMBER)
    assert "could not hear you" in text.body


@pytest.mark.requirement("S0-11")
def test_a_silent_caller_without_a_number_is_told_so_and_still_has_a_ticket(house: House) -> None:
    call = house.ring(Caller(), UNKNOWN)
    assert call.heard[-1] == "no_input_3_unknown_number"
    assert house.the_ticket().complainant_number is None
    assert house.carrier.ledger.messages == {}


def test_key_5_ends_in_a_text_instead_of_talk(house: House) -> None:
    call = house.ring(Caller().after("ask_story", press("5")))
    assert call.ended_by == "hotline"
    assert len(house.texts_to(CALLER_NUMBER)) == 1


def test_a_caller_without_a_number_keys_one_is_called_there_and_told_that_no_text_comes(house: House) -> None:
    caller = (
        Caller()
        .after("ask_story", press("#"))
        .after("ask_remedy", press("#"))
        .after("ask_number", press("2025550177#"))
        .after("read_back_number", press("1"))
        .after("choose_window", press("1"))
    )
    call = house.ring(caller, UNKNOWN)
    assert "confirm_promise_no_text" in call.heard
    ticket = house.the_ticket()
    assert ticket.complainant_number == "+12025550177"
    with house.work() as work:
        assert work.promises.open_of_ticket(ticket.id) is not None
    assert house.carrier.ledger.messages == {}, "nobody may make us text a stranger by keying a number"
