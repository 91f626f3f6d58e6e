"""One transaction over every repository, so either all of it is stored, or nothing.

On SQLite it takes the write lock with its first statement, so units of work follow one another, while on PostgreSQL
rows and names are locked where two could do the same thing (`lock`, `hold`). Never hold one over a network call. On an
engine of those who only look (`open_reader`) it takes no lock, and what would write fails. A repository is made when it
is first asked for, because most use cases need few of them and to make all took longer than to begin.

Knows: the engine, the repositories, a maker of the job port on the same connection.
Must not know: which job library it is.
"""

from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar

from sqlalchemy import Connection, Engine, Transaction
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from voicebot.adapters.store.access import AccessRows
from voicebot.adapters.store.adjustment import AdjustmentRows
from voicebot.adapters.store.api_token import ApiTokenRows
from voicebot.adapters.store.calendar_feed import CalendarFeedRows
from voicebot.adapters.store.call import CallRows
from voicebot.adapters.store.case_field import FieldRows
from voicebot.adapters.store.case_list import CaseRows
from voicebot.adapters.store.case_task import CaseTaskRows
from voicebot.adapters.store.case_words import CaseWordRows
from voicebot.adapters.store.contacts import ContactRows
from voicebot.adapters.store.cover import COVER, Cover
from voicebot.adapters.store.customer import CustomerRows
from voicebot.adapters.store.decision_term import DecisionTermRows
from voicebot.adapters.store.definition import DefinitionRows
from voicebot.adapters.store.engine import WRITER_TURNS, begin_at_once
from voicebot.adapters.store.events import BeatRows, EventRows
from voicebot.adapters.store.figures import FigureRows
from voicebot.adapters.store.folders import FolderRows
from voicebot.adapters.store.lanes import LaneRows
from voicebot.adapters.store.lead_case import LeadCaseRows
from voicebot.adapters.store.limits import LimitRows
from voicebot.adapters.store.morning import MorningRows
from voicebot.adapters.store.notice import NoticeRows
from voicebot.adapters.store.person import PersonRows
from voicebot.adapters.store.picture import PictureRows
from voicebot.adapters.store.presence import PresenceRows
from voicebot.adapters.store.promise import PromiseRows
from voicebot.adapters.store.retention import RetentionRows
from voicebot.adapters.store.review import ReviewRows
from voicebot.adapters.store.rota import RotaRows
from voicebot.adapters.store.rows import ONLY_LOOKS
from voicebot.adapters.store.schedule import KeptNumberRows, ScheduleRows
from voicebot.adapters.store.second_factor import SecondFactorRows
from voicebot.adapters.store.sms import SmsRows, Standings
from voicebot.adapters.store.staff import StaffRows
from voicebot.adapters.store.staff_call import StaffCallRows
from voicebot.adapters.store.staff_message import StaffMessageRows
from voicebot.adapters.store.ticket import TicketRows
from voicebot.adapters.store.watch import WatchRows
from voicebot.adapters.store.webhook import WebhookRows
from voicebot.adapters.store.writer_turns import WriterTurns
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.private.spans import EVERY_KIND
from voicebot.errors import Unavailable
from voicebot.service.ports import (
    Adjustments,
    ApiTokens,
    CalendarFeeds,
    CallEvents,
    Calls,
    CaseAccesses,
    CaseFields,
    Cases,
    CaseSearch,
    CaseTasks,
    Contacts,
    Customers,
    DecisionTerms,
    Definitions,
    FigureBook,
    Folders,
    Jobs,
    KeptNumbers,
    Lanes,
    LeadCases,
    Limits,
    MorningBook,
    Notices,
    Persons,
    Pictures,
    Presences,
    Promises,
    Retention,
    Reviews,
    RotaBook,
    ScheduledTasks,
    SecondFactors,
    SmsOutbox,
    Staff,
    StaffCalls,
    StaffOutbox,
    Tickets,
    WatchBook,
    Webhooks,
    WorkerBeats,
)

JobsOn = Callable[[Connection], Jobs]
"""Makes the job port on the connection of a unit of work, so that a job is enqueued in its transaction."""

Port = TypeVar("Port")


class _Made(Generic[Port]):
    """A repository of a unit of work, made when it is first asked for, then kept."""

    def __init__(self, make: Callable[["SqlUnitOfWork"], Port]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, work: "SqlUnitOfWork", _owner: type) -> Port:
        made = work.__dict__[self._name] = self._make(work)
        return made


class SqlUnitOfWork:
    """Fulfils `service.ports.UnitOfWork`. It is used once, as a context manager.

    Raises (entering, within, committing): Unavailable when the database is away, locked or full.
    """

    calls = _Made[Calls](
        lambda work: CallRows(work.connection, is_new_case=work._is_new_case, heed=work._words.heed, reader=work.reader)
    )
    cases = _Made[Cases](lambda work: CaseRows(work.connection, reader=work.reader))
    lanes = _Made[Lanes](lambda work: LaneRows(work.connection, reader=work.reader))
    search: CaseSearch
    tickets: Tickets
    promises = _Made[Promises](lambda work: PromiseRows(work.connection, is_new_case=work._is_new_case))
    decision_terms = _Made[DecisionTerms](lambda work: DecisionTermRows(work.connection))
    case_tasks = _Made[CaseTasks](lambda work: CaseTaskRows(work.connection, reader=work.reader))
    sms = _Made[SmsOutbox](lambda work: SmsRows(work.connection, heed=work._words.heed, standings=work._standings))
    staff_messages = _Made[StaffOutbox](lambda work: StaffMessageRows(work.connection))
    notices = _Made[Notices](lambda work: NoticeRows(work.connection))
    definitions = _Made[Definitions](lambda work: DefinitionRows(work.connection))
    limits = _Made[Limits](lambda work: LimitRows(work.connection))
    contacts = _Made[Contacts](lambda work: ContactRows(work.connection))
    lead_cases = _Made[LeadCases](lambda work: LeadCaseRows(work.connection, reader=work.reader))
    adjustments = _Made[Adjustments](lambda work: AdjustmentRows(work.connection, standings=work._standings))
    customers = _Made[Customers](lambda work: CustomerRows(work.connection, words_changed=work._words.touch))
    pictures = _Made[Pictures](lambda work: PictureRows(work.connection))
    events = _Made[CallEvents](lambda work: EventRows(work.connection))
    beats = _Made[WorkerBeats](lambda work: BeatRows(work.connection))
    staff = _Made[Staff](lambda work: StaffRows(work.connection))
    staff_calls = _Made[StaffCalls](lambda work: StaffCallRows(work.connection))
    api_tokens = _Made[ApiTokens](lambda work: ApiTokenRows(work.connection))
    jobs = _Made[Jobs](lambda work: work._jobs_on(work.connection))
    schedule = _Made[ScheduledTasks](lambda work: ScheduleRows(work.connection))
    kept_numbers = _Made[KeptNumbers](lambda work: KeptNumberRows(work.connection))
    retention = _Made[Retention](lambda work: RetentionRows(work.connection, words_changed=work._words.touch))
    accesses = _Made[CaseAccesses](lambda work: AccessRows(work.connection))
    folders = _Made[Folders](lambda work: FolderRows(work.connection))
    rota = _Made[RotaBook](lambda work: RotaRows(work.connection))
    second_factors = _Made[SecondFactors](lambda work: SecondFactorRows(work.connection))
    calendar_feeds = _Made[CalendarFeeds](lambda work: CalendarFeedRows(work.connection))
    figures = _Made[FigureBook](lambda work: FigureRows(work.connection, reader=work.reader))
    watch = _Made[WatchBook](lambda work: WatchRows(work.connection))
    persons = _Made[Persons](lambda work: PersonRows(work.connection, reader=work.reader))
    webhooks = _Made[Webhooks](lambda work: WebhookRows(work.connection, reader=work.reader))
    presences = _Made[Presences](lambda work: PresenceRows(work.connection))
    morning = _Made[MorningBook](lambda work: MorningRows(work.connection, reader=work.reader))
    fields = _Made[CaseFields](
        lambda work: FieldRows(work.connection, is_new_case=work._is_new_case, heed=work._words.heed)
    )
    reviews = _Made[Reviews](
        lambda work: ReviewRows(work.connection, is_new_case=work._is_new_case, heed=work._words.heed)
    )

    reader: Reader
    _jobs_on: JobsOn
    _is_new_case: Callable[[str], bool]
    _standings: Standings
    _words: CaseWordRows

    def __init__(
        self, engine: Engine, jobs_on: JobsOn, *, reader: Reader = THE_MACHINE, is_original: bool = False
    ) -> None:
        self._engine = engine
        self.reader = reader
        self._is_original = is_original
        """Whether who only looks sees private numbers as they were said (cover.py)."""
        self._jobs_on = jobs_on
        self._connection: Connection | None = None
        self._transaction: Transaction | None = None
        self._turns: WriterTurns | None = engine.get_execution_options().get(WRITER_TURNS)
        self._has_turn = False
        self._write_rest: tuple[Callable[[], None], ...] = ()
        """What is written when all else is."""

    def __enter__(self) -> Self:
        if self._turns is not None:
            self._has_turn = self._turns.take()
            if not (self._has_turn or self._turns.is_courtesy):
                raise _away()
        try:
            self._open()
        except BaseException as problem:
            self._close()
            if isinstance(problem, OperationalError | InterfaceError | PoolTimeout):
                raise _away() from problem
            raise
        return self

    def _open(self) -> None:
        self._connection = connection = self._engine.connect()
        self._transaction = begin_at_once(connection)
        if connection.get_execution_options().get(ONLY_LOOKS):
            connection.execution_options(**{COVER: Cover(connection, kinds=() if self._is_original else EVERY_KIND)})
        self._words = words = CaseWordRows(connection, reader=self.reader)
        tickets = TicketRows(connection, heed=words.heed, reader=self.reader)
        self.tickets, self.search = tickets, words
        self._is_new_case = tickets.is_new
        self._standings = {}
        self._write_rest = (tickets.write_notes, words.write)

    @property
    def connection(self) -> Connection:
        """The connection of the transaction under way, for the repositories."""
        assert self._connection is not None, "a repository was asked for outside the block"
        return self._connection

    def commit(self) -> None:
        """Make everything of this unit of work durable. It is the last call within the block."""
        assert self._transaction is not None, "committed outside the block"
        assert self._connection is not None
        for write in self._write_rest:
            write()
        try:
            self._transaction.commit()
        except BaseException:
            # SQLite keeps a transaction open whose commit failed, and the pool would hand it on with its lock.
            self._connection.invalidate()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._close()
        if isinstance(problem, OperationalError | InterfaceError | PoolTimeout):
            raise _away() from problem

    def _close(self) -> None:
        try:
            if self._connection is not None:
                self._connection.close()
        finally:
            self._connection = self._transaction = None
            if self._turns is not None and self._has_turn:
                self._has_turn = False
                self._turns.give_back()


def _away() -> Unavailable:
    return Unavailable("the database did not answer: it is away, locked or full")


def open_store(engine: Engine, jobs_on: JobsOn, *, is_original: bool = False) -> Callable[..., SqlUnitOfWork]:
    """Return a maker of units of work on this engine. It is the hotline's `unit_of_work`, on a reader its `look`.

    What a reader's gives is masked, but for who may see the original (`is_original`).
    """
    return partial(SqlUnitOfWork, engine, jobs_on, is_original=is_original)
