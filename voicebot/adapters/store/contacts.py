"""Who rang and wrote lately, and who was turned away, as rows.

Knows: the tables contact, refused_contact. Must not know: limits, what is answered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    Select,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    union_all,
    update,
)

from voicebot.adapters.store.rows import hold, insert_once
from voicebot.adapters.store.tables.contacts import contacts, refused_contacts
from voicebot.domain.budget import DAY, HOUR, Contact, Party, Scope, Use
from voicebot.service.ports.contacts import Arrival, RefusedContact

KEPT_FOR = timedelta(days=2)
"""Budgets look back one day."""
REFUSED_KEPT_FOR = timedelta(days=7)
"""Staff may look at who was turned away for so long."""

FORGETS_EVERY = timedelta(minutes=1)
_forgot_at: WeakKeyDictionary[Engine, dict[Contact, datetime]] = WeakKeyDictionary()
"""By database, it is when this process forgot last. Everybody waits for the count, so it does not delete with each."""

_ITSELF = -1
"""Number of the row that says whether an arrival was let in before, while those of the parties begin at 0."""

_COLUMNS = {
    Scope.NUMBER: contacts.c.sender,
    Scope.WITHHELD: contacts.c.sender,
    Scope.PREFIX: contacts.c.block,
    Scope.CASE: contacts.c.block,
}


class ContactRows:
    """Fulfils `service.ports.Contacts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, kind: Contact) -> None:
        """Hold the count of a kind until the transaction ends."""
        hold(self._connection, f"contacts:{kind}")

    def uses(self, arrival: Arrival, parties: Sequence[Party], *, live_since: datetime) -> list[Use] | None:
        """Count what each party took, and look for the arrival itself, all by one question."""
        keys = {f"key_{number}": party.key for number, party in enumerate(parties)}
        times = {"since": arrival.at - DAY, "hour": arrival.at - HOUR, "live_since": live_since}
        question = _uses_of(tuple(party.scope for party in parties))
        told = {"kind": arrival.kind, "sid": arrival.sid} | times | keys
        rows = {row.number: row for row in self._connection.execute(question, told)}
        if rows[_ITSELF].a_day:
            return None
        return [_use(rows[number]) for number in range(len(parties))]

    def let_in(self, arrival: Arrival) -> None:
        """Insert once. What no budget counts any more goes on the way, once a minute."""
        self._forget(arrival)
        row = {
            "sid": arrival.sid,
            "kind": arrival.kind,
            "sender": arrival.sender,
            "block": arrival.block,
            "at": arrival.at,
            "seconds": 0,
        }
        insert_once(self._connection, contacts, row)

    def _forget(self, arrival: Arrival) -> None:
        forgot = _forgot_at.setdefault(self._connection.engine, {})
        last = forgot.get(arrival.kind)
        if last is None or abs(arrival.at - last) >= FORGETS_EVERY:
            self._connection.execute(_TOO_OLD, {"kind": arrival.kind, "since": arrival.at - KEPT_FOR})
            forgot[arrival.kind] = arrival.at

    def end(self, sid: str, at: datetime) -> None:
        """Note once when a call was over, and how long it lasted."""
        table = contacts
        began_at = self._connection.scalar(select(table.c.at).where(table.c.sid == sid, table.c.ended_at.is_(None)))
        if began_at is None:
            return
        seconds = max(0, round((at - began_at).total_seconds()))
        self._connection.execute(update(table).where(table.c.sid == sid).values(ended_at=at, seconds=seconds))

    def newest_of(self, kind: Contact, party: Party) -> str | None:
        """Return the sid of the contact that a party let in last."""
        table = contacts
        found = select(table.c.sid).where(table.c.kind == kind).order_by(table.c.at.desc(), table.c.sid).limit(1)
        sid: str | None = self._connection.scalar(_of(found, party))
        return sid

    def refuse(self, arrival: Arrival, limit: str) -> bool:
        """Count a refusal in its row of the day, and return True when the row is new."""
        table = refused_contacts
        self._connection.execute(delete(table).where(table.c.last_at < arrival.at - REFUSED_KEPT_FOR))
        key = {
            "kind": arrival.kind,
            "sender": arrival.sender,
            "day": arrival.at.date().isoformat(),
            "limit": limit,
        }
        row = key | {"times": 1, "first_at": arrival.at, "last_at": arrival.at}
        if insert_once(self._connection, table, row):
            return True
        same = [table.c[name] == value for name, value in key.items()]
        self._connection.execute(update(table).where(*same).values(times=table.c.times + 1, last_at=arrival.at))
        return False

    def was_refused(self, kind: Contact, sender: str, *, begins_at: datetime, ends_at: datetime) -> bool:
        """Tell whether this sender was being turned away at some time of a stretch."""
        table = refused_contacts
        found = select(table.c.sender).where(
            table.c.kind == kind, table.c.sender == sender, table.c.first_at <= ends_at, table.c.last_at >= begins_at
        )
        return self._connection.scalar(found.limit(1)) is not None

    def refused(self, since: datetime, limit: int) -> Sequence[RefusedContact]:
        """Return who was turned away, the latest first."""
        table = refused_contacts
        found = select(table).where(table.c.last_at >= since).order_by(table.c.last_at.desc()).limit(limit)
        return [
            RefusedContact(**{name: value for name, value in row.items() if name != "day"})
            for row in self._connection.execute(found).mappings()
        ]


_TOO_OLD = delete(contacts).where(contacts.c.kind == bindparam("kind"), contacts.c.at < bindparam("since"))


@lru_cache
def _uses_of(scopes: tuple[Scope, ...]) -> CompoundSelect[Any]:
    """Return the question for parties of these scopes. It is kept, for building it costs more than asking it."""
    nothing: ColumnElement[Any] = literal_column("0")
    itself = select(literal_column(str(_ITSELF)), func.count(), nothing, nothing, nothing)
    return union_all(
        *(_use_of(scope, number) for number, scope in enumerate(scopes)),
        itself.where(contacts.c.sid == bindparam("sid")),
    )


def _use_of(scope: Scope, number: int) -> Select[Any]:
    table = contacts
    is_live = table.c.ended_at.is_(None) & (table.c.at > bindparam("live_since"))
    found = select(
        literal_column(str(number)).label("number"),
        func.count().label("a_day"),
        func.coalesce(func.sum(case((table.c.at > bindparam("hour"), 1), else_=0)), 0).label("an_hour"),
        func.coalesce(func.sum(case((is_live, 1), else_=0)), 0).label("at_once"),
        func.coalesce(func.sum(table.c.seconds), 0).label("seconds"),
    ).where(table.c.kind == bindparam("kind"), table.c.at > bindparam("since"))
    column = _COLUMNS.get(scope)
    return found if column is None else found.where(column == bindparam(f"key_{number}"))


def _of(statement: Select[Any], party: Party) -> Select[Any]:
    column = _COLUMNS.get(party.scope)
    return statement if column is None else statement.where(column == party.key)


def _use(row: Any) -> Use:
    return Use(
        at_once=int(row.at_once),
        an_hour=int(row.an_hour),
        a_day=int(row.a_day),
        talk_a_day=timedelta(seconds=int(row.seconds)),
    )
