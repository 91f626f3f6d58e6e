"""The cards of a picture are the flow's nodes and links, no more and no fewer."""

import pytest

from tests.flow.sample_turns import sample_flow
from tests.flow.small_flow import changed_files, project_texts, small_flow
from voicebot.flow.definition import Flow
from voicebot.flow.inspection import Inspection, names_of
from voicebot.flow.outline import AT_ANY_MOMENT, Card, outline_of
from voicebot.flow.reader import parse_flow


def _cards(flow: Flow) -> dict[str, Card]:
    return {card.name: card for group in outline_of(flow) for card in group.cards}


@pytest.mark.parametrize(
    "flow", [sample_flow(), parse_flow(project_texts("complaint", "shared"))], ids=lambda flow: flow.name
)
def test_every_link_of_the_flow_is_a_row_of_a_card_and_nothing_else_is(flow: Flow) -> None:
    linked = [name for _, link in Inspection(flow=flow).links() for name in names_of(link)]
    drawn = [way.target for card in _cards(flow).values() for way in card.exits]
    assert sorted(drawn) == sorted(linked)
    assert set(flow.nodes) < set(_cards(flow))


def test_nodes_stand_in_the_sections_of_their_file() -> None:
    node = "  promise_call:\n    kind"
    marked = changed_files("small/flow.yaml", node, f"  # --- the promise ----\n{node}")
    groups = {group.title: [card.name for card in group.cards] for group in outline_of(parse_flow(marked))}
    assert groups == {
        AT_ANY_MOMENT: ["a call begins", "our own code fails", "caller wants person (0)"],
        "small": ["greet_caller", "ask_story", "ask_call", "ask_number", "check_number"],
        "the promise": ["promise_call", "tell_window", "end_call"],
    }


def test_a_card_says_what_is_said_and_when_each_way_is_taken() -> None:
    card = _cards(small_flow())["ask_call"]
    assert card.words == ("May we call you? For yes, press 1. For no, press 2.",)
    assert [(way.outcome, way.target) for way in card.exits] == [
        ("silent for 6 s", "end_call"),
        ("yes (1)", "promise_call"),
        ("no (2)", "ask_number"),
        ("not understood", "end_call"),
        ("hangs up", "end_call"),
    ]


def test_a_row_tells_tries_limits_and_conditions() -> None:
    cards = _cards(small_flow())
    assert [way.outcome for way in cards["ask_story"].exits] == [
        "silent for 7 s, 2 times", "has spoken", "not understood", "hangs up",
    ]  # fmt: skip
    assert [way.outcome for way in cards["greet_caller"].exits] == ["if is overflow", "else"]
    assert "comes here more than 2 times" in [way.outcome for way in cards["ask_number"].exits]
    assert [way.outcome for way in cards["tell_window"].exits] == ["words heard", "hangs up"]


def test_what_a_node_asks_is_told_by_its_docstrings() -> None:
    made, none_left = _cards(small_flow())["promise_call"].exits
    assert made.outcome == "with a window"
    assert none_left.outcome.startswith("when the policy has none")


def test_a_wait_without_a_timer_is_only_silent() -> None:
    node = "    no_input_after_s: 6\n    no_input: {go: end_call}\n    no_match: {go: end_call}\n    at_most"
    flow = parse_flow(changed_files("small/flow.yaml", node, node.replace("    no_input_after_s: 6\n", "")))
    assert "silent" in [way.outcome for way in _cards(flow)["ask_number"].exits]


def test_branches_of_an_answer_tell_answer_and_condition() -> None:
    old = 'keys: ["2"], says: ["no"], go: ask_number}'
    branches = "[{when: is_overflow, go: end_call}, {go: ask_number}]}"
    flow = parse_flow(changed_files("small/flow.yaml", old, old.replace("ask_number}", branches)))
    assert "no (2), if is overflow" in [way.outcome for way in _cards(flow)["ask_call"].exits]
