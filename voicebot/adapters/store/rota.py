"""The rota, as rows.

Knows: the tables rota_shifts, rota_changes, rota_profiles. Must not know: who is on duty.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    union_all,
    update,
)

from voicebot.adapters.store.rows import Rows, insert_once, whole_rows
from voicebot.adapters.store.tables.rota import changes, profiles, shifts
from voicebot.domain.rota import RotaChange, RotaProfile, Shift

Value = TypeVar("Value", bound="Shift | RotaChange | RotaProfile")


class RotaRows:
    """Fulfils `service.ports.RotaBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._shifts = Rows(connection, shifts, Shift)
        self._changes = Rows(connection, changes, RotaChange)
        self._profiles = Rows(connection, profiles, RotaProfile)
        self._known: dict[tuple[object, ...], Sequence[Any]] = {}
        """What was read here already, because a new case asks twice, for its owner and for its window."""

    def shifts(self) -> Sequence[Shift]:
        """Return every shift, by person and weekday."""
        table = shifts
        found = self._shifts.select().order_by(table.c.staff_id, table.c.weekday, table.c.opens_minute)
        return self._once(lambda: self._shifts.every(found), table)

    def add_shift(self, shift: Shift) -> bool:
        """Insert once."""
        self._known.clear()
        return self._shifts.add_once(shift)

    def remove_shift(self, shift_id: str) -> bool:
        """Delete, and return False when it was gone already."""
        self._known.clear()
        return self._connection.execute(delete(shifts).where(shifts.c.id == shift_id)).rowcount == 1

    def changes(self, ending_after: datetime) -> Sequence[RotaChange]:
        """Return changes that end after an instant, the first to begin first."""
        return self._once(lambda: self._changes.every(_CHANGES, ending_after=ending_after), changes, ending_after)

    def add_change(self, change: RotaChange) -> None:
        """Insert."""
        self._known.clear()
        self._changes.add(change)

    def remove_change(self, change_id: str) -> bool:
        """Delete, both halves of a swap, and return False when it was gone already."""
        self._known.clear()
        table = changes
        swap_id = self._connection.scalar(select(table.c.swap_id).where(table.c.id == change_id))
        is_same = table.c.id == change_id if swap_id is None else table.c.swap_id == swap_id
        return self._connection.execute(delete(table).where(is_same)).rowcount > 0

    def profiles(self) -> Sequence[RotaProfile]:
        """Return everybody of whom something is known."""
        found = self._profiles.select().order_by(profiles.c.staff_id)
        return self._once(lambda: self._profiles.every(found), profiles)

    def save_profile(self, profile: RotaProfile) -> None:
        """Insert or update."""
        self._known.clear()
        table = profiles
        row = {
            "staff_id": profile.staff_id,
            "roles": profile.roles,
            "languages": profile.languages,
            "load_cap": profile.load_cap,
            "feed_token": profile.feed_token,
            "has_dated_shifts": profile.has_dated_shifts,
        }
        if not insert_once(self._connection, table, row):
            self._connection.execute(update(table).where(table.c.staff_id == profile.staff_id).values(row))

    def _once(self, read: Callable[[], Sequence[Value]], table: Table, *asked: object) -> Sequence[Value]:
        """Read what was not read here before, and only of a table in which something stands, because few have a
        rota.
        """
        key = (table, *asked)
        if key not in self._known:
            self._known[key] = read() if table.name in self._filled() else ()
        return self._known[key]

    def _filled(self) -> Sequence[str]:
        if () not in self._known:
            self._known[()] = [name for (name,) in self._connection.execute(_FILLED)]
        return self._known[()]


_CHANGES = (
    whole_rows(changes, RotaChange)
    .where(changes.c.ends_at > bindparam("ending_after"))
    .order_by(changes.c.begins_at, changes.c.id)
)
_FILLED: CompoundSelect[Any] = union_all(
    *(
        select(literal_column(f"'{table.name}'")).where(exists().select_from(table))
        for table in (shifts, changes, profiles)
    )
)
