"""Calls to staff about a case, and numbers that want no calls, as rows.

Knows: the tables staff_calls, call_refusals. Must not know: why somebody is rung.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Rows, hold, insert_once, is_one_of, whole_rows
from voicebot.domain.call import CallStatus
from voicebot.domain.promise import PromiseState
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState, TalkRecording

_CALLS = tables.staff_calls.c
_TAKEN_UP = (StaffCallState.RINGING, StaffCallState.TAKEN, StaffCallState.ASKING)


class StaffCallRows:
    """Fulfils `service.ports.StaffCalls`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, tables.staff_calls, StaffCall)

    def add(self, call: StaffCall) -> bool:
        """Insert once, since it is unique on purpose, and one live callback of a case."""
        return self._rows.add_once(call)

    def save(self, call: StaffCall) -> None:
        """Update what changed."""
        self._rows.save(call)

    def get(self, call_id: str) -> StaffCall | None:
        """Return the call, or None."""
        return self._rows.get(call_id)

    def lock(self, call_id: str) -> StaffCall | None:
        """Return the call and hold it until the transaction ends."""
        return self._rows.get(call_id, is_locked=True)

    def of_purpose(self, purpose: str) -> StaffCall | None:
        """Return the call of a purpose and hold it until the transaction ends."""
        found = self._connection.scalar(select(_CALLS.id).where(_CALLS.purpose == purpose))
        return None if found is None else self.lock(found)

    def knows(self, carrier_call_id: str) -> bool:
        """Tell whether a call has this id at the carrier."""
        mine = select(_CALLS.id).where(_CALLS.carrier_call_id == carrier_call_id)
        return self._connection.scalar(mine) is not None

    def hold_pace(self) -> datetime | None:
        """Hold the pace of dialling, and return when somebody was dialled last."""
        hold(self._connection, "staff_calls:pace")
        last: datetime | None = self._connection.scalar(select(func.max(_CALLS.dialled_at)))
        return last

    def due(self, now: datetime, limit: int) -> Sequence[StaffCall]:
        """Return waiting calls whose time has come, the longest due first."""
        return self._rows.every(_DUE, now=now, most=limit)

    def stuck(self, *, dialled_before: datetime, silent_before: datetime, limit: int) -> Sequence[StaffCall]:
        """Return calls left while being dialled, and those that have said nothing for long."""
        return self._rows.every(_STUCK, dialled_before=dialled_before, silent_before=silent_before, most=limit)

    def to_record(self, limit: int) -> Sequence[str]:
        """Return ids of calls whose recording was ordered and has not begun."""
        return list(self._connection.scalars(_TO_RECORD, {"most": limit}))

    def by_carrier_id(self, carrier_call_id: str) -> StaffCall | None:
        """Return the call that has this id at the carrier, or None."""
        return next(iter(self._rows.every(self._rows.select().where(_CALLS.carrier_call_id == carrier_call_id))), None)

    def of_ticket(self, ticket_id: str) -> Sequence[StaffCall]:
        """Return a case's calls, oldest first."""
        return self._rows.every(_OF_TICKET, ticket_id=ticket_id)

    def of_member(self, member_id: str, since: datetime) -> Sequence[StaffCall]:
        """Return calls to a member that were ordered since, newest first."""
        mine = self._rows.select().where(_CALLS.member_id == member_id, _CALLS.ordered_at >= since)
        return self._rows.every(mine.order_by(_CALLS.ordered_at.desc(), _CALLS.id))

    def under_way(self, ticket_ids: Sequence[str]) -> Sequence[StaffCall]:
        """Return those of these cases that have not ended."""
        live = self._rows.select().where(_CALLS.ticket_id.in_(ticket_ids), _CALLS.ended_at.is_(None))
        return self._rows.every(live.order_by(_CALLS.ordered_at, _CALLS.id))

    def dialled(
        self, member_ids: Sequence[str], kind: str, *, since: datetime, until: datetime, besides: str = ""
    ) -> Sequence[datetime]:
        """Return when calls of a kind to any of these members were dialled in a time, oldest first."""
        found = select(_CALLS.dialled_at).where(
            _CALLS.member_id.in_(member_ids), _CALLS.dialled_at > since, _CALLS.dialled_at <= until, _CALLS.kind == kind
        )
        if besides:
            found = found.where(~_CALLS.purpose.startswith(f"{besides}:", autoescape=True))
        return list(self._connection.scalars(found.order_by(_CALLS.dialled_at)))

    def openings(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of cases whose promised window is open, and for whose promise nobody was rung yet."""
        promised = tables.promises.c
        rung = select(_CALLS.id).where(_CALLS.promise_id == promised.id, _CALLS.kind == StaffCallKind.CALLBACK)
        is_open = (promised.window_opens_at <= now) & (promised.window_closes_at > now)
        found = select(promised.ticket_id).where(promised.state == PromiseState.OPEN, is_open, ~rung.exists())
        return list(self._connection.scalars(found.order_by(promised.window_closes_at).limit(limit)))

    def block(self, number: str, at: datetime) -> None:
        """Insert, or move the instant."""
        refusals = tables.call_refusals
        if not insert_once(self._connection, refusals, {"number": number, "at": at}):
            self._connection.execute(update(refusals).where(refusals.c.number == number).values(at=at))

    def blocked_at(self, number: str) -> datetime | None:
        """Return when a number said that it wants no calls, or None."""
        refusals = tables.call_refusals
        found: datetime | None = self._connection.scalar(select(refusals.c.at).where(refusals.c.number == number))
        return found

    def tickets_of_number(self, number: str) -> Sequence[str]:
        """Return ids of the cases whose complainant is rung there."""
        mine = tables.tickets.c
        return list(self._connection.scalars(select(mine.id).where(mine.complainant_number == number)))

    def is_on_the_line(self, number: str) -> bool:
        """Tell whether a call from this number to the hotline lasts now."""
        calls = tables.calls.c
        live = select(calls.id).where(calls.caller_number == number, calls.status != CallStatus.ENDED).limit(1)
        return self._connection.scalar(live) is not None


_DUE = (
    whole_rows(tables.staff_calls, StaffCall)
    .where(_CALLS.state == StaffCallState.WAITING, _CALLS.not_before <= bindparam("now"))
    .order_by(_CALLS.not_before)
    .limit(bindparam("most"))
)
_IS_LEFT = and_(_CALLS.state == StaffCallState.DIALLING, _CALLS.state_at <= bindparam("dialled_before"))
_IS_SILENT = and_(is_one_of(_CALLS.state, _TAKEN_UP), _CALLS.state_at <= bindparam("silent_before"))
_STUCK = (
    whole_rows(tables.staff_calls, StaffCall)
    .where(or_(_IS_LEFT, _IS_SILENT))
    .order_by(_CALLS.state_at)
    .limit(bindparam("most"))
)
_TO_RECORD = (
    select(_CALLS.id).where(_CALLS.recording == TalkRecording.WANTED).order_by(_CALLS.id).limit(bindparam("most"))
)
_OF_TICKET = (
    whole_rows(tables.staff_calls, StaffCall)
    .where(_CALLS.ticket_id == bindparam("ticket_id"))
    .order_by(_CALLS.ordered_at, _CALLS.id)
)
