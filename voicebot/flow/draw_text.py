"""A flow's cards as text that other programs draw: Graphviz's DOT and Mermaid.

Knows: cards. Must not know: nodes, links.
Source: graphviz.org/doc/info/lang.html; mermaid.js.org/syntax/flowchart.html.
"""

import json
import textwrap
from collections.abc import Iterator

from voicebot.flow.outline import NOWHERE, Card, Exit, Group

_WIDTH = 36
"""Letters in a line of a card."""
_LOOK = '  rankdir=TB;\n  node [shape=box, style=rounded, fontname="sans-serif"];'


def as_dot(groups: tuple[Group, ...], *, title: str) -> str:
    """Return the cards as a Graphviz digraph, each group a cluster."""
    lines = [f"digraph {_quoted(title)} {{", _LOOK]
    for at, group in enumerate(groups):
        lines += [f"  subgraph cluster_{at} {{", f"    label={_quoted(group.title)};"]
        lines += [f"    {_quoted(card.name)} [label={_quoted(_text_of(card))}];" for card in group.cards]
        lines += ["  }"]
    for card, way in _ways(groups):
        lines += [f"  {_quoted(card.name)} -> {_quoted(_target(way))} [label={_quoted(way.outcome)}];"]
    return "\n".join([*lines, "}", ""])


def as_mermaid(groups: tuple[Group, ...]) -> str:
    """Return the cards as a Mermaid flowchart, each group a subgraph."""
    ids = {card.name: f"n{at}" for at, card in enumerate(card for group in groups for card in group.cards)}
    ids |= {said: f"to_{target}" for target, said in NOWHERE.items()}
    lines = ["flowchart TD"]
    for at, group in enumerate(groups):
        lines += [f'  subgraph g{at}["{_escaped(group.title)}"]']
        lines += [f'    {ids[card.name]}["{_escaped(_text_of(card))}"]' for card in group.cards]
        lines += ["  end"]
    for target in sorted({way.target for _, way in _ways(groups)} & NOWHERE.keys()):
        lines += [f'  to_{target}["{NOWHERE[target]}"]']
    for card, way in _ways(groups):
        arrow = f'-->|"{_escaped(way.outcome)}"|' if way.outcome else "-->"
        lines += [f"  {ids[card.name]} {arrow} {ids[_target(way)]}"]
    return "\n".join([*lines, ""])


def _ways(groups: tuple[Group, ...]) -> Iterator[tuple[Card, Exit]]:
    for group in groups:
        for card in group.cards:
            yield from ((card, way) for way in card.exits)


def _target(way: Exit) -> str:
    return NOWHERE.get(way.target, way.target)


def _text_of(card: Card) -> str:
    return "\n".join([card.name, *(line for words in card.words for line in textwrap.wrap(words, _WIDTH))])


def _quoted(text: str) -> str:
    """Return a DOT string. Its escapes of quotes, backslashes and new lines are JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    """Return text for a quoted Mermaid label, which writes signs as `#name;` (its page: entity codes)."""
    signs = (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("\n", "<br>"))
    for sign, code in signs:
        text = text.replace(sign, code)
    return text
