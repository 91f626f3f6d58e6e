"""What Graphviz and Mermaid are given has every card and every way, with signs they would stumble over escaped."""

import re

from tests.flow.sample_turns import sample_flow
from voicebot.flow.draw_text import as_dot, as_mermaid
from voicebot.flow.outline import Card, Exit, Group, outline_of

WAYS = (Exit("", "stop"), Exit("no", "return"), Exit("back", "back"))
ODD = (
    Group(
        'the "end"',
        (
            Card(
                "ask",
                "listen",
                ('Say "<no>" & press #.',),
                WAYS,
            ),
        ),
    ),
    Group("stop", (Card("stop", "end", (), ()),)),
)


def test_dot_has_clusters_cards_and_labelled_arrows() -> None:
    assert (
        as_dot(ODD, title="odd")
        == r"""digraph "odd" {
  rankdir=TB;
  node [shape=box, style=rounded, fontname="sans-serif"];
  subgraph cluster_0 {
    label="the \"end\"";
    "ask" [label="ask\nSay \"<no>\" & press #."];
  }
  subgraph cluster_1 {
    label="stop";
    "stop" [label="stop"];
  }
  "ask" -> "stop" [label=""];
  "ask" -> "back to the question" [label="no"];
  "ask" -> "back to the question before" [label="back"];
}
"""
    )


def test_mermaid_has_subgraphs_cards_and_labelled_arrows() -> None:
    assert (
        as_mermaid(ODD)
        == """flowchart TD
  subgraph g0["the #quot;end#quot;"]
    n0["ask<br>Say #quot;#lt;no#gt;#quot; #amp; press #35;."]
  end
  subgraph g1["stop"]
    n1["stop"]
  end
  to_back["back to the question before"]
  to_return["back to the question"]
  n0 --> n1
  n0 -->|"no"| to_return
  n0 -->|"back"| to_back
"""
    )


def test_no_card_stands_for_going_back_where_nothing_does() -> None:
    assert "back" not in as_mermaid(ODD[1:])


def test_every_way_of_a_flow_is_an_arrow() -> None:
    groups = outline_of(sample_flow())
    ways = sum(len(card.exits) for group in groups for card in group.cards)
    assert as_dot(groups, title="sample").count(" -> ") == ways
    assert len(re.findall(r"^  n\d+ -->", as_mermaid(groups), re.MULTILINE)) == ways
