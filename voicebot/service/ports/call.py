"""The port of calls.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.call import Call, CallStatus, Turn
from voicebot.domain.consent import Consent
from voicebot.service.ports.basics import Stretch


@dataclass(frozen=True, kw_only=True, slots=True)
class CallQuery:
    """Which calls, by when they began."""

    stretch: Stretch
    status: CallStatus | None = None


class Calls(Protocol):
    """Calls, their turns and consents."""

    def add(self, call: Call) -> None: ...
    def save(self, call: Call) -> None: ...
    def get(self, call_id: str) -> Call | None: ...
    def lock(self, call_id: str) -> Call | None:
        """Read under a row lock (SQLite, where the transaction is already exclusive)."""
        ...

    def by_carrier_id(self, carrier_call_id: str) -> Call | None:
        """Return the call.

        Who finds none may add it, because a rival asking for the same id waits until we are done.
        """
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[Call]: ...
    def page(self, query: CallQuery) -> Sequence[tuple[Call, str]]:
        """Return calls, each with the number of its case, but for test calls of the hotline's own."""
        ...

    def live_since_silence(self, before: datetime) -> Sequence[Call]:
        """Live calls whose `last_heard_at` lies before the instant."""
        ...

    def add_turn(self, turn: Turn) -> None: ...
    def turn(self, call_id: str, number: int) -> Turn | None: ...
    def turns(self, call_id: str) -> Sequence[Turn]: ...
    def add_consent(self, consent: Consent) -> None: ...
    def consents(self, call_id: str) -> Sequence[Consent]: ...
