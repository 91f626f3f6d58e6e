"""The language's reference, made from the classes of `definition.py`.

Knows: those classes and their docstrings. Must not know: any flow.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import get_args

from pydantic import BaseModel

from voicebot.flow.condition_names import Condition
from voicebot.flow.definition import Command, FlowFile, NotUnderstoodRule, PhraseList
from voicebot.flow.nodes import Answer, Branch, DigitAnswer, Keep, Node, NodeAction, OpenAnswer, Retry
from voicebot.flow.prompts import SPOKEN_SLOTS, WRITTEN_SLOTS

_PARTS: tuple[type[BaseModel], ...] = (Branch, Retry, Answer, OpenAnswer, DigitAnswer, Keep, Command, NotUnderstoodRule)


def node_kinds() -> tuple[type[BaseModel], ...]:
    """Return the classes of the node kinds."""
    return get_args(get_args(Node)[0])


def explain_language() -> str:
    """Return the reference of the flow language as plain text."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from _part(FlowFile, "flow.yaml")
    for kind in node_kinds():
        yield from _part(kind, f"kind: {kind.model_fields['kind'].annotation.__args__[0]}")  # type: ignore[union-attr]
    for part in _PARTS:
        yield from _part(part, part.__name__)
    yield from _part(PhraseList, "vocabulary.<locale>.yaml, each list")
    yield from _names("conditions (when)", Condition)
    yield from _names("actions (do)", NodeAction)
    yield f"slots of prompts: {', '.join(sorted(SPOKEN_SLOTS))}, pause_<seconds>s"
    yield f"slots of texts: {', '.join(sorted(WRITTEN_SLOTS))}"


def _part(part: type[BaseModel], title: str) -> Iterator[str]:
    yield title
    yield f"  {inspect.getdoc(part)}"
    for name, field in part.model_fields.items():
        if name != "kind":
            need = "needed" if field.is_required() else f"default {field.default!r}"
            yield f"    {name} ({need}): {field.description}"
    yield ""


def _names(title: str, names: type[StrEnum]) -> Iterator[str]:
    yield title
    for name, meaning in meanings(names).items():
        yield f"    {name}: {meaning}"
    yield ""


@lru_cache
def meanings(names: type[StrEnum]) -> Mapping[str, str]:
    """Return what each value of an enumeration means.

    Docstrings stand below its members, so only the source has them.
    """
    (definition,) = ast.parse(inspect.getsource(names)).body
    assert isinstance(definition, ast.ClassDef), f"{names} is no class"
    found = {}
    for line, below in pairwise(definition.body):
        if isinstance(line, ast.Assign) and isinstance(below, ast.Expr):
            found[ast.literal_eval(line.value)] = inspect.cleandoc(ast.literal_eval(below.value)).replace("\n", " ")
    return found
