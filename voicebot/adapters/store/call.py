"""Calls, their turns and consents, as rows.

Knows: the tables calls, turns, consents. Must not know: flows, tickets' contents.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Rows, hold
from voicebot.domain.call import Call, CallStatus, Turn
from voicebot.domain.consent import Consent


class CallRows:
    """Fulfils `service.ports.Calls`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._calls = Rows(connection, tables.calls, Call)
        self._turns = Rows(connection, tables.turns, Turn)
        self._consents = Rows(connection, tables.consents, Consent)

    def add(self, call: Call) -> None:
        """Insert a call, unique on `carrier_call_id`; its start is its first sign of life."""
        self._calls.add(replace(call, last_heard_at=call.last_heard_at or call.started_at))

    def save(self, call: Call) -> None:
        """Update what changed."""
        self._calls.save(call)

    def get(self, call_id: str) -> Call | None:
        """Return the call, or None."""
        return self._calls.get(call_id)

    def lock(self, call_id: str) -> Call | None:
        """Return the call and hold it until the transaction ends: turns of one call follow one another."""
        return self._calls.get(call_id, is_locked=True)

    def by_carrier_id(self, carrier_call_id: str) -> Call | None:
        """Return the call; who finds none may add it: a rival waits here until this unit of work ends."""
        hold(self._connection, f"call:{carrier_call_id}")
        return self._calls.first(self._calls.select().where(tables.calls.c.carrier_call_id == carrier_call_id))

    def of_ticket(self, ticket_id: str) -> Sequence[Call]:
        """Return a ticket's calls, oldest first."""
        table = tables.calls
        return self._calls.every(
            self._calls.select().where(table.c.ticket_id == ticket_id).order_by(table.c.started_at, table.c.id)
        )

    def live_since_silence(self, before: datetime) -> Sequence[Call]:
        """Return live calls whose last sign of life lies before the instant, longest silent first."""
        table = tables.calls
        return self._calls.every(
            self._calls.select()
            .where(table.c.status == CallStatus.LIVE, table.c.last_heard_at < before)
            .order_by(table.c.last_heard_at)
        )

    def add_turn(self, turn: Turn) -> None:
        """Insert a turn, unique on (call, number): the first event stored wins."""
        self._turns.add(turn)

    def turn(self, call_id: str, number: int) -> Turn | None:
        """Return one stored turn, or None."""
        table = tables.turns
        return self._turns.first(self._turns.select().where(table.c.call_id == call_id, table.c.number == number))

    def turns(self, call_id: str) -> Sequence[Turn]:
        """Return a call's turns in order."""
        table = tables.turns
        return self._turns.every(self._turns.select().where(table.c.call_id == call_id).order_by(table.c.number))

    def add_consent(self, consent: Consent) -> None:
        """Append what the caller allowed."""
        self._consents.add(consent)

    def consents(self, call_id: str) -> Sequence[Consent]:
        """Return a call's consents in the order they were given."""
        table = tables.consents
        return self._consents.every(self._consents.select().where(table.c.call_id == call_id).order_by(table.c.row))
