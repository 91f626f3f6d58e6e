"""Docstrings say one thought a sentence, and few are joined by a colon or a semicolon (architecture, plain words)."""

from collections import Counter

import pytest

from tests.house import tree
from tests.house.docstrings import docstrings, joins

MOST = 2.5
"""For each 100 lines of a floor's docstrings. In November 2026 none has more than 1.6. All had 21 to 45 before."""


def floor_of(place: str) -> str:
    _, name, *rest = place.split("/")
    return name if rest else "voicebot"


def test_few_sentences_of_a_floor_are_joined_by_a_colon_or_a_semicolon() -> None:
    lines: Counter[str] = Counter()
    joined: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for path in tree.modules():
        floor = floor_of(tree.place(path))
        for each in docstrings(path):
            lines[floor] += len(each.lines)
            if found := joins(each.text):
                joined[floor] += found
                places.setdefault(floor, []).append(each.place)
    assert len(lines) > 8
    dense = {floor: places[floor] for floor in joined if 100 * joined[floor] > MOST * lines[floor]}
    assert dense == {}, "say the second thought in a sentence of its own, or with a word such as `because`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Return the case: it is open.", 1),
        ("Return the case; None when there is none.", 1),
        ("Return the case, or None when there is none.", 0),
        ("What it holds: a case.\n\nIt is kept: always; for ever.", 3),
        ("Do it. Raises: Refused when it cannot.", 0),
        ("Effect: the caller asked for a person.", 0),
        (
            "Do it.\n\nKnows: words; colons.\nMust not know: meaning.\nSource: script.md 2; complaints.md 3\nand 4; 5.",
            0,
        ),
        ("The parts are these:\n\n- `one`: the first. It counts: always.\n- Both together: `two`.", 1),
        ('Write it like `12:30; 13:00`, or "in words: noon".', 0),
        ("Read it.\n\n>>> read('x')\n<Command.STATUS: 'status'>", 0),
        ("At 12:30 the call of https://example.org ends.", 0),
    ],
)
def test_what_joins_two_thoughts_is_told_from_labels_lists_and_quotes(text: str, expected: int) -> None:
    assert joins(text) == expected
