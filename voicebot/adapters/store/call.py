"""Calls, their turns and consents, as rows.

Knows: the tables calls, turns, consents. Must not know: flows, tickets' contents.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import is_shown
from voicebot.adapters.store.definition import PhraseRows
from voicebot.adapters.store.rows import Heed, Rows, heed_nothing, hold, is_none_new, of_stretch, whole_rows
from voicebot.adapters.store.turn_text import Session, follow, shorten, whole
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.call import Call, CallStatus, Turn
from voicebot.domain.consent import Consent
from voicebot.service.ports import CallQuery


class CallRows:
    """Fulfils `service.ports.Calls`."""

    def __init__(
        self,
        connection: Connection,
        *,
        is_new_case: Callable[[str], bool] = is_none_new,
        heed: Heed = heed_nothing,
        reader: Reader = THE_MACHINE,
    ) -> None:
        self._connection = connection
        self._reader = reader
        self._is_new_case = is_new_case
        self._calls = Rows(connection, tables.calls, Call, heed=heed)
        self._turns = Rows(connection, tables.turns, Turn)
        self._consents = Rows(connection, tables.consents, Consent)
        self._phrases = PhraseRows(connection)
        self._sessions: dict[str, tuple[int, Session | None]] = {}
        """By call, the number and session of the turn that was read or written last."""

    def add(self, call: Call) -> None:
        """Insert a call, unique on `carrier_call_id`, where its start is its first sign of life."""
        self._calls.add(replace(call, last_heard_at=call.last_heard_at or call.started_at))

    def save(self, call: Call) -> None:
        """Update what changed."""
        self._calls.save(call)

    def get(self, call_id: str) -> Call | None:
        """Return the call, or None."""
        return self._calls.get(call_id)

    def lock(self, call_id: str) -> Call | None:
        """Return the call and hold it until the transaction ends, so that turns of one call follow one another."""
        return self._calls.get(call_id, is_locked=True)

    def by_carrier_id(self, carrier_call_id: str) -> Call | None:
        """Return the call. Whoever finds none may add it, while a rival waits here until this unit of work ends."""
        hold(self._connection, f"call:{carrier_call_id}")
        return self._calls.only(_BY_CARRIER_ID, carrier_call_id=carrier_call_id)

    def of_ticket(self, ticket_id: str) -> Sequence[Call]:
        """Return a ticket's calls, oldest first."""
        return self._calls.of_case(_OF_TICKET, ticket_id, is_new=self._is_new_case(ticket_id))

    def page(self, query: CallQuery) -> Sequence[tuple[Call, str]]:
        """Return calls by when they began, each with the number of its case."""
        table = tables.calls.c
        chosen = [*of_stretch(table.started_at, table.id, query.stretch), table.is_canary.is_(False)]
        if query.status is not None:
            chosen.append(table.status == query.status)
        if self._reader != THE_MACHINE:
            chosen.append(is_shown(table.ticket_id, self._reader))
        found = self._calls.select().where(*chosen).order_by(table.started_at, table.id).limit(query.stretch.limit)
        calls = self._calls.every(found)
        cases = tables.tickets.c
        of_these = select(cases.id, cases.case_number).where(cases.id.in_({call.ticket_id for call in calls}))
        numbers = dict(map(tuple, self._connection.execute(of_these))) if calls else {}
        return [(call, numbers[call.ticket_id]) for call in calls]

    def live_since_silence(self, before: datetime) -> Sequence[Call]:
        """Return live calls whose last sign of life lies before the instant, longest silent first."""
        return self._calls.every(_LIVE_SINCE_SILENCE, before=before)

    def add_turn(self, turn: Turn) -> None:
        """Insert a turn, unique on (call, number), where the first event stored wins."""
        row, session = shorten(turn, self._session_before(turn), self._phrases.keep)
        self._turns.add(row)
        self._sessions[turn.call_id] = (turn.number, session)

    def turn(self, call_id: str, number: int) -> Turn | None:
        """Return one stored turn, or None."""
        found = self._read(call_id, most=number)
        return found[-1] if found and found[-1].number == number else None

    def turns(self, call_id: str) -> Sequence[Turn]:
        """Return a call's turns in order."""
        return self._read(call_id)

    def _read(self, call_id: str, *, most: int | None = None) -> list[Turn]:
        """Return the turns up to a number; each row is read after those that it differs from."""
        rows = self._turns.every(_TURNS, call_id=call_id, most=_LAST if most is None else most)
        session, sessions = None, []
        for row in rows:
            session = follow(session, row)
            sessions.append(session)
            self._sessions[call_id] = (row.number, session)
        only_last = most is not None
        asked = list(zip(rows, sessions, strict=True))[-1 if only_last else 0 :]
        return [whole(row, session, self._phrases.fetch) for row, session in asked]

    def _session_before(self, turn: Turn) -> Session | None:
        """Return the session that the turn before it left, or None where there is none to differ from."""
        known = self._sessions.get(turn.call_id)
        if turn.number and (known is None or known[0] != turn.number - 1):
            self._read(turn.call_id, most=turn.number - 1)
            known = self._sessions.get(turn.call_id)
        return known[1] if known is not None and known[0] == turn.number - 1 else None

    def add_consent(self, consent: Consent) -> None:
        """Append what the caller allowed."""
        self._consents.add(consent)

    def consents(self, call_id: str) -> Sequence[Consent]:
        """Return a call's consents in the order they were given."""
        return self._consents.every(_CONSENTS, call_id=call_id)


_CALLS = tables.calls.c
_BY_CARRIER_ID = whole_rows(tables.calls, Call).where(_CALLS.carrier_call_id == bindparam("carrier_call_id"))
_OF_TICKET = (
    whole_rows(tables.calls, Call)
    .where(_CALLS.ticket_id == bindparam("ticket_id"))
    .order_by(_CALLS.started_at, _CALLS.id)
)
_LIVE_SINCE_SILENCE = (
    whole_rows(tables.calls, Call)
    .where(tables.calls.c.status == CallStatus.LIVE, tables.calls.c.last_heard_at < bindparam("before"))
    .order_by(tables.calls.c.last_heard_at)
)
_LAST = 2**31 - 1
"""Beyond the number of any turn: the greatest that the column holds."""
_TURNS = (
    whole_rows(tables.turns, Turn)
    .where(tables.turns.c.call_id == bindparam("call_id"), tables.turns.c.number <= bindparam("most"))
    .order_by(tables.turns.c.number)
)
_CONSENTS = (
    whole_rows(tables.consents, Consent)
    .where(tables.consents.c.call_id == bindparam("call_id"))
    .order_by(tables.consents.c.row)
)
