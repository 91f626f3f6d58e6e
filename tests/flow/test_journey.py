"""From a link to the next wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import call_facts
from tests.flow.small_flow import FILES, changed_files, offering_flow, project_texts, small_flow
from voicebot.domain.utterance import HeardNumber, Utterance
from voicebot.flow.condition_names import Condition
from voicebot.flow.definition import Flow
from voicebot.flow.engine import start_session, take_turn
from voicebot.flow.events import (
    CallAnswered,
    CaseNotOpened,
    CaseOpened,
    FinishedBy,
    FlowEvent,
    KeysPressed,
    NoInput,
    UtteranceHeard,
)
from voicebot.flow.instructions import (
    CheckNumber,
    ConnectOwner,
    FindQuestions,
    HangUp,
    JoinCase,
    Listen,
    MakePromise,
    OpenCase,
)
from voicebot.flow.journey import Scene, TurnResult, listen_again, travel, with_slots
from voicebot.flow.nodes import Branch
from voicebot.flow.reader import parse_flow
from voicebot.flow.rehearsal import PretendCall, RehearsedTurn, Stage
from voicebot.flow.session import FlowSession, KnownCase, SpokenWindow

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FLOW = small_flow()


def _session(flow: Flow = FLOW, **changes: Any) -> FlowSession:
    return start_session(flow, "en", call_facts()).model_copy(update=changes)


def _travel(link: Any, session: FlowSession | None = None, flow: Flow = FLOW) -> TurnResult:
    return travel(Scene(flow, NOW), session or _session(flow), link, exit_name="test")


def _said(result: TurnResult) -> list[str]:
    wait = result.instructions[-1]
    assert isinstance(wait, Listen | HangUp)
    return [prompt.key for prompt in wait.prompts]


def test_what_say_nodes_say_waits_for_the_next_question() -> None:
    result = _travel("greet_caller")
    assert _said(result) == ["greet_caller", "say_notice", "ask_story"]
    assert result.session.pending == ()
    assert result.session.node == "ask_story"


def test_the_exits_taken_are_told_in_order() -> None:
    link = (Branch(when=Condition.SUPERVISOR_ASKED, go="end_call"), Branch(go="greet_caller"))
    assert _travel(link).exits == ("test.1", "greet_caller.go.1")


def test_a_promise_and_a_number_stop_for_their_answer() -> None:
    assert _travel("promise_call").instructions == (MakePromise(target="standard"),)
    typed = with_slots(_session(), typed_number="2025550199")
    assert _travel("check_number", typed).instructions == (CheckNumber(digits="2025550199"),)
    assert _travel("check_number").instructions == (CheckNumber(digits=""),)
    heard = typed.model_copy(update={"other_numbers": ("2025550198",)})
    assert _travel("check_number", heard).instructions == (CheckNumber(digits="2025550199", others=("2025550198",)),)


def test_joining_a_case_stops_for_its_answer() -> None:
    joins = "  join_case:\n    kind: join_case\n    joined: end_call\n    apart: end_call\n  end_call:\n    kind: end\n"
    flow = parse_flow(changed_files("small/flow.yaml", "  end_call:\n    kind: end\n", joins))
    assert _travel("join_case", flow=flow).instructions == (JoinCase(),)


def test_opening_a_case_stops_for_its_answer() -> None:
    opens = (
        "  open_case:\n    kind: open_case\n    opened: end_call\n    refused: end_call\n  end_call:\n    kind: end\n"
    )
    flow = parse_flow(changed_files("small/flow.yaml", "  end_call:\n    kind: end\n", opens))
    known = _session(flow, facts=call_facts(known_case=KnownCase(case_id="case-1")))
    asked = with_slots(known, asked_case="482719300", asked_code="8558")
    assert _travel("open_case", known, flow).instructions == (OpenCase(case_id="case-1"),)
    assert _travel("open_case", asked, flow).instructions == (OpenCase(case_number="482719300", code="8558"),)
    assert _travel("open_case", flow=flow).instructions == (OpenCase(),)


def test_an_end_says_what_was_waiting_and_is_over() -> None:
    result = _travel("greet_caller", _session(facts=call_facts(is_overflow=True)))
    assert _said(result) == ["greet_caller", "say_notice"]
    assert result.session.is_over


def test_a_question_counts_its_visits_and_forgets_its_failures() -> None:
    session = _session(no_inputs=2, no_matches=1, visits={"ask_call": 1})
    result = _travel("ask_call", session)
    assert (result.session.visits, result.session.no_inputs, result.session.no_matches) == ({"ask_call": 2}, 0, 0)


def test_what_a_number_was_heard_as_is_kept_while_it_is_asked_for_again() -> None:
    heard = _session(heard_numbers=(HeardNumber(digits="5550143"),), refused_numbers=("5550143",))
    first = _travel("ask_number", heard).session
    again = _travel("ask_number", heard.model_copy(update={"visits": {"ask_number": 1}})).session
    assert (first.heard_numbers, first.refused_numbers) == ((), ())
    assert (again.heard_numbers, again.refused_numbers) == (heard.heard_numbers, heard.refused_numbers)


def test_a_question_come_to_too_often_leads_elsewhere() -> None:
    result = _travel("ask_number", _session(visits={"ask_number": 2}))
    assert isinstance(result.instructions[-1], HangUp)
    assert result.exits == ("test", "ask_number.otherwise")


def test_return_puts_the_last_question_again_after_what_was_said() -> None:
    asked = _travel("ask_call").session
    result = _travel("return", asked)
    assert _said(result) == ["ask_call"]
    assert result.session.visits == {"ask_call": 1}
    assert result.exits == ("test",)


def test_return_without_a_question_begins_the_call() -> None:
    assert _said(_travel("return")) == ["greet_caller", "say_notice", "ask_story"]


def test_a_question_may_be_put_again_in_other_words_and_time() -> None:
    asked = _travel("ask_story").session
    result = listen_again(Scene(FLOW, NOW), asked, keys=("ask_call",), after_s=8)
    assert _said(result) == ["ask_call"]
    assert result.session.listen is not None
    assert result.session.listen.no_input_after_s == 8


def test_free_speech_brings_its_pause_and_warning_with_it() -> None:
    files = changed_files(
        "small/flow.yaml",
        "open: {end_silence_s: 3, go: ask_call}",
        "open: {end_silence_s: 3, pause_prompt: ask_call, warn_prompt: ask_number, go: ask_call}",
    )
    flow = parse_flow(files)
    listen = _travel("ask_story", flow=flow).session.listen
    assert listen is not None
    assert listen.speech is not None
    assert listen.speech.pause_prompt is not None
    assert listen.speech.warn_prompt is not None
    assert (listen.speech.pause_prompt.key, listen.speech.warn_prompt.key) == ("ask_call", "ask_number")


def test_a_circle_without_a_wait_ends_the_call() -> None:
    flow = parse_flow(changed_files("small/flow.yaml", "- {go: ask_story}", "- {go: greet_caller}"))
    result = _travel("greet_caller", flow=flow)
    assert result.instructions == (HangUp(),)
    assert result.session.is_over


def test_connecting_says_its_prompts_and_rings_whoever_is_responsible() -> None:
    connects = "kind: connect\n    prompts: [ask_call]\n    spoke: end_call\n    not_reached: end_call"
    nodes = f"  connect_owner:\n    {connects}\n    hang_up: end_call\n  end_call:\n    kind: end\n"
    flow = parse_flow(changed_files("small/flow.yaml", "  end_call:\n    kind: end\n", nodes))
    result = _travel("connect_owner", flow=flow)
    (wait,) = result.instructions
    assert isinstance(wait, ConnectOwner)
    assert (wait.node, [prompt.key for prompt in wait.prompts]) == ("connect_owner", ["ask_call"])
    assert result.session.pending == ()


# --- several windows

OFFERING = offering_flow()
FIRST, SECOND = (
    SpokenWindow(opens_at=NOW + timedelta(hours=at), closes_at=NOW + timedelta(hours=at + 2), zone="UTC")
    for at in (3, 5)
)


def _offered(**changes: Any) -> FlowSession:
    return _session(OFFERING, window=FIRST, offers=(FIRST, SECOND), offered_at=NOW, **changes)


def _asked(node: str, session: FlowSession) -> MakePromise:
    (asked,) = _travel(node, session, flow=OFFERING).instructions
    assert isinstance(asked, MakePromise)
    return asked


def test_the_window_that_was_chosen_is_asked_for() -> None:
    assert _asked("take_window", _offered(slots={"window": "second"})).chosen_at == SECOND.opens_at


def test_a_choice_of_none_of_them_asks_for_the_one_that_stands() -> None:
    assert _asked("take_window", _offered(slots={"window": "third"})).chosen_at == FIRST.opens_at
    assert _asked("take_window", _session(OFFERING)).chosen_at is None


def test_later_windows_are_those_after_all_that_were_offered() -> None:
    wanted = MakePromise(target="standard", is_later=True, offers=3, offered_until=SECOND.closes_at)
    assert _asked("promise_later", _offered()) == wanted
    assert _asked("promise_later", _session(OFFERING)).offered_until is None
    assert _asked("promise_call", _offered()).offered_until is None


def test_an_offer_that_there_is_not_is_not_spoken_of() -> None:
    assert _said(_travel("offer_windows", _offered(), OFFERING)) == ["offer_first", "offer_second"]
    one = _offered().model_copy(update={"offers": (FIRST,)})
    assert _said(_travel("offer_windows", one, OFFERING)) == ["offer_first"]


def test_who_steps_back_is_asked_the_question_before_anew() -> None:
    story = _travel("ask_story").session
    asked = _travel("ask_call", story).session
    assert asked.trail == ("ask_story",)
    back = _travel("back", asked)
    assert (_said(back), back.session.trail) == (["ask_story"], ())


def test_before_the_first_question_there_is_nothing_to_step_back_to() -> None:
    result = _travel("back", _travel("ask_story").session)
    assert (_said(result), result.session.trail) == (["ask_story"], ())


@pytest.mark.parametrize("over", ["refused", "joined", "apart", "promised"])
def test_nobody_steps_back_over_what_is_done(over: str) -> None:
    """The story would be told and not kept, the case joined twice and its number said, or what is gone offered."""
    complaint = parse_flow(project_texts("complaint", "shared"))
    stage = Stage(complaint, PretendCall(known_case="answer_due", is_known_case_gone=over == "apart", offers=3))
    for turn in _LEADING[over]:
        stage.take(turn)
    asked = stage.session.node
    assert not stage.session.trail
    assert stage.take(RehearsedTurn(keys="9"))[0].then == asked


_TOLD = (RehearsedTurn(does="rings"), RehearsedTurn(does="hears_it_out"), RehearsedTurn(does="stays_silent"))
_LEADING = {
    "refused": (*_TOLD[:2], RehearsedTurn(keys="2"), RehearsedTurn(keys="8")),
    "joined": (*_TOLD, RehearsedTurn(says="it still is not here")),
    "apart": (*_TOLD, RehearsedTurn(says="it still is not here")),
    "promised": (
        *_TOLD,
        RehearsedTurn(says="it still is not here"),
        *(RehearsedTurn(keys=key) for key in "13"),
    ),
}


def test_a_question_that_is_put_again_is_one_step() -> None:
    number = _travel("ask_number", _travel("ask_call").session).session
    assert _travel("ask_number", number).session.trail == ("ask_call",)
    onward = _travel("tell_window", _travel("ask_number", number).session).session
    assert onward.trail == ("ask_call", "ask_number")
    assert _travel("ask_call", onward).session.trail == onward.trail, "an announcement is no step"


def test_questions_about_the_complaint_are_asked_one_after_another() -> None:
    complaint = parse_flow(project_texts("complaint", "shared"))
    assert _travel("find_questions", flow=complaint).instructions == (FindQuestions(at_most=2),)
    session = _session(complaint, questions=("branch", "minutes_tried"))
    first = _travel("ask_question", session, complaint)
    assert (_said(first), first.session.questions) == (["ask_field_branch"], ("minutes_tried",))
    second = _travel("ask_question", first.session, complaint)
    assert (_said(second), second.session.questions) == (["ask_field_minutes_tried"], ())
    assert _said(_travel("return", second.session, complaint)) == ["ask_field_minutes_tried"]


def test_who_is_put_through_to_a_person_hears_between_two_telephones_that_we_still_try() -> None:
    complaint = parse_flow(project_texts("complaint", "shared"))
    (connect,) = _travel("connect_person", flow=complaint).instructions
    assert isinstance(connect, ConnectOwner)
    assert (connect.whom, [prompt.key for prompt in connect.still]) == ("person", ["wait_person"])


# --- a case by its number and code

_OPENS = (
    "    digits: {max_digits: 4, min_digits: 4, slot: asked_code, is_secret: true, go: open_case}\n"
    '    answers: {missing: {keys: ["#"], go: end_call}}\n'
)
_OPEN_CASE = "  open_case:\n    kind: open_case\n    opened: tell_window\n    refused: ask_number\n  check_number:\n"
_ASKING = changed_files("small/flow.yaml", "    digits: {max_digits: 15, go: check_number}\n", _OPENS)[
    "small/flow.yaml"
]
OPENING = parse_flow(
    changed_files("small/flow.yaml", "  check_number:\n", _OPEN_CASE)
    | {"small/flow.yaml": _ASKING.replace("  check_number:\n", _OPEN_CASE)}
)
CODE = [
    CallAnswered(),
    UtteranceHeard(utterance=Utterance(text="my parcel is lost"), finished_by=FinishedBy.SILENCE),
    KeysPressed(keys="2"),
    KeysPressed(keys="8558"),
]


def _played(*events: FlowEvent) -> TurnResult:
    """Play events from the beginning of a call; return the last turn."""
    result = TurnResult(session=_session(OPENING), instructions=())
    for event in events:
        result = take_turn(OPENING, result.session, event, NOW)
    return result


def _telling(result: TurnResult) -> list[str]:
    """Return what the last instruction is, and where it waits."""
    last = result.instructions[-1]
    return [f"{last.node}: {' '.join(_said(result))}" if isinstance(last, Listen) else last.kind]


def test_the_case_that_was_opened_is_the_known_one_and_its_code_is_forgotten() -> None:
    asked = _played(*CODE)
    assert asked.instructions == (OpenCase(code="8558"),)
    opened = take_turn(OPENING, asked.session, CaseOpened(case=KnownCase(case_id="a"), is_proven=True), NOW).session
    assert (opened.node, opened.facts.known_case, opened.facts.can_text) == (
        "tell_window",
        KnownCase(case_id="a"),
        False,
    )
    assert opened.slots == {"story": "said", "wants_call": "no", "matter": "same", "code": "given"}


def test_a_case_that_the_telephone_alone_opened_is_not_proven() -> None:
    asked = _played(*CODE)
    opened = take_turn(OPENING, asked.session, CaseOpened(case=KnownCase(), can_text=False), NOW).session
    assert "code" not in opened.slots
    assert opened.facts.can_text, "as it was before"


def test_codes_that_open_nothing_are_counted_and_forgotten() -> None:
    asked = _played(*CODE, CaseNotOpened())
    assert (_telling(asked), asked.session.wrong_codes) == (["ask_number: ask_number"], 1)
    assert "asked_code" not in asked.session.slots
    again = _played(*CODE, CaseNotOpened(), KeysPressed(keys="8559"), CaseNotOpened())
    assert again.session.wrong_codes == 2


def test_a_pound_sign_instead_of_digits_may_be_an_answer_and_a_lone_zero_asks_for_a_person() -> None:
    asked = _played(*CODE[:3])
    assert _telling(take_turn(OPENING, asked.session, KeysPressed(keys=""), NOW)) == ["hang_up"]
    assert _telling(take_turn(OPENING, asked.session, KeysPressed(keys="0"), NOW)) == ["make_promise"]


ASIDE = """
  offer_help:
    {kind: listen, prompts: [say_notice], answers: {nothing: {keys: ["2"], go: go_on}}, no_input_after_s: 3,
     no_input: {prompts: [greet_caller], go: end_call}, no_match: {go: ask_call}, at_most: 1, otherwise: go_on,
     is_aside: true, hang_up: end_call}
  go_on: {kind: say, prompts: [greet_caller], go: return}
  wait: {kind: say, go: return}
  end_call:
    kind: end
"""
HELP = (
    '  slower: {keys: ["6"], go: wait}\n'
    + '  help: {keys: ["7"], says: [person], within_story: true, go: offer_help}\n'
)
TOLD_STORY = UtteranceHeard(utterance=Utterance(text="it burnt and the manager saw it"), finished_by=FinishedBy.SILENCE)


def _told_in_between(*events: FlowEvent) -> TurnResult:
    """Play events of a call in which help is offered once in between."""
    text = (
        FILES["small/flow.yaml"]
        .replace("  end_call:\n    kind: end\n", ASIDE[1:])
        .replace("commands:\n", f"commands:\n{HELP}")
    )
    flow = parse_flow({**FILES, "small/flow.yaml": text})
    result = take_turn(flow, start_session(flow, "en", call_facts()), CallAnswered(), NOW)
    for event in events:
        result = take_turn(flow, result.session, event, NOW)
    return result


def test_a_story_goes_on_after_what_was_asked_in_between_and_is_not_asked_for_again() -> None:
    offered = _told_in_between(TOLD_STORY)
    assert (offered.session.node, offered.session.slots["story"]) == ("offer_help", "said")
    declined = _told_in_between(TOLD_STORY, KeysPressed(keys="2"))
    assert (_said(declined), declined.session.node) == (["greet_caller"], "ask_story")


def test_a_question_is_put_again_after_what_was_asked_in_between_though_it_was_put_twice() -> None:
    asked = (KeysPressed(keys="7"), NoInput(), KeysPressed(keys="2"))
    assert _said(_told_in_between(*asked)) == ["greet_caller", "ask_story"]


def test_a_wish_in_between_puts_that_again_and_loses_no_help() -> None:
    asked = _told_in_between(TOLD_STORY, KeysPressed(keys="6"))
    assert (_said(asked), asked.session.node) == (["say_notice"], "offer_help")


def test_help_that_was_offered_stops_no_story_again() -> None:
    again = _told_in_between(TOLD_STORY, KeysPressed(keys="2"), TOLD_STORY)
    assert (_said(again), again.session.node, again.session.before_aside) == (["greet_caller"], "ask_story", None)
