"""A complaint told from hello to goodbye."""

from pathlib import Path

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import LONG_STORY_WORDS, REMEDY_WORDS, hurried, silent_presser, story_teller, voice_caller
from voicebot.domain.case_number import is_valid
from voicebot.domain.ticket import AnswerState


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S2-14")
def test_a_complaint_told_by_voice_becomes_a_ticket_a_promise_and_one_text(house: House, speech_dir: Path) -> None:
    call = house.ring(voice_caller(speech_dir))
    assert call.ended_by == "hotline"
    assert call.errors == ()
    assert call.heard[:3] == ("greet_caller", "say_recording_notice", "ask_story")
    assert call.heard[-1] == "say_goodbye"
    ticket = house.the_ticket()
    assert is_valid(ticket.case_number)
    assert LONG_STORY_WORDS in ticket.problem
    assert REMEDY_WORDS in ticket.demand
    with house.work() as work:
        (promise,) = work.promises.of_ticket(ticket.id)
    assert promise.confirmed_by_caller
    assert "A person will call you" in promise.words or "promise" in promise.words
    (text,) = house.texts_to(CALLER_NUMBER)
    assert "-".join((ticket.case_number[:3], ticket.case_number[3:6], ticket.case_number[6:])) in text.body
    assert ticket.pin in text.body


@pytest.mark.requirement("S0-04")
def test_the_voice_of_each_answer_is_kept_and_its_words_lie_within_it(house: House, speech_dir: Path) -> None:
    house.ring(hurried(story_teller(speech_dir)))
    answers = house.answers(house.the_ticket())
    story = answers["story"]
    assert story.state is AnswerState.DONE
    assert story.audio_key is not None
    wav = house.hotline.audio.get(story.audio_key)
    assert wav[:4] == b"RIFF"
    assert len(wav) / 8000 == pytest.approx(story.duration_s, abs=0.1)
    assert 3 <= story.duration_s <= 8


def test_a_complaint_by_keys_only_gets_the_same_promise(house: House) -> None:
    call = house.ring(silent_presser())
    assert call.ended_by == "hotline"
    assert call.errors == ()
    ticket = house.the_ticket()
    with house.work() as work:
        assert work.promises.open_of_ticket(ticket.id) is not None
    assert len(house.texts_to(CALLER_NUMBER)) == 1
