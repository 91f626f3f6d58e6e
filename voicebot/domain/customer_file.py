"""The company's customers out of a CSV file, as office programs write it, and what is wrong with a line.

Read are: a comma, semicolon or tab between cells, a mark at the beginning of the file, quoted cells with line ends in
them, and numbers as spreadsheets leave them (without a plus, behind an apostrophe, as `="+1202…"`, with `.0` behind).
What a spreadsheet has destroyed, such as `1.2E+10`, is refused with the cure, and a formula is no value.
Knows: columns, cells. Must not know: files on disk, what is kept already.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from voicebot.domain.case_field import FieldName, read_value
from voicebot.domain.customer import (
    LONGEST_NOTE,
    MOST_NUMBERS,
    Customer,
    customer_id,
    joined,
)
from voicebot.domain.phone import to_e164_without_plus
from voicebot.errors import Refused

TELEPHONE, NOTE = "telephone", "note"
MOST_FAULTS = 20
"""Faults that are kept with their words. Further ones are only counted."""
LONGEST_FOUND = 60
"""Characters of a cell that a fault quotes."""

_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        TELEPHONE: ("telephone", "telephone number", "phone", "phone number", "mobile", "tel"),
        FieldName.NAME: ("name", "customer", "customer name", "full name"),
        FieldName.ORDER_NUMBER: ("order number", "customer number", "contract number", "order", "customer id"),
        FieldName.CONTRACT_DATE: ("contract date", "date of contract"),
        FieldName.ADDRESS: ("address",),
        NOTE: ("note", "notes", "remark"),
    }
)
"""How the first line may call each column."""
_SEPARATORS = ",;\t"
_IN_TEXT_FORMULA = re.compile(r'="([^"]*)"')
_ROUNDED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFault:
    """Why a line of the file cannot be read."""

    line: int
    """Where it begins, counted from 1 as editors do."""
    column: str
    found: str
    cure: str

    @property
    def said(self) -> str:
        """The fault in one sentence."""
        return f'line {self.line}, column "{self.column}": found {self.found or "nothing"}; {self.cure}'


class _Unreadable(Exception):
    """A cell holds no value."""

    def __init__(self, column: str, found: str, cure: str) -> None:
        super().__init__(cure)
        self.column, self.found, self.cure = column, found, cure


class CustomerFile:
    """What one file holds. It is walked line by line (`read`) and asked afterwards."""

    def __init__(self, lines: Iterable[str], *, home_region: str) -> None:
        self._region = home_region
        self._customers: dict[str, tuple[int, Customer]] = {}
        self.faults: list[LineFault] = []
        """The first `MOST_FAULTS`."""
        self.fault_count = 0
        self._lines = _counted(lines)

    @property
    def customers(self) -> Sequence[Customer]:
        """Every customer without a fault, in the order of their first lines."""
        return [customer for _, customer in self._customers.values()]

    def line_of(self, customer: Customer) -> int:
        """Return the line in which a customer was found first."""
        return self._customers[customer.id][0]

    def read(self) -> Iterator[int]:
        """Read the file, and yield after each entry at which line it is.

        Raises: Refused when the file as a whole is none of customers.
        """
        first = next(iter(self._lines), "")
        columns, separator = _columns(first)
        rows = csv.reader(self._lines, delimiter=separator, strict=True)
        at = 2
        try:
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    self._take(at, cells, columns)
                at = rows.line_num + 2
                yield at - 1
        except csv.Error as problem:
            raise Refused(
                f"reading the customers: the entry that begins in line {at} is not whole ({problem}); look for a "
                "quotation mark that is never closed, mend it, then import again",
                code="customer-file",
            ) from problem

    def _take(self, line: int, cells: Sequence[str], columns: Sequence[str]) -> None:
        try:
            customer = _customer(cells, columns, self._region)
            known_line, known = self._customers.get(customer.id, (line, customer))
            both = joined(known, customer)
            if both is None:
                raise _Unreadable(
                    FieldName.ORDER_NUMBER if customer.order_number else TELEPHONE,
                    f'"{customer.id.removeprefix("#")}"',
                    f"line {known_line} has the same with other values: keep one of the two, or make them alike",
                )
            self._customers[customer.id] = known_line, both
        except _Unreadable as problem:
            self.fault_count += 1
            if len(self.faults) < MOST_FAULTS:
                fault = LineFault(line=line, column=problem.column, found=problem.found, cure=problem.cure)
                self.faults.append(fault)


def decoded(lines: Iterable[bytes], *, most: int | None = None) -> Iterator[str]:
    """Yield the lines of a file with their ends, at most so many. Raises: Refused for more, and when it is no UTF-8."""
    for number, line in enumerate(lines, start=1):
        if most is not None and number > most:
            raise Refused(
                f"reading the customers: the file has more than {most:,} lines; take them in parts, or let an operator "
                "run voicebot customers import, which takes any number",
                code="customer-file",
            )
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise Refused(
                f'reading the customers: line {number} is no text in UTF-8; save the file again as "CSV UTF-8"',
                code="customer-file",
            ) from problem


def _counted(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _columns(first: str) -> tuple[list[str], str]:
    """Return which column each cell of a line belongs to, empty for one of no use, and what stands between cells."""
    separator = max(_SEPARATORS, key=first.count)
    try:
        heads = next(csv.reader([first], delimiter=separator), [])
    except csv.Error as problem:
        raise Refused(
            f"reading the customers: the first line cannot be read ({problem}); it is to name the columns, and each "
            'line is to end as Windows or Unix ends one: save the file again as "CSV UTF-8"',
            code="customer-file",
        ) from problem
    columns = [_column(head) for head in heads]
    used = [column for column in columns if column and column != TELEPHONE]
    if TELEPHONE not in columns or len(used) != len(set(used)) or not used:
        known = "; ".join(f"{column}: {', '.join(names)}" for column, names in _NAMES.items())
        raise Refused(
            f"reading the customers: the first line names these columns: {', '.join(heads)[:300] or 'none'}; it has to "
            f"name a telephone and at least one other, each other once; these names are understood: {known}",
            code="customer-file",
        )
    return columns, separator


def _column(head: str) -> str:
    """Return which column a head names. Several telephones are numbered, such as `telephone 2`."""
    plain = " ".join(head.lower().replace("_", " ").replace("-", " ").split())
    unnumbered = plain.rstrip("0123456789").strip()
    for column, names in _NAMES.items():
        if plain in names or (column == TELEPHONE and unnumbered in names):
            return str(column)
    return ""


def _customer(cells: Sequence[str], columns: Sequence[str], region: str) -> Customer:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        cure = "the line has more cells than the first one: put quotation marks around the cell that has a separator"
        raise _Unreadable(columns[-1], f'"{cells[len(columns)][:LONGEST_FOUND]}"', cure)
    numbers, values = set[str](), dict[str, str]()
    for column, cell in zip(columns, map(str.strip, cells), strict=False):
        if column == TELEPHONE:
            numbers.update(_number(each, cell, region) for each in re.split(r"[,;\n]", cell) if each.strip())
        elif column:
            values[column] = _value(column, cell)
    if not 0 < len(numbers) <= MOST_NUMBERS:
        cure = f"each customer needs a telephone number, and {MOST_NUMBERS} are the most: mend the line"
        raise _Unreadable(TELEPHONE, f"{len(numbers)} numbers" if numbers else "", cure)
    order_number = values.get(FieldName.ORDER_NUMBER, "")
    return Customer(id=customer_id(order_number, sorted(numbers)), numbers=tuple(sorted(numbers)), **values)


def _number(written: str, cell: str, region: str) -> str:
    plain = _plain(TELEPHONE, written.strip()).removesuffix(".0").removesuffix(",0")
    if _ROUNDED.fullmatch(plain):
        cure = "the spreadsheet has rounded it: set the column to text, fill it again, then save"
        raise _Unreadable(TELEPHONE, f'"{cell[:LONGEST_FOUND]}"', cure)
    number = to_e164_without_plus(plain, region)
    if number is None:
        cure = "that is no telephone number: write it with a plus and the country code, such as +12025550123"
        raise _Unreadable(TELEPHONE, f'"{cell[:LONGEST_FOUND]}"', cure)
    return number


def _value(column: str, cell: str) -> str:
    plain = _plain(column, cell)
    if column == NOTE:
        note = "\n".join(" ".join(line.split()) for line in plain.replace("\x00", "").splitlines()).strip()
        if len(note) > LONGEST_NOTE:
            raise _Unreadable(column, f"{len(note)} characters", f"{LONGEST_NOTE} are the most: shorten it")
        return note
    try:
        return read_value(FieldName(column), _day(plain) if column == FieldName.CONTRACT_DATE else plain)
    except Refused as problem:
        raise _Unreadable(column, f'"{cell[:LONGEST_FOUND]}"', str(problem)) from problem


def _plain(column: str, cell: str) -> str:
    """Return a cell's text without what spreadsheets put around it so that it stays text."""
    in_formula = _IN_TEXT_FORMULA.fullmatch(cell)
    if in_formula:
        return in_formula[1]
    if cell.startswith("="):
        cure = "that is a formula: save the file with values in place of formulas"
        raise _Unreadable(column, f'"{cell[:LONGEST_FOUND]}"', cure)
    return cell.removeprefix("'")


def _day(text: str) -> str:
    """Return a day in ISO 8601 where it is written in a way that has one meaning only."""
    dotted = _GERMAN_DAY.fullmatch(text)
    if dotted:
        return f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    return _MIDNIGHT.sub("", text)
