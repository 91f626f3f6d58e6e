"""The worker goes on whatever goes wrong, waits longer while it does, and ends in good order when told to."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from tests.builders import MONDAY_TEN
from tests.databases import everything_stored
from tests.fakes_outside import ClockSetMeanwhile
from tests.fakes_second_ear import FakeEar
from tests.service.conftest import definitions, line
from tests.service.lines import CALLER, OTHER, Line
from tests.webhooks import until
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.webhook import Detail, EndpointAnswer
from voicebot.errors import Unavailable
from voicebot.service.background.clock_watch import ClockWatch
from voicebot.service.background.health import signs_of_life
from voicebot.service.call.turn import end_call
from voicebot.service.lookup import get_call
from voicebot.service.ports import Clock
from voicebot.service.webhook.endpoints import add_endpoint
from voicebot.worker import (
    JOBS_END_WITHIN_S,
    LONGEST_PAUSE_S,
    Couriers,
    JobCleaning,
    SignOfLife,
    begin_listening_again,
    begin_renewing,
    begin_tasks,
    begin_watch,
    begin_webhooks,
    repeat,
    work,
)

__all__ = ["definitions", "line"]
POLL_S = 0.5


class CountedStop:
    """Tells to stop after so many waits, and remembers how long each was to be."""

    def __init__(self, waits: int) -> None:
        self.waits = waits
        self.pauses: list[float] = []

    def wait(self, timeout: float) -> bool:
        """Return at once."""
        self.pauses.append(timeout)
        return len(self.pauses) > self.waits

    def is_set(self) -> bool:
        """Tell whether it has told so."""
        return len(self.pauses) > self.waits


class SteppedClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = MONDAY_TEN

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at


def watch_over(clock: Clock, *, elapsed_s: Callable[[], float] | None = None) -> ClockWatch:
    """Watch over a clock; without `elapsed_s` nobody ever sets it."""
    return ClockWatch(clock, elapsed_s=elapsed_s or (lambda: clock.now().timestamp()), distrust=timedelta(minutes=5))


class FakeQueue:
    """A job queue that starts after some failures, and holds finished jobs to be forgotten in batches."""

    def __init__(self, *, failures: int = 0, batches: tuple[int, ...] = ()) -> None:
        self.failures = failures
        self.batches = list(batches)
        self.told: list[str] = []

    def start(self) -> None:
        """Fail as often as told, then start."""
        if self.failures:
            self.failures -= 1
            raise Unavailable("the database is away")
        self.told.append("start")

    def stop(self, within_s: int) -> None:
        """Stop."""
        self.told.append(f"stop within {within_s}")

    def forget_finished(self, before: datetime) -> int:
        """Forget one batch."""
        self.told.append(f"forget before {before:%d %H:%M}")
        return self.batches.pop(0) if self.batches else 0


def _in_turn(*results: int | Exception) -> Callable[[], int]:
    """Return a sweep that returns or raises these, one each time."""
    waiting = list(results)

    def sweep() -> int:
        result = waiting.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    return sweep


def test_worker_starts_jobs_sweeps_and_lets_jobs_end() -> None:
    queue, stop = FakeQueue(), CountedStop(2)
    with capture_logs() as logs:
        work(queue, _in_turn(3, 0), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert queue.told == ["start", "forget before 01 10:00", f"stop within {JOBS_END_WITHIN_S}"]
    assert stop.pauses == [POLL_S] * 3
    assert [(line["event"], line.get("done")) for line in logs] == [
        ("worker_started", None),
        ("swept", 3),
        ("worker_stopped", None),
    ]


def test_worker_waits_for_the_database_before_it_starts() -> None:
    queue, stop = FakeQueue(failures=3), CountedStop(4)
    work(queue, _in_turn(0), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert stop.pauses == [0.5, 1.0, 2.0, 0.5, 0.5]
    assert queue.told[0] == "start"


def test_worker_told_to_stop_while_it_waits_never_starts() -> None:
    queue, stop = FakeQueue(failures=9), CountedStop(1)
    work(queue, _in_turn(), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert queue.told == []


def test_sweeps_wait_longer_while_the_database_is_away_and_then_go_on() -> None:
    away = Unavailable("the database is away")
    stop = CountedStop(8)
    with capture_logs() as logs:
        repeat([_in_turn(away, away, away, away, away, 1, 0, 0)], stop=stop, poll_s=POLL_S)
    assert stop.pauses == [0.5, 1.0, 2.0, 4.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S, 0.5, 0.5, 0.5]
    assert [line["event"] for line in logs] == ["sweep_postponed"] * 5 + ["swept"]


def test_one_failing_sweep_does_not_keep_the_others_from_running() -> None:
    with capture_logs() as logs:
        failing = _in_turn(ValueError("+12025550143"), ValueError("+12025550143"))
        repeat([failing, _in_turn(1, 1)], stop=CountedStop(2), poll_s=POLL_S)
    assert [line["event"] for line in logs] == ["sweep_failed", "swept"] * 2
    assert "2025550143" not in str(logs)


def test_jobs_end_even_when_the_watch_breaks() -> None:
    queue = FakeQueue()
    with pytest.raises(KeyboardInterrupt):
        work(queue, _in_turn(), clock=SteppedClock(), stop=_Interrupted(), poll_s=POLL_S)
    assert queue.told == ["start", f"stop within {JOBS_END_WITHIN_S}"]


class _Interrupted:
    def wait(self, timeout: float) -> bool:
        raise KeyboardInterrupt


def test_finished_jobs_are_forgotten_in_batches_once_a_day() -> None:
    clock, queue = SteppedClock(), FakeQueue(batches=(500, 20))
    cleaning = JobCleaning(queue, clock)
    assert [cleaning.run_due() for _ in range(4)] == [500, 20, 0, 0]
    assert len(queue.told) == 3
    clock.at += timedelta(days=1)
    cleaning.run_due()
    assert queue.told[3:] == ["forget before 02 10:00"]


class AwayForAWhile:
    """A database that is away the first times it is asked, then takes signs of life."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.shown: list[tuple[str, datetime, datetime]] = []

    def __call__(self) -> "AwayForAWhile":
        if self.left:
            self.left -= 1
            raise Unavailable("away as it was told to")
        return self

    def __enter__(self) -> "AwayForAWhile":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def beats(self) -> "AwayForAWhile":
        """The repository of beats is this one, too."""
        return self

    @property
    def folders(self) -> SimpleNamespace:
        """Take a folder's sign of life, and keep nothing."""
        return SimpleNamespace(show=lambda *_: None)

    def show(self, worker: str, at: datetime, swept_at: datetime) -> None:
        """Keep it."""
        self.shown.append((worker, at, swept_at))

    def commit(self) -> None:
        """Do nothing."""


def test_a_worker_shows_that_it_lives_at_once_and_again_and_outlives_an_outage() -> None:
    clock, database = SteppedClock(), AwayForAWhile(1)
    rules = SimpleNamespace(lost_after=timedelta(minutes=5))
    spool = SimpleNamespace(folder_id="a")
    hotline = SimpleNamespace(clock=clock, unit_of_work=database, rules=rules, spool=spool)
    life = SignOfLife(hotline, "worker-1", watch_over(clock))  # type: ignore[arg-type]
    clock.at += timedelta(seconds=40)
    stop = CountedStop(2)
    life.begin(stop, poll_s=POLL_S).join(10)  # type: ignore[arg-type]
    assert database.shown == [("worker-1", clock.at, MONDAY_TEN)] * 2, "it says when it began, until it has swept"
    assert stop.pauses == [POLL_S] * 3


def test_a_round_of_sweeps_is_remembered_when_it_ends(line: Line) -> None:
    life = SignOfLife(line.hotline, "worker-1", watch_over(line.clock))
    line.ring()
    line.step(minutes=10)
    assert life.sweep() > 0
    life.show()
    _, signs = signs_of_life(line.hotline)
    assert [(beat.worker, beat.swept_at) for beat in signs.beats] == [("worker-1", line.clock.now())]


def test_a_clock_that_was_set_by_an_hour_ends_no_running_call(line: Line) -> None:
    elapsed_s = 1.0
    life = SignOfLife(line.hotline, "worker-1", watch_over(line.clock, elapsed_s=lambda: elapsed_s))
    call = line.ring().call
    line.clock.step(timedelta(hours=1))
    life.sweep()
    assert _status(line, call.id) is CallStatus.LIVE
    elapsed_s += 301
    line.clock.step(timedelta(seconds=301))
    life.sweep()
    assert _status(line, call.id) is CallStatus.ENDED, "it has shown no sign of life in the new time either"


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=400)])
def test_a_clock_that_is_set_at_any_moment_of_a_round_ends_nothing_and_gives_nothing_up(
    line: Line, jump: timedelta
) -> None:
    _leave_something_of_each_kind_waiting(line)
    at_rest = line.clock.now()
    clock = ClockSetMeanwhile(at_rest)
    line.use(clock=clock)
    before = everything_stored(line.engine)
    for reading in range(1, 100):
        clock.at = at_rest
        life = SignOfLife(line.hotline, "worker-1", watch_over(clock, elapsed_s=lambda: 0.0))
        clock.set_before(reading, jump)
        with suppress(Unavailable):
            life.sweep()
        assert everything_stored(line.engine) == before, f"set before reading {reading} of the round"
        if not clock.was_set:
            break
    assert reading > len(CALLERS_WAITING), "the round looked at something"


CALLERS_WAITING = {"running": CALLER, "told": OTHER, "silent": OTHER, "texted": "+12025550178"}


def _leave_something_of_each_kind_waiting(line: Line) -> None:
    """Leave nothing that is due, and much that would be by a clock that is wrong."""
    line.told_call("CA texted", CALLERS_WAITING["texted"])
    line.settle()
    line.told_call("CA told", CALLERS_WAITING["told"])
    line.ring(CALLERS_WAITING["silent"], "CA silent")
    end_call(line.hotline, "CA silent", CallEnd.CALLER_HUNG_UP)
    running = line.go_to(line.ring(CALLERS_WAITING["running"], "CA running"), "ask_story")
    line.spoken(running, "my parcel came broken")


def _status(line: Line, call_id: str) -> CallStatus:
    call = get_call(line.hotline, call_id)
    assert call is not None
    return call.status


def test_voices_are_listened_to_again_on_a_thread_of_their_own_where_a_model_is_set(line: Line) -> None:
    stop = CountedStop(1)
    assert begin_listening_again(line.hotline, stop) is None
    line.told_call()
    line.run_jobs()
    line.use(second_ear=FakeEar())
    thread = begin_listening_again(line.hotline, stop, poll_s=POLL_S)
    assert thread is not None
    thread.join(20)
    assert stop.pauses == [POLL_S, POLL_S]
    with line.work() as work:
        assert len(work.tickets.answers_to_hear_again(9)) == 1


def test_tasks_are_looked_after_on_a_thread_of_their_own_until_told_to_stop(line: Line) -> None:
    stop = CountedStop(1)
    thread = begin_tasks(line.hotline, watch_over(line.clock), stop, poll_s=POLL_S)
    thread.join(20)
    assert stop.pauses == [POLL_S, POLL_S]
    with line.work() as work:
        assert work.schedule.get("reconcile").last_run_at == line.clock.now()


@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=400)])
def test_a_clock_far_ahead_for_a_round_breaks_no_promise_and_erases_nothing(line: Line, jump: timedelta) -> None:
    answer = line.told_call()
    elapsed_s, right = 0.0, line.clock.now()
    watch = watch_over(line.clock, elapsed_s=lambda: elapsed_s)
    begin_tasks(line.hotline, watch, CountedStop(1), poll_s=POLL_S).join(20)
    line.sender.sent.clear()
    line.clock.at = right + jump
    begin_watch(line.hotline, watch, CountedStop(3), poll_s=POLL_S).join(20)
    begin_tasks(line.hotline, watch, CountedStop(3), poll_s=POLL_S).join(20)
    line.clock.at = right
    begin_watch(line.hotline, watch, CountedStop(1), poll_s=POLL_S).join(20)
    line.run_jobs()
    assert line.sender.sent == []
    with line.work() as work:
        assert work.promises.breaches_of_ticket(answer.call.ticket_id) == []
        assert [answer.text for answer in work.tickets.answers(answer.call.ticket_id)]
        assert work.schedule.get("retention").last_run_at == right


@pytest.mark.requirement("S0-12")
def test_promises_are_watched_on_a_thread_of_their_own_until_told_to_stop(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3)
    stop = CountedStop(1)
    begin_watch(line.hotline, watch_over(line.clock), stop, poll_s=POLL_S).join(20)
    assert stop.pauses == [POLL_S, POLL_S]
    with line.work() as work:
        assert work.promises.breaches_of_ticket(answer.call.ticket_id)


def test_a_worker_whose_name_another_one_has_taken_ends() -> None:
    stop, lease = threading.Event(), SimpleNamespace(renew=lambda: False)
    with capture_logs() as logs:
        begin_renewing(lease, stop, every_s=0.01).join(20)
    assert stop.is_set()
    assert [line["event"] for line in logs] == ["executor_lease_lost"]


def test_an_endpoint_that_does_not_answer_keeps_neither_other_endpoints_nor_the_next_look_waiting(line: Line) -> None:
    """It is sent one thing at a time, and the others get theirs meanwhile."""
    let_go, has_slow = threading.Event(), threading.Event()

    def slowly() -> EndpointAnswer:
        has_slow.set()
        assert let_go.wait(20)
        return EndpointAnswer(status=200)

    for host in ("slow.example.com", "quick.example.com"):
        add_endpoint(line.hotline, f"https://{host}/", events="case.opened", detail=Detail.THIN, actor="admin")
    line.webhooks.answers["slow.example.com"] = [slowly]
    couriers = Couriers(line.hotline, threading.Event())
    line.ring()
    assert couriers.look() > 0
    assert has_slow.wait(20)
    line.ring(OTHER, "CA2")
    until(lambda: couriers.look() == 0 and line.webhooks.count_to("quick.example.com") == 2)
    assert line.webhooks.count_to("slow.example.com") == 1
    let_go.set()
    until(lambda: couriers.look() == 0 and line.webhooks.count_to("slow.example.com") == 2)


def test_other_systems_are_told_on_a_thread_of_their_own_until_told_to_stop(line: Line) -> None:
    stop, watch = threading.Event(), watch_over(line.clock)
    add_endpoint(line.hotline, "https://crm.example.com/", events="case.opened", detail=Detail.THIN, actor="admin")
    line.ring()
    watch.confirm()
    thread = begin_webhooks(line.hotline, watch, stop, poll_s=0.01)
    until(lambda: line.webhooks.count_to("crm.example.com") == 1)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
