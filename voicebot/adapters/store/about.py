"""Which cases a reader sees, as one expression for every list and search (domain/about.py decides it).

Knows: the tickets. Must not know: who reads, what is read.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)

from voicebot.adapters.store.tables.case_words import case_words
from voicebot.adapters.store.tables.ticket import tickets
from voicebot.domain.about import THE_MACHINE, Reader

_READER: BindParameter[str] = bindparam("reader", type_=String)
_CLOSED: BindParameter[Sequence[str]] = bindparam("closed", expanding=True, type_=String)
_A_NUMBER = "[0-9]{9}"
"""A line without so many digits names no case, so nothing is looked for in it."""
_HIDDEN = tickets.alias("hidden")
"""Named once. To name forty columns anew for each list took as long as the list."""


def asked_by(reader: Reader) -> dict[str, Any]:
    """Return the values for the parameters of a statement with one of the expressions below."""
    return {"reader": reader.id, "closed": sorted(reader.closed)}


def is_shown(ticket_id: ColumnElement[str], reader: Reader | None = None) -> ColumnElement[bool]:
    """Say of a case that its reader may see it. An index finds those that are about somebody, and those of a kind.

    Without a reader the statement takes one (`asked_by`).
    """
    return ticket_id.not_in(_hidden_ids(reader))


def is_counted(ticket_id: ColumnElement[str], reader: Reader) -> ColumnElement[bool]:
    """Say of a case that the figures of a reader count it. The machine's count every case, without a question more."""
    return true() if reader == THE_MACHINE else is_shown(ticket_id, reader)


def names_no_hidden_case(text: ColumnElement[str], reader: Reader | None = None) -> ColumnElement[bool]:
    """Say of a line of a history that it names no case that its reader may not see, with or without hyphens."""
    plain = func.replace(text, "-", "", type_=String)
    is_hidden = or_(_is_about(reader), _is_closed(reader))
    return or_(~plain.regexp_match(_A_NUMBER), ~exists().where(is_hidden, plain.contains(_HIDDEN.c.case_number)))


def rows_of_hidden_words() -> Select[Any]:
    """Return which rows of the search hold cases that the reader may not see."""
    return select(case_words.c.row).where(case_words.c.ticket_id.in_(_hidden_ids(None)))


def _hidden_ids(reader: Reader | None) -> CompoundSelect[Any]:
    """Return the cases that a reader may not see, each reason by a query of its own, which an index serves."""
    return union_all(*(select(_HIDDEN.c.id).where(why(reader)) for why in (_is_about, _is_closed)))


def _is_about(reader: Reader | None) -> ColumnElement[bool]:
    return _HIDDEN.c.about_id == (_READER if reader is None else reader.id)


def _is_closed(reader: Reader | None) -> ColumnElement[bool]:
    """Say that a case is of a kind that is closed to its reader. The index is of cases that have a kind."""
    return and_(_HIDDEN.c.category != "", _HIDDEN.c.category.in_(_CLOSED if reader is None else sorted(reader.closed)))
