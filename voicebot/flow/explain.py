"""The language's reference and its JSON Schemas, both made from the classes of `definition.py`.

Knows: those classes and their docstrings. Must not know: any flow.
"""

import inspect
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import get_args

from pydantic import BaseModel, TypeAdapter

from voicebot.flow.definition import Command, FlowFile, NotUnderstoodRule, PhraseList
from voicebot.flow.nodes import Answer, Branch, Condition, DigitAnswer, Keep, Node, NodeAction, OpenAnswer, Retry
from voicebot.flow.prompts import SPOKEN_SLOTS, WRITTEN_SLOTS

_PARTS: tuple[type[BaseModel], ...] = (Branch, Retry, Answer, OpenAnswer, DigitAnswer, Keep, Command, NotUnderstoodRule)


def node_kinds() -> tuple[type[BaseModel], ...]:
    """Return the classes of the node kinds."""
    return get_args(get_args(Node)[0])


def explain_language() -> str:
    """Return the reference of the flow language as plain text."""
    return "\n".join(_lines())


def json_schemas() -> dict[str, str]:
    """Return the JSON Schemas by file name, as they lie in `flows/` and are named in each YAML's first line."""
    schemas = {
        "flow.schema.json": TypeAdapter(FlowFile).json_schema(),
        "words.schema.json": TypeAdapter(dict[str, str]).json_schema(),
        "vocabulary.schema.json": TypeAdapter(dict[str, PhraseList]).json_schema(),
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


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


def _names(title: str, names: type[Condition] | type[NodeAction]) -> Iterator[str]:
    """An enumeration's docstrings stand below its members, so only the source has them."""
    yield title
    lines = inspect.getsource(names).splitlines()
    for line, below in pairwise(lines):
        if " = " in line:
            yield f"    {line.split(' = ')[1].strip().strip(chr(34))}: {below.strip().strip(chr(34))}"
    yield ""
