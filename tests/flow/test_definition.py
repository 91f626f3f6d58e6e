"""The shape of a flow: what it takes, what it refuses, what it gives back."""

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.flow.small_flow import FILES, small_flow
from voicebot.flow.nodes import Link, ListenNode, Node

NODE: TypeAdapter[Node] = TypeAdapter(Node)
LINK: TypeAdapter[Link] = TypeAdapter(Link)


def test_body_is_the_texts_that_it_was_read_from() -> None:
    assert json.loads(small_flow().body()) == FILES


def test_a_flow_is_named_like_its_folder_and_has_the_locales_of_its_file() -> None:
    assert (small_flow().name, small_flow().locales) == ("small", ("en",))


def test_digest_is_of_the_body_and_stays() -> None:
    flow = small_flow()
    assert flow.digest == flow.digest == small_flow().digest


def test_nodes_come_in_spoken_order() -> None:
    assert list(small_flow().nodes)[:3] == ["greet_caller", "ask_story", "ask_call"]


def test_numbers_are_read_from_strings_and_names_stay_strings() -> None:
    node = NODE.validate_python({"kind": "listen", "hang_up": "end_call", "no_input_after_s": "2.5", "slot": "yes"})
    assert isinstance(node, ListenNode)
    assert (node.no_input_after_s, node.slot) == (2.5, "yes")


@pytest.mark.parametrize(
    "node",
    [
        {"kind": "sing", "go": "end_call"},
        {"kind": "say"},
        {"kind": "say", "go": "End Call"},
        {"kind": "say", "go": "end_call", "do": ["dance"]},
        {"kind": "listen"},
        {"kind": "listen", "hang_up": "end_call", "no_input_after_s": "0"},
        {"kind": "listen", "hang_up": "end_call", "at_most": "0"},
        {"kind": "listen", "hang_up": "end_call", "answers": {"yes": {"keys": ["11"], "go": "x"}}},
        {"kind": "end", "go": "end_call"},
    ],
)
def test_what_is_no_node_is_refused(node: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NODE.validate_python(node)


@pytest.mark.parametrize("link", [[], [{"when": "it_rains", "go": "x"}], [{"when": "story_wanted"}], ""])
def test_what_is_no_link_is_refused(link: object) -> None:
    with pytest.raises(ValidationError):
        LINK.validate_python(link)
