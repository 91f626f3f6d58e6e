"""One transaction over every repository, so either all of it is stored, or nothing.

On SQLite it takes the write lock with its first statement, so units of work follow one another, while on PostgreSQL
rows and names are locked where two could do the same thing (`lock`, `hold`). Never hold one over a network call. On an
engine of those who only look (`open_reader`) it takes no lock, and what would write fails.

Knows: the engine, the repositories, a maker of the job port on the same connection.
Must not know: which job library it is.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, Transaction
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from voicebot.adapters.store.access import AccessRows
from voicebot.adapters.store.calendar_feed import CalendarFeedRows
from voicebot.adapters.store.call import CallRows
from voicebot.adapters.store.case_list import CaseRows
from voicebot.adapters.store.case_task import CaseTaskRows
from voicebot.adapters.store.case_words import CaseWordRows
from voicebot.adapters.store.contacts import ContactRows
from voicebot.adapters.store.decision_term import DecisionTermRows
from voicebot.adapters.store.definition import DefinitionRows
from voicebot.adapters.store.engine import WRITER_TURNS, WRITES_AT_ONCE
from voicebot.adapters.store.events import BeatRows, EventRows
from voicebot.adapters.store.figures import FigureRows
from voicebot.adapters.store.folders import FolderRows
from voicebot.adapters.store.lanes import LaneRows
from voicebot.adapters.store.limits import LimitRows
from voicebot.adapters.store.morning import MorningRows
from voicebot.adapters.store.notice import NoticeRows
from voicebot.adapters.store.picture import PictureRows
from voicebot.adapters.store.promise import PromiseRows
from voicebot.adapters.store.retention import RetentionRows
from voicebot.adapters.store.review import ReviewRows
from voicebot.adapters.store.rota import RotaRows
from voicebot.adapters.store.schedule import KeptNumberRows, ScheduleRows
from voicebot.adapters.store.sms import SmsRows
from voicebot.adapters.store.staff import StaffRows
from voicebot.adapters.store.staff_call import StaffCallRows
from voicebot.adapters.store.staff_message import StaffMessageRows
from voicebot.adapters.store.ticket import TicketRows
from voicebot.adapters.store.watch import WatchRows
from voicebot.adapters.store.writer_turns import WriterTurns
from voicebot.errors import Unavailable
from voicebot.service.ports import (
    CalendarFeeds,
    CallEvents,
    Calls,
    CaseAccesses,
    Cases,
    CaseSearch,
    CaseTasks,
    Contacts,
    DecisionTerms,
    Definitions,
    FigureBook,
    Folders,
    Jobs,
    KeptNumbers,
    Lanes,
    Limits,
    MorningBook,
    Notices,
    Pictures,
    Promises,
    Retention,
    Reviews,
    RotaBook,
    ScheduledTasks,
    SmsOutbox,
    Staff,
    StaffCalls,
    StaffOutbox,
    Tickets,
    WatchBook,
    WorkerBeats,
)

JobsOn = Callable[[Connection], Jobs]
"""Makes the job port on the connection of a unit of work, so that a job is enqueued in its transaction."""


class SqlUnitOfWork:
    """Fulfils `service.ports.UnitOfWork`. It is used once, as a context manager.

    Raises (entering, within, committing): Unavailable when the database is away, locked or full.
    """

    calls: Calls
    cases: Cases
    lanes: Lanes
    search: CaseSearch
    tickets: Tickets
    promises: Promises
    decision_terms: DecisionTerms
    case_tasks: CaseTasks
    sms: SmsOutbox
    staff_messages: StaffOutbox
    notices: Notices
    definitions: Definitions
    limits: Limits
    contacts: Contacts
    pictures: Pictures
    events: CallEvents
    beats: WorkerBeats
    staff: Staff
    staff_calls: StaffCalls
    jobs: Jobs
    schedule: ScheduledTasks
    kept_numbers: KeptNumbers
    retention: Retention
    accesses: CaseAccesses
    folders: Folders
    rota: RotaBook
    calendar_feeds: CalendarFeeds
    figures: FigureBook
    watch: WatchBook
    morning: MorningBook
    reviews: Reviews

    def __init__(self, engine: Engine, jobs_on: JobsOn) -> None:
        self._engine = engine
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
        connection = self._engine.connect()
        self._connection = connection
        connection.execution_options(**WRITES_AT_ONCE)
        self._transaction = connection.begin()
        words = CaseWordRows(connection)
        tickets = TicketRows(connection, heed=words.heed)
        self.tickets, self.search = tickets, words
        self._write_rest = (tickets.write_notes, words.write)
        self.calls = CallRows(connection, is_new_case=tickets.is_new, heed=words.heed)
        self.cases = CaseRows(connection)
        self.lanes = LaneRows(connection)
        self.promises = PromiseRows(connection, is_new_case=tickets.is_new)
        self.decision_terms = DecisionTermRows(connection)
        self.case_tasks = CaseTaskRows(connection)
        self.sms = SmsRows(connection, heed=words.heed)
        self.staff_messages = StaffMessageRows(connection)
        self.notices = NoticeRows(connection)
        self.definitions = DefinitionRows(connection)
        self.limits = LimitRows(connection)
        self.contacts = ContactRows(connection)
        self.pictures = PictureRows(connection)
        self.events = EventRows(connection)
        self.beats = BeatRows(connection)
        self.staff = StaffRows(connection)
        self.staff_calls = StaffCallRows(connection)
        self.jobs = self._jobs_on(connection)
        self.schedule = ScheduleRows(connection)
        self.kept_numbers = KeptNumberRows(connection)
        self.retention = RetentionRows(connection, words_changed=words.touch)
        self.accesses = AccessRows(connection)
        self.folders = FolderRows(connection)
        self.rota = RotaRows(connection)
        self.calendar_feeds = CalendarFeedRows(connection)
        self.figures = FigureRows(connection)
        self.watch = WatchRows(connection)
        self.morning = MorningRows(connection)
        self.reviews = ReviewRows(connection, is_new_case=tickets.is_new, heed=words.heed)

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


def open_store(engine: Engine, jobs_on: JobsOn) -> Callable[[], SqlUnitOfWork]:
    """Return a maker of units of work on this engine. It is the hotline's `unit_of_work`, on a reader its `look`."""
    return lambda: SqlUnitOfWork(engine, jobs_on)
