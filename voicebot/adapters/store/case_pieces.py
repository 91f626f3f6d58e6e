"""Which rows hold words of a case, that is the document of a case as the search reads it.

Knows: the tables that hold words of cases. Must not know: how words are folded, kept and asked for.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Select,
    String,
    and_,
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
from voicebot.service.history import WORDS_OF_PEOPLE
from voicebot.service.outbox.purpose import FOR_STAFF
from voicebot.service.ports.search import PieceKind

EDITION = 5
"""How words are made of a case. Raise it with each change of that, and every case is made anew by its task."""
PIN = "pin"
"""A piece of this kind is a code, which is taken out of the others."""
SOURCES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "tickets": ("id", frozenset({"case_number", "complainant_number", "written_from", "problem", "demand", "pin"})),
        "answers": ("ticket_id", frozenset({"text", "ticket_id"})),
        "calls": ("ticket_id", frozenset({"caller_number", "ticket_id"})),
        "history": ("ticket_id", frozenset({"after"})),
        "case_fields": ("ticket_id", frozenset({"value"})),
        "review_entries": ("ticket_id", frozenset({"text", "why"})),
        "sms": ("ticket_id", frozenset({"body", "ticket_id"})),
    }
)
"""Of each table that holds words of cases: the column that names the case, and those whose change is heeded."""

_OF_THESE: BindParameter[Any] = bindparam("ticket_ids", expanding=True)


def _part(
    kind: PieceKind | str, content: Column[Any], *, at: str, key: str = "id", case: str = "ticket_id"
) -> Select[Any]:
    columns = content.table.c
    return select(
        literal(str(kind), String).label("kind"),
        cast(columns[key], String).label("id"),
        columns[at].label("at"),
        content.label("text"),
        columns[case].label("ticket_id"),
    ).where(columns[case].in_(_OF_THESE), content != "")


def _of_ticket(kind: PieceKind | str, name: str) -> Select[Any]:
    return _part(kind, tables.tickets.c[name], at="opened_at", case="id")


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


_ENTRIES, _TAKEN_BACK = review_entries.c, review_entries.alias("taken_back").c
_FIELD, _LATER = case_fields.c, case_fields.alias("later").c
_IS_STANDING = ~exists().where(
    _LATER.ticket_id == _FIELD.ticket_id, _LATER.field == _FIELD.field, _LATER.number > _FIELD.number
)
PIECES = union_all(
    _of_ticket(PIN, "pin"),
    _codes(_OTHER.merged_into == _TICKET.id),
    _codes(_OTHER.complainant_number == _TICKET.complainant_number, _OTHER.id != _TICKET.id),
    _of_ticket(PieceKind.CASE, "case_number"),
    _of_ticket(PieceKind.NUMBER, "complainant_number"),
    _of_ticket(PieceKind.NUMBER, "written_from"),
    _part(PieceKind.NUMBER, tables.calls.c.caller_number, at="started_at"),
    _part(PieceKind.FIELD, _FIELD.value, at="at").where(_IS_STANDING, ~_FIELD.is_restricted),
    _of_customer(_CUSTOMER.name),
    _of_customer(_CUSTOMER.order_number),
    _of_ticket(PieceKind.GIST, "problem"),
    _of_ticket(PieceKind.GIST, "demand"),
    _part(PieceKind.SAID, tables.answers.c.text, at="at"),
    _part(PieceKind.CORRECTED, _ENTRIES.text, at="at", key="answer_id").where(
        _ENTRIES.kind == ReviewKind.CORRECTED,
        ~exists().where(_TAKEN_BACK.answer_id == _ENTRIES.answer_id, _TAKEN_BACK.undoes == _ENTRIES.number),
    ),
    _part(PieceKind.NOTE, _ENTRIES.why, at="at", key="answer_id"),
    _part(PieceKind.NOTE, tables.history.c.after, at="at", key="row").where(
        tables.history.c.verb.in_([str(verb) for verb in sorted(WORDS_OF_PEOPLE)])
    ),
    _part(PieceKind.TEXT, tables.sms.c.body, at="created_at").where(
        and_(*(~tables.sms.c.purpose.startswith(f"{kind}:", autoescape=True) for kind in sorted(FOR_STAFF)))
    ),
)
"""Here the document of a case is made. It has each piece of words that staff see of it.

Whatever else they are to find becomes one more part here. Its table becomes one more of `SOURCES`, and `EDITION` is
raised where older cases hold such words, so that they are made anew.
"""
