"""Cases at rest, holds, marks and erasing, as rows.

At rest is a case in which no promise is open, no ladder is being climbed, no call lasts, no voice is on its way to
words or left at the carrier, no text is on its way, and nobody laid a hold. What retention itself wrote into the
history is no activity.

Knows: the tables. Must not know: spans, which case is due.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.selectable import ScalarSelect

from voicebot.adapters.store import tables
from voicebot.adapters.store.destruction import destroy_cards, with_cards
from voicebot.adapters.store.erasure import blanks_of, is_not_blank, rows_of_case, rows_of_class, tables_of_cases
from voicebot.adapters.store.rows import Rows, delete_rows, hold, insert_once
from voicebot.adapters.store.tables.access import case_accesses
from voicebot.adapters.store.tables.events import call_events
from voicebot.adapters.store.tables.retention import erasures, legal_holds, unanswered
from voicebot.adapters.store.tables.review import voice_hearings
from voicebot.adapters.store.tables.staff_call import staff_calls
from voicebot.adapters.store.tables.texts import pictures
from voicebot.adapters.store.tables.webhook import webhook_deliveries
from voicebot.adapters.store.talk import is_taken_back
from voicebot.domain.call import CallStatus
from voicebot.domain.case_number import BLOT
from voicebot.domain.picture import PictureState
from voicebot.domain.promise import PromiseState
from voicebot.domain.retention import RETENTION_ACTOR, CaseAtRest, RetentionClass
from voicebot.domain.sms import FINAL_STATES
from voicebot.domain.staff_call import TalkRecording
from voicebot.domain.staff_message import FINAL_MESSAGE_STATES
from voicebot.domain.ticket import AnswerState, CloseReason, TicketStatus
from voicebot.domain.utterance import NOBODY
from voicebot.service.ports import LegalHold
from voicebot.service.staff.decision import StaffAction
from voicebot.service.staff.members import MACHINES

_ON_ITS_WAY = (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING, AnswerState.AWAITING_TRANSCRIPT)
_DELETED_WITH: Mapping[RetentionClass, tuple[Table, ...]] = MappingProxyType(
    {RetentionClass.TRACES: (call_events, webhook_deliveries), RetentionClass.WORDS: (case_accesses, voice_hearings)}
)
"""Who saw a case, or listened to it, is kept as long as there are words in it to be seen."""
_IDS = (tables.receipts, tables.inbound_sms, webhook_deliveries)
"""The log of webhooks goes with them, also of cases that never come to rest."""


class RetentionRows:
    """Fulfils `service.ports.Retention`."""

    def __init__(
        self, connection: Connection, *, words_changed: Callable[[str], None] = lambda _ticket_id: None
    ) -> None:
        self._connection = connection
        self._words_changed = words_changed
        self._holds = Rows(connection, legal_holds, LegalHold)

    def opened_before(self, at: datetime, *, after: str, limit: int) -> Sequence[str]:
        """Return ids of tickets opened by then, in their order, those after the id given."""
        table = tables.tickets
        found = select(table.c.id).where(table.c.id > after, table.c.opened_at <= at).order_by(table.c.id)
        return list(self._connection.scalars(found.limit(limit)))

    def at_rest(self, among: Sequence[str], kind: RetentionClass, *, quiet_since: datetime) -> Sequence[CaseAtRest]:
        """Return those of some tickets that are at rest, silent since the instant, with that class not erased."""
        table = tables.tickets
        is_erased = exists().where(
            erasures.c.ticket_id == table.c.id, erasures.c.kind == kind, erasures.c.at > _last_activity()
        )
        return self._cases(table.c.id.in_(among), ~is_erased, _last_activity() <= quiet_since)

    def case(self, ticket_id: str) -> CaseAtRest | None:
        """Return the case if it is at rest, held against other actions of staff until the transaction ends."""
        hold(self._connection, f"actions:{ticket_id}")
        return next(iter(self._cases(tables.tickets.c.id == ticket_id)), None)

    def never_reached(self, among: Sequence[str], *, quiet_since: datetime) -> Sequence[CaseAtRest]:
        """Return those of some tickets at rest in which somebody said something and was never reached, not marked.

        Since the instant no person has done anything. What the hotline writes about a late decision is no answer.
        """
        table, answers, history = tables.tickets, tables.answers, tables.history
        return self._cases(
            table.c.id.in_(among),
            table.c.merged_into.is_(None),
            table.c.status != TicketStatus.NOT_A_COMPLAINT,
            table.c.close_reason.is_distinct_from(CloseReason.HOUSE),
            exists().where(answers.c.ticket_id == table.c.id),
            ~exists().where(history.c.ticket_id == table.c.id, _is_answer(history)),
            ~exists().where(unanswered.c.ticket_id == table.c.id),
            func.coalesce(_newest_line(besides=MACHINES), table.c.opened_at) <= quiet_since,
        )

    def mark_unanswered(self, ticket_id: str, at: datetime) -> bool:
        """Mark for ever, and return False when it was marked."""
        return insert_once(self._connection, unanswered, {"ticket_id": ticket_id, "at": at})

    def audio_keys(self, ticket_id: str) -> Sequence[str]:
        """Return the keys of the case's voices and files in the audio store."""
        voice, file = tables.answers.c.audio_key, pictures.c.file_key
        voices = select(voice).where(tables.answers.c.ticket_id == ticket_id, voice.is_not(None)).order_by(voice)
        files = select(file).where(pictures.c.ticket_id == ticket_id, file.is_not(None)).order_by(file)
        return [*self._connection.scalars(voices), *self._connection.scalars(files)]

    def count(self, ticket_id: str, kind: RetentionClass) -> int:
        """Return how many rows of the case still have something of the class."""
        parts = [(table, condition) for table, _, condition in _parts(ticket_id, kind)]
        parts += [(table, table.c.ticket_id == ticket_id) for table in _deleted_with(kind)]
        counts = (select(func.count()).select_from(table).where(condition) for table, condition in parts)
        return sum(self._connection.scalar(count) or 0 for count in counts)

    def erase(self, ticket_id: str, kind: RetentionClass, at: datetime) -> int:
        """Blank the class in every row of the case and note that it is done, and return how many rows it was in."""
        rows = 0
        if kind is RetentionClass.NUMBERS:
            self._blot_pin(ticket_id)
        for table, blanks, condition in _parts(ticket_id, kind):
            rows += self._connection.execute(update(table).where(condition).values(**blanks)).rowcount
        if kind is RetentionClass.WORDS:
            self._hear_none_again(ticket_id)
        for table in _deleted_with(kind):
            rows += delete_rows(self._connection, table, table.c.ticket_id == ticket_id)
        self._words_changed(ticket_id)
        done = and_(erasures.c.ticket_id == ticket_id, erasures.c.kind == kind)
        self._connection.execute(delete(erasures).where(done))
        insert_once(self._connection, erasures, {"ticket_id": ticket_id, "kind": kind, "at": at})
        return rows

    def with_cards(self, limit: int) -> Sequence[str]:
        """Return ids of tickets in which the number of a payment card stands."""
        return with_cards(self._connection, limit)

    def destroy_cards(self, ticket_id: str) -> int:
        """Overwrite such numbers in all rows of a case, and return how many had one."""
        self._words_changed(ticket_id)
        return destroy_cards(self._connection, ticket_id)

    def _hear_none_again(self, ticket_id: str) -> None:
        """Keep voices that may outlive their words from being listened to again, now or when a model is set later."""
        table = tables.answers
        unheard = update(table).where(table.c.ticket_id == ticket_id, table.c.second_by.is_(None))
        self._connection.execute(unheard.values(second_by=NOBODY))

    def add_hold(self, held: LegalHold) -> bool:
        """Lay a hold, and return False when one lies on the case."""
        row = {"ticket_id": held.ticket_id, "at": held.at, "actor": held.actor, "reason": held.reason}
        return insert_once(self._connection, legal_holds, row)

    def lift_hold(self, ticket_id: str) -> bool:
        """Lift it, and return False when there was none."""
        lifted = self._connection.execute(delete(legal_holds).where(legal_holds.c.ticket_id == ticket_id))
        return lifted.rowcount == 1

    def holds(self) -> Sequence[LegalHold]:
        """Return every hold, oldest first."""
        return self._holds.every(self._holds.select().order_by(legal_holds.c.at, legal_holds.c.ticket_id))

    def forget_ids(self, before: datetime) -> int:
        """Delete receipts and ids of texts received from before the instant."""
        return sum(delete_rows(self._connection, table, table.c.at < before) for table in _IDS)

    def count_ids(self, before: datetime) -> int:
        """Count what `forget_ids` would delete."""
        counts = (select(func.count()).select_from(table).where(table.c.at < before) for table in _IDS)
        return sum(self._connection.scalar(count) or 0 for count in counts)

    def _blot_pin(self, ticket_id: str) -> None:
        """Take the PIN out of what we wrote, while it is still known, because texts and promises may be kept longer."""
        pin = select(tables.tickets.c.pin).where(tables.tickets.c.id == ticket_id)
        code = f" {self._connection.scalar(pin)}"
        for table, name in ((tables.sms, "body"), (tables.promises, "words")):
            kept = table.c[name]
            has_pin = and_(table.c.ticket_id == ticket_id, kept.contains(code, autoescape=True))
            self._connection.execute(update(table).where(has_pin).values({kept: func.replace(kept, code, f" {BLOT}")}))

    def _cases(self, *conditions: ColumnElement[bool]) -> Sequence[CaseAtRest]:
        found = _at_rest().where(*conditions).order_by(tables.tickets.c.id)
        return [_case(row) for row in self._connection.execute(found)]


def _parts(ticket_id: str, kind: RetentionClass) -> Iterator[tuple[Table, dict[str, str | None], ColumnElement[bool]]]:
    """Yield each table that has something of the class, what its columns become, and which rows it is about."""
    for table in tables_of_cases():
        blanks, is_of_case = blanks_of(table, kind), rows_of_case(table, ticket_id)
        if is_of_case is None:
            raise AssertionError(f"{table.name} belongs to no case: name it in NOT_OF_A_CASE")
        if blanks:
            yield table, blanks, and_(is_of_case, rows_of_class(table, kind), is_not_blank(table, blanks))


def _deleted_with(kind: RetentionClass) -> tuple[Table, ...]:
    """Return the tables whose rows of a case go altogether, because nothing counts them, and nothing rests on them."""
    return _DELETED_WITH.get(kind, ())


def _is_answer(line: FromClause) -> ColumnElement[bool]:
    """Say of a line that by it somebody reached the complainant, and did not take that back."""
    talk = and_(line.c.verb == StaffAction.CALLED, ~is_taken_back(line))
    return or_(line.c.verb == StaffAction.ANSWERED, talk)


def _last_activity() -> ScalarSelect[datetime]:
    """Return the newest line of a case's history that is not retention's own."""
    return _newest_line(besides=(RETENTION_ACTOR,))


def _newest_line(*, besides: Collection[str]) -> ScalarSelect[datetime]:
    history = tables.history
    newest = select(func.max(history.c.at)).where(
        history.c.ticket_id == tables.tickets.c.id, history.c.actor.not_in(besides)
    )
    return newest.correlate(tables.tickets).scalar_subquery()


def _at_rest() -> Select[str, str, datetime, bool, bool]:
    table = tables.tickets
    is_unanswered = exists().where(unanswered.c.ticket_id == table.c.id)
    return select(
        table.c.id,
        table.c.case_number,
        _last_activity().label("last_activity_at"),
        is_unanswered.label("is_unanswered"),
        table.c.recording_refused,
    ).where(*_nothing_owed(), ~exists().where(legal_holds.c.ticket_id == table.c.id))


def _nothing_owed() -> tuple[ColumnElement[bool], ...]:
    ticket = tables.tickets.c.id
    promises, breaches, calls = tables.promises.c, tables.breaches.c, tables.calls.c
    answers, sms, messages = tables.answers.c, tables.sms.c, tables.staff_messages.c
    is_left_there = and_(answers.recording_sid.is_not(None), answers.state != AnswerState.LOST)
    return (
        ~exists().where(promises.ticket_id == ticket, promises.state == PromiseState.OPEN),
        ~exists().where(breaches.ticket_id == ticket, breaches.ended_at.is_(None), breaches.next_step_at.is_not(None)),
        ~exists().where(calls.ticket_id == ticket, calls.status == CallStatus.LIVE),
        ~exists().where(answers.ticket_id == ticket, or_(answers.state.in_(_ON_ITS_WAY), is_left_there)),
        ~exists().where(pictures.c.ticket_id == ticket, pictures.c.state == PictureState.AWAITED),
        ~exists().where(staff_calls.c.ticket_id == ticket, staff_calls.c.recording == TalkRecording.WANTED),
        ~exists().where(messages.ticket_id == ticket, messages.state.not_in(FINAL_MESSAGE_STATES)),
        ~exists().where(sms.ticket_id == ticket, sms.state.not_in(FINAL_STATES)),
    )


def _case(row: Row[str, str, datetime, bool, bool]) -> CaseAtRest:
    return CaseAtRest(
        ticket_id=row[0],
        case_number=row[1],
        last_activity_at=row[2],
        is_unanswered=bool(row[3]),
        is_recording_refused=bool(row[4]),
    )
