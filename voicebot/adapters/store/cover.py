"""What leaves the database for those who only look, without private numbers and without the code of the case.

This is the one place where it is masked. Every row that such a unit of work reads passes here (`rows.py`), and so do
the few queries that make no whole values. Use cases that write read the words as they are, since what they save is what
they have read. Which columns hold words follows from the marks in the tables (`erasure.py`), as for what is erased.

The original is read by a unit of work that says so (`SqlUnitOfWork`, `is_original`), still without the code.
Knows: tables, marks of columns. Must not know: how a private number is recognised, who may see it.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Executable, Table, bindparam, select, union

from voicebot.adapters.store import tables
from voicebot.adapters.store.erasure import NOT_OF_A_CASE, classes_of, personal_columns
from voicebot.domain.case_number import BLOT, PIN_LENGTH
from voicebot.domain.number_words import most_digits, runs_in
from voicebot.domain.private.masking import masked, masked_words
from voicebot.domain.private.spans import EVERY_KIND, PrivateKind
from voicebot.domain.retention import RetentionClass

COVER = "voicebot_cover"
"""Execution option of the connection of a unit of work in which rows are covered."""

_OF_WORDS = frozenset({RetentionClass.WORDS, RetentionClass.TEXTS, RetentionClass.TRACES})
_MORE: Mapping[str, frozenset[str]] = {
    "promises": frozenset({"words"}),
    "staff_messages": frozenset({"subject"}),
    "call_events": frozenset({"detail"}),
}
"""Columns of words that bear no mark, since they hold words of ours."""
_JSON = frozenset({"words_json", "second_words_json", "event", "session", "instructions"})
_WORD = frozenset({"text", "start_s", "end_s"})
"""Keys of a word with its times."""
_INSTANTS = re.compile(r"\d{4}-\d\d-\d\dT[\dT:.+/Z-]*|\+\d+")
"""An instant, two with a slash between, or a telephone number. These are no words, and are read by programs."""
_TICKETS, _OTHER, _CALLS = tables.tickets.c, tables.tickets.alias("other").c, tables.calls.c
_KEY: BindParameter[str] = bindparam("key")
_CODES = union(
    select(_TICKETS.pin).where(_TICKETS.id == _KEY),
    select(_OTHER.pin).where(_OTHER.merged_into == _KEY),
    select(_OTHER.pin).where(_OTHER.id == _TICKETS.merged_into, _TICKETS.id == _KEY),
    select(_OTHER.pin).where(_OTHER.complainant_number == _TICKETS.complainant_number, _TICKETS.id == _KEY),
)
"""Of a case, of those that it was joined with, and of all others of the same number. Who calls about one says the code
of another."""
_CODES_OF_CALL = select(_TICKETS.pin).join(tables.calls, _CALLS.ticket_id == _TICKETS.id).where(_CALLS.id == _KEY)


class Cover:
    """Covers the rows of one unit of work."""

    def __init__(
        self, connection: Connection, *, kinds: Collection[PrivateKind] = EVERY_KIND, blots_codes: bool = True
    ) -> None:
        self._connection = connection
        self._kinds = kinds
        self._blots_codes = blots_codes
        self._known: dict[str, tuple[str, ...]] = {}
        """By the id of a case or a call."""

    def row(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row of a table as it may be seen."""
        shown = {name: self._value(table, name, row) for name in covered_columns(table).intersection(row)}
        if table is tables.tickets and row.get("pin", "").isdecimal():
            shown["pin"] = BLOT
        return row | shown

    def text(self, text: str, ticket_id: str) -> str:
        """Return a text of a case as it may be seen."""
        return self._text(text, lambda: self._codes(_CODES, ticket_id))

    def _value(self, table: Table, name: str, row: dict[str, Any]) -> Any:
        value, codes = row[name], partial(self._codes_of, table, row)
        if not isinstance(value, str):
            return value
        if name not in _JSON:
            return self._text(value, codes)
        kept = json.loads(value)
        shown = self._part(kept, codes)
        return value if shown == kept else json.dumps(shown, ensure_ascii=False, separators=(",", ":"))

    def _part(self, part: Any, codes: Callable[[], Sequence[str]]) -> Any:
        """Return a part of a JSON value, in which words with their times are one text."""
        if isinstance(part, str):
            return self._text(part, codes)
        if isinstance(part, dict):
            return {key: self._part(value, codes) for key, value in part.items()}
        if not isinstance(part, list):
            return part
        if part and all(isinstance(each, dict) and each.keys() >= _WORD for each in part):
            shown = self._words([each["text"] for each in part], codes)
            return [each | {"text": text} for each, text in zip(part, shown, strict=True)]
        return [self._part(each, codes) for each in part]

    def _words(self, words: Sequence[str], codes: Callable[[], Sequence[str]]) -> Sequence[str]:
        pins = codes() if most_digits(" ".join(words)) >= PIN_LENGTH else ()
        return masked_words(words, pins=pins, kinds=self._kinds)

    def _text(self, text: str, codes: Callable[[], Sequence[str]]) -> str:
        if _INSTANTS.fullmatch(text):
            return text
        pins = codes() if most_digits(text) >= PIN_LENGTH else ()
        return masked(text, pins=pins, kinds=self._kinds)

    def _codes_of(self, table: Table, row: dict[str, Any]) -> Sequence[str]:
        if table is tables.tickets:
            return self._codes(_CODES, row["id"])
        if "ticket_id" in row:
            return self._codes(_CODES, row["ticket_id"])
        return self._codes(_CODES_OF_CALL, row["call_id"]) if "call_id" in row else ()

    def _codes(self, asked: Executable, key: str) -> Sequence[str]:
        if not self._blots_codes:
            return ()
        if key not in self._known:
            self._known[key] = tuple(self._connection.scalars(asked, {"key": key}))
        return self._known[key]


def codes_of_case(connection: Connection, ticket_id: str) -> Sequence[str]:
    """Return the codes that whoever complains in a case may say: its own, and those of cases that go with it."""
    return tuple(connection.scalars(_CODES, {"key": ticket_id}))


def cover_of(connection: Connection) -> Cover | None:
    """Return what covers the rows that are read on a connection, or None for who may write them, too."""
    cover: Cover | None = connection.get_execution_options().get(COVER)
    return cover


def text_shown(connection: Connection, text: str, ticket_id: str) -> str:
    """Return a text of a case as it may be seen on a connection."""
    cover = cover_of(connection)
    return text if cover is None else cover.text(text, ticket_id)


def beginning_shown(connection: Connection, text: str, ticket_id: str, *, most: int) -> str:
    """Return the first `most` characters of a text of a case as they may be seen on a connection.

    A number that may go on behind them is left out.
    """
    runs = runs_in(text) if cover_of(connection) is not None and len(text) >= most else ()
    return text_shown(connection, text[: runs[-1][0].begin] + "…" if runs else text, ticket_id)


@cache
def covered_columns(table: Table) -> frozenset[str]:
    """Return the columns of a table that hold words of people."""
    marked = {column.name for column in personal_columns(table) if _OF_WORDS.intersection(classes_of(column))}
    return _MORE.get(table.name, frozenset()).union(marked if table.name not in NOT_OF_A_CASE else ())
