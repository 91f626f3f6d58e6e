"""Numbers in a flow, from what was heard to what is read back. When these fail a caller is called at another number."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import call_facts
from tests.flow.small_flow import changed_files, project_texts, small_flow
from voicebot.domain.utterance import HeardNumber, Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.engine import start_session, take_turn
from voicebot.flow.events import FinishedBy, KeysPressed, NumberAccepted, UtteranceHeard
from voicebot.flow.instructions import CheckNumber
from voicebot.flow.nodes import ListenNode
from voicebot.flow.reader import parse_flow
from voicebot.flow.session import FlowSession
from voicebot.flow.understanding import Answered, Hearing, Meaning, NotUnderstood, understand

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SMALL = small_flow()
COMPLAINT = parse_flow(project_texts("complaint", "shared"))
LONG_NUMBERS = parse_flow(changed_files("small/flow.yaml", "max_digits: 15,", "min_digits: 7, max_digits: 15,"))
ACCEPTED = NumberAccepted(number="+12025550199", national_digits="202 555 0199")


def _meaning(name: str, event: Any, flow: Flow) -> Meaning:
    node = flow.nodes[name]
    assert isinstance(node, ListenNode)
    return understand(Hearing(flow, node, "en"), event)


def _heard(text: str, **changes: Any) -> UtteranceHeard:
    return UtteranceHeard(utterance=Utterance(text=text, **changes), finished_by=FinishedBy.SILENCE)


def _session(flow: Flow, node: str, **slots: str) -> FlowSession:
    return start_session(flow, "en", call_facts()).model_copy(update={"node": node, "slots": slots})


def _number(*digits: str, text: str = "") -> Utterance:
    return Utterance(text=text, numbers=tuple(HeardNumber(digits=each, cost=at) for at, each in enumerate(digits)))


def test_the_likeliest_number_that_fits_is_taken_and_the_others_are_kept() -> None:
    event = UtteranceHeard(utterance=_number("555014", "5550143", "5550142"), finished_by=FinishedBy.SILENCE)
    meaning = _meaning("ask_number", event, LONG_NUMBERS)
    assert meaning == Answered("check_number", "digits", "5550143", ("5550142",))


def test_other_words_are_no_number_whatever_their_guesses_are() -> None:
    event = UtteranceHeard(utterance=_number("55", "5550143"), finished_by=FinishedBy.SILENCE)
    assert _meaning("ask_number", event, LONG_NUMBERS) == NotUnderstood()


def test_a_number_said_again_is_not_what_was_refused() -> None:
    node = LONG_NUMBERS.nodes["ask_number"]
    assert isinstance(node, ListenNode)
    event = UtteranceHeard(utterance=_number("5550143", "5550142"), finished_by=FinishedBy.SILENCE)
    earlier = (HeardNumber(digits="5550143"), HeardNumber(digits="5550142"))
    hearing = Hearing(LONG_NUMBERS, node, "en", earlier=earlier, refused=("5550143",))
    assert understand(hearing, event) == Answered("check_number", "digits", "5550142")


@pytest.mark.parametrize(
    ("said", "keys", "number"),
    [
        (_number("555", "559"), "0143", "5550143"),
        (Utterance(text="triple five"), "0143", "5550143"),
        (_number("555"), "5550143", "5550143"),
        (_number("5"), "0143", "0143"),
        (None, "0143", "0143"),
    ],
)
def test_a_number_begun_in_words_is_finished_by_keys(said: Utterance | None, keys: str, number: str) -> None:
    """Keys that are a number alone are that number: whoever was not understood begins anew by keys."""
    meaning = _meaning("ask_number", KeysPressed(keys=keys, utterance=said), LONG_NUMBERS)
    assert isinstance(meaning, Answered)
    assert meaning.value == number


def test_a_number_begun_by_keys_is_finished_in_words() -> None:
    after = (HeardNumber(digits="014"), HeardNumber(digits="0143", cost=3))
    keyed = KeysPressed(keys="555", numbers_after=after)
    assert _meaning("ask_number", keyed, LONG_NUMBERS) == Answered("check_number", "digits", "5550143")
    between = KeysPressed(keys="50", utterance=_number("55"), numbers_after=(HeardNumber(digits="143"),))
    assert _meaning("ask_number", between, LONG_NUMBERS) == Answered("check_number", "digits", "5550143")


def test_the_number_that_passed_the_gate_is_the_one_that_was_said() -> None:
    numbers = (HeardNumber(digits="2025550198"), HeardNumber(digits="2025550199", cost=2))
    said = UtteranceHeard(utterance=Utterance(numbers=numbers), finished_by=FinishedBy.SILENCE)
    heard = take_turn(SMALL, _session(SMALL, "ask_number"), said, NOW)
    assert heard.instructions == (CheckNumber(digits="2025550198", others=("2025550199",)),)
    assert heard.session.heard_numbers == numbers
    passed = take_turn(SMALL, heard.session, ACCEPTED.model_copy(update={"digits": "2025550199"}), NOW)
    assert passed.session.slots["typed_number"] == "2025550199"


def test_one_group_of_a_number_is_corrected_and_checked_again() -> None:
    """Read back as 202 555 0199, and the caller names what is wrong."""
    session = _session(COMPLAINT, "read_back_number", callback_digits="202 555 0199", typed_number="2025550199")
    told = take_turn(COMPLAINT, session, _heard("no the last group is oh one four three"), NOW)
    assert told.exits == ("read_back_number.correction",)
    assert told.instructions == (CheckNumber(digits="2025550143"),)


# --- a number that was read back


@pytest.mark.parametrize(
    ("text", "second", "value"),
    [
        ("no", "no last group oh one four four", "2025550144"),
        ("", "middle group five five six", "2025560143"),
        ("no the second group is five five six", "", "2025560143"),
        ("yes", "last group oh one four four", "yes"),
        ("no", "[unk]", "no"),
        ("no", "", "no"),
    ],
)
def test_a_number_read_back_is_corrected_in_one_group(text: str, second: str, value: str) -> None:
    node = COMPLAINT.nodes["read_back_number"]
    assert isinstance(node, ListenNode)
    hearing = Hearing(COMPLAINT, node, "en", read_back="202 555 0143")
    meaning = understand(hearing, _heard(text, second_text=second))
    assert isinstance(meaning, Answered)
    assert meaning.value == value
