"""Which rows hold words of a case, that is the document of a case as the search reads it.

Knows: the tables that hold words of cases. Must not know: how words are folded, kept and asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    cast,
    exists,
    literal,
    select,
    union,
    union_all,
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.adapters.store.tables.review import review_entries
from voicebot.domain.review import ReviewKind
from voicebot.service.history import WORDS_OF_PEOPLE, Verb
from voicebot.service.outbox.purpose import FOR_STAFF
from voicebot.service.ports.search import PieceKind

EDITION = 5
"""How words are made of a case. Raise it with each change of that, and every case is made anew by its task."""
PIN = "pin"
"""A piece of this kind is a code, which is taken out of the others."""
LIFTED, PUT_BACK = "lifted", "put back"
"""A piece of these kinds is the key of a number whose mark was lifted, or put back then."""
HELPERS = frozenset({PIN, LIFTED, PUT_BACK})
"""Kinds of pieces that nobody finds."""
SOURCES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "tickets": ("id", frozenset({"case_number", "complainant_number", "written_from", "problem", "demand", "pin"})),
        "answers": ("ticket_id", frozenset({"text", "ticket_id"})),
        "calls": ("ticket_id", frozenset({"caller_number", "ticket_id"})),
        "history": ("ticket_id", frozenset({"after"})),
        "case_fields": ("ticket_id", frozenset({"value", "is_restricted"})),
        "review_entries": ("ticket_id", frozenset({"text", "why"})),
        "sms": ("ticket_id", frozenset({"body", "ticket_id"})),
    }
)
"""Of each table that holds words of cases: the column that names the case, and those whose change is heeded."""

_OF_THESE: BindParameter[Any] = bindparam("ticket_ids", expanding=True)


class FoundPiece(NamedTuple):
    """A piece of words of a case, as it is read."""

    kind: str
    id: str
    at: datetime
    text: str
    ticket_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A column with words of a case. What says of rows in the database which are meant says it of rows at hand, too."""

    kind: str
    content: Column[Any]
    at: str
    key: str = "id"
    case: str = "ticket_id"
    conditions: tuple[ColumnElement[bool], ...] = ()
    is_meant: Callable[[Mapping[str, Any]], bool] = lambda _row: True

    def asked(self) -> Select[Any]:
        """Return the query for the pieces of these cases."""
        columns = self.content.table.c
        return select(
            literal(self.kind, String).label("kind"),
            cast(columns[self.key], String).label("id"),
            columns[self.at].label("at"),
            self.content.label("text"),
            columns[self.case].label("ticket_id"),
        ).where(columns[self.case].in_(_OF_THESE), self.content != "", *self.conditions)

    def piece_of(self, row: Mapping[str, Any]) -> FoundPiece:
        """Return the piece of a row of the table. One without words has an empty text."""
        text = row[self.content.name] if self.is_meant(row) else ""
        return FoundPiece(self.kind, str(row.get(self.key, "")), row[self.at], text or "", row[self.case])


def _of_ticket(kind: str, name: str) -> _Part:
    return _Part(kind=kind, content=tables.tickets.c[name], at="opened_at", case="id")


def _of_lifts(kind: str, verb: Verb) -> _Part:
    return _Part(
        kind=kind,
        content=tables.history.c.before,
        at="at",
        key="row",
        conditions=(tables.history.c.verb == str(verb),),
        is_meant=lambda row: row["verb"] == verb,
    )


_LINKED = union(
    select(tables.tickets.c.id.label("ticket_id"), tables.tickets.c.complainant_number.label("number")).where(
        tables.tickets.c.id.in_(_OF_THESE)
    ),
    select(tables.calls.c.ticket_id, tables.calls.c.caller_number).where(tables.calls.c.ticket_id.in_(_OF_THESE)),
).subquery("linked")
_CUSTOMER = tables.customers.c


def _of_customer(content: Column[Any]) -> Select[Any]:
    """Return what the company's books say of whomever the numbers of a case lead to."""
    by_number = tables.customer_numbers.c
    return (
        select(
            literal(str(PieceKind.FIELD), String).label("kind"),
            _CUSTOMER.id.label("id"),
            _CUSTOMER.imported_at.label("at"),
            content.label("text"),
            _LINKED.c.ticket_id.label("ticket_id"),
        )
        .select_from(_LINKED)
        .join(tables.customer_numbers, by_number.number == _LINKED.c.number)
        .join(tables.customers, _CUSTOMER.id == by_number.customer_id)
        .where(content != "")
    )


_TICKET, _OTHER = tables.tickets.c, tables.tickets.alias("other").c


def _codes(*beside: ColumnElement[bool]) -> Select[Any]:
    """Return the codes of cases beside these, which may be told in them, too (cover.py)."""
    columns = (literal(PIN, String).label("kind"), cast(_OTHER.id, String).label("id"), _OTHER.opened_at.label("at"))
    return select(*columns, _OTHER.pin.label("text"), _TICKET.id.label("ticket_id")).where(
        _TICKET.id.in_(_OF_THESE), *beside
    )


_TO_STAFF = tuple(f"{kind}:" for kind in sorted(FOR_STAFF))
_SIMPLE = (
    _of_ticket(PIN, "pin"),
    _of_ticket(PieceKind.CASE, "case_number"),
    _of_ticket(PieceKind.NUMBER, "complainant_number"),
    _of_ticket(PieceKind.NUMBER, "written_from"),
    _of_ticket(PieceKind.GIST, "problem"),
    _of_ticket(PieceKind.GIST, "demand"),
    _Part(kind=PieceKind.NUMBER, content=tables.calls.c.caller_number, at="started_at"),
    _Part(kind=PieceKind.SAID, content=tables.answers.c.text, at="at"),
    _Part(
        kind=PieceKind.NOTE,
        content=tables.history.c.after,
        at="at",
        key="row",
        conditions=(tables.history.c.verb.in_([str(verb) for verb in sorted(WORDS_OF_PEOPLE)]),),
        is_meant=lambda row: row["verb"] in WORDS_OF_PEOPLE,
    ),
    _of_lifts(LIFTED, Verb.MASK_LIFTED),
    _of_lifts(PUT_BACK, Verb.MASK_PUT_BACK),
    _Part(
        kind=PieceKind.TEXT,
        content=tables.sms.c.body,
        at="created_at",
        conditions=tuple(~tables.sms.c.purpose.startswith(kind, autoescape=True) for kind in _TO_STAFF),
        is_meant=lambda row: not row["purpose"].startswith(_TO_STAFF),
    ),
)
"""What a row holds by itself, whatever stands in others."""
_ENTRIES, _TAKEN_BACK = review_entries.c, review_entries.alias("taken_back").c
_FIELD, _LATER = case_fields.c, case_fields.alias("later").c
_IS_STANDING = ~exists().where(
    _LATER.ticket_id == _FIELD.ticket_id, _LATER.field == _FIELD.field, _LATER.number > _FIELD.number
)
_OF_NUMBER = (
    _codes(_OTHER.complainant_number == _TICKET.complainant_number, _OTHER.id != _TICKET.id),
    _of_customer(_CUSTOMER.name),
    _of_customer(_CUSTOMER.order_number),
)
BESIDE = union_all(*_OF_NUMBER)
"""What others know of the number of a case, which is all that a new case does not bring along."""
PIECES = union_all(
    *(part.asked() for part in _SIMPLE),
    *_OF_NUMBER,
    _codes(_OTHER.merged_into == _TICKET.id),
    _Part(kind=PieceKind.FIELD, content=_FIELD.value, at="at").asked().where(_IS_STANDING, ~_FIELD.is_restricted),
    _Part(kind=PieceKind.CORRECTED, content=_ENTRIES.text, at="at", key="answer_id")
    .asked()
    .where(
        _ENTRIES.kind == ReviewKind.CORRECTED,
        ~exists().where(_TAKEN_BACK.answer_id == _ENTRIES.answer_id, _TAKEN_BACK.undoes == _ENTRIES.number),
    ),
    _Part(kind=PieceKind.NOTE, content=_ENTRIES.why, at="at", key="answer_id").asked(),
)
"""Here the document of a case is made. It has each piece of words that staff see of it.

Whatever else they are to find becomes one more part here. Its table becomes one more of `SOURCES`, and `EDITION` is
raised where older cases hold such words, so that they are made anew.
"""


_SIMPLE_TABLES = frozenset(part.content.table for part in _SIMPLE)


class NewDocument:
    """The document of a case that was opened a moment ago, made of its rows as they are written."""

    def __init__(self, *, number: str | None, beside: Sequence[Any]) -> None:
        self._number = number
        self._pieces: dict[object, Sequence[Any]] = {"": beside}
        self.is_whole = True
        """Whether it is all that `PIECES` would read."""

    @property
    def pieces(self) -> Sequence[Any]:
        """All pieces so far."""
        return [piece for pieces in self._pieces.values() for piece in pieces]

    def add(self, table: Table, row: Mapping[str, Any]) -> None:
        """Take a row as it stands now, in the place of what it was."""
        is_other = table is tables.calls and row["caller_number"] not in (None, self._number)
        if is_other or table not in _SIMPLE_TABLES:
            self.is_whole = False
            return
        found = (part.piece_of(row) for part in _SIMPLE if part.content.table is table)
        self._pieces[table, row.get("id", len(self._pieces))] = [piece for piece in found if piece.text]
