"""The flow and policy that a call began with, however the files are edited meanwhile."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.lines import CALLER, DEPUTY, FLOWS_DIR, OTHER, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.errors import Unavailable
from voicebot.flow.instructions import Listen
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.definitions import flow_of, policy_of
from voicebot.service.hotline import context_of


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


def test_while_nothing_is_edited_a_call_goes_on_with_what_is_in_force(line: Line) -> None:
    call, flows = line.ring().call, line.hotline.flows
    with line.work() as work:
        assert flow_of(flows, work, call) is flows.current_flow("complaint")
        assert policy_of(flows, work, call.policy_digest) is flows.current_policy()


def test_a_running_call_keeps_the_flow_and_policy_it_began_with(line: Line, edited: Path) -> None:
    answer = line.ring()
    append(edited / "flows" / "complaint" / "flow.yaml")
    append(edited / "policy" / "calendar.yaml")
    assert line.hotline.flows.current_flow("complaint").digest != answer.call.flow_digest
    call = line.call(line.go_on(answer))
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), call)
    assert (context.flow.digest, context.policy.digest) == (call.flow_digest, call.policy_digest)


@pytest.mark.parametrize("digest", ["flow_digest", "policy_digest"])
def test_a_definition_that_was_never_kept_is_a_fault_the_roof_can_answer(line: Line, digest: str) -> None:
    call = replace(line.ring().call, **{digest: "of another installation"})
    with line.work() as work, pytest.raises(Unavailable, match="of another i"):
        call_context_of(context_of(line.hotline, work), call)


def test_what_is_saved_is_what_the_next_call_hears_and_what_is_broken_changes_nothing(line: Line, edited: Path) -> None:
    prompts = edited / "flows" / "complaint" / "prompts.en.yaml"
    before = line.reach("ask_story", OTHER, "CA-before")
    prompts.write_text(prompts.read_text().replace("Thank you. What would put", "Thanks. What would put"))
    after = line.reach("ask_story", CALLER, "CA-after")
    assert "Thank you. What" in heard(line.key(before, "#"))
    assert "Thanks. What" in heard(line.key(after, "#"))
    prompts.write_text(prompts.read_text().replace("Thanks. What would put", "Unfortunately, what would put"))
    assert "Thanks. What" in heard(line.key(line.reach("ask_story", DEPUTY, "CA-broken"), "#"))
    (fault,) = line.hotline.flows.faults()
    assert "ask_remedy says 'unfortunately'" in fault.lower()


def heard(answer: CallAnswer) -> str:
    assert isinstance(answer.wait, Listen)
    return " ".join(prompt.text for prompt in answer.wait.prompts)
