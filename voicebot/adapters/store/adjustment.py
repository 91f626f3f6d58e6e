"""What is done otherwise for whoever has a number, as rows.

Knows: the table adjustments, which numbers cases hold. Must not know: consent, who is called.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Rows, whole_rows
from voicebot.adapters.store.sms import Standings
from voicebot.adapters.store.tables.adjustment import adjustments
from voicebot.domain.adjustment import Adjustment, AdjustmentKind


class AdjustmentRows:
    """Fulfils `service.ports.Adjustments`."""

    def __init__(self, connection: Connection, *, standings: Standings | None = None) -> None:
        self._connection = connection
        self._standings: Standings = {} if standings is None else standings
        self._rows = Rows(connection, adjustments, Adjustment)

    def keep(self, adjustment: Adjustment) -> None:
        """Delete the same kind of the number, and insert."""
        self.withdraw(adjustment.number, adjustment.kind)
        self._rows.add(adjustment)

    def withdraw(self, number: str, kind: AdjustmentKind) -> bool:
        """Delete one."""
        self._standings.clear()
        gone = delete(adjustments).where(_ROW.number == number, _ROW.kind == kind)
        return self._connection.execute(gone).rowcount == 1

    def of_numbers(self, numbers: Collection[str]) -> Sequence[Adjustment]:
        """Return those of some numbers, in the order of kinds."""
        return _ordered(self._rows.every(_OF_NUMBERS, keys=sorted(numbers))) if numbers else []

    def of_cases(self, ticket_ids: Collection[str]) -> Mapping[str, Sequence[Adjustment]]:
        """Return those of the numbers to call of some cases."""
        numbers = (
            dict(map(tuple, self._connection.execute(_NUMBERS, {"keys": sorted(ticket_ids)}))) if ticket_ids else {}
        )
        known = self.of_numbers(set(numbers.values()))
        found = {ticket_id: [each for each in known if each.number == number] for ticket_id, number in numbers.items()}
        return {ticket_id: of_case for ticket_id, of_case in found.items() if of_case}

    def forget_numbers(self, numbers: Collection[str]) -> int:
        """Delete all of some numbers."""
        self._standings.clear()
        return self._connection.execute(delete(adjustments).where(_ROW.number.in_(sorted(numbers)))).rowcount

    def forget_left(self) -> int:
        """Delete those of numbers that no case and no call has any more."""
        tickets, calls = tables.tickets.c, tables.calls.c
        is_known = or_(
            exists().where(tickets.complainant_number == _ROW.number),
            exists().where(calls.caller_number == _ROW.number),
        )
        self._standings.clear()
        return self._connection.execute(delete(adjustments).where(~is_known)).rowcount


def _ordered(found: Sequence[Adjustment]) -> Sequence[Adjustment]:
    order = list(AdjustmentKind)
    return sorted(found, key=lambda each: (order.index(each.kind), each.number))


_ROW = adjustments.c
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_OF_NUMBERS = whole_rows(adjustments, Adjustment).where(_ROW.number.in_(_KEYS))
_NUMBERS = select(tables.tickets.c.id, tables.tickets.c.complainant_number).where(
    tables.tickets.c.id.in_(_KEYS), tables.tickets.c.complainant_number.is_not(None)
)
