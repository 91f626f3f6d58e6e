"""A complaint told from hello to goodbye."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import (
    LONG_STORY_WORDS,
    REMEDY_WORDS,
    STORY_WORDS,
    hurried,
    silent_presser,
    story_teller,
    voice_caller,
)
from tests.installed_model import model_folder, whisper_folder
from voicebot.adapters.second_ear import open_second_ear
from voicebot.adapters.second_ear.hearers import load
from voicebot.domain.case_number import is_valid
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.answer.second_listening import listen_again
from voicebot.service.ports import SecondEar
from voicebot.speech.word_errors import plain_words


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
        offered, promise = work.promises.of_ticket(ticket.id)
    assert (offered.state, promise.state) == (PromiseState.MOVED, PromiseState.OPEN), "the second offer was chosen"
    assert promise.confirmed_by_caller
    assert "A person will call you" in promise.words or "promise" in promise.words
    (text,) = house.texts_to(CALLER_NUMBER)
    assert "-".join((ticket.case_number[:3], ticket.case_number[3:6], ticket.case_number[6:])) in text.body
    assert ticket.pin in text.body


class SameProcess:
    """Listens again with the small model in this process. At idle priority one of its own waits for all other tests."""

    name = "the small model again"

    def supports(self, _locale: str) -> bool:
        return True

    def hear(self, mulaw: bytes, locale: str, _may_go_on: Callable[[], bool]) -> tuple[Word, ...]:
        return tuple(load(model_folder(), locale)(mulaw))


def whisper() -> SecondEar:
    """Return Whisper itself, in the process in which a worker has it."""
    ear = open_second_ear(whisper_folder())
    assert ear is not None
    return ear


SECOND_EARS = [SameProcess, pytest.param(whisper, marks=pytest.mark.long)]


@pytest.mark.requirement("S0-04")
@pytest.mark.parametrize("second_ear", SECOND_EARS)
def test_the_voice_of_each_answer_is_kept_with_its_words_and_heard_again_after_the_call(
    open_house: OpenHouse, speech_dir: Path, second_ear: Callable[[], SecondEar]
) -> None:
    ear = second_ear()
    house = open_house(fitted=lambda whole: replace(whole, second_ear=ear))
    house.ring(hurried(story_teller(speech_dir)))
    answers = house.answers(house.the_ticket())
    story = answers["story"]
    assert story.state is AnswerState.DONE
    assert story.audio_key is not None
    wav = house.hotline.audio.get(story.audio_key)
    assert wav[:4] == b"RIFF"
    assert len(wav) / 8000 == pytest.approx(story.duration_s, abs=0.1)
    assert 3 <= story.duration_s <= 8
    assert listen_again(house.hotline) == 1, "what the worker does while nobody is on the line"
    again = house.answers(house.the_ticket())["story"]
    heard = plain_words(" ".join(word.text for word in WORDS.validate_json(again.second_words_json)))
    assert (heard, again.second_by) == (STORY_WORDS.split(), ear.name)
    assert (again.text, again.words_json) == (story.text, story.words_json), "the words of the call stand as they were"


def test_a_complaint_by_keys_only_gets_the_same_promise(house: House) -> None:
    call = house.ring(silent_presser())
    assert call.ended_by == "hotline"
    assert call.errors == ()
    ticket = house.the_ticket()
    with house.work() as work:
        assert work.promises.open_of_ticket(ticket.id) is not None
    assert len(house.texts_to(CALLER_NUMBER)) == 1
