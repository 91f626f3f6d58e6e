"""A flow in sentences says all that a call does, and says something else as soon as the flow does."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests import quick_yaml
from tests.flow.sample_turns import sample_flow
from tests.flow.small_flow import FILES, FLOW, changed_files, project_texts, small_flow
from voicebot.flow.check_words import said_keys
from voicebot.flow.condition_names import Condition
from voicebot.flow.definition import Flow
from voicebot.flow.inspection import links_of, targets_of
from voicebot.flow.nodes import NodeAction, PromiseNode
from voicebot.flow.reader import parse_flow
from voicebot.flow.sentences import clause_of, explain_flow, explain_node, outcome_of

EVERY_FIELD = """
on_time_up: end_call
on_not_understood: {after_questions: 2, go: promise_call}
around: ["yes"]
unsure: ["no"]
"""
"""What the small flow lacks at its head."""
WHOLE_NODES = """
  hear_all:
    kind: listen
    prompts: [ask_story]
    do: [allow_recording]
    keep: [{slot: matter, value: same, confirmed: false}]
    confirm_promise: promise_call
    slot: story
    open: {end_silence_s: 3, pause_after_s: 2, pause_prompt: ask_call, ends_with: ["no"], pause_ends_with: ["yes"],
      max_utterance_s: 180, warn_after_s: 150, warn_prompt: ask_number, go: ask_call}
    answers:
      skip: {keys: ["#"], says: ["yes"], go: [{when: story_wanted, go: ask_call}, {go: end_call}]}
    end_silence_s: 2
    no_input_after_s: 7
    no_input: {prompts: [ask_story, ask_call, ask_number, say_notice], after_s: 8, go: end_call}
    no_match: {prompts: [ask_call], go: return}
    hang_up: end_call
    commands: [person]
    barge_in: false
    at_most: 3
    otherwise: end_call
  key_number:
    kind: listen
    digits: {min_digits: 3, max_digits: 15, inter_digit_s: 5, go: check_number}
    no_input_after_s: 6
    hang_up: end_call
  hear_notice: {kind: listen, prompts: [say_notice], played: end_call, cut_short: ask_call, hang_up: end_call}
  say_more: {kind: say, keep: [{slot: matter, value: other}], go: return}
  promise_later: {kind: promise, target: standard, later: true, made: end_call, none_left: ask_call}
  check_it: {kind: check_number, accepted: end_call, refused: ask_call}
  connect: {kind: connect, prompts: [ask_call], spoke: end_call, not_reached: ask_call, hang_up: end_call}
  join: {kind: join_case, joined: end_call, apart: ask_call}
  end_all: {kind: end, prompts: [promise_call], do: [listen_first]}
"""


def _flows() -> Iterator[Flow]:
    yield sample_flow()
    yield parse_flow(project_texts("complaint", "shared"))


def _whole() -> dict[str, Any]:
    head, nodes = FLOW.split("nodes:\n")
    whole: dict[str, Any] = quick_yaml.load(f"{head}{EVERY_FIELD}nodes:\n{nodes}{WHOLE_NODES}")
    whole["commands"]["again"] = {"keys": ["*"], "is_everywhere": False, "within_story": True}
    return whole


def _flow_of(data: Mapping[str, Any]) -> Flow:
    flow = small_flow()
    return flow.model_copy(update={"file": type(flow.file).model_validate(data)})


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _leaves(value, (*path, key))
    else:
        yield path


def _changed(data: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        others: dict[type, Any] = {bool: lambda: not data, str: lambda: _other(data)}
        return others.get(type(data), lambda: data + 1)()
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    changed = {key: _changed(value, path[1:]) if key == path[0] else value for key, value in entries}
    return changed if isinstance(data, dict) else list(changed.values())


def _other(text: str) -> str:
    swapped = {"allow_recording": "refuse_recording", "story_wanted": "case_known", "is_overflow": "case_known",
               "manager_told": "supervisor_told", "caller_texted": "supervisor_told", "listen_first": "forget_number",
               "en": "sk"}  # fmt: skip
    keys = dict.fromkeys("0123456*#", "7")
    return swapped.get(text) or keys.get(text) or ("no" if text == "yes" else f"other_{text}")


@pytest.mark.parametrize("flow", list(_flows()), ids=lambda flow: flow.name)
def test_every_outcome_of_every_node_is_said_with_where_it_leads(flow: Flow) -> None:
    for name, node in flow.nodes.items():
        told = explain_node(flow, name)
        for _, link in links_of(node):
            assert {target for target in targets_of(link) if f" at {target}" not in told} == set(), name


@pytest.mark.parametrize("flow", list(_flows()), ids=lambda flow: flow.name)
def test_every_prompt_is_said_in_its_words(flow: Flow) -> None:
    told = explain_flow(flow)
    words = {key: flow.prompts["en"][key] for key, place in said_keys(flow).items() if place}
    assert {key for key, said in words.items() if f'"{said}" ({key})' not in told} == set()


def test_a_change_of_any_value_of_a_flow_changes_what_is_said_of_it() -> None:
    whole = _whole()
    before = explain_flow(_flow_of(whole))
    paths = [path for path in _leaves(whole) if path[-1] not in {"spec", "kind"}]
    assert len(paths) > 120
    untold = [path for path in paths if explain_flow(_flow_of(_changed(whole, path))) == before]
    assert untold == []


def test_a_question_is_told_as_a_person_would_tell_it() -> None:
    told = explain_node(small_flow(), "ask_call")
    assert (
        told
        == """\
ask_call (listen)
  We say "May we call you? For yes, press 1. For no, press 2." (ask_call).
  The answer fills wants_call.
  The answer yes is given by pressing 1 or words like "yes", "that's fine". Then it goes on at promise_call.
  The answer no is given by pressing 2 or words like "no". Then it goes on at ask_number.
  If nothing is heard for 6 s, it ends at end_call.
  If it is not understood, it ends at end_call.
  If the caller hangs up, it ends at end_call, without words."""
    )


def test_branches_are_told_by_what_their_conditions_mean() -> None:
    assert explain_node(small_flow(), "greet_caller").endswith("""\
  Then it depends:
    if every recogniser is taken, so this call began in the recorded way: it ends at end_call
    else: it goes on at ask_story""")


def test_a_flow_is_told_from_its_beginning_with_what_holds_for_the_whole_call() -> None:
    told = explain_flow(small_flow())
    assert told.startswith("The flow small, in en\n  A call begins at greet_caller.")
    assert "The words of promise_call promise: manager told, caller texted." in told


def test_what_a_node_asks_of_the_policy_is_told_by_its_docstrings() -> None:
    told = explain_node(small_flow(), "promise_call").splitlines()
    assert told[0] == "promise_call (promise)"
    assert "  Name of the service-level target: standard." in told
    assert "  With a window, it goes on at tell_window." in told
    assert told[-1].startswith("  When the policy has none")
    assert told[-1].endswith(", it ends at end_call.")


def test_a_link_whose_docstring_does_not_say_when_it_is_taken_has_no_outcome() -> None:
    node = small_flow().nodes["promise_call"]
    assert isinstance(node, PromiseNode)
    assert (outcome_of(node, "made"), outcome_of(node, "target")) == ("with a window", None)


def test_words_that_are_missing_are_said_to_be() -> None:
    flow = parse_flow(changed_files("small/prompts.en.yaml", 'ask_number: "Please key in the number."\n', ""))
    assert "the words of ask_number, which are missing" in explain_node(flow, "ask_number")
    assert FILES["small/prompts.en.yaml"].count("ask_number") == 1


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_reads_on_after_if(condition: Condition) -> None:
    clause = clause_of(condition)
    assert clause[0].islower()
    assert not clause.endswith(".")


def test_every_action_is_told_with_its_meaning() -> None:
    for action in NodeAction:
        data = _whole()
        data["nodes"]["say_more"]["do"] = [action.value]
        assert f"Here we {action.replace('_', ' ')}: " in explain_node(_flow_of(data), "say_more")
