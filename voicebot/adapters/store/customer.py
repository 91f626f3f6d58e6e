"""The company's customers, as rows, with the words of every case that their numbers lead to.

Knows: the tables of customers, which cases have a number. Must not know: files, whose case it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
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
    or_,
    select,
    union,
    update,
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import insert_once, whole_rows
from voicebot.adapters.store.tables.customer import customer_lookups, customer_numbers, customers
from voicebot.domain.customer import COLUMNS, Customer
from voicebot.domain.customer_lookup import FRESH_FOR, Lookup
from voicebot.domain.promise import PromiseState
from voicebot.service.ports.customer import ImportedCustomer

AT_ONCE = 500
"""Ids or numbers in one statement, far below the parameters that either database takes."""
OPENED_WITHIN = timedelta(hours=1)
"""A worker that was away for longer asks for nobody by this alone, since the case has been read without it by then."""
BEFORE_CALL = timedelta(minutes=15)
"""A call is owed soon when its window opens within this time."""


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

    def to_look_up(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of cases with a number whose look-up is due, those that wait longest first."""
        asked = {"now": now, "since": now - OPENED_WITHIN, "soon": now + BEFORE_CALL, "fresh": now - FRESH_FOR}
        return list(self._connection.scalars(_TO_LOOK_UP, asked | {"most": limit}))

    def lookup_of(self, ticket_id: str) -> Lookup:
        """Return how far the look-up for a case is."""
        row = self._connection.execute(_LOOKUP, {"ticket_id": ticket_id}).mappings().first()
        return Lookup(ticket_id=ticket_id) if row is None else Lookup(**row)

    def keep_lookup(self, lookup: Lookup) -> None:
        """Insert how far it is, or update it."""
        row = asdict(lookup)
        if not insert_once(self._connection, customer_lookups, row):
            own = customer_lookups.c.ticket_id == lookup.ticket_id
            self._connection.execute(update(customer_lookups).where(own).values(row))

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


def _is_asked(ticket_id: ColumnElement[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(customer_lookups.c.ticket_id == ticket_id, *conditions)


_LOOKUP = whole_rows(customer_lookups, Lookup).where(customer_lookups.c.ticket_id == bindparam("ticket_id"))
_IS_FRESH = or_(customer_lookups.c.due_at.is_not(None), customer_lookups.c.asked_at > bindparam("fresh"))
_DUE = union(
    select(customer_lookups.c.ticket_id).where(customer_lookups.c.due_at <= bindparam("now")),
    select(tables.tickets.c.id).where(
        tables.tickets.c.opened_at >= bindparam("since"), ~_is_asked(tables.tickets.c.id)
    ),
    select(tables.promises.c.ticket_id).where(
        tables.promises.c.state == PromiseState.OPEN,
        tables.promises.c.window_opens_at <= bindparam("soon"),
        ~_is_asked(tables.promises.c.ticket_id, _IS_FRESH),
    ),
)
"""One query for each reason, since an index serves each of them and none serves all."""
_TO_LOOK_UP = (
    select(tables.tickets.c.id)
    .where(
        tables.tickets.c.id.in_(_DUE),
        tables.tickets.c.complainant_number.is_not(None),
        tables.tickets.c.merged_into.is_(None),
    )
    .order_by(tables.tickets.c.opened_at, tables.tickets.c.id)
    .limit(bindparam("most"))
)
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_CASES_OF = union(
    select(tables.tickets.c.id).where(tables.tickets.c.complainant_number.in_(_NUMBERS)),
    select(tables.calls.c.ticket_id).where(tables.calls.c.caller_number.in_(_NUMBERS)),
)
