"""A domain value as a row of its table, and back. The fields and columns carry the same names.

`save` writes only what differs from what this unit of work read, so that two units which change different fields of one
record do not undo each other (PostgreSQL, while on SQLite units of work follow one another anyway). A row that was
added here is seen by nobody else before the commit, so it is never asked for again. Statements that every call and text
needs are built once (`whole_rows`, `bindparam`), because to build one costs as much as to ask it, and at 50 texts a
second the processor is what is short (measured November 2026).

Knows: tables, dataclasses. Must not know: which noun it carries.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    bindparam,
    delete,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from voicebot.adapters.store.cover import cover_of
from voicebot.service.ports import Stretch

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")

_ID_OF = attrgetter("id")
_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def insert_once(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a unique constraint says that it is there already, and return whether it was inserted.

    PostgreSQL waits for a rival that has not committed yet, so False means "committed by somebody else".
    """
    return connection.execute(_insert_once(table, connection.dialect.name), row).first() is not None


def hold(connection: Connection, name: str) -> None:
    """Hold a named lock until the transaction ends, so that look-then-insert is one step.

    SQLite needs none, because a unit of work is exclusive there from its first statement.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"name": name})


def delete_rows(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    """Delete rows in the order of their key, so that two who delete some of the same do not wait for each other.

    Returns how many it was.
    """
    key = tuple(table.primary_key.columns)
    held = select(*key).where(*conditions).order_by(*key).with_for_update()
    return connection.execute(delete(table).where(tuple_(*key).in_(held))).rowcount


ONLY_LOOKS = "voicebot_only_looks"
"""An engine of those who only look says so by this option. There is nothing to hold for them, and they may not."""


def may_hold_rows(connection: Connection) -> bool:
    """Tell whether rows are held here until the transaction ends, as on PostgreSQL by whoever may write."""
    return connection.dialect.name == "postgresql" and not connection.get_execution_options().get(ONLY_LOOKS)


def of_stretch(began_at: ColumnElement[Any], key: ColumnElement[Any], stretch: Stretch) -> list[ColumnElement[bool]]:
    """Return the conditions of a stretch, which an index on both columns serves."""
    conditions = []
    if stretch.from_at is not None:
        conditions.append(began_at >= stretch.from_at)
    if stretch.until_at is not None:
        conditions.append(began_at < stretch.until_at)
    if stretch.after is not None:
        at, last = stretch.after
        conditions.append(tuple_(began_at, key) > tuple_(literal(at, began_at.type), literal(last)))
    return conditions


Heed = Callable[..., None]
"""Is told which columns of a table were written, with the rows as they were and as they are (`case_words.py`)."""


def heed_nothing(_table: Table, _names: Iterable[str], *_rows: dict[str, Any]) -> None:
    """Take no notice of what was written, where nothing is searched."""


def is_none_new(_ticket_id: str) -> bool:
    """Say of a case that it was not opened in this unit of work, where cases are only read."""
    return False


def is_one_of(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column holds one of some values that stay the same from one question to the next.

    What `in_` is given as plain values is written into the statement anew each time it is asked.
    """
    return column.in_([literal(value, column.type) for value in sorted(values)])


@cache
def whole_rows(table: Table, shape: "type[DataclassInstance]") -> Select[Any]:
    """Return the query for whole values of a table, to be narrowed, which is built once."""
    return select(*(table.c[field.name] for field in fields(shape)))


@cache
def _insert_once(table: Table, backend: str) -> Executable:
    insert = postgresql.insert(table) if backend == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_nothing().returning(*table.primary_key.columns)


@cache
def _insert(table: Table) -> Executable:
    """Return an insert that does not ask for the number that the database gave the row."""
    return table.insert().inline()


@cache
def _by_id(table: Table, shape: "type[DataclassInstance]", *, is_locked: bool) -> Select[Any]:
    found = whole_rows(table, shape).where(table.c.id == bindparam("key"))
    return found.with_for_update() if is_locked else found


@cache
def _by_ids(table: Table, shape: "type[DataclassInstance]") -> Select[Any]:
    return whole_rows(table, shape).where(table.c.id.in_(bindparam("keys", expanding=True)))


@cache
def _update(table: Table, names: tuple[str, ...]) -> Executable:
    return (
        update(table).where(table.c.id == bindparam("key")).values({name: bindparam(f"new_{name}") for name in names})
    )


class Rows(Generic[Value]):
    """The rows of one table as frozen dataclasses of one shape, within one transaction."""

    def __init__(self, connection: Connection, table: Table, shape: type[Value], *, heed: Heed = heed_nothing) -> None:
        self.connection = connection
        self.table = table
        self._shape = shape
        self._heed = heed
        self._names = _names_of(shape)
        self._cover = cover_of(connection)
        self._as_read: dict[str, dict[str, Any]] = {}
        self._own: dict[str, Value] = {}
        self._has_moved = False
        """Whether a row came from one case to another here."""

    @property
    def own(self) -> Iterable[Value]:
        """Return what was added here, as it stands now, since nobody else sees it before the commit."""
        return self._own.values()

    def select(self) -> Select[Any]:
        """Start a query for whole values."""
        return whole_rows(self.table, self._shape)

    def every(self, statement: Select[Any], **asked: Any) -> Sequence[Value]:
        """Return all values the query finds, with these values for its parameters."""
        return self._values(
            [dict(zip(self._names, row, strict=True)) for row in self.connection.execute(statement, asked)]
        )

    def of_case(self, statement: Select[Any], ticket_id: str, *, is_new: bool) -> Sequence[Value]:
        """Return what the query finds of a case, in its order, where the query has the parameter `ticket_id`.

        Of a case that was opened in this unit of work (`is_new`) others know nothing, because what was added here is
        all.
        """
        added = [value for value in self._own.values() if getattr(value, "ticket_id", None) == ticket_id]
        if is_new and len(added) < 2 and not self._has_moved:
            return added
        return self.every(statement, ticket_id=ticket_id)

    def has_added(self, key: str) -> bool:
        """Tell whether the value with this id was added here."""
        return key in self._own

    def numbered(self, statement: Select[Any], **asked: Any) -> Sequence[tuple[int, Value]]:
        """Return all values the query finds, each after a number that the query selects before it."""
        return [
            (number, self._shape(**dict(zip(self._names, row, strict=True))))
            for number, *row in self.connection.execute(statement, asked)
        ]

    def first(self, statement: Select[Any], **asked: Any) -> Value | None:
        """Return the first value the query finds, or None."""
        return self.only(statement.limit(1), **asked)

    def only(self, statement: Select[Any], **asked: Any) -> Value | None:
        """Return the value of a query that finds one at most, or None."""
        found = self.every(statement, **asked)
        return found[0] if found else None

    def get(self, key: str, *, is_locked: bool = False) -> Value | None:
        """Return the value with this id, or None, held under a row lock where asked (PostgreSQL)."""
        if key in self._own:
            return self._own[key]
        is_held = is_locked and may_hold_rows(self.connection)
        return self.only(_by_id(self.table, self._shape, is_locked=is_held), key=key)

    def those(self, keys: Collection[str]) -> Mapping[str, Value]:
        """Return the values with these ids that are there, by one question at most."""
        found = {key: self._own[key] for key in keys if key in self._own}
        others = [key for key in keys if key not in found]
        if others:
            read = self.every(_by_ids(self.table, self._shape), keys=others)
            found.update(zip(map(_ID_OF, read), read, strict=True))
        return found

    def add(self, value: Value, **beside: Any) -> None:
        """Insert, with columns that are no part of the value, where a broken unique constraint is an error."""
        row = self._row(value)
        self.connection.execute(_insert(self.table), row | beside)
        self._heed(self.table, self._names, row)
        if "id" in row:
            self._as_read[row["id"]] = row
            self._own[row["id"]] = value

    def add_all(self, values: Sequence[Value]) -> None:
        """Insert many values that have no id, in their order, by one statement."""
        if values:
            rows = [self._row(value) for value in values]
            self.connection.execute(_insert(self.table), rows)
            self._heed(self.table, self._names, *rows)

    def add_once(self, value: Value) -> bool:
        """Insert unless it is there, and return whether it was inserted."""
        row = self._row(value)
        is_new = insert_once(self.connection, self.table, row)
        if is_new:
            self._heed(self.table, self._names, row)
        return is_new

    def save(self, value: Value) -> None:
        """Update by id what changed since it was read or added here (everything when it was neither)."""
        row = self._row(value)
        known = self._as_read.get(row["id"], {})
        changed = tuple(name for name in self._names if name not in known or known[name] != row[name])
        self._as_read[row["id"]] = row
        if row["id"] in self._own:
            self._own[row["id"]] = value
        if not changed:
            return
        self._has_moved = self._has_moved or "ticket_id" in changed
        told = {f"new_{name}": row[name] for name in changed}
        done = self.connection.execute(_update(self.table, changed), told | {"key": row["id"]})
        if done.rowcount != 1:
            raise AssertionError(f"saved a row of {self.table.name} that does not exist")
        self._heed(self.table, changed, known, row)

    def _row(self, value: Value) -> dict[str, Any]:
        return {name: getattr(value, name) for name in self._names}

    def _values(self, rows: Sequence[dict[str, Any]]) -> Sequence[Value]:
        if "id" in self._names:
            self._as_read.update((row["id"], row) for row in rows)
        shown = rows if self._cover is None else self._cover.rows(self.table, rows)
        return [self._shape(**row) for row in shown]


@cache
def _names_of(shape: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))
