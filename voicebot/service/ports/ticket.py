"""The port of cases.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.ticket import Answer, HistoryEntry, Ticket


class Tickets(Protocol):
    """Tickets, answers and the append-only history."""

    def add(self, ticket: Ticket) -> None:
        """Write a new ticket.

        Raises: CaseNumberTaken when the case number was ever used before (the caller mints another).
        """
        ...

    def save(self, ticket: Ticket) -> None: ...
    def get(self, ticket_id: str) -> Ticket | None: ...
    def hold(self, ticket_id: str) -> None:
        """Let other actions of staff on this ticket wait until we are done (SQLite, where the transaction is
        exclusive).
        """
        ...

    def by_case_number(self, case_number: str) -> Ticket | None:
        """Follows aliases of merged tickets."""
        ...

    def by_case_numbers(self, case_numbers: Collection[str]) -> Mapping[str, Ticket]:
        """Return the same of many numbers at once, by those of them that lead to a case."""
        ...

    def merged_into(self, ticket_id: str) -> Sequence[str]:
        """Return the ids of all tickets that were joined into this one."""
        ...

    def codes(self, ticket_id: str) -> Sequence[str]:
        """Return the codes that nobody is to read in words of this case: its own, and those of cases beside it."""
        ...

    def lifted(self, ticket_id: str) -> Collection[str]:
        """Return keys of the numbers whose mark was lifted in this case (`lift_key`)."""
        ...

    def beside(self, ticket: Ticket, limit: int) -> Sequence[Ticket]:
        """Other cases with the same number to call that go on, newest first, for staff to read."""
        ...

    def others_of(self, ticket: Ticket, numbers: Collection[str], limit: int) -> Sequence[Ticket]:
        """Other cases that were rung from one of these numbers, or have one to call, however they stand, newest first.

        Not those that were joined into another.
        """
        ...

    def about_staff(self, limit: int) -> Sequence[Ticket]:
        """Cases that go on and complain about one of the staff, newest first, without those about who reads."""
        ...

    def open_of(self, sender: str, limit: int) -> Sequence[Ticket]:
        """Cases of a sender that go on, newest first. They were rung from this number, or written from this number or
        name.

        A number that a caller keyed is not theirs to write from. Who finds no case may add one, while a rival waits
        here. Only `ticket/joining.py` asks.
        """
        ...

    def open_counts(self, owner_ids: Sequence[str]) -> Mapping[str, int]:
        """How many open cases each of these owners has. Who has none is left out."""
        ...

    def newest_of(self, sender: str, *, ended_since: datetime, besides: Collection[str] = ()) -> Ticket | None:
        """The newest case of a sender that goes on. Without one, the case that ended last, not before an instant.

        As `open_of` in all else. Tickets with an id in `besides` are left out.
        """
        ...

    def waiting_over(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of answered tickets whose time to say no ended at or before now, those that waited longest first."""
        ...

    def newest(self) -> Ticket | None:
        """Return the ticket opened last, or None while there is none."""
        ...

    def house(self, opened_since: datetime) -> Ticket | None:
        """Return the newest ticket that holds what concerns the house alone, of those opened since an instant."""
        ...

    def all(self) -> Sequence[Ticket]:
        """Every ticket, those with the nearest open deadline first."""
        ...

    def add_answer(self, answer: Answer) -> None: ...
    def save_answer(self, answer: Answer) -> None: ...
    def answer(self, answer_id: str) -> Answer | None: ...
    def answers(self, ticket_id: str) -> Sequence[Answer]: ...
    def answers_by_id(self, answer_ids: Collection[str]) -> Mapping[str, Answer]:
        """Those of them that are there."""
        ...

    def answers_in_state(self, state: str, limit: int, *, due_at: datetime | None = None) -> Sequence[Answer]:
        """Oldest first. With `due_at` only those whose `not_before` has come by then."""
        ...

    def spooled_in(self, folder_id: str, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Answers whose voice lies in the spool of this folder, or of one nobody named, oldest first."""
        ...

    def answers_left_at_carrier(self, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Answers done with, but for a recording that the carrier still holds and that is to be deleted by then.

        Oldest first. One that waits for its words is not done with, because its tries are counted for those.
        """
        ...

    def answers_to_hear_again(self, limit: int) -> Sequence[Answer]:
        """Answers done with, their voice stored and not listened to again. Least tried first, then oldest."""
        ...

    def answer_of_turn(self, call_id: str, turn_number: int) -> Answer | None: ...
    def note(self, entry: HistoryEntry) -> None: ...
    def history(self, ticket_id: str) -> Sequence[HistoryEntry]: ...


class CaseNumberTaken(Exception):
    """The case number minted was used before. Mint another. Never leaves `service/ticket`."""
