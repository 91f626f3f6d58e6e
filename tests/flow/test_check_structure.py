"""One broken sample for each fault of nodes and links: file, line, what was found, what cures it."""

import pytest

from tests.flow.small_flow import FILES, changed_files, line_with
from voicebot.flow.check_structure import check_structure
from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection
from voicebot.flow.reader import parse_flow

FILE = "small/flow.yaml"


def _issues(files: dict[str, str]) -> list[Issue]:
    return list(check_structure(Inspection(flow=parse_flow(files))))


def test_a_sound_flow_has_no_faults() -> None:
    assert _issues(FILES) == []


BROKEN = {
    "unknown link": ("made: tell_window", "made: nowhere", "made: nowhere", "a link to nowhere, which is no node"),
    "unknown start": ("start: greet_caller", "start: hello", "start: hello", "a link to hello"),
    "unknown link of a branch": ("- {go: ask_story}", "- {go: tell_story}", "    go:", "a link to tell_story"),
    "unknown link of a command": (
        "true, go: promise_call}",
        "true, go: promise}",
        "person: {keys",
        "a link to promise",
    ),
    "unreachable node": ("go: ask_number}", "go: end_call}", "  ask_number:", "no link leads to ask_number"),
    "dead end": (
        "    made: tell_window\n    none_left: end_call",
        "    made: promise_call\n    none_left: promise_call",
        "kind: promise",
        "from promise_call the call can never end",
    ),
    "silent circle": (
        "    no_input: {prompts: [ask_story], go: end_call}",
        "    no_input: {go: greet_caller}",
        "  greet_caller:",
        "a silent caller can come back to greet_caller without end",
    ),
    "goodbye that asks": (
        "on_fault: end_call\n",
        "on_fault: end_call\non_time_up: ask_call\n",
        "on_time_up: ask_call",
        "a call whose time is up goes on to ask_call, which does not end it",
    ),
    "silent circle by a link back": (
        "    no_input: {prompts: [ask_story], go: end_call}",
        "    no_input: {prompts: [ask_story], go: return}",
        "  ask_story:",
        "a silent caller can come back to ask_story without end",
    ),
    "silent circle by a node that leads back": (
        "    made: tell_window\n    none_left: end_call\n  tell_window:\n"
        "    kind: listen\n    prompts: [promise_call]\n    played: end_call\n",
        "    made: end_call\n    none_left: return\n  tell_window:\n"
        "    kind: listen\n    prompts: [promise_call]\n    played: promise_call\n",
        "  tell_window:",
        "a silent caller can come back to tell_window without end",
    ),
    "start that leads back": (
        "- {when: is_overflow, go: end_call}",
        "- {when: is_overflow, go: return}",
        "start: greet_caller",
        "start leads back to a question that was never put",
    ),
    "fault that leads back": (
        "on_fault: end_call",
        "on_fault: return",
        "on_fault: return",
        "on_fault leads back to the question",
    ),
    "time up that leads back": (
        "on_fault: end_call\n",
        "on_fault: end_call\non_time_up: return\n",
        "on_time_up: return",
        "on_time_up leads back to the question",
    ),
    "hang-up that leads back": (
        "played: end_call\n    hang_up: end_call",
        "played: end_call\n    hang_up: return",
        "hang_up: return",
        "hanging up leads to return",
    ),
    "another name than its folder's": (
        "flow: small",
        "flow: tiny",
        "flow: tiny",
        "the flow is called tiny, its folder small",
    ),
    "last branch with a condition": (
        "- {go: ask_story}",
        "- {when: story_wanted, go: ask_story}",
        "    go:",
        "not exactly the last is without a condition",
    ),
    "first branch without a condition": (
        "- {when: is_overflow, go: end_call}",
        "- {go: end_call}",
        "    go:",
        "not exactly the last is without a condition",
    ),
    "two things waited for": (
        "    played: end_call\n",
        "    played: end_call\n    open: {end_silence_s: 3, go: end_call}\n",
        "  tell_window:",
        "tell_window waits for open and played",
    ),
    "nothing waited for": ("    played: end_call\n", "", "  tell_window:", "tell_window waits for nothing"),
    "a correction of nothing": (
        '      "no": {keys: ["2"], says: ["no"], go: ask_number}\n',
        '      "no": {keys: ["2"], says: ["no"], go: ask_number}\n'
        "    correction: {groups: {first: [person]}, instead_of: never, go: ask_number}\n",
        "    correction: {groups",
        "never is no answer at ask_call",
    ),
    "listening without no-input": (
        "    no_input: {prompts: [ask_story], go: end_call}\n",
        "",
        "  ask_story:",
        "ask_story listens without no_input",
    ),
    "listening without no-match": (
        "go: end_call}\n    no_match: {go: end_call}\n    at_most",
        "go: end_call}\n    at_most",
        "  ask_number:",
        "ask_number listens without no_match",
    ),
    "listening without a time": (
        "    no_input_after_s: 7\n",
        "",
        "  ask_story:",
        "ask_story listens without no_input_after_s",
    ),
    "hang-up that goes on": (
        "played: end_call\n    hang_up: end_call",
        "played: end_call\n    hang_up: ask_story",
        "hang_up: ask_story",
        "hanging up leads to ask_story",
    ),
    "hanging up on a telephone that rings goes on": (
        "  end_call:\n    kind: end",
        "  ring_owner: {kind: connect, spoke: end_call, not_reached: end_call, hang_up: ask_story}\n"
        "  end_call:\n    kind: end",
        "  ring_owner:",
        "hanging up leads to ask_story",
    ),
    "half a limit": ("    otherwise: end_call\n", "", "  ask_number:", "only one of at_most and otherwise"),
    "unknown command": (
        "    slot: story\n",
        "    slot: story\n    commands: [sing]\n",
        "commands: [sing]",
        "sing is no command",
    ),
    "a key with two meanings": (
        '"no": {keys: ["2"]',
        '"no": {keys: ["0"]',
        "    answers:",
        "key 0 means two things at ask_call",
    ),
    "a digit among digits": (
        "    digits: {max_digits: 15, go: check_number}\n",
        '    digits: {max_digits: 15, go: check_number}\n    answers: {skip: {keys: ["3"], go: end_call}}\n',
        "    answers: {skip",
        "a digit is an answer at ask_number",
    ),
    "a question by kind with a slot": (
        "    slot: story\n",
        "    slot: story\n    asks_field: true\n",
        "asks_field: true",
        "ask_story asks for a field and has a slot of its own, or is not open",
    ),
    "more than four choices": (
        '      "no": {keys: ["2"]',
        "".join(f'      other_{key}: {{keys: ["{key}"], go: end_call}}\n' for key in (3, 4, 6))
        + '      "no": {keys: ["2"]',
        "    answers:",
        "5 choices at ask_call",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_fault_is_named_with_its_line(kind: str) -> None:
    old, new, at, found = BROKEN[kind]
    files = changed_files(FILE, old, new)
    fitting = [issue for issue in _issues(files) if found in issue.found]
    assert fitting, [str(issue) for issue in _issues(files)]
    assert fitting[0].file == FILE
    assert fitting[0].line == line_with(files[FILE], at) - (at == "kind: promise")
    assert fitting[0].cure


def test_a_link_back_to_the_question_is_no_dead_end() -> None:
    files = changed_files(
        FILE, "    made: tell_window\n    none_left: end_call", "    made: tell_window\n    none_left: return"
    )
    assert _issues(files) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on_fault: end_call\n", "on_fault: end_call\non_time_up: end_call\n"),
        ("    slot: story\n", "    slot: story\n    commands: [person]\n"),
    ],
)
def test_what_a_flow_may_say_besides_is_no_fault(old: str, new: str) -> None:
    assert _issues(changed_files(FILE, old, new)) == []
