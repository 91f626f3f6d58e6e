"""Column types that keep a domain value whole. An instant keeps its zone, a state keeps its name.

Source: SQLite stores an aware datetime without its zone, silently (libraries.md H, tried November 2026).
Knows: SQLAlchemy types. Must not know: tables.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

Named = TypeVar("Named", bound=StrEnum)


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant. It is stored in UTC, read back aware in UTC, on both databases. Refuses a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone was about to be stored: make it aware first")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NameList(TypeDecorator[tuple[str, ...]]):
    """Short names without commas, in order, stored with commas between them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(filter(None, value.split(",")))


class StateName(TypeDecorator[Named], Generic[Named]):
    """A `StrEnum` member, stored as its value, where a value that the enum does not know fails when it is read."""

    impl = String(40)
    cache_ok = True

    def __init__(self, names: type[Named]) -> None:
        super().__init__()
        self.names = names

    def process_bind_param(self, value: Named | None, dialect: Dialect) -> str | None:
        return None if value is None else self.names(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Named | None:
        return None if value is None else self.names(value)
