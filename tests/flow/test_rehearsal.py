"""The pretend call: what the caller's part of a turn is, and what the pretend world answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.flow.small_flow import joining_flow, project_texts, small_flow
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import (
    CallAnswered,
    CallerHungUp,
    CallResumed,
    FaultOccurred,
    FinishedBy,
    HearingFailed,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import (
    CheckNumber,
    CloseCase,
    ConfirmPromise,
    DestroyRecordings,
    FindQuestions,
    HangUp,
    Instruction,
    JoinCase,
    KeepAnswer,
    KeepPace,
    Listen,
    LogConsent,
    MakePromise,
    MarkListenFirst,
    RefuseCalls,
    ReopenCase,
    RequestSupervisor,
    TextOtherTimes,
)
from voicebot.flow.reader import parse_flow
from voicebot.flow.rehearsal import (
    REHEARSED_AT,
    PretendCall,
    Rehearsal,
    RehearsedTurn,
    Stage,
    describe,
    event_of,
    replay,
)

SAID = Utterance(text="hello")
FLOW = small_flow()


@pytest.mark.parametrize(
    ("turn", "event"),
    [
        ({"does": "rings"}, CallAnswered()),
        ({"does": "hears_it_out"}, PromptsPlayed()),
        ({"does": "hears_a_part"}, PromptsPlayed(uncut=False)),
        ({"does": "stays_silent"}, NoInput()),
        ({"does": "hangs_up", "says": "hello"}, CallerHungUp(utterance=SAID)),
        ({"does": "is_cut_off"}, CallResumed()),
        ({"does": "is_not_heard", "says": "hello"}, HearingFailed(utterance=SAID)),
        ({"does": "meets_our_fault"}, FaultOccurred()),
        ({"keys": "0", "says": "hello"}, KeysPressed(keys="0", utterance=SAID)),
        ({"says": "hello", "finished_by": "limit"}, UtteranceHeard(utterance=SAID, finished_by=FinishedBy.LIMIT)),
        (
            {"is_recorded": True},
            UtteranceHeard(utterance=Utterance(recording_sid="rehearsed"), finished_by=FinishedBy.SILENCE),
        ),
        ({}, UtteranceHeard(utterance=Utterance(), finished_by=FinishedBy.SILENCE)),
    ],
)
def test_a_turn_is_an_event(turn: dict[str, Any], event: object) -> None:
    assert event_of(RehearsedTurn.model_validate(turn)) == event


@pytest.mark.parametrize(
    ("effect", "line"),
    [
        (LogConsent(is_recording_allowed=True, wording_version="x"), "log_consent allowed"),
        (LogConsent(is_recording_allowed=False, wording_version="x"), "log_consent refused"),
        (KeepAnswer(slot="may_text", value="no"), "keep_answer may_text=no"),
        (
            KeepAnswer(slot="callback_number", value="+1", is_confirmed=False),
            "keep_answer callback_number=number unconfirmed",
        ),
        (MakePromise(target="standard"), "make_promise standard"),
        (MakePromise(target="standard", is_later=True), "make_promise standard later"),
        (MakePromise(target="standard", chosen_at=REHEARSED_AT), "make_promise standard chosen"),
        (TextOtherTimes(), "text_other_times"),
        (ConfirmPromise(words="x", is_confirmed_by_caller=True), "confirm_promise by caller"),
        (ConfirmPromise(words="x", is_confirmed_by_caller=False), "confirm_promise unconfirmed"),
        (KeepPace(), "keep_pace"),
        (FindQuestions(at_most=2), "find_questions"),
        (DestroyRecordings(), "destroy_recordings"),
        (RequestSupervisor(), "request_supervisor"),
        (MarkListenFirst(), "mark_listen_first"),
        (CloseCase(), "close_case"),
        (ReopenCase(), "reopen_case"),
        (RefuseCalls(), "refuse_calls"),
        (CheckNumber(digits="1"), "check_number"),
        (JoinCase(), "join_case"),
        (Listen(node="x"), "listen"),
        (HangUp(), "hang_up"),
    ],
)
def test_effects_are_described_without_numbers_of_people(effect: Instruction, line: str) -> None:
    assert describe(effect) == line


def _then(call: dict[str, Any], *turns: dict[str, Any]) -> list[str]:
    rehearsal = Rehearsal.model_validate({"flow": "small", "about": "x", "call": call, "turns": turns})
    return [turn.then for turn in replay(FLOW, rehearsal)[0].turns]


RINGS, TELLS = {"does": "rings"}, {"says": "my parcel is lost"}


def test_the_pretend_policy_runs_out_of_windows() -> None:
    assert _then({"windows": 1}, RINGS, TELLS, {"keys": "1"}) == ["ask_story", "ask_call", "tell_window"]
    assert _then({"windows": 0}, RINGS, TELLS, {"keys": "1"}) == ["ask_story", "ask_call", "hang_up"]


def test_the_pretend_gate_refuses_what_it_is_told_to() -> None:
    asked = [RINGS, TELLS, {"keys": "2"}]
    assert _then({"refuses": ["900"]}, *asked, {"keys": "9001"})[-1] == "ask_number"
    assert _then({"refuses": ["900"]}, *asked, {"keys": "2025550199"})[-1] == "tell_window"


def test_windows_follow_one_another() -> None:
    stage = Stage(FLOW, PretendCall())
    for turn in (RINGS, TELLS, {"keys": "1"}):
        stage.take(RehearsedTurn.model_validate(turn))
    assert stage.session.window is not None
    assert stage.session.window.opens_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert stage.exits[-1] == "promise_call.made"


def test_a_withheld_number_takes_no_texts() -> None:
    facts = Stage(FLOW, PretendCall(number=None)).session.facts
    assert (facts.caller_number, facts.can_text) == (None, False)


JOINING = joining_flow()


@pytest.mark.parametrize(
    ("call", "done"),
    [
        ({"known_case": "call_promised"}, ("check_number", "join_case")),
        ({"known_case": "answer_due"}, ("check_number", "join_case")),
        (
            {"known_case": "ended", "is_known_case_gone": True},
            ("check_number", "join_case", "make_promise standard"),
        ),
    ],
)
def test_a_known_case_is_joined_unless_it_is_gone(call: dict[str, Any], done: tuple[str, ...]) -> None:
    turns = [RINGS, TELLS, {"keys": "2"}, {"keys": "2025550199"}]
    rehearsal = Rehearsal.model_validate({"flow": "small", "about": "x", "call": call, "turns": turns})
    assert replay(JOINING, rehearsal)[0].turns[-1].we_do[: len(done)] == done


def test_who_reaches_no_person_is_told_apart_from_whom_nobody_could_ring() -> None:
    complaint = parse_flow(project_texts("complaint", "shared"))
    asks = (RehearsedTurn(does="rings"), RehearsedTurn(does="hears_it_out"), RehearsedTurn(keys="0"))
    heard = []
    for is_person_in in (True, False):
        stage = Stage(complaint, PretendCall(is_person_in=is_person_in, needs_time=True))
        for turn in (*asks, *([RehearsedTurn(does="reaches_nobody")] if is_person_in else [])):
            stage.take(turn)
        heard.append(stage.session.slots["person"])
        assert (stage.session.is_slow, stage.session.is_patient) == (True, True)
    assert heard == ["rang", "out"]
