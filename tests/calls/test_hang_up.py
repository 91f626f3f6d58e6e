"""Callers who put the phone down, at every step there is."""

from pathlib import Path

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import STORY, STORY_WORDS, hurried, hurried_presser, story_teller
from voicebot.service.call.silent_call import WORDS_SETTLED_AFTER
from voicebot.simulator.caller import Caller, hang_up, rest, speak

STEPS = [
    "greet_caller",
    "say_recording_notice",
    "ask_story",
    pytest.param("ask_remedy", marks=pytest.mark.long),
    "confirm_number",
    pytest.param("announce_text", marks=pytest.mark.long),
    "choose_window",
    "confirm_promise",
    "say_case_number",
]
"""Each prompt of a whole call. Beside those of `make test-long` stands one after which the call ends alike."""


def leaves_after(step: str) -> Caller:
    """Key through the call up to a step, then put the phone down instead of answering."""
    kept = tuple(reaction for reaction in hurried_presser().reactions if reaction.key != step)
    return Caller(reactions=kept).after(step, hang_up())


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("step", STEPS)
def test_whoever_hangs_up_leaves_one_ticket_with_owner_promise_and_one_text(house: House, step: str) -> None:
    call = house.ring(leaves_after(step))
    assert call.ended_by == "caller"
    ticket = house.the_ticket()
    assert ticket.owner_id
    with house.work() as work:
        assert work.promises.open_of_ticket(ticket.id) is not None
    assert len(house.texts_to(CALLER_NUMBER)) == 1
    house.step(minutes=10)
    assert len(house.texts_to(CALLER_NUMBER)) == 1


@pytest.mark.requirement("S0-11")
def test_hanging_up_in_the_middle_of_the_story_keeps_what_was_said(house: House, speech_dir: Path) -> None:
    house.ring(Caller().after("ask_story", speak(speech_dir / STORY), rest(0.2), hang_up()))
    # The status callback may overtake the stream, whose last frames are still being decoded.
    house.wait_for(lambda: STORY_WORDS in house.the_ticket().problem, "the words said before the hang-up")
    # Where it did, the text waits until words must have come.
    house.step(seconds=WORDS_SETTLED_AFTER.total_seconds())
    assert house.answers(house.the_ticket())["story"].audio_key is not None
    assert len(house.texts_to(CALLER_NUMBER)) == 1


@pytest.mark.heavy
def test_hanging_up_during_the_promise_changes_nothing(house: House, speech_dir: Path) -> None:
    house.ring(hurried(story_teller(speech_dir)).during("confirm_promise", 1.0, hang_up()))
    ticket = house.the_ticket()
    with house.work() as work:
        promise = work.promises.open_of_ticket(ticket.id)
    assert promise is not None
    assert promise.confirmed_by_caller
