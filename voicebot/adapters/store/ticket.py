"""Tickets with their case numbers, answers and history, as rows.

Knows: the tables tickets, case_numbers, answers and history, and which calls a ticket has. Must not know: what a status
means.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, is_shown, names_no_hidden_case
from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.cover import codes_of_case, lifted_in_case
from voicebot.adapters.store.rows import Heed, Rows, heed_nothing, hold, insert_once, is_one_of, whole_rows
from voicebot.domain.about import THE_MACHINE, Reader, may_see
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import (
    GOING_ON,
    OPEN_STATUSES,
    Answer,
    AnswerState,
    CloseReason,
    HistoryEntry,
    Ticket,
    TicketStatus,
)
from voicebot.service.ports import CaseNumberTaken

_SETTLED = (AnswerState.DONE, AnswerState.DESTROYED)


class TicketRows:
    """Fulfils `service.ports.Tickets`."""

    def __init__(self, connection: Connection, *, heed: Heed = heed_nothing, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader
        self._tickets = Rows(connection, tables.tickets, Ticket, heed=heed)
        self._answers = Rows(connection, tables.answers, Answer, heed=heed)
        self._history = Rows(connection, tables.history, HistoryEntry, heed=heed)
        self._unwritten: list[HistoryEntry] = []
        """Lines about cases that were opened here. Nobody else knows of those, so their lines go all at once."""

    def is_new(self, ticket_id: str) -> bool:
        """Tell whether a ticket was opened in this unit of work, so nobody else knows of it."""
        return self._tickets.has_added(ticket_id)

    def add(self, ticket: Ticket) -> None:
        """Insert a ticket and use up its case number. Raises: CaseNumberTaken (nothing was written)."""
        used = {"case_number": ticket.case_number, "ticket_id": ticket.id}
        if not insert_once(self._connection, tables.case_numbers, used):
            raise CaseNumberTaken
        self._tickets.add(ticket)

    def save(self, ticket: Ticket) -> None:
        """Update what changed."""
        self._tickets.save(ticket)

    def get(self, ticket_id: str) -> Ticket | None:
        """Return the ticket, or None."""
        return self._tickets.get(ticket_id)

    def hold(self, ticket_id: str) -> None:
        """Let other actions of staff on this ticket wait until the transaction ends.

        A named lock, not the row's, because calls and sweeps lock rows in orders of their own, and must not wait for
        staff.
        """
        hold(self._connection, f"actions:{ticket_id}")

    def by_case_number(self, case_number: str) -> Ticket | None:
        """Return the ticket that this number leads to now, since a merged ticket's number is an alias of the older
        one. None where the reader may not see it.
        """
        return self.by_case_numbers([case_number]).get(case_number)

    def by_case_numbers(self, case_numbers: Collection[str]) -> Mapping[str, Ticket]:
        """Return the tickets that these numbers lead to now, as far as the reader may see them."""
        asked = {"case_numbers": list(case_numbers)}
        led_to = dict(map(tuple, self._connection.execute(_TICKETS_OF_NUMBERS, asked)))
        found, wanted = dict[str, Ticket](), set(led_to.values())
        while wanted:
            read = self._tickets.those(wanted)
            found |= read
            wanted = {each.merged_into for each in read.values() if each.merged_into is not None} - found.keys()
        ends = {number: _end_of(found, ticket_id) for number, ticket_id in led_to.items()}
        return {number: ticket for number, ticket in ends.items() if may_see(ticket, self._reader)}

    def beside(self, ticket: Ticket, limit: int) -> Sequence[Ticket]:
        """Return other cases with the same number to call that go on, newest first."""
        return self._tickets.every(
            _BESIDE, **asked_by(self._reader), number=ticket.complainant_number, ticket_id=ticket.id, most=limit
        )

    def others_of(self, ticket: Ticket, numbers: Collection[str], limit: int) -> Sequence[Ticket]:
        """Return other cases of these numbers, however they stand, newest first."""
        asked = {"numbers": list(numbers), "ticket_id": ticket.id, "most": limit}
        return self._tickets.every(_OTHERS, **asked, **asked_by(self._reader))

    def about_staff(self, limit: int) -> Sequence[Ticket]:
        """Return tickets that go on and are about somebody else of the staff than the reader, newest first."""
        return self._tickets.every(_ABOUT_STAFF, **asked_by(self._reader), most=limit)

    def open_of(self, sender: str, limit: int) -> Sequence[Ticket]:
        """Return tickets of this sender that go on, newest first.

        A number that a caller keyed is somebody else's phone, so it does not count once a ticket has a call. Who finds
        none may add one, while a rival waits here.
        """
        hold(self._connection, f"sender:{sender}")
        return self._tickets.every(_OPEN_OF_SENDER, sender=sender, most=limit)

    def open_counts(self, owner_ids: Sequence[str]) -> Mapping[str, int]:
        """Count by an index alone."""
        table = tables.tickets
        counted = (
            select(table.c.owner_id, func.count())
            .where(table.c.owner_id.in_(owner_ids), table.c.status.in_(OPEN_STATUSES))
            .group_by(table.c.owner_id)
        )
        return {owner: int(count) for owner, count in self._connection.execute(counted)}

    def newest_of(self, sender: str, *, ended_since: datetime, besides: Collection[str] = ()) -> Ticket | None:
        """Return the newest ticket of this sender that goes on, else the one that ended last, not before an instant."""
        hold(self._connection, f"sender:{sender}")
        return self._tickets.only(_NEWEST_OF_SENDER, sender=sender, since=ended_since, besides=list(besides))

    def waiting_over(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of answered tickets whose time to say no is over."""
        return list(self._connection.scalars(_WAITING_OVER, {"now": now, "most": limit}))

    def newest(self) -> Ticket | None:
        """Return the ticket opened last."""
        table = tables.tickets
        return self._tickets.first(self._tickets.select().order_by(table.c.opened_at.desc(), table.c.id).limit(1))

    def house(self, opened_since: datetime) -> Ticket | None:
        """Return the newest ticket that holds what concerns the house alone, of those opened since an instant."""
        table = tables.tickets
        is_of_house = (table.c.close_reason == CloseReason.HOUSE, table.c.opened_at >= opened_since)
        of_house = self._tickets.select().where(*is_of_house)
        return self._tickets.first(of_house.order_by(table.c.opened_at.desc(), table.c.id).limit(1))

    def all(self) -> Sequence[Ticket]:
        """Return every ticket.

        Those with the nearest open deadline come first, those without one last, oldest first.
        """
        promises, table = tables.promises, tables.tickets
        deadline = (
            select(func.min(promises.c.window_closes_at))
            .where(promises.c.ticket_id == table.c.id, promises.c.state == PromiseState.OPEN)
            .scalar_subquery()
        )
        return self._tickets.every(
            self._tickets.select().order_by(deadline.asc().nulls_last(), table.c.opened_at, table.c.id)
        )

    def merged_into(self, ticket_id: str) -> Sequence[str]:
        """Return the ids of all tickets that were joined into this one."""
        found = select(tables.tickets.c.id).where(tables.tickets.c.merged_into == ticket_id)
        return list(self._connection.scalars(found.order_by(tables.tickets.c.opened_at)))

    def codes(self, ticket_id: str) -> Sequence[str]:
        """Return the codes that nobody is to read in words of this case: its own, and those of cases beside it."""
        return codes_of_case(self._connection, ticket_id)

    def lifted(self, ticket_id: str) -> Collection[str]:
        """Return keys of the numbers whose mark was lifted in this case."""
        return lifted_in_case(self._connection, ticket_id)

    def add_answer(self, answer: Answer) -> None:
        """Insert an answer, unique on (call, turn)."""
        self._answers.add(answer)

    def save_answer(self, answer: Answer) -> None:
        """Update what changed."""
        self._answers.save(answer)

    def answer(self, answer_id: str) -> Answer | None:
        """Return the answer, or None."""
        return self._answers.get(answer_id)

    def answers(self, ticket_id: str) -> Sequence[Answer]:
        """Return a ticket's answers in the order they were given."""
        return self._answers.of_case(_ANSWERS, ticket_id, is_new=self.is_new(ticket_id))

    def answers_by_id(self, answer_ids: Collection[str]) -> Mapping[str, Answer]:
        """Return those answers that are there."""
        return self._answers.those(answer_ids)

    def answers_in_state(self, state: str, limit: int, *, due_at: datetime | None = None) -> Sequence[Answer]:
        """Return at most so many answers in a state, oldest first; with `due_at` only those to be tried by then."""
        asked: dict[str, Any] = {"state": AnswerState(state), "most": limit}
        if due_at is None:
            return self._answers.every(_IN_STATE, **asked)
        return self._answers.every(_DUE_IN_STATE, **asked, due_at=due_at)

    def spooled_in(self, folder_id: str, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Return at most so many spooled answers of this folder, or of one nobody named, oldest first."""
        return self._answers.every(_SPOOLED_IN, folder_id=folder_id, due_at=due_at, most=limit)

    def answers_left_at_carrier(self, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Return at most so many answers done with, oldest first, whose recording is to be deleted by then."""
        return self._answers.every(_LEFT_AT_CARRIER, due_at=due_at, most=limit)

    def answers_to_hear_again(self, limit: int) -> Sequence[Answer]:
        """Return at most so many answers done with whose voice is there and was listened to once, oldest first."""
        return self._answers.every(_TO_HEAR_AGAIN, most=limit)

    def answer_of_turn(self, call_id: str, turn_number: int) -> Answer | None:
        """Return the answer given in one turn, or None."""
        return self._answers.only(_ANSWER_OF_TURN, call_id=call_id, turn_number=turn_number)

    def note(self, entry: HistoryEntry) -> None:
        """Append to the history, because nothing here changes or removes an entry."""
        if self.is_new(entry.ticket_id):
            self._unwritten.append(entry)
        else:
            self._history.add(entry)

    def write_notes(self) -> None:
        """Write the lines that wait for the end of this unit of work."""
        self._history.add_all(self._unwritten)
        self._unwritten.clear()

    def history(self, ticket_id: str) -> Sequence[HistoryEntry]:
        """Return a ticket's history in the order it was written, without lines that name a hidden case."""
        self.write_notes()
        if self._reader == THE_MACHINE:
            return self._history.every(_HISTORY, ticket_id=ticket_id)
        return self._history.every(_HISTORY_SHOWN, ticket_id=ticket_id, **asked_by(self._reader))


def _end_of(found: Mapping[str, Ticket], ticket_id: str) -> Ticket:
    """Return the ticket that goes on for one that was joined into another."""
    ticket = found[ticket_id]
    return ticket if ticket.merged_into is None else _end_of(found, ticket.merged_into)


_TICKETS, _CALLS, _ANSWER = tables.tickets.c, tables.calls.c, tables.answers.c
_SENDER: BindParameter[str] = bindparam("sender")
_RANG = _TICKETS.id.in_(select(_CALLS.ticket_id).where(_CALLS.caller_number == _SENDER))
_HAS_CALL = select(_CALLS.id).where(_CALLS.ticket_id == _TICKETS.id).exists()
_WROTE = or_(and_(_TICKETS.complainant_number == _SENDER, ~_HAS_CALL), _TICKETS.written_from == _SENDER)
_OPEN_OF_SENDER = (
    whole_rows(tables.tickets, Ticket)
    .where(or_(_RANG, _WROTE), is_one_of(_TICKETS.status, GOING_ON))
    .order_by(_TICKETS.opened_at.desc(), _TICKETS.id.desc())
    .limit(bindparam("most"))
)
_BESIDE = (
    whole_rows(tables.tickets, Ticket)
    .where(
        _TICKETS.complainant_number == bindparam("number"),
        is_one_of(_TICKETS.status, GOING_ON),
        _TICKETS.id != bindparam("ticket_id"),
        is_shown(_TICKETS.id),
    )
    .order_by(_TICKETS.opened_at.desc(), _TICKETS.id.desc())
    .limit(bindparam("most"))
)
_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_OTHERS = (
    whole_rows(tables.tickets, Ticket)
    .where(
        or_(
            _TICKETS.complainant_number.in_(_NUMBERS),
            _TICKETS.id.in_(select(_CALLS.ticket_id).where(_CALLS.caller_number.in_(_NUMBERS))),
        ),
        _TICKETS.status != TicketStatus.MERGED,
        _TICKETS.id != bindparam("ticket_id"),
        is_shown(_TICKETS.id),
    )
    .order_by(_TICKETS.opened_at.desc(), _TICKETS.id.desc())
    .limit(bindparam("most"))
)
_ABOUT_STAFF = (
    whole_rows(tables.tickets, Ticket)
    .where(_TICKETS.about_id.is_not(None), is_one_of(_TICKETS.status, GOING_ON), is_shown(_TICKETS.id))
    .order_by(_TICKETS.opened_at.desc(), _TICKETS.id.desc())
    .limit(bindparam("most"))
)
_GOES_ON = is_one_of(_TICKETS.status, GOING_ON)
_ENDED_LATELY = and_(
    is_one_of(_TICKETS.status, (TicketStatus.CLOSED, TicketStatus.NOT_A_COMPLAINT)),
    _TICKETS.ended_at >= bindparam("since", type_=UtcInstant),
)
_NEWEST_OF_SENDER = (
    whole_rows(tables.tickets, Ticket)
    .where(or_(_RANG, _WROTE), or_(_GOES_ON, _ENDED_LATELY), _TICKETS.id.not_in(bindparam("besides", expanding=True)))
    .order_by(_GOES_ON.desc(), func.coalesce(_TICKETS.ended_at, _TICKETS.opened_at).desc(), _TICKETS.id.desc())
    .limit(1)
)
_ANSWERS = (
    whole_rows(tables.answers, Answer)
    .where(_ANSWER.ticket_id == bindparam("ticket_id"))
    .order_by(_ANSWER.at, _ANSWER.call_id, _ANSWER.turn_number)
)
_ANSWER_OF_TURN = whole_rows(tables.answers, Answer).where(
    _ANSWER.call_id == bindparam("call_id"), _ANSWER.turn_number == bindparam("turn_number")
)
_WAITING_OVER = (
    select(_TICKETS.id)
    .where(_TICKETS.status == TicketStatus.ANSWERED, _TICKETS.closes_at <= bindparam("now"))
    .order_by(_TICKETS.closes_at, _TICKETS.id)
    .limit(bindparam("most"))
)
_OLDEST_ANSWERS = whole_rows(tables.answers, Answer).order_by(_ANSWER.at).limit(bindparam("most"))
_DUE_ANSWERS = _OLDEST_ANSWERS.where(or_(_ANSWER.not_before.is_(None), _ANSWER.not_before <= bindparam("due_at")))
_IN_STATE = _OLDEST_ANSWERS.where(_ANSWER.state == bindparam("state"))
_DUE_IN_STATE = _DUE_ANSWERS.where(_ANSWER.state == bindparam("state"))
_SPOOLED_IN = _DUE_ANSWERS.where(
    _ANSWER.state == AnswerState.SPOOLED,
    or_(_ANSWER.spool_folder.is_(None), _ANSWER.spool_folder == bindparam("folder_id")),
)
_TO_HEAR_AGAIN = (
    whole_rows(tables.answers, Answer)
    .where(_ANSWER.second_by.is_(None), _ANSWER.audio_key.is_not(None), _ANSWER.state == AnswerState.DONE)
    .order_by(_ANSWER.second_tries, _ANSWER.at)
    .limit(bindparam("most"))
)
_LEFT_AT_CARRIER = _DUE_ANSWERS.where(_ANSWER.recording_sid.is_not(None), is_one_of(_ANSWER.state, _SETTLED))
_TICKETS_OF_NUMBERS = select(tables.case_numbers.c.case_number, tables.case_numbers.c.ticket_id).where(
    tables.case_numbers.c.case_number.in_(bindparam("case_numbers", expanding=True))
)
_HISTORY = (
    whole_rows(tables.history, HistoryEntry)
    .where(tables.history.c.ticket_id == bindparam("ticket_id"))
    .order_by(tables.history.c.row)
)
_HISTORY_SHOWN = _HISTORY.where(names_no_hidden_case(tables.history.c.after))
