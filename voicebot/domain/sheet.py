"""Rows of a sheet as CSV that an office program opens without harm.

A cell that begins as a formula does is shown as text, by an apostrophe before it, because an office program would
reckon with what a stranger said. The same after a semicolon, since where a comma stands in numbers (Germany, France,
Russia) an office program ends a cell at the semicolon, also amid a cell of ours. Ends of telephone numbers begin with
`…`, so that no zero before them is lost and none is shown as a power of ten.
Source: RFC 4180; OWASP, CSV Injection.
Knows: cells. Must not know: what they tell of.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO

from voicebot.domain.visible import visible

BOM = "\ufeff"
"""Before the first cell it tells office programs that the text is UTF-8."""
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_FORMULA_AFTER_SEMICOLON = re.compile(r';(?=[\s"]*[=+\-@＝＋－＠])')

Cell = str | int | datetime | None


def written_cell(value: Cell) -> str:
    """Return a cell on one line, instants in UTC.

    >>> written_cell("=1+1"), written_cell(" \\t-2"), written_cell(None), written_cell(-2)
    ("'=1+1", "'-2", '', '-2')
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return harmless(visible(" ".join(value.split())))


def harmless(text: str) -> str:
    """Return a text that no office program takes for a formula, wherever it ends cells.

    >>> harmless("5;=1+1")
    "5;'=1+1"
    """
    within = _FORMULA_AFTER_SEMICOLON.sub(";'", text)
    return f"'{within}" if within.startswith(_BEGINS_FORMULA) else within


def number_end_cell(number_end: str) -> str:
    """Return the last digits of a number so that no office program takes them for an amount."""
    return f"…{number_end}" if number_end else ""


def sheet_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, has_bom: bool) -> Iterator[str]:
    """Yield a sheet line by line, as its rows come."""
    out = StringIO()
    writer = csv.writer(out)
    out.write(BOM if has_bom else "")
    writer.writerow(columns)
    yield _taken(out)
    for cells in rows:
        writer.writerow([written_cell(cell) for cell in cells])
        yield _taken(out)


def _taken(out: StringIO) -> str:
    line = out.getvalue()
    out.seek(0)
    out.truncate()
    return line
