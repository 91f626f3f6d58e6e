"""A case is opened from another telephone by its number, said in a real voice or keyed, and the code of our text."""

from pathlib import Path

import numpy as np
import pytest

from tests.calls.house import House
from tests.calls.people import REMEDY, REMEDY_WORDS, hurried_presser
from voicebot.cli.bench.digit_clips import digit_strings, speakers_of
from voicebot.domain.call import Call
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.simulator import Caller, press, rest, speak
from voicebot.simulator.caller import Speak

ELSEWHERE = "+12025550177"
pytestmark = [pytest.mark.heavy, pytest.mark.requirement("S2-16")]


@pytest.fixture
def case(house: House) -> Ticket:
    """A case that somebody reported with their own telephone, and for which a call is promised."""
    house.ring(hurried_presser())
    house.step(minutes=20)
    return house.the_ticket()


def said(speech_dir: Path, digits: str) -> Speak:
    """Let somebody say a number digit by digit."""
    (speaker, *_) = speakers_of(digit_strings(speech_dir))
    return Speak(speaker.say(digits, np.random.default_rng(7)).mulaw, "number")


def call_from(house: House, number: str) -> Call:
    (call,) = (call for call in house.calls() if call.caller_number == number)
    return call


def test_a_number_is_said_and_keyed_if_not_understood_and_words_are_added(
    house: House, case: Ticket, speech_dir: Path
) -> None:
    caller = (
        Caller()
        .after("ask_story", press("2"))
        .after("ask_case_number", said(speech_dir, case.case_number), nth=1)
        .after("ask_case_number", press(case.case_number), nth=2)
        .after("no_match_1_digits", press(case.case_number))
        .after("ask_code", press(case.pin))
        .after("ask_addition", speak(speech_dir / REMEDY), rest(0.5), press("#"))
    )
    call = house.ring(caller, ELSEWHERE)
    assert (call.ended_by, call.errors) == ("hotline", ())
    assert "say_added" in call.heard
    with house.work() as work:
        joined = work.tickets.get(case.id)
        spoken = [answer.text for answer in work.tickets.answers(case.id)]
    assert joined is not None
    assert REMEDY_WORDS in joined.problem
    assert call_from(house, ELSEWHERE).ticket_id == case.id
    assert not any(case.pin in text.replace(" ", "") for text in spoken), "a code is kept nowhere"


def test_number_and_code_are_keyed_and_the_promised_call_is_moved(house: House, case: Ticket) -> None:
    caller = (
        Caller()
        .after("ask_story", press("2"))
        .after("ask_case_number", press(case.case_number))
        .after("ask_code", press(case.pin))
        .after("ask_addition", press("2"))
        .after("choose_window", press("2"))
    )
    call = house.ring(caller, ELSEWHERE)
    assert (call.ended_by, call.errors) == ("hotline", ())
    assert "confirm_promise" in call.heard
    with house.work() as work:
        before, after = sorted(work.promises.of_ticket(case.id), key=lambda each: each.made_at)
    assert (before.state, after.state) == (PromiseState.MOVED, PromiseState.OPEN)
    assert after.window_opens_at > before.window_opens_at


def test_a_wrong_code_opens_nothing_and_a_person_is_offered(house: House, case: Ticket) -> None:
    wrong = f"{(int(case.pin) + 1) % 10_000:04}"
    caller = (
        Caller()
        .after("ask_story", press("2"))
        .after("ask_case_number", press(case.case_number))
        .after("ask_code", press(wrong))
        .after("ask_without_case", press("#"))
    )
    call = house.ring(caller, ELSEWHERE)
    assert call.errors == ()
    assert not {"know_case_by_code", "say_status", "say_window"} & set(call.heard)
    (own, other) = sorted(house.tickets(), key=lambda ticket: ticket.opened_at)
    assert (own.id, own.status) == (case.id, TicketStatus.OPEN)
    assert own.problem == case.problem
    assert other.id == call_from(house, ELSEWHERE).ticket_id
