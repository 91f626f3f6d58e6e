"""Faults of a flow's nodes and links, such as unknown, unreachable, endless, or deaf to silence.

Knows: the graph. Must not know: words, policy.
"""

from collections.abc import Callable, Iterable, Iterator

from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection, is_end, links_of, names_of, silent_links_of, targets_of
from voicebot.flow.listens import commands_at
from voicebot.flow.nodes import BACK, RETURN, Branch, ConnectNode, EndNode, Link, ListenNode, Node

MOST_CHOICES = 4
"""Choices that a caller can keep in mind (complaints.md V-03)."""

Edges = dict[str, tuple[str, ...]]


def check_structure(inspection: Inspection) -> Iterator[Issue]:
    """Yield every fault of the structure."""
    yield from _name_of_another(inspection)
    yield from _unknown_links(inspection)
    yield from _open_branches(inspection)
    yield from _unreachable(inspection)
    yield from _goodbyes_that_ask(inspection)
    yield from _dead_ends(inspection)
    yield from _circles(inspection)
    yield from _silent_returns(inspection)
    yield from _roots_that_return(inspection)
    yield from _ends_nowhere(inspection)
    for name, node in inspection.listening():
        for check in _LISTEN_CHECKS:
            yield from check(inspection, name, node)


def _name_of_another(inspection: Inspection) -> Iterator[Issue]:
    """A running call looks its flow up by name, so a folder of another name is found at the first turn only."""
    folder = inspection.structure_file.rpartition("/")[0]
    name = inspection.flow.name
    if folder and folder != name:
        found, cure = f"the flow is called {name}, its folder {folder}", f"write `flow: {folder}`, or rename the folder"
        yield inspection.issue("flow", found=found, cure=cure)


def _unknown_links(inspection: Inspection) -> Iterator[Issue]:
    nodes = inspection.flow.nodes
    for place, link in inspection.links():
        for target in targets_of(link):
            if target not in nodes:
                yield inspection.issue(
                    *place, found=f"a link to {target}, which is no node", cure="name a node, or add this one"
                )


def _open_branches(inspection: Inspection) -> Iterator[Issue]:
    for place, link in inspection.links():
        if not isinstance(link, str) and _first_free(link) != len(link) - 1:
            yield inspection.issue(
                *place,
                found="branches of which not exactly the last is without a condition",
                cure="let the last branch, and only it, have no `when`",
            )


def _first_free(link: tuple[Branch, ...]) -> int | None:
    """Return the place of the first branch without a condition."""
    return next((at for at, branch in enumerate(link) if branch.when is None), None)


def _unreachable(inspection: Inspection) -> Iterator[Issue]:
    flow = inspection.flow
    roots = [
        *targets_of(flow.file.start),
        *targets_of(flow.file.on_fault),
        *(targets_of(flow.file.on_time_up) if flow.file.on_time_up else ()),
        *(targets_of(flow.file.on_not_understood.go) if flow.file.on_not_understood else ()),
        *(target for command in flow.file.commands.values() if command.go for target in targets_of(command.go)),
    ]
    reached = _closure(roots, _edges(inspection, links_of))
    for name in flow.nodes:
        if name not in reached:
            yield inspection.issue("nodes", name, found=f"no link leads to {name}", cure="link to it, or take it out")


def _goodbyes_that_ask(inspection: Inspection) -> Iterator[Issue]:
    """A call whose time is up must end there, because a question would make it last for ever after all."""
    link = inspection.flow.file.on_time_up
    for target in () if link is None else targets_of(link):
        if target in inspection.flow.nodes and not is_end(inspection.flow.nodes[target]):
            found = f"a call whose time is up goes on to {target}, which does not end it"
            yield inspection.issue("on_time_up", found=found, cure="name a node of kind end")


def _dead_ends(inspection: Inspection) -> Iterator[Issue]:
    """A node from which no end can be reached, where hanging up does not count."""
    edges = _edges(inspection, lambda node: (pair for pair in links_of(node) if pair[0] != ("hang_up",)))
    ends = {name for name, node in inspection.flow.nodes.items() if is_end(node)}
    for name, targets in edges.items():
        returns = _returns(inspection, inspection.flow.nodes[name])
        if name not in ends and not returns and not _closure(targets, edges) & ends:
            yield inspection.issue(
                "nodes", name, found=f"from {name} the call can never end", cure="lead it to a node of kind end"
            )


def _returns(inspection: Inspection, node: Node) -> bool:
    """Tell whether a call goes on from a node where it was before. What is asked in between may say something first."""
    links = [link for _, link in links_of(node)]
    is_aside = isinstance(node, ListenNode) and node.is_aside
    at_once = any({RETURN, BACK} & {*names_of(link)} for link in links)
    return at_once or (is_aside and any(_leads_back(inspection, link) for link in links))


def _circles(inspection: Inspection) -> Iterator[Issue]:
    """A silent caller must not go round for ever, so each circle of silent links needs a node with `at_most`."""
    limited = {name for name, node in inspection.listening() if node.at_most is not None}
    edges = {
        name: tuple(target for target in targets if target not in limited)
        for name, targets in _edges(inspection, silent_links_of).items()
        if name not in limited
    }
    for name, targets in edges.items():
        if name in _closure(targets, edges):
            yield inspection.issue(
                "nodes",
                name,
                found=f"a silent caller can come back to {name} without end",
                cure="give a listening node on the way `at_most` and `otherwise`",
            )


def _silent_returns(inspection: Inspection) -> Iterator[Issue]:
    """A link back to the question is for callers who wanted something, so `at_most` does not count it.

    From what is asked in between, a silent caller comes back to another question, and so often at most.
    """
    for name, node in inspection.listening():
        is_counted = node.is_aside and node.at_most is not None
        if not is_counted and any(_leads_back(inspection, link) for _, link in silent_links_of(node)):
            yield inspection.issue(
                "nodes",
                name,
                found=f"a silent caller can come back to {name} without end",
                cure="lead silence on: `return` is for what a caller asked for",
            )


def _roots_that_return(inspection: Inspection) -> Iterator[Issue]:
    file = inspection.flow.file
    if _leads_back(inspection, file.start):
        found = "start leads back to a question that was never put"
        yield inspection.issue("start", found=found, cure="lead it to a node that listens")
    for part, link in (("on_fault", file.on_fault), ("on_time_up", file.on_time_up)):
        if link is not None and _leads_back(inspection, link):
            yield inspection.issue(
                part, found=f"{part} leads back to the question", cure="lead it to a node of kind end"
            )


def _leads_back(inspection: Inspection, link: Link) -> bool:
    """Tell whether a call can come from a link to `return` without a wait in between."""
    waiting, seen = list(names_of(link)), set()
    while waiting:
        name = waiting.pop()
        node = inspection.flow.nodes.get(name)
        if name in (RETURN, BACK):
            return True
        if node is not None and name not in seen and not isinstance(node, ListenNode):
            seen.add(name)
            waiting += [target for _, onward in silent_links_of(node) for target in names_of(onward)]
    return False


def _edges(inspection: Inspection, links: Callable[..., Iterable[tuple[object, Link]]]) -> Edges:
    return {
        name: tuple(target for _, link in links(node) for target in targets_of(link))
        for name, node in inspection.flow.nodes.items()
    }


def _closure(roots: Iterable[str], edges: Edges) -> set[str]:
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += edges.get(name, ())
    return reached


def _waits_for_one_thing(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    asked = [part for part in ("open", "digits", "played") if getattr(node, part) is not None]
    if len(asked) > 1 or (not asked and not node.answers):
        found = " and ".join(asked) or "nothing"
        yield inspection.issue(
            "nodes", name, found=f"{name} waits for {found}", cure="let it have one of open, answers, digits, played"
        )


def _corrects_an_answer(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    if node.correction is not None and node.correction.instead_of not in node.answers:
        yield inspection.issue(
            *("nodes", name, "correction", "instead_of"),
            found=f"{node.correction.instead_of} is no answer at {name}",
            cure="name the answer that says that the number is wrong",
        )


def _hears_silence(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    for part in ("no_input", "no_match", "no_input_after_s"):
        if node.played is None and getattr(node, part) is None:
            yield inspection.issue(
                "nodes", name, found=f"{name} listens without {part}", cure=f"say with {part} what silence leads to"
            )


def _ends_nowhere(inspection: Inspection) -> Iterator[Issue]:
    for name, node in inspection.flow.nodes.items():
        if isinstance(node, ConnectNode):
            yield from _hang_up_ends(inspection, name, node)


def _hang_up_ends(inspection: Inspection, name: str, node: ListenNode | ConnectNode) -> Iterator[Issue]:
    target = inspection.flow.nodes.get(node.hang_up)
    if node.hang_up in (RETURN, BACK) or (target is not None and not isinstance(target, EndNode)):
        yield inspection.issue(
            "nodes", name, "hang_up", found=f"hanging up leads to {node.hang_up}", cure="name a node of kind end"
        )


def _limit_is_whole(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    if (node.at_most is None) != (node.otherwise is None):
        yield inspection.issue(
            "nodes", name, found=f"{name} has only one of at_most and otherwise", cure="give both or none"
        )


def _commands_exist(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    for command in node.commands:
        if command not in inspection.flow.file.commands:
            yield inspection.issue(
                "nodes", name, "commands", found=f"{command} is no command", cure="name one that stands under commands"
            )


def _keys_are_clear(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    general = () if node.digits else commands_at(inspection.flow, node).values()
    keys = [key for part in (*node.answers.values(), *general) for key in part.keys]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield inspection.issue(
            "nodes", name, "answers", found=f"key {key} means two things at {name}", cure="give one another key"
        )
    if node.digits and any(key.isdigit() for key in keys):
        yield inspection.issue(
            "nodes", name, "answers", found=f"a digit is an answer at {name}", cure="ask for digits, or for an answer"
        )


def _choices_are_few(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    """Beside answers with keys one that has only words says one of those otherwise, so it is no further choice."""
    keyed = [answer for answer in node.answers.values() if answer.keys]
    choices = len(keyed or node.answers)
    if choices > MOST_CHOICES:
        yield inspection.issue(
            "nodes",
            name,
            "answers",
            found=f"{choices} choices at {name}",
            cure=f"offer at most {MOST_CHOICES}, in two questions if need be",
        )


def _asks_in_words(inspection: Inspection, name: str, node: ListenNode) -> Iterator[Issue]:
    if node.asks_field and (node.open is None or node.slot is not None):
        yield inspection.issue(
            "nodes", name, "asks_field",
            found=f"{name} asks for a field and has a slot of its own, or is not open",
            cure="give it `open`, and no `slot`",
        )  # fmt: skip


_LISTEN_CHECKS: tuple[Callable[[Inspection, str, ListenNode], Iterator[Issue]], ...] = (
    _waits_for_one_thing,
    _corrects_an_answer,
    _hears_silence,
    _hang_up_ends,
    _limit_is_whole,
    _commands_exist,
    _keys_are_clear,
    _choices_are_few,
    _asks_in_words,
)
