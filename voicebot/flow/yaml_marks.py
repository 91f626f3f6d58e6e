"""Reads YAML text into plain data whose every scalar is a string, and remembers the line of every value.

YAML's own guesses are switched off, since `12:30` would become 750 and `yes` a boolean. pydantic converts later.

Knows: YAML. Must not know: what the data mean, where the text came from.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import yaml

from voicebot.errors import FlowFault

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a document to a value."""

_FAST: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, sixteen times quicker. PyYAML has it where it was built with that library, as its wheels are."""
_OPENS = "[{-?:"
"""Each part within a part needs one of these."""
_SURELY_SHALLOW = 5_000
"""libyaml follows parts within parts on the C stack, whose end (some 25,000 deep) would end the process."""

YamlData = str | list["YamlData"] | dict[str, "YamlData"]


@dataclass(frozen=True, slots=True)
class MarkedYaml:
    """A document with its data, and the line (from 1) on which each value stands."""

    data: YamlData
    lines: dict[Path, int]

    def known_path(self, path: Iterable[str | int]) -> Path:
        """Return `path` without the parts that the document does not have (pydantic puts union tags among them)."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return known

    def line_of(self, path: Iterable[str | int]) -> int:
        """Return the line of the deepest known value on the way to `path`."""
        return self.lines.get(self.known_path(path), 1)


class BrokenYaml(FlowFault):
    """The text is not YAML, or uses a part of it that we do not take. `line` counts from 1."""

    def __init__(self, line: int, found: str) -> None:
        super().__init__(found)
        self.line = line
        self.found = found


def read_yaml(text: str) -> MarkedYaml:
    """Read one document.

    Raises: BrokenYaml for text that is not YAML, for a key given twice and for keys that are not plain words.
    """
    lines: dict[Path, int] = {(): 1}
    try:
        top = _composed(text)
        data = "" if top is None else _data_of(top, path=(), lines=lines)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise BrokenYaml(line, fault.problem or "this is not YAML") from fault
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise BrokenYaml(line, "a character that YAML does not have") from fault
    except RecursionError as fault:
        raise BrokenYaml(1, "parts within parts, too deep to follow") from fault
    return MarkedYaml(data, lines)


def _composed(text: str) -> yaml.Node | None:
    if sum(map(text.count, _OPENS)) <= _SURELY_SHALLOW:
        # What is broken is read again below: the loader in Python says more of what it found, and where.
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_FAST)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _data_of(node: yaml.Node, *, path: Path, lines: dict[Path, int]) -> YamlData:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping_of(node, path=path, lines=lines)
    if isinstance(node, yaml.SequenceNode):
        return [_data_of(item, path=(*path, at), lines=lines) for at, item in enumerate(node.value)]
    return str(node.value)


def _mapping_of(node: yaml.MappingNode, *, path: Path, lines: dict[Path, int]) -> YamlData:
    found: dict[str, YamlData] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise BrokenYaml(line, "a key is not a plain word")
        key = str(key_node.value)
        if key in found:
            raise BrokenYaml(line, f"the key {key!r} stands here a second time")
        lines[(*path, key)] = line
        found[key] = _data_of(value_node, path=(*path, key), lines=lines)
    return found
