"""Docstrings as house tests read them: whose they are, and what is left of them without lists and labels."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house import tree

LABELLED = re.compile(r"^(Sources?|Knows|Must not know)\b")
"""Paragraphs that are lists: of pages, of what a module knows."""
LIST_LABEL = re.compile(r"^\s*[-*] [^:]{1,60}:(?=\s)")
LIST_OPENS = re.compile(r":\s*\n(?=\s*\n?\s*- |\s*\n[ ]{4}| {4,})")
SENTENCE_LABEL = re.compile(r"(?:^|(?<=[.?!)] ))(Raises( \([^)]*\))?|Effect(, answered by [^:]*)?|Source):(?= )")
QUOTED = re.compile(r'`[^`]*`|"[^"]*"|\*[^*]*\*')
DOCTEST = re.compile(r"^\s*(>>>|<)")


@dataclass(frozen=True)
class Docstring:
    """A docstring with its place."""

    place: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines with something on them."""
        return [line for line in self.text.splitlines() if line.strip()]


def docstrings(path: Path) -> Iterator[Docstring]:
    """Yield all docstrings of a module, those below fields and members too."""
    for node in ast.walk(tree.parsed(path)):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                value = statement.value.value
                if isinstance(value, str):
                    yield Docstring(f"{tree.place(path)}:{statement.lineno}", value)


def prose(text: str) -> str:
    """Return a docstring without lists of sources, labels, doctests, and what stands in quotes."""
    kept, is_list = [], False
    for line in LIST_OPENS.sub("\n", text).splitlines():
        is_list = bool(line.strip()) and (bool(LABELLED.match(line.strip())) or is_list)
        if not is_list and not DOCTEST.match(line):
            kept.append(LIST_LABEL.sub("- ", line).strip())
    return SENTENCE_LABEL.sub("", QUOTED.sub("x", " ".join(line for line in kept if line)))


def joins(text: str) -> int:
    """Count the colons and semicolons by which a docstring joins two thoughts."""
    return len(re.findall(r"[:;](?=\s)", prose(text)))
