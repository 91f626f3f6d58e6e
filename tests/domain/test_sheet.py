"""A sheet does no harm in an office program, and loses nothing there."""

import csv
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest

from voicebot.domain.sheet import BOM, number_end_cell, sheet_lines, written_cell


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "\u200b="])
def test_what_a_stranger_said_is_no_formula(begin: str) -> None:
    cell = written_cell(f'{begin}HYPERLINK("http://x","y")')
    assert cell[0] in "'["
    assert "HYPERLINK" in cell


@pytest.mark.parametrize("said", ["a;=HYPERLINK(1)", 'a; "=HYPERLINK(1)"', "a;;＝HYPERLINK(1)", ";-HYPERLINK(1)"])
def test_nor_is_it_one_where_an_office_program_ends_cells_at_semicolons(said: str) -> None:
    """It does so where a comma stands in numbers, and takes our commas for text."""
    line = list(sheet_lines(("a", "b"), [("x", said)], has_bom=True))[1]
    cells = next(csv.reader([line], delimiter=";"))
    assert not [cell for cell in cells if cell.strip('" ').startswith(("=", "-", "＝"))]
    assert "HYPERLINK" in line


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (0, "0"),
        ("a, b", "a, b"),
        ("two\r\nlines", "two lines"),
        (datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1))), "2026-03-02T09:00:00Z"),
        (datetime(2026, 3, 2, 10, tzinfo=UTC), "2026-03-02T10:00:00Z"),
    ],
)
def test_a_cell_stands_on_one_line(value: str | int | datetime | None, cell: str) -> None:
    assert written_cell(value) == cell


def test_no_zero_of_a_telephone_number_is_lost() -> None:
    assert (number_end_cell("0143"), number_end_cell("")) == ("…0143", "")


@pytest.mark.parametrize("has_bom", [True, False])
def test_it_is_read_back_as_it_was(has_bom: bool) -> None:
    text = "".join(sheet_lines(("a", "b"), [('say "no", please', 1), ("é", None)], has_bom=has_bom))
    assert text.startswith(BOM) is has_bom
    assert list(csv.reader(StringIO(text.removeprefix(BOM)))) == [
        ["a", "b"],
        ['say "no", please', "1"],
        ["é", ""],
    ]
