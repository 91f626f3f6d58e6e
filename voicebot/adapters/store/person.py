"""Everything that is kept of one person, by their telephone number. It is derived from the tables, so that a new one is
in it.

Knows: the tables, which belong to a case, which keep a number outside any. Must not know: files, who may ask.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, delete, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import names_no_hidden_case
from voicebot.adapters.store.cover import Cover, cover_of
from voicebot.adapters.store.erasure import rows_of_case
from voicebot.adapters.store.tables.adjustment import adjustments
from voicebot.adapters.store.tables.case_words import case_words
from voicebot.adapters.store.tables.contacts import contacts, refused_contacts
from voicebot.adapters.store.tables.customer import customer_numbers, customers
from voicebot.adapters.store.tables.staff_call import call_refusals
from voicebot.adapters.store.tables.texts import text_wishes
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.service.ports.person import Row

OF_A_NUMBER: Mapping[str, Column[Any]] = MappingProxyType(
    {
        column.table.name: column
        for column in (
            text_wishes.c.recipient,
            call_refusals.c.number,
            contacts.c.sender,
            refused_contacts.c.sender,
            adjustments.c.number,
            customer_numbers.c.number,
        )
    }
)
"""Tables that keep a number outside any case, and the column that has it."""

_LEFT_OUT = frozenset({case_words.name})
"""Words once more, as they are compared."""
_SECRET = frozenset({tables.tickets.c.pin.name})


class PersonRows:
    """Fulfils `service.ports.Persons`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def case_ids(self, number: str) -> Sequence[str]:
        """Return ids of the cases of a number with what was joined into them, a case before what was joined into it."""
        ticket, call = tables.tickets.c, tables.calls.c
        rang = ticket.id.in_(select(call.ticket_id).where(call.caller_number == number))
        found = select(ticket.id, ticket.merged_into).order_by(ticket.opened_at, ticket.id)
        own = self._connection.execute(
            found.where(or_(ticket.complainant_number == number, ticket.written_from == number, rang))
        )
        roots = list(dict.fromkeys(self._root(row.id, row.merged_into) for row in own))
        return [each for root in roots for each in (root, *self._joined(root))]

    def rows_of_case(self, ticket_id: str, *, leave_out: Collection[str] = ()) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield each table that has rows of a case, with these rows as this unit of work shows them, without its PIN
        and without rows of these ids.

        Lines of its history that name a case hidden from the reader are left out, as on its page.
        """
        cover = cover_of(self._connection) or Cover(self._connection)
        for table in tables.metadata.sorted_tables:
            is_of_case = rows_of_case(table, ticket_id)
            if is_of_case is None or table.name in _LEFT_OUT:
                continue
            found = select(table).where(is_of_case).order_by(*table.primary_key.columns)
            if table is tables.history and self._reader != THE_MACHINE:
                found = found.where(names_no_hidden_case(table.c.after, self._reader))
            kept = (dict(row) for row in self._connection.execute(found).mappings() if row.get("id") not in leave_out)
            if rows := [cover.row(table, row) for row in kept]:
                yield table.name, [{name: row[name] for name in row if name not in _SECRET} for row in rows]

    def rows_of_number(self, number: str) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield each table that keeps the number itself outside any case, with these rows."""
        for name, column in OF_A_NUMBER.items():
            found = self._connection.execute(select(column.table).where(column == number)).mappings()
            if rows := [dict(row) for row in found]:
                yield name, rows
        ids = select(customer_numbers.c.customer_id).where(customer_numbers.c.number == number)
        found = self._connection.execute(select(customers).where(customers.c.id.in_(ids))).mappings()
        if rows := [dict(row) for row in found]:
            yield customers.name, rows

    def forget_number(self, number: str) -> int:
        """Delete what keeps the number itself outside any case, and return how many rows it was."""
        return sum(
            self._connection.execute(delete(column.table).where(column == number)).rowcount
            for column in OF_A_NUMBER.values()
        )

    def _root(self, ticket_id: str, merged_into: str | None) -> str:
        ticket = tables.tickets.c
        while merged_into is not None:
            ticket_id = merged_into
            merged_into = self._connection.scalar(select(ticket.merged_into).where(ticket.id == ticket_id))
        return ticket_id

    def _joined(self, ticket_id: str) -> Iterator[str]:
        ticket = tables.tickets.c
        joined = select(ticket.id).where(ticket.merged_into == ticket_id).order_by(ticket.opened_at, ticket.id)
        for each in list(self._connection.scalars(joined)):
            yield each
            yield from self._joined(each)
