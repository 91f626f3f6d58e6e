"""One turn: the engine asked until it waits."""

import shutil
from pathlib import Path

import pytest

from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, node_of, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.errors import Unavailable
from voicebot.flow.events import FLOW_EVENT, KeysPressed, NoInput
from voicebot.flow.instructions import HangUp
from voicebot.service.turn import scene_of, stored_answer, wait_of


def test_session_event_and_instructions_are_stored_with_each_turn(line: Line) -> None:
    story = line.go_on(line.ring())
    with line.work() as work:
        turn = work.calls.turn(story.call.id, 1)
        assert stored_answer(work, story.call).wait == story.wait
    assert turn is not None
    assert FLOW_EVENT.validate_json(turn.event).kind == "prompts_played"
    assert wait_of(turn) == story.wait


def test_no_turn_holds_a_callers_words(line: Line) -> None:
    story = line.go_to(line.ring(), "ask_story")
    asked = line.tell(story, KeysPressed(keys="0", utterance=line.spoken(story, "my kettle broke")))
    line.say(line.go_to(asked, "tell_case_number"), "hello")
    with line.work() as work:
        stored = [text for turn in work.calls.turns(story.call.id) for text in (turn.event, turn.session)]
    assert line.ticket(story).problem == "my kettle broke"
    assert not [text for text in stored if "kettle" in text or "hello" in text]


@pytest.fixture
def edited(line: Line, tmp_path: Path) -> Path:
    """A copy of the flows that can be edited, in force."""
    flows, policy = tmp_path / "flows", a_policy_dir(tmp_path / "policy")
    shutil.copytree(FLOWS_DIR / "complaint", flows / "complaint")
    shutil.copytree(FLOWS_DIR / "shared", flows / "shared")
    with_flows(line, FlowFiles(flows, policy))
    return tmp_path


def append(path: Path) -> None:
    path.write_text(path.read_text() + "# edited\n")


def test_a_running_call_keeps_the_flow_and_policy_it_began_with(line: Line, edited: Path) -> None:
    answer = line.ring()
    append(edited / "flows" / "complaint" / "flow.yaml")
    append(edited / "policy" / "calendar.yaml")
    assert line.hotline.flows.current_flow("complaint").digest != answer.call.flow_digest
    call = line.call(line.go_on(answer))
    with line.work() as work:
        scene = scene_of(line.hotline, work, call)
    assert (scene.flow.digest, scene.policy.digest) == (call.flow_digest, call.policy_digest)


def test_a_definition_that_was_never_kept_is_a_fault_the_roof_can_answer(line: Line, edited: Path) -> None:
    call = line.ring().call
    append(edited / "policy" / "calendar.yaml")
    append(edited / "flows" / "complaint" / "flow.yaml")
    with line.work() as work:
        work.definitions.get = lambda _digest: None  # type: ignore[method-assign]
        with pytest.raises(Unavailable):
            scene_of(line.hotline, work, call)


def test_a_turn_without_a_wait_hangs_up(line: Line) -> None:
    story = line.go_on(line.ring())
    with line.work() as work:
        turn = work.calls.turn(story.call.id, 1)
    assert turn is not None
    from dataclasses import replace

    assert wait_of(replace(turn, instructions="[]")) == HangUp()


def test_effects_are_answered_within_the_turn_that_asked(line: Line) -> None:
    answer = line.go_to(line.say(line.go_to(line.ring(), "ask_story"), "it broke"), "announce_text")
    offer = line.tell(answer, NoInput())
    assert node_of(offer) == "offer_window"
    assert offer.turn_number == answer.turn_number + 1
    assert line.promise(offer.call.ticket_id).made_at == line.clock.at
