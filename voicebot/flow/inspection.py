"""A flow under inspection. It has its nodes as a graph, and where each thing stands in its files.

Knows: links, paths, lines. Must not know: which faults there are (`check*.py`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from voicebot.flow.definition import Flow
from voicebot.flow.faults import Issue
from voicebot.flow.nodes import (
    BACK,
    RETURN,
    CheckNumberNode,
    ConnectNode,
    EndNode,
    FindQuestionsNode,
    JoinCaseNode,
    Link,
    ListenNode,
    Node,
    OpenCaseNode,
    PromiseNode,
    SayNode,
)
from voicebot.flow.policy import Policy
from voicebot.flow.spoken import LANGUAGES, SpokenLanguage

Place = tuple[str | int, ...]
"""Keys from the top of `flow.yaml` to the thing meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """A flow, and what it is held against. None where there is nothing to hold it against."""

    flow: Flow
    policy: Policy | None = None
    """The company's promises, with targets, grain of windows, ladder."""
    clips: dict[str, Collection[str]] | None = None
    """By locale, the names of the clips that exist (`prompts.clip_name`)."""
    clip_s: Callable[[str, str], float | None] | None = None
    """Takes a locale and words and returns how many seconds their clip lasts, or None where there is none."""
    unknown_phrases: Callable[[str, tuple[str, ...]], Collection[str]] | None = None
    """Takes a locale and phrases and returns those that the recogniser's model cannot hear."""
    languages: Mapping[str, SpokenLanguage] = field(default_factory=lambda: LANGUAGES)
    """How languages speak digits, days and hours, by language without region."""
    company: str = "Sixteen Letters."
    """The company's name as spoken."""

    def issue(self, *place: str | int, found: str, cure: str) -> Issue:
        """Return a fault of `flow.yaml` at the deepest line known of a place."""
        return self.issue_in(self.structure_file, *place, found=found, cure=cure)

    def issue_in(self, file: str, *place: str | int, found: str, cure: str) -> Issue:
        """Return a fault of any file."""
        lines = self.flow.lines.get(file, {})
        while place and "/".join(map(str, place)) not in lines:
            place = place[:-1]
        return Issue(file, lines.get("/".join(map(str, place)), 1), found, cure)

    @property
    def structure_file(self) -> str:
        """Name of the file with the nodes."""
        return next(name for name in self.flow.sources if name.endswith("flow.yaml"))

    def file_of(self, kind: str, locale: str, key: str) -> str:
        """Return which file of words (`prompts`, `texts`, `vocabulary`) has a key, or the flow's own if none does."""
        names = [name for name in self.flow.lines if f"/{kind}.{locale}." in f"/{name}"]
        own = [name for name in names if not name.startswith("shared/")]
        having = [name for name in (*own, *names) if key in self.flow.lines[name]]
        return next(iter((*having, *own, *names)), f"{self.flow.name}/{kind}.{locale}.yaml")

    def listening(self) -> Iterator[tuple[str, ListenNode]]:
        """Yield the nodes that wait for the caller."""
        for name, node in self.flow.nodes.items():
            if isinstance(node, ListenNode):
                yield name, node

    def links(self) -> Iterator[tuple[Place, Link]]:
        """Yield every link of the flow with its place."""
        yield ("start",), self.flow.file.start
        yield ("on_fault",), self.flow.file.on_fault
        if self.flow.file.on_time_up is not None:
            yield ("on_time_up",), self.flow.file.on_time_up
        if self.flow.file.on_not_understood is not None:
            yield ("on_not_understood", "go"), self.flow.file.on_not_understood.go
        for name, command in self.flow.file.commands.items():
            if command.go is not None:
                yield ("commands", name, "go"), command.go
        for name, node in self.flow.nodes.items():
            yield from ((("nodes", name, *place), link) for place, link in links_of(node))


def links_of(node: Node) -> Iterator[tuple[Place, Link]]:
    """Yield the links of one node, the silent ones first."""
    yield from silent_links_of(node)
    if isinstance(node, ListenNode):
        for name, answer in node.answers.items():
            yield ("answers", name, "go"), answer.go
        for part in ("open", "digits", "correction", "no_match"):
            found = getattr(node, part)
            if found is not None:
                yield (part, "go"), found.go
        yield ("hang_up",), node.hang_up
        if node.otherwise is not None:
            yield ("otherwise",), node.otherwise


_SILENT: Mapping[type, tuple[str, ...]] = {
    SayNode: ("go",),
    FindQuestionsNode: ("go",),
    PromiseNode: ("made", "none_left"),
    CheckNumberNode: ("accepted", "refused"),
    JoinCaseNode: ("joined", "apart"),
    OpenCaseNode: ("opened", "refused"),
    ConnectNode: ("spoke", "not_reached", "hang_up"),
}
"""By kind of node, the links that a call takes there whatever its caller does."""


def silent_links_of(node: Node) -> Iterator[tuple[Place, Link]]:
    """Yield the links that a call can take without a word or a key of the caller."""
    yield from (((part,), getattr(node, part)) for part in _SILENT.get(type(node), ()))
    if isinstance(node, ListenNode):
        if node.no_input is not None:
            yield ("no_input", "go"), node.no_input.go
        yield from (((part,), getattr(node, part)) for part in ("played", "cut_short") if getattr(node, part))


def targets_of(link: Link) -> tuple[str, ...]:
    """Return the nodes a link can lead to, `return` and `back` left out."""
    return tuple(name for name in names_of(link) if name not in (RETURN, BACK))


def names_of(link: Link) -> tuple[str, ...]:
    """Return every name in a link, `return` among them."""
    return (link,) if isinstance(link, str) else tuple(branch.go for branch in link)


def is_end(node: Node | None) -> bool:
    """Whether a node ends the call."""
    return isinstance(node, EndNode)
