"""What the page shows of the case that a call opened, or joined, as it stands in the database now.

Read by the engine of those who only look, which locks nobody out. The code that lets a complainant say more than
"open" is not among it, because it goes by text alone.
Knows: the store's repositories. Must not know: pages, the carrier.
"""

from dataclasses import asdict, dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from voicebot.adapters.store import open_reader, tables
from voicebot.adapters.store.call import CallRows
from voicebot.adapters.store.promise import PromiseRows
from voicebot.adapters.store.ticket import TicketRows
from voicebot.domain.case_number import written


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """One case, as a caller of it sees it grow."""

    call_id: str
    number: str
    status: str
    problem: str
    demand: str
    owner: str
    promise: str
    """The words of the promise. Empty before it is made."""
    window: tuple[str, str] | None
    """When it opens and closes, in ISO 8601, UTC. The page writes them in the browser's own zone."""
    turns: int

    def told(self) -> dict[str, object]:
        """Return it as the page reads it."""
        return {"type": "case", **asdict(self)}


class CaseReader:
    """Looks a call's case up."""

    def __init__(self, database_url: str) -> None:
        self._engine = open_reader(database_url, statement_timeout_ms=2000)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def read(self, carrier_call_id: str) -> CaseFacts | None:
        """Return the case of the carrier's call, or None before there is one, or while the database is away."""
        try:
            with self._engine.connect() as connection:
                calls = CallRows(connection)
                call_id = connection.scalar(select(tables.calls.c.id).filter_by(carrier_call_id=carrier_call_id))
                call = calls.get(call_id) if call_id is not None else None
                if call is None:
                    return None
                ticket = TicketRows(connection).get(call.ticket_id)
                assert ticket is not None, "a call without its case"
                promise = PromiseRows(connection).open_of_ticket(ticket.id)
                turns = len(calls.turns(call.id))
        except SQLAlchemyError:
            return None
        return CaseFacts(
            call_id=call.id,
            number=written(ticket.case_number),
            status=ticket.status.value,
            problem=ticket.problem,
            demand=ticket.demand,
            owner=ticket.owner_id,
            promise=promise.words if promise is not None else "",
            window=None
            if promise is None
            else (promise.window_opens_at.isoformat(), promise.window_closes_at.isoformat()),
            turns=turns,
        )
