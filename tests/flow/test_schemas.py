"""Editors are given schemas that are made from the classes, take our files as they are, and refuse what is misspelt."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from voicebot.flow.schemas import json_schemas, schema_of

FLOWS = Path(__file__).resolve().parents[2] / "flows"
FILES = sorted(FLOWS.glob("*/*.yaml"))
SCHEMAS = json_schemas()


class _AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2, by which `9:00` and `yes` are text."""


_AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for tag, pattern, firsts in (
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("bool", "true|false", "tf"),
):
    _AsEditorsRead.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(firsts))


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(), _AsEditorsRead)


def _faults(path: Path, data: Any) -> list[str]:
    validator = jsonschema_rs.validator_for(json.loads(SCHEMAS[schema_of(path.name)]))
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_in_the_folder_is_up_to_date(name: str) -> None:
    assert (FLOWS / name).read_text() == SCHEMAS[name], "run `voicebot flows explain --schema`"


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_first_line_of_each_file_names_its_schema(path: Path) -> None:
    assert path.read_text().splitlines()[0] == f"# yaml-language-server: $schema=../{schema_of(path.name)}"


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_an_editor_takes_each_file_as_it_is(path: Path) -> None:
    assert _faults(path, _read(path)) == []


@pytest.mark.parametrize("path", [path for path in FILES if schema_of(path.name) != "words.schema.json"], ids=_id)
def test_an_editor_refuses_a_misspelt_key(path: Path) -> None:
    data = _read(path)
    assert _faults(path, {**data, "Spek": 1}) != []


def _misspelt() -> Iterator[tuple[str, tuple[str, ...], Any]]:
    yield "policy/calendar.yaml", ("week", "monday"), ["9:00 to 13:00"]
    yield "policy/calendar.yaml", ("week", "mondey"), "closed"
    yield "policy/service_levels.yaml", ("targets", "standard"), "8 hours"
    yield "policy/service_levels.yaml", ("windows", "fill"), 80
    yield "policy/service_levels.yaml", ("callbacks", "offer_for"), "nevr"
    yield "policy/service_levels.yaml", ("decisions", "ceiling"), "14 days"
    yield "policy/escalation.yaml", ("missed_call", "quiet_after"), "30 working minutes"
    yield "policy/watch.yaml", ("drill",), "sometimes"
    yield "policy/watch.yaml", ("drill", "dya"), 3
    yield "policy/notices.yaml", ("new_case", "when"), "soon"
    yield "policy/retention.yaml", ("card_numbers",), "hide"
    yield "policy/rota.yaml", ("calls_an_hour",), "six"
    yield "policy/categories.yaml", ("categories", "staff_conduct", "descision_target"), "standard"
    yield "complaint/flow.yaml", ("nodes", "ask_story", "no_inputs"), {}
    yield "complaint/vocabulary.en.yaml", ("yes", "phrase"), []
    yield "complaint/prompts.en.yaml", ("greet_caller",), ["Hello."]


@pytest.mark.parametrize(("file", "path", "value"), list(_misspelt()), ids=lambda value: str(value))
def test_an_editor_refuses_a_misspelling(file: str, path: tuple[str, ...], value: Any) -> None:
    data = _read(FLOWS / file)
    inner = data
    for key in path[:-1]:
        inner = inner[key] if isinstance(inner.get(key), dict) else inner.setdefault(key, {})
    inner[path[-1]] = value
    assert _faults(FLOWS / file, data) != []


@pytest.mark.parametrize(("path", "value"), [(("drill",), "never"), (("drill", "at"), "8:30")])
def test_an_editor_takes_what_the_reader_takes(path: tuple[str, ...], value: str) -> None:
    data: Any = {"spec": 1, path[0]: value if len(path) == 1 else {path[1]: value}}
    assert _faults(FLOWS / "policy/watch.yaml", data) == []
