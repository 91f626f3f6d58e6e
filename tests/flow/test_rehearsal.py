"""The pretend call: what the caller's part of a turn is, and what the pretend world answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.flow.small_flow import changed_files, joining_flow, offering_flow, project_texts, small_flow
from voicebot.domain.utterance import Utterance
from voicebot.flow.definition import Flow
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
    MarkDanger,
    MarkListenFirst,
    OpenCase,
    RefuseCalls,
    ReopenCase,
    RequestSupervisor,
    TextOtherTimes,
    WithdrawCase,
)
from voicebot.flow.reader import parse_flow
from voicebot.flow.rehearsal import (
    CODE,
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
        (MakePromise(target="standard", keeps_standing=True), "make_promise standard beside it"),
        (TextOtherTimes(), "text_other_times"),
        (WithdrawCase(), "withdraw_case"),
        (OpenCase(code="8558"), "open_case by code"),
        (OpenCase(), "open_case by telephone"),
        (ConfirmPromise(words="x", is_confirmed_by_caller=True), "confirm_promise by caller"),
        (ConfirmPromise(words="x", is_confirmed_by_caller=False), "confirm_promise unconfirmed"),
        (KeepPace(), "keep_pace"),
        (FindQuestions(at_most=2), "find_questions"),
        (DestroyRecordings(), "destroy_recordings"),
        (RequestSupervisor(), "request_supervisor"),
        (MarkDanger(), "mark_danger"),
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


# --- several windows, and a case by its code


def _played(flow: Flow, call: dict[str, Any], *turns: dict[str, Any]) -> list[tuple[str, ...]]:
    rehearsal = Rehearsal.model_validate({"flow": flow.name, "about": "x", "call": call, "turns": turns})
    return [turn.we_do for turn in replay(flow, rehearsal)[0].turns]


ASKED = (RINGS, TELLS, {"keys": "1"})


def test_the_pretend_policy_offers_as_many_windows_as_it_has_and_somebody_may_take_one() -> None:
    offering = offering_flow()
    chosen = (*ASKED, {"keys": "2"})
    assert _played(offering, {"offers": 3}, *chosen)[-1] == ("make_promise standard chosen",)
    taken = _played(offering, {"offers": 3, "windows": 4, "is_offer_taken": True}, *chosen)[-1]
    assert taken == ("make_promise standard chosen", "make_promise standard")


KEEPING = parse_flow(
    changed_files(
        "small/flow.yaml",
        "    made: tell_window\n    none_left: end_call\n",
        "    made: tell_window\n    none_left: end_call\n    keeps_standing: true\n",
    )
)
TWICE = parse_flow(
    changed_files(
        "small/flow.yaml",
        "    played: end_call\n",
        "    played: promise_other\n",
    )
    | {
        "small/flow.yaml": changed_files("small/flow.yaml", "    played: end_call\n", "    played: promise_other\n")[
            "small/flow.yaml"
        ]
        + "  promise_other:\n    kind: promise\n    target: standard\n    offers: 3\n    keeps_standing: true\n"
        + "    made: end_call\n    none_left: end_call\n"
    }
)


def test_a_window_that_stands_stays_while_others_are_offered_and_without_one_one_is_made() -> None:
    assert _played(KEEPING, {}, *ASKED)[-1] == ("make_promise standard beside it",)
    assert _played(TWICE, {"offers": 3, "windows": 9}, *ASKED, {"does": "hears_it_out"})[-1] == (
        "make_promise standard beside it",
    )
    assert _played(TWICE, {"windows": 1}, *ASKED, {"does": "hears_it_out"})[-1] == ("make_promise standard beside it",)


OPENING = parse_flow(
    changed_files(
        "small/flow.yaml",
        "    kind: check_number\n    accepted: promise_call\n    refused: ask_number\n",
        "    kind: open_case\n    opened: end_call\n    refused: promise_call\n",
    )
    | {
        "small/flow.yaml": changed_files(
            "small/flow.yaml",
            "    kind: check_number\n    accepted: promise_call\n    refused: ask_number\n",
            "    kind: open_case\n    opened: end_call\n    refused: promise_call\n",
        )["small/flow.yaml"].replace("max_digits: 15, go", "max_digits: 15, slot: asked_code, go")
    }
)


@pytest.mark.parametrize(("call", "code", "is_opened"), [
    ({"known_case": "ended"}, CODE, True), ({"known_case": "ended"}, "1111", False), ({}, CODE, False),
])  # fmt: skip
def test_a_pretend_case_is_opened_by_its_code_alone(call: dict[str, Any], code: str, *, is_opened: bool) -> None:
    done = _played(OPENING, call, RINGS, TELLS, {"keys": "2"}, {"keys": code})[-1]
    assert done == (("open_case by code",) if is_opened else ("open_case by code", "make_promise standard"))


def test_what_a_kind_of_complaint_asks_is_asked_in_a_rehearsal_too() -> None:
    complaint = parse_flow(project_texts("complaint", "shared"))
    stage = Stage(complaint, PretendCall(asked=("order_number", "branch", "product")))
    for turn in ({"does": "rings"}, {"does": "hears_it_out"}, {"says": "it is late"}, {"says": "my money"}):
        _, said = stage.take(RehearsedTurn.model_validate(turn))
    assert [prompt.key for prompt in said] == ["ask_field_order_number"]
