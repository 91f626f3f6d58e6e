"""A domain value as a row of its table, and back: fields and columns carry the same names.

`save` writes only what differs from what this unit of work read, so that two units which change different fields of
one record do not undo each other (PostgreSQL; on SQLite units of work follow one another anyway).

Knows: tables, dataclasses. Must not know: which noun it carries.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")


def insert_once(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a unique constraint says that it is there already; return whether it was inserted.

    PostgreSQL waits for a rival that has not committed yet, so False means "committed by somebody else".
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    written = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return connection.execute(written).first() is not None


def hold(connection: Connection, name: str) -> None:
    """Hold a named lock until the transaction ends, so that look-then-insert is one step.

    SQLite needs none: a unit of work is exclusive there from its first statement.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


class Rows(Generic[Value]):
    """The rows of one table as frozen dataclasses of one shape, within one transaction."""

    def __init__(self, connection: Connection, table: Table, shape: type[Value]) -> None:
        self.connection = connection
        self.table = table
        self._shape = shape
        self._names = tuple(field.name for field in fields(shape))
        self._as_read: dict[str, dict[str, Any]] = {}

    def select(self) -> Select[Any]:
        """Start a query for whole values."""
        return select(*(self.table.c[name] for name in self._names))

    def every(self, statement: Select[Any]) -> Sequence[Value]:
        """Return all values the query finds."""
        return [self._value(dict(row)) for row in self.connection.execute(statement).mappings()]

    def first(self, statement: Select[Any]) -> Value | None:
        """Return the first value the query finds, or None."""
        found = self.every(statement.limit(1))
        return found[0] if found else None

    def get(self, key: str, *, is_locked: bool = False) -> Value | None:
        """Return the value with this id, or None; under a row lock where asked (PostgreSQL)."""
        statement = self.select().where(self.table.c.id == key)
        return self.first(statement.with_for_update() if is_locked else statement)

    def add(self, value: Value) -> None:
        """Insert; a broken unique constraint is an error."""
        row = self._row(value)
        self.connection.execute(self.table.insert(), row)
        if "id" in row:
            self._as_read[row["id"]] = row

    def add_once(self, value: Value) -> bool:
        """Insert unless it is there; return whether it was inserted."""
        return insert_once(self.connection, self.table, self._row(value))

    def save(self, value: Value) -> None:
        """Update by id what changed since it was read or added here (everything when it was neither)."""
        row = self._row(value)
        known = self._as_read.get(row["id"], {})
        changed = {name: row[name] for name in self._names if name not in known or known[name] != row[name]}
        self._as_read[row["id"]] = row
        if not changed:
            return
        done = self.connection.execute(update(self.table).where(self.table.c.id == row["id"]).values(**changed))
        if done.rowcount != 1:
            raise AssertionError(f"saved a row of {self.table.name} that does not exist")

    def _row(self, value: Value) -> dict[str, Any]:
        return {name: getattr(value, name) for name in self._names}

    def _value(self, row: dict[str, Any]) -> Value:
        if "id" in row:
            self._as_read[row["id"]] = row
        return self._shape(**row)
