"""YAML becomes strings with lines; what would be guessed or lost is refused."""

import pytest

from voicebot.errors import FlowFault
from voicebot.flow.yaml_marks import BrokenYaml, read_yaml


def test_scalars_stay_as_they_are_written() -> None:
    marked = read_yaml('at: 12:30\nyes: no\nempty:\nquoted: "1"\nlist: [on, 0x10]\n')
    assert marked.data == {"at": "12:30", "yes": "no", "empty": "", "quoted": "1", "list": ["on", "0x10"]}


def test_every_value_has_its_line() -> None:
    marked = read_yaml("a:\n  b: 1\n  c:\n    - x\n    - y\n")
    assert marked.line_of(("a", "b")) == 2
    assert marked.line_of(("a", "c", 1)) == 5


def test_parts_that_the_document_lacks_are_skipped() -> None:
    marked = read_yaml("a:\n  b: 1\n")
    assert marked.line_of(("a", "listen", "b", "tuple[x]")) == 2
    assert marked.known_path(("a", "listen", "b")) == ("a", "b")


def test_empty_text_is_an_empty_value() -> None:
    assert read_yaml("# only a remark\n").data == ""


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\na: 2\n", 2, "second time"),
        ("a: [1\nb: 2\n", 2, "expected"),
        ("? [a, b]\n: 1\n", 1, "plain word"),
        ("a: 1\nb: \x07\n", 2, "a character that YAML does not have"),
        ("a: 1\nb: " + "[" * 3000 + "]" * 3000, 1, "too deep"),
        ("a: 1\nb: " + "[" * 300_000 + "]" * 300_000, 1, "too deep"),
        ("a: &a [*a]\n", 1, "too deep"),
    ],
)
def test_broken_text_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    with pytest.raises(BrokenYaml, match=found) as fault:
        read_yaml(text)
    assert fault.value.line == line
    assert isinstance(fault.value, FlowFault)
