"""The reference and the schemas are made from the classes, and the schemas in the folder are up to date."""

from pathlib import Path

import pytest

from voicebot.flow.explain import explain_language, json_schemas, node_kinds
from voicebot.flow.nodes import Condition, NodeAction

FLOWS = Path(__file__).resolve().parents[2] / "flows"


@pytest.mark.parametrize("name", json_schemas())
def test_schema_in_the_folder_is_up_to_date(name: str) -> None:
    assert (FLOWS / name).read_text() == json_schemas()[name], "run `voicebot flows explain --schema`"


@pytest.mark.parametrize(
    "path", sorted([*FLOWS.glob("complaint/*.yaml"), *FLOWS.glob("shared/*.yaml")]), ids=lambda path: path.name
)
def test_first_line_of_each_file_names_its_schema(path: Path) -> None:
    kind = {"flow": "flow", "vocabulary": "vocabulary"}.get(path.name.split(".")[0], "words")
    assert path.read_text().splitlines()[0] == f"# yaml-language-server: $schema=../{kind}.schema.json"


def test_every_kind_field_condition_and_action_is_explained() -> None:
    text = explain_language()
    for kind in node_kinds():
        assert f"kind: {kind.model_fields['kind'].annotation.__args__[0]}\n" in text  # type: ignore[union-attr]
        for name in set(kind.model_fields) - {"kind"}:
            assert f"    {name} (" in text
    for name in [*Condition, *NodeAction]:
        assert f"    {name.value}: " in text
    assert "None: " not in text
    assert "): None" not in text
