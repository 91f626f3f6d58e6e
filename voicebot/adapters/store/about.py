"""Which cases a reader sees, as one expression for every list and search (domain/about.py decides it).

Knows: the tickets. Must not know: who reads, what is read.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, bindparam, exists, func, select

from voicebot.adapters.store.tables.case_words import case_words
from voicebot.adapters.store.tables.ticket import tickets

READER: BindParameter[str] = bindparam("reader", type_=String)
"""The staff id of who reads, empty for the machine."""
_HIDDEN = tickets.alias("hidden")
"""Named once. To name forty columns anew for each list took as long as the list."""


def is_shown(ticket_id: ColumnElement[str], reader: str | BindParameter[str] = READER) -> ColumnElement[bool]:
    """Say of a case that its reader may see it. Few cases are about somebody, and an index finds them."""
    return ticket_id.not_in(select(_HIDDEN.c.id).where(_HIDDEN.c.about_id == reader))


def names_no_hidden_case(text: ColumnElement[str], reader: str | BindParameter[str] = READER) -> ColumnElement[bool]:
    """Say of a line of a history that it names no case that its reader may not see, with or without hyphens."""
    named = func.replace(text, "-", "", type_=String).contains(_HIDDEN.c.case_number)
    return ~exists().where(_HIDDEN.c.about_id == reader, named)


def rows_of_hidden_words() -> Select[Any]:
    """Return which rows of the search hold cases that the reader may not see."""
    found = select(case_words.c.row).join(_HIDDEN, _HIDDEN.c.id == case_words.c.ticket_id)
    return found.where(_HIDDEN.c.about_id == READER)
