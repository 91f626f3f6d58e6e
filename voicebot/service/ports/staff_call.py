"""The ports of calls to staff and to complainants, which are their rows, and the carrier that rings.

Knows: domain types. Must not know: SQL, the carrier's API.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from voicebot.domain.canary import CanarySpeech
from voicebot.domain.staff_call import StaffCall


class CallRefused(Exception):
    """The carrier refused to ring for good. `code` is its number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class CallBusy(Exception):
    """The carrier was too busy. Nothing was rung."""


class CallUncertain(Exception):
    """Nobody knows whether it rings."""


class StaffCalls(Protocol):
    """Calls ordered and what became of them."""

    def add(self, call: StaffCall) -> bool:
        """Write once, unique on purpose, and one callback of a case at a time. False when there is one already."""
        ...

    def save(self, call: StaffCall) -> None: ...
    def get(self, call_id: str) -> StaffCall | None: ...
    def of_purpose(self, purpose: str) -> StaffCall | None:
        """Return the call of a purpose, held until the transaction ends."""
        ...

    def lock(self, call_id: str) -> StaffCall | None: ...
    def knows(self, carrier_call_id: str) -> bool:
        """Tell whether a call of ours has this id at the carrier."""
        ...

    def hold_pace(self) -> datetime | None:
        """Hold the pace of dialling until the transaction ends, and return when somebody was dialled last."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[StaffCall]:
        """Waiting calls whose time has come, the longest due first."""
        ...

    def stuck(self, *, dialled_before: datetime, silent_before: datetime, limit: int) -> Sequence[StaffCall]:
        """Calls left while being dialled, and those that have said nothing for long."""
        ...

    def to_record(self, limit: int) -> Sequence[str]:
        """Ids of calls whose recording was ordered and has not begun."""
        ...

    def by_carrier_id(self, carrier_call_id: str) -> StaffCall | None: ...
    def of_ticket(self, ticket_id: str) -> Sequence[StaffCall]:
        """Oldest first."""
        ...

    def of_member(self, member_id: str, since: datetime) -> Sequence[StaffCall]:
        """Calls to a member that were ordered since, newest first."""
        ...

    def under_way(self, ticket_ids: Sequence[str]) -> Sequence[StaffCall]:
        """Those of these cases that have not ended."""
        ...

    def dialled(
        self, member_ids: Sequence[str], kind: str, *, since: datetime, until: datetime, besides: str = ""
    ) -> Sequence[datetime]:
        """When calls of a kind to any of these members were dialled in a time, oldest first.

        A call that was dialled while the clock was ahead is in no time up to now. Calls whose purpose begins with
        `besides` are left out.
        """
        ...

    def openings(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of the cases whose open promise's window is open now, and about which nobody was rung for it yet."""
        ...

    def block(self, number: str, at: datetime) -> None:
        """Note that a number wants no calls. When told again, the later instant stands."""
        ...

    def blocked_at(self, number: str) -> datetime | None: ...
    def tickets_of_number(self, number: str) -> Sequence[str]:
        """Ids of the cases whose complainant is rung there."""
        ...

    def is_on_the_line(self, number: str) -> bool:
        """Tell whether a call from this number to the hotline lasts now."""
        ...


class CallPlacer(Protocol):
    """Rings people."""

    def ring(self, number: str, call_id: str, *, ring_for: timedelta, longest: timedelta) -> str:
        """Ring a number for a staff call and return the carrier's id. Raises: CallRefused, CallBusy, CallUncertain."""
        ...

    def ring_self(self, number: str, *, sender: str, speech: CanarySpeech) -> str:
        """Ring our own number from another of ours and complain there; return the carrier's id. Raises as `ring`."""
        ...

    def find(self, number: str, since: datetime, *, sender: str = "") -> Sequence[str]:
        """Return ids of our calls to a number made since, newest first. Raises: Unavailable.

        `sender` is the number they show; empty: the hotline's own.
        """
        ...

    def is_over(self, carrier_call_id: str) -> bool:
        """Tell whether a call is over. Raises: Unavailable."""
        ...

    def record(self, carrier_call_id: str, call_id: str) -> str:
        """Record both sides of a live call from now on, and return the recording's id.

        Raises: CallRefused, Unavailable (and then it may be recorded all the same).
        """
        ...

    def recordings_of(self, carrier_call_id: str) -> tuple[str, ...]:
        """Return ids of the recordings of a call, whatever their state. Raises: Unavailable."""
        ...

    def stop_recording(self, carrier_call_id: str, recording_sid: str) -> None:
        """End a recording. One that has ended is left as it is. Raises: Unavailable."""
        ...
