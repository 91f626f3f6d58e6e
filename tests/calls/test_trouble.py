"""A full house, a failing recogniser, lost streams, doubled webhooks: every caller still ends with a ticket."""

from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER
from tests.calls.people import STORY_WORDS, hurried, hurried_presser, story_teller
from voicebot.domain.ticket import AnswerState
from voicebot.service.ports import Places, Recogniser, Recognisers, Seat
from voicebot.simulator.caller import Caller, drop_stream, rest
from voicebot.simulator.options import AfterClose, CarrierOptions, Redelivery


class FullHouse:
    """Real recognisers of which none is free for live calls; recordings may still be transcribed."""

    def __init__(self, recognisers: Recognisers) -> None:
        self._recognisers = recognisers

    def reserve(self, seat: Seat) -> bool:
        return False

    def release(self, seat: Seat) -> None:
        raise AssertionError("a place was given back that was never taken")

    def has_room(self, seat: Seat) -> bool:
        return False

    def places(self) -> Places:
        return Places(0, 0)

    def supports(self, locale: str) -> bool:
        return self._recognisers.supports(locale)

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> Recogniser:
        return self._recognisers.make(locale, grammar, alternatives=alternatives)


def test_a_full_house_records_and_the_worker_transcribes(
    open_house: OpenHouse, recognisers: Recognisers, speech_dir: Path
) -> None:
    house = open_house(recognisers=FullHouse(recognisers))
    call = house.ring(story_teller(speech_dir))
    assert "announce_overflow" in call.heard
    assert call.errors == ()
    ticket = house.the_ticket()
    house.work_off()
    story = house.answers(ticket)["story"]
    assert story.state is AnswerState.DONE
    assert STORY_WORDS in house.the_ticket().problem
    assert len(house.texts_to(CALLER_NUMBER)) == 1
    assert house.carrier.ledger.recordings == {}, "what is safe with us is deleted at the carrier"


@pytest.mark.parametrize(
    "after_close",
    [
        AfterClose.RESUME,
        *(pytest.param(each, marks=pytest.mark.heavy) for each in AfterClose if each is not AfterClose.RESUME),
    ],
)
def test_a_stream_lost_in_the_story_ends_well(open_house: OpenHouse, speech_dir: Path, after_close: AfterClose) -> None:
    house = open_house(options=CarrierOptions(after_close=after_close))
    dropped = hurried(story_teller(speech_dir)).during("ask_remedy", 0.5, rest(0.1), drop_stream(), nth=1)
    call = house.ring(dropped)
    ticket = house.the_ticket()
    assert STORY_WORDS in ticket.problem
    assert len(house.texts_to(CALLER_NUMBER)) == 1
    if after_close is not AfterClose.END_CALL:
        assert call.heard[-1] == "say_goodbye"


@pytest.mark.parametrize("redelivery", [Redelivery.SECOND_ANSWER, Redelivery.LATE_DUPLICATE])
def test_doubled_and_reordered_webhooks_make_one_ticket_and_one_text(
    open_house: OpenHouse, redelivery: Redelivery
) -> None:
    house = open_house(options=CarrierOptions(redelivery=redelivery, callbacks_doubled=True, callbacks_reordered=True))
    call = house.ring(hurried_presser())
    house.wait_for(lambda: len(house.carrier.callbacks) > 0, "status callbacks")
    house.work_off()
    assert call.ended_by == "hotline"
    house.the_ticket()
    assert len(house.texts_to(CALLER_NUMBER)) == 1


def test_our_own_close_that_ends_the_call_loses_nothing(open_house: OpenHouse) -> None:
    house = open_house(options=CarrierOptions(after_own_close=AfterClose.END_CALL))
    house.ring(hurried_presser())
    house.the_ticket()
    assert len(house.texts_to(CALLER_NUMBER)) == 1


@pytest.mark.heavy
def test_two_lost_streams_go_on_by_keys_and_recording(open_house: OpenHouse, speech_dir: Path) -> None:
    house = open_house()
    teller = hurried(story_teller(speech_dir))
    kept = tuple(reaction for reaction in teller.reactions if reaction.key != "ask_story")
    caller = Caller(reactions=kept)
    caller = caller.during("ask_story", 0.5, drop_stream(), nth=1).during("ask_story", 0.5, drop_stream(), nth=2)
    caller = caller.after("ask_story", *teller.reactions[0].actions, nth=3)
    call = house.ring(caller)
    assert call.heard[-1] == "say_goodbye"
    house.work_off()
    assert STORY_WORDS in house.the_ticket().problem
