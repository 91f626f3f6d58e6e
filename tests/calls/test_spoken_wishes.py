"""What callers say instead of pressing a key, with a real recogniser: do not record me, that is all.

The voices are ours (simulator/voices), so these tests need no clips of real people.
"""

import sqlite3

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import silent_presser
from voicebot.domain.consent import ConsentAnswer
from voicebot.simulator.caller import Action, Caller, Speak, hang_up, rest, speak
from voicebot.simulator.line import Happening, LineCall
from voicebot.simulator.scripts import VOICES

LONGEST_WAIT_S = 8.0
"""Issue 7, point 14: from the caller's last word to our next question."""


def says(name: str) -> Speak:
    """Say one of our own clips."""
    return speak(VOICES / f"{name}.wav")


def presser_but(key: str, *actions: Action) -> Caller:
    """Somebody who keys everything, but does something else after one prompt."""
    others = tuple(reaction for reaction in silent_presser().reactions if reaction.key != key)
    return Caller(reactions=others).after(key, *actions)


def teller(*more: Action) -> Caller:
    """Somebody who tells the short story, says something more, and leaves when asked what would put it right."""
    return Caller().after("ask_story", says("story_short"), *more).during("ask_remedy", 1.0, hang_up())


# --- do not record me ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "caller",
    [
        silent_presser().during("say_recording_notice", 1.5, says("refuse_recording")),
        presser_but("ask_story", says("story_short"), rest(0.4), says("refuse_recording")),
    ],
    ids=["at the notice", "in the middle of the story"],
)
def test_who_refuses_to_be_recorded_in_words_is_served_and_nothing_said_is_kept(house: House, caller: Caller) -> None:
    call = house.ring(caller)
    assert call.ended_by == "hotline"
    assert "accept_no_recording" in call.heard
    assert call.heard.count("say_case_number") == 1
    assert "repeat_case_number" not in call.heard, "the text has the number"
    ticket = house.the_ticket()
    assert ticket.recording_refused
    with house.work() as work:
        (one,) = work.calls.of_ticket(ticket.id)
        consents = work.calls.consents(one.id)
        assert work.promises.open_of_ticket(ticket.id) is not None
    assert consents[-1].answer is ConsentAnswer.REFUSED
    (text,) = house.texts_to(CALLER_NUMBER)
    assert ticket.case_number[6:] in text.body
    assert kept_of_voices(house) == []


def kept_of_voices(house: House) -> list[str]:
    """Return every file of sound, and every row that holds a word the caller said."""
    sounds = [str(path) for path in house.folder.rglob("*") if path.suffix in {".wav", ".ulaw"}]
    with sqlite3.connect(house.folder / "voicebot.db") as database:
        dump = [line for line in database.iterdump() if line.startswith("INSERT")]
    own = ("parcel", "two weeks", "record me")
    return sounds + [row for row in dump if any(words in row for words in own) and "definitions" not in row[:30]]


# --- that is all -----------------------------------------------------------------------------------------


def test_a_story_is_finished_by_saying_so(house: House) -> None:
    call = house.ring(teller(rest(1.0), says("that_is_everything")))
    assert "wait_story" not in call.heard
    assert from_last_word_to(call, "ask_remedy") < 3
    assert "wrong house" in house.the_ticket().problem
    kept = kept_of_voices(house)
    assert any("parcel" in row for row in kept), "what was not refused is found where the refused is looked for"
    assert any(row.endswith(".wav") for row in kept)


@pytest.mark.heavy
def test_a_no_after_are_we_still_listening_finishes_the_story(house: House) -> None:
    call = house.ring(teller().after("wait_story", says("no")))
    assert "wait_story" in call.heard
    assert from_last_word_to(call, "ask_remedy") < 3
    assert "wrong house" in house.the_ticket().problem


@pytest.mark.heavy
def test_who_says_nothing_more_waits_at_most_eight_seconds(house: House) -> None:
    call = house.ring(teller())
    assert from_last_word_to(call, "ask_remedy") <= LONGEST_WAIT_S


def from_last_word_to(call: LineCall, prompt: str) -> float:
    """Return the seconds from the end of the caller's last saying to the beginning of a prompt."""
    spoke = [event.at_s for event in call.transcript if event.kind is Happening.SPOKE]
    began = [e.at_s for e in call.transcript if e.kind is Happening.PROMPT_STARTED and e.detail == prompt]
    assert began, f"{prompt} was not heard: {call.heard}"
    return began[0] - spoke[-1]


# --- not understood --------------------------------------------------------------------------------------


QUESTIONS = (
    "confirm_number", "no_match_1_yes_no", "no_match_2_yes_no", "announce_text", "no_match_1_text", "offer_window",
)  # fmt: skip


@pytest.mark.heavy
def test_who_is_not_understood_at_two_questions_is_asked_nothing_more(house: House) -> None:
    """The call took 210 to 245 s, and no text followed, when every question was put three times."""
    caller = Caller()
    for prompt in ("ask_story", "ask_remedy", *QUESTIONS):
        caller = caller.after(prompt, says("mumble"))
    call = house.ring(caller)
    assert call.ended_by == "hotline"
    assert "end_questions" in call.heard
    assert "offer_window" not in call.heard
    assert call.heard.count("say_case_number") == 1
    assert "repeat_case_number" not in call.heard, "the text has the number"
    assert house.the_ticket().is_listen_first
    assert len(house.texts_to(CALLER_NUMBER)) == 1
    assert call.transcript[-1].at_s < 155, "148 s when this was written"
