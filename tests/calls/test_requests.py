"""What callers may want at any moment: a person, not to be recorded, another time."""

from pathlib import Path

import pytest

from tests.calls.house import House
from tests.calls.people import NO, STORY, STORY_WORDS, hurried, hurried_presser, story_teller
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.ticket import AnswerState
from voicebot.simulator.caller import Caller, hang_up, press, rest, speak


@pytest.mark.requirement("S1-03")
def test_key_0_in_the_story_keeps_the_words_and_makes_it_a_supervisors_promise(house: House, speech_dir: Path) -> None:
    call = house.ring(
        Caller()
        .after("ask_story", speak(speech_dir / STORY), rest(0.3), press("0"))
        .after("promise_supervisor", hang_up())
    )
    ticket = house.the_ticket()
    assert "promise_supervisor" in call.heard
    assert STORY_WORDS in ticket.problem
    assert ticket.supervisor_asks == 1
    with house.work() as work:
        promise = work.promises.open_of_ticket(ticket.id)
    assert promise is not None
    assert promise.target == "supervisor"


def test_key_8_at_the_notice_stores_no_voice_and_promises_the_same(house: House, speech_dir: Path) -> None:
    caller = hurried(story_teller(speech_dir)).during("say_recording_notice", 2.0, press("8"))
    call = house.ring(caller)
    ticket = house.the_ticket()
    assert "accept_no_recording" in call.heard
    assert "ask_story" not in call.heard
    assert ticket.recording_refused
    assert ticket.problem == ""
    with house.work() as work:
        assert work.promises.open_of_ticket(ticket.id) is not None


def test_key_8_during_the_story_destroys_what_was_recorded(house: House, speech_dir: Path) -> None:
    caller = hurried_presser()
    kept = tuple(reaction for reaction in caller.reactions if reaction.key != "ask_story")
    house.ring(Caller(reactions=kept).after("ask_story", speak(speech_dir / STORY), rest(0.3), press("8")))
    ticket = house.the_ticket()
    assert ticket.problem == ""
    for answer in house.answers(ticket).values():
        assert answer.audio_key is None or not house.hotline.audio.exists(answer.audio_key)
        assert answer.state is AnswerState.DESTROYED or answer.text == ""
    assert not list(house.hotline.spool.names())


def test_no_to_all_windows_by_voice_brings_later_ones(house: House, speech_dir: Path) -> None:
    caller = hurried_presser()
    kept = tuple(reaction for reaction in caller.reactions if reaction.key != "choose_window")
    caller = Caller(reactions=kept)
    caller = caller.after("choose_window", speak(speech_dir / NO), nth=1).after("choose_window", press("1"), nth=2)
    call = house.ring(caller)
    assert call.heard.count("offer_third") == 2
    ticket = house.the_ticket()
    with house.work() as work:
        promises = work.promises.of_ticket(ticket.id)
    assert [promise.state for promise in promises] == ["moved", "open"]
    assert promises[1].window_opens_at >= promises[0].window_closes_at


@pytest.mark.requirement("S1-03")
def test_a_supervisor_asked_for_by_voice_during_the_notice_is_promised(house: House) -> None:
    asks = speak(PROJECT_DIR / "voicebot" / "simulator" / "voices" / "supervisor.wav")
    call = house.ring(Caller().during("say_recording_notice", 1.5, asks, nth=1).after("promise_supervisor", hang_up()))
    assert "promise_supervisor" in call.heard
    assert house.the_ticket().supervisor_asks == 1
