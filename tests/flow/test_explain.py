"""The reference is made from the classes, and has everything that an author may write."""

from enum import StrEnum

from voicebot.flow.condition_names import Condition
from voicebot.flow.explain import explain_language, meanings, node_kinds
from voicebot.flow.nodes import NodeAction


class Weather(StrEnum):
    """What nobody else asks about, for what was found once is remembered."""

    SUN = "sun"
    """It shines,
    and is warm."""
    RAIN = "rain"


def test_a_value_means_what_stands_below_it_on_one_line_and_nothing_where_nothing_does() -> None:
    assert meanings(Weather) == {"sun": "It shines, and is warm."}


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


def test_what_a_condition_means_is_told_to_the_end_of_its_docstring() -> None:
    assert meanings(Condition)["case_unclaimed"].endswith("and nothing is said of that case.")
    assert set(meanings(Condition)) == set(Condition)
    assert set(meanings(NodeAction)) == set(NodeAction)
