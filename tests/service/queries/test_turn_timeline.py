"""A stored turn in words: how much was said or keyed and how sure we were, never what."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_turn, an_answer, call_facts
from voicebot.domain.call_event import Part
from voicebot.domain.utterance import WORDS, Utterance, Word
from voicebot.flow.events import (
    FLOW_EVENT,
    CallAnswered,
    CallerHungUp,
    CallResumed,
    FaultOccurred,
    FinishedBy,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import INSTRUCTIONS, DigitCollection, HangUp, Instruction, Listen, Prompt, Words
from voicebot.flow.session import FlowSession
from voicebot.service.queries.turn_timeline import LifeLine, session_of, turn_lines


def asked(listen: Listen | None = None) -> FlowSession:
    """Where the caller stood: at ask_story."""
    return FlowSession(
        flow="complaint", flow_digest="d", locale="en", node="ask_story", facts=call_facts(), listen=listen
    )


def came(event: FlowEvent, session: FlowSession | None = None, **answer: object) -> LifeLine:
    """Return the line that tells of an event."""
    kept = an_answer(**answer) if answer else None
    turn = a_turn(event=FLOW_EVENT.dump_json(event).decode(), took_ms=7)
    ((rank, line),) = turn_lines(turn, asked=session, answer=kept)
    assert rank == 1
    return line


SAID = Utterance(duration_s=3.24)
CHOICE = Listen(node="ask_story", keys=("1", "2"))
NUMBER = Listen(node="ask_number", collect=DigitCollection(max_digits=15))
TWO_WORDS = WORDS.dump_json(
    (Word(text="broken", start_s=0, end_s=1, confidence=0.5), Word(text="parcel", start_s=1, end_s=2, confidence=1))
).decode()


@pytest.mark.parametrize(
    ("event", "part", "detail"),
    [
        (CallAnswered(), Part.WEB, ""),
        (PromptsPlayed(uncut=True), Part.WEB, "to their end"),
        (PromptsPlayed(uncut=False), Part.WEB, "cut short"),
        (UtteranceHeard(utterance=SAID, finished_by=FinishedBy.KEY), Part.CALLER, "3.2 s of speech, ended by key"),
        (NoInput(), Part.CALLER, ""),
        (CallerHungUp(), Part.CALLER, ""),
        (HearingFailed(), Part.WEB, ""),
        (CallResumed(), Part.CARRIER, ""),
        (FaultOccurred(), Part.WEB, "the spoken apology"),
    ],
)
def test_each_event_says_who_did_it_and_how_much(event: FlowEvent, part: Part, detail: str) -> None:
    line = came(event, asked(CHOICE))
    told = ", ".join(each for each in ("at ask_story", detail, "stored in 7 ms") if each)
    assert (line.part, line.what, line.detail) == (part, event.kind, told)


def test_speech_is_told_by_seconds_and_unsure_words_and_never_by_its_words() -> None:
    event = UtteranceHeard(utterance=SAID, finished_by=FinishedBy.SILENCE)
    line = came(event, asked(CHOICE), duration_s=4.0, words_json=TWO_WORDS, text="broken parcel")
    assert line.detail == ("at ask_story, 4.0 s of speech, 2 words, 1 unsure, ended by silence, stored in 7 ms")


def test_a_choice_is_told_by_its_key_and_digits_only_by_their_number() -> None:
    assert "key 2" in came(KeysPressed(keys="2"), asked(CHOICE)).detail
    keyed = came(KeysPressed(keys="2025550143"), asked(NUMBER)).detail
    assert "10 keys" in keyed
    assert "2025550143" not in keyed
    assert "1 keys" in came(KeysPressed(keys="2"), asked(NUMBER)).detail, "the first digit of a number is not shown"
    assert "1 keys" in came(KeysPressed(keys="2"), None).detail


def test_words_before_a_hang_up_are_told_of() -> None:
    assert "after 1.5 s of speech" in came(CallerHungUp(), asked(CHOICE), duration_s=1.5).detail
    assert "key 1, after 1.5 s of speech" in came(KeysPressed(keys="1"), asked(CHOICE), duration_s=1.5).detail


def told_of(*instructions: Instruction) -> list[str]:
    """Return what the lines after the event say."""
    turn = a_turn(
        event=FLOW_EVENT.dump_json(NoInput()).decode(), instructions=INSTRUCTIONS.dump_json(instructions).decode()
    )
    return [line.detail for rank, line in turn_lines(turn, asked=None, answer=None) if rank == 9]


def test_what_we_say_is_told_by_prompt_keys_and_where_we_wait() -> None:
    prompt = Prompt(key="ask_story", locale="en", fragments=(Words(text="Please tell us."),))
    assert told_of(Listen(node="ask_story", prompts=(prompt,))) == ["ask_story; then waits at ask_story"]
    assert told_of(HangUp()) == ["nothing; then hangs up"]


def test_a_turn_whose_contents_were_erased_says_so() -> None:
    turn = a_turn(number=3, event="", session="", instructions="", at=MONDAY_TEN + timedelta(seconds=9))
    ((_, line),) = turn_lines(turn, asked=None, answer=None)
    assert line.detail == "3: its contents were erased"
    assert session_of(turn) is None


def test_a_turn_from_before_it_was_measured_names_no_time() -> None:
    turn = a_turn(event=FLOW_EVENT.dump_json(NoInput()).decode())
    ((_, line),) = turn_lines(turn, asked=None, answer=None)
    assert line.detail == ""
