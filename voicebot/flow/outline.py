"""A flow as cards, for drawing. Each node is a card with its words and a row for each way out, and stands in a group.

Groups are the sections of the flow's file, that is the nodes below a comment like `# --- the promise ---`.

Knows: nodes, links, comments. Must not know: how cards are drawn (`draw_text.py`, `draw_svg.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.flow.definition import Flow
from voicebot.flow.inspection import Inspection, Place, links_of
from voicebot.flow.nodes import BACK, RETURN, Link, ListenNode, Node
from voicebot.flow.sentences import keys_said, outcome_of

NOWHERE = {RETURN: "back to the question", BACK: "back to the question before"}
"""Targets that are no node, and how they are said."""
AT_ANY_MOMENT = "at any moment"
"""Title of the first group. It has what no node leads to, such as the beginning and the commands."""
_SECTION = re.compile(r"^\s*# --- (.+?)\s*-*\s*$")
_ROOTS = {
    "start": "a call begins",
    "on_fault": "our own code fails",
    "on_time_up": "the call has lasted too long",
    "on_not_understood": "not understood, question after question",
}


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a node."""

    outcome: str
    """When it is taken ("silent for 6 s")."""
    target: str
    """The node that it leads to, or one of `NOWHERE`."""


@dataclass(frozen=True, slots=True)
class Card:
    """One node, or one thing that may happen at any moment."""

    name: str
    kind: str
    words: tuple[str, ...]
    """What is said there, in the flow's first locale."""
    exits: tuple[Exit, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that belong together, in spoken order."""

    title: str
    cards: tuple[Card, ...]


def outline_of(flow: Flow) -> tuple[Group, ...]:
    """Return the flow's groups in the order of its file, and before them what may happen at any moment."""
    named: dict[str, list[Card]] = {}
    for title, name in _titled_nodes(flow):
        named.setdefault(title, []).append(_card(flow, name))
    return (_roots(flow), *(Group(title, tuple(cards)) for title, cards in named.items()))


def _titled_nodes(flow: Flow) -> Iterator[tuple[str, str]]:
    """Yield each node with the title of its section, which is the flow's name before the first one."""
    file = Inspection(flow=flow).structure_file
    lines, marks = flow.sources[file].splitlines(), flow.lines[file]
    for name in flow.nodes:
        above = (found for line in reversed(lines[: marks[f"nodes/{name}"]]) if (found := _SECTION.match(line)))
        section = next(above, None)
        yield (flow.name.replace("_", " ") if section is None else section.group(1)), name


def _roots(flow: Flow) -> Group:
    cards = []
    for place, link in Inspection(flow=flow).links():
        if place[0] in _ROOTS:
            name = _ROOTS[str(place[0])]
            cards.append(Card(name, "", (), tuple(_exits("", link))))
        elif place[0] == "commands":
            command = flow.file.commands[str(place[1])]
            name = f"caller wants {place[1]} {_in_brackets(keys_said(command.keys))}".strip().replace("_", " ")
            cards.append(Card(name, "command", (), tuple(_exits("", link))))
    return Group(AT_ANY_MOMENT, tuple(cards))


def _card(flow: Flow, name: str) -> Card:
    node = flow.nodes[name]
    words = flow.prompts.get(flow.locales[0], {})
    said = tuple(words.get(key, key) for key in getattr(node, "prompts", ()))
    exits = tuple(way for place, link in links_of(node) for way in _exits(_outcome(node, place), link))
    return Card(name, node.kind, said, exits)


def _exits(outcome: str, link: Link) -> Iterator[Exit]:
    if isinstance(link, str):
        yield Exit(outcome, link)
        return
    for branch in link:
        condition = "else" if branch.when is None else f"if {branch.when.value.replace('_', ' ')}"
        yield Exit(f"{outcome}, {condition}" if outcome else condition, branch.go)


def _outcome(node: Node, place: Place) -> str:
    """Return in a few words when a link is taken."""
    if isinstance(node, ListenNode):
        return _heard(node, place)
    part = str(place[0])
    return {"go": "", "hang_up": "hangs up"}.get(part, outcome_of(node, part) or part.replace("_", " "))


def _heard(node: ListenNode, place: Place) -> str:
    part = str(place[0])
    if part == "answers":
        name = str(place[1])
        return f"{name} {_in_brackets(keys_said(node.answers[name].keys))}".strip().replace("_", " ")
    silence = "silent" if node.no_input_after_s is None else f"silent for {node.no_input_after_s:g} s"
    return {
        "open": "has spoken",
        "digits": "a number",
        "played": "words heard",
        "cut_short": "words cut short",
        "no_input": f"{silence}{_after_tries(node, 'no_input')}",
        "no_match": f"not understood{_after_tries(node, 'no_match')}",
        "otherwise": f"comes here more than {node.at_most} times",
        "hang_up": "hangs up",
    }.get(part, part.replace("_", " "))


def _after_tries(node: ListenNode, part: str) -> str:
    tries = len(getattr(node, part).prompts) if getattr(node, part) is not None else 0
    return f", {tries + 1} times" if tries else ""


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""
