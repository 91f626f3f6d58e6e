"""The company's customers, as rows, with the words of every case that their numbers lead to.

Knows: the tables customers, customer_numbers, which cases have a number. Must not know: files, whose case it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    exists,
    func,
    select,
    union,
    update,
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.tables.customer import customer_numbers, customers
from voicebot.domain.customer import COLUMNS, Customer
from voicebot.service.history import Verb
from voicebot.service.ports.customer import ImportedCustomer

AT_ONCE = 500
"""Ids or numbers in one statement, far below the parameters that either database takes."""


class CustomerRows:
    """Fulfils `service.ports.Customers`."""

    def __init__(
        self, connection: Connection, *, words_changed: Callable[[str], None] = lambda _ticket_id: None
    ) -> None:
        self._connection = connection
        self._words_changed = words_changed

    def some(self, ids: Collection[str]) -> Mapping[str, Customer]:
        """Return those of these ids that are there."""
        return {each.customer.id: each.customer for each in self._read(customers.c.id, ids)}

    def of_numbers(self, numbers: Collection[str]) -> Sequence[ImportedCustomer]:
        """Return every customer to whom one of these numbers leads, by name."""
        found = self._read(customers.c.id, self._ids_of(numbers))
        return sorted(found, key=lambda each: (each.customer.name, each.customer.id))

    def keep(self, customers_now: Sequence[Customer], at: datetime) -> None:
        """Delete what was known of these, and insert what is known now."""
        if not customers_now:
            return
        ids = [customer.id for customer in customers_now]
        numbers = {row.number for row in self._numbers(ids)}
        self._delete(ids)
        self._connection.execute(customers.insert(), [_row(customer, at) for customer in customers_now])
        links = [
            {"number": each, "customer_id": customer.id} for customer in customers_now for each in customer.numbers
        ]
        self._connection.execute(customer_numbers.insert(), links)
        self._touch(numbers | {link["number"] for link in links})

    def seen(self, ids: Collection[str], at: datetime) -> None:
        """Note that the books say the same of these as before."""
        for some in _stretches(ids):
            self._connection.execute(update(customers).where(customers.c.id.in_(some)).values(imported_at=at))

    def forget(self, ids: Collection[str]) -> int:
        """Delete these."""
        return self._forget(sorted(self.some(ids)))

    def to_look_up(self, since: datetime, limit: int) -> Sequence[str]:
        """Return ids of cases with a number, opened since, of which no look-up is written, oldest first."""
        return list(self._connection.scalars(_TO_LOOK_UP, {"since": since, "most": limit}))

    def forget_numbers(self, numbers: Collection[str]) -> int:
        """Delete every customer to whom one of these numbers leads."""
        return self._forget(self._ids_of(numbers))

    def count_before(self, at: datetime) -> int:
        """Count the customers that no import has named since."""
        return self._connection.scalar(select(func.count()).where(customers.c.imported_at < at)) or 0

    def forget_before(self, at: datetime, limit: int) -> int:
        """Delete some customers that no import has named since."""
        old = select(customers.c.id).where(customers.c.imported_at < at).order_by(customers.c.imported_at).limit(limit)
        return self._forget(list(self._connection.scalars(old)))

    def _forget(self, ids: Sequence[str]) -> int:
        numbers = {row.number for row in self._numbers(ids)}
        self._delete(ids)
        self._touch(numbers)
        return len(ids)

    def _delete(self, ids: Sequence[str]) -> None:
        for some in _stretches(ids):
            self._connection.execute(delete(customer_numbers).where(customer_numbers.c.customer_id.in_(some)))
            self._connection.execute(delete(customers).where(customers.c.id.in_(some)))

    def _ids_of(self, numbers: Collection[str]) -> Sequence[str]:
        link = customer_numbers.c
        found = self._each(select(link.customer_id).distinct(), link.number, numbers)
        return sorted({row.customer_id for row in found})

    def _numbers(self, ids: Collection[str]) -> Iterator[Any]:
        return self._each(select(customer_numbers), customer_numbers.c.customer_id, ids)

    def _read(self, column: ColumnElement[str], keys: Collection[str]) -> Sequence[ImportedCustomer]:
        rows = list(self._each(select(customers), column, keys))
        numbers: dict[str, list[str]] = {row.id: [] for row in rows}
        for link in self._numbers(list(numbers)):
            numbers[link.customer_id].append(link.number)
        return [_customer(row, numbers[row.id]) for row in rows]

    def _each(self, found: Select[Any], column: ColumnElement[str], keys: Collection[str]) -> Iterator[Any]:
        for some in _stretches(keys):
            yield from self._connection.execute(found.where(column.in_(some)))

    def _touch(self, numbers: Collection[str]) -> None:
        """Have the words of each case made anew to which one of these numbers leads."""
        for some in _stretches(numbers):
            for ticket_id in self._connection.scalars(_CASES_OF, {"numbers": some}):
                self._words_changed(ticket_id)


def _stretches(keys: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(keys)
    for first in range(0, len(ordered), AT_ONCE):
        yield ordered[first : first + AT_ONCE]


def _row(customer: Customer, at: datetime) -> dict[str, Any]:
    return {"id": customer.id, "imported_at": at} | {str(name): getattr(customer, name) for name in COLUMNS}


def _customer(row: Any, numbers: Sequence[str]) -> ImportedCustomer:
    values = {str(name): getattr(row, name) for name in COLUMNS}
    customer = Customer(id=row.id, numbers=tuple(sorted(numbers)), **values)
    return ImportedCustomer(customer=customer, imported_at=row.imported_at)


_TO_LOOK_UP = (
    select(tables.tickets.c.id)
    .where(
        tables.tickets.c.opened_at >= bindparam("since"),
        tables.tickets.c.complainant_number.is_not(None),
        tables.tickets.c.merged_into.is_(None),
        ~exists().where(
            tables.history.c.ticket_id == tables.tickets.c.id,
            tables.history.c.verb.in_([Verb.CUSTOMER_LOOKED_UP.value, Verb.CUSTOMER_NOT_FOUND_OUT.value]),
        ),
    )
    .order_by(tables.tickets.c.opened_at, tables.tickets.c.id)
    .limit(bindparam("most"))
)
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_CASES_OF = union(
    select(tables.tickets.c.id).where(tables.tickets.c.complainant_number.in_(_NUMBERS)),
    select(tables.calls.c.ticket_id).where(tables.calls.c.caller_number.in_(_NUMBERS)),
)
