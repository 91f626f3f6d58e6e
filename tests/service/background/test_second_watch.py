"""The web process looks after the worker: what is wrong with the watch is told by another way, until it is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import a_drill, a_text_request, at
from tests.fakes_outside import FakeLetters
from tests.service.chaos import BOTH_IN_LONG, Death
from tests.service.lines import EXECUTIVE, Line
from tests.service.watch.mornings import Mornings
from voicebot.domain.call import CallEnd
from voicebot.domain.sms import SmsState
from voicebot.errors import Unavailable
from voicebot.service.background.health import OVERDUE_AFTER, show_sign_of_life
from voicebot.service.background.schedule import CLAIMED_FOR, run_tasks
from voicebot.service.background.second_watch import (
    LIST_LATE_AFTER,
    LOOKS_EVERY,
    QUIET_AT_START,
    second_watch,
)
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import AlarmAddresses
from voicebot.service.ports import Letter, VitalSigns
from voicebot.service.promise.keep import log_callback

pytestmark = pytest.mark.requirement("D-10")

HOUR = timedelta(hours=1)
SILENT, FIVE = timedelta(minutes=3), timedelta(minutes=5)


class Watch:
    """A hotline whose operator has an address for alarms, looked after as time steps on."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.letters = FakeLetters()
        line.use(alarm_addresses=AlarmAddresses(sender=self.letters, names=("address 1",)))
        self.is_steady = True
        self.has_worker = True
        self.works = False
        """Whether the worker sweeps, too."""

    def look(self) -> None:
        """Let the worker show itself while it lives, and the web process look."""
        if self.has_worker:
            show_sign_of_life(self.line.hotline, "worker-1", swept_at=self.line.clock.now())
        if self.works:
            self.line.sweep()
        run_tasks(self.line.hotline, (second_watch(lambda: self.is_steady),))

    def pass_time(self, span: timedelta, *, every: timedelta = LOOKS_EVERY) -> None:
        """Let time pass in looks."""
        until = self.line.clock.now() + span
        while self.line.clock.now() < until:
            self.look()
            self.line.clock.step(every)

    @property
    def told(self) -> list[str]:
        """Return what was told, each by the word that says what it is about."""
        words = {"NO WORKER": "dead", "is back": "back", "NOBODY handles": "overdue", "is handled": "handled"}
        bodies = [letter.body for _, letter in self.letters.sent]
        return [next((said for word, said in words.items() if word in body), body) for body in bodies]


@pytest.fixture
def watch(line: Line) -> Watch:
    """A watched hotline."""
    return Watch(line)


@pytest.fixture
def watch_on_both(line_on_both: Line) -> Watch:
    """The same, once on each database."""
    return Watch(line_on_both)


def test_a_worker_that_dies_is_told_at_once_every_hour_and_once_that_it_is_back(watch_on_both: Watch) -> None:
    watch = watch_on_both
    watch.pass_time(timedelta(minutes=1))
    watch.has_worker = False
    watch.pass_time(SILENT - LOOKS_EVERY)
    assert watch.told == []
    watch.pass_time(2 * LOOKS_EVERY)
    assert watch.told == ["dead"]
    assert "since Wed 18 Nov 2026, 10:00 EST" in watch.letters.sent[0][1].body
    watch.pass_time(HOUR - FIVE, every=FIVE)
    assert watch.told == ["dead"]
    watch.pass_time(2 * HOUR, every=FIVE)
    assert watch.told == ["dead"] * 3
    watch.has_worker = True
    watch.pass_time(2 * HOUR, every=FIVE)
    assert watch.told == ["dead"] * 3 + ["back"]


def test_a_hotline_on_which_no_worker_ever_lived_is_told_too(watch: Watch) -> None:
    watch.has_worker = False
    watch.pass_time(timedelta(minutes=5))
    assert watch.told == ["dead"]


def test_of_two_web_processes_one_tells(watch_on_both: Watch) -> None:
    watch = watch_on_both
    watch.look()
    watch.has_worker = False
    watch.line.clock.step(SILENT + LOOKS_EVERY)
    for _ in range(3):
        watch.look()
        run_tasks(replace(watch.line.hotline, started_at=None), (second_watch(lambda: True),))
        watch.line.clock.step(LOOKS_EVERY)
    assert watch.told == ["dead"]


def test_a_process_that_has_just_begun_waits_for_as_long_as_a_worker_may_be_silent(watch: Watch) -> None:
    watch.look()
    watch.has_worker = False
    watch.line.clock.step(9 * HOUR)
    watch.line.use(started_at=watch.line.clock.now())
    watch.pass_time(SILENT)
    assert watch.told == []
    watch.pass_time(LOOKS_EVERY)
    assert watch.told == ["dead"]


def test_the_second_watch_says_nothing_while_the_clock_is_distrusted(watch: Watch) -> None:
    watch.look()
    watch.has_worker, watch.is_steady = False, False
    watch.line.clock.step(HOUR)
    watch.pass_time(timedelta(minutes=5))
    assert watch.told == []
    watch.is_steady = True
    watch.look()
    assert watch.told == ["dead"]


def after_the_window(line: Line) -> None:
    closes_at = line.promise(line.told_call().call.ticket_id).window_closes_at
    line.clock.at = closes_at - timedelta(seconds=1)
    line.sweep()
    line.clock.at = closes_at


def after_the_next_step(line: Line) -> None:
    after_the_window(line)
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(work.tickets.all()[0].id)
    assert breach.next_step_at is not None
    line.clock.at = breach.next_step_at


def after_a_text_was_written(line: Line) -> None:
    end_call(line.hotline, line.reach("ask_story").call.carrier_call_id, CallEnd.CALLER_HUNG_UP)


def after_a_decision_was_to_be_looked_at(line: Line) -> None:
    answer = line.told_call()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    line.sweep()
    with line.work() as work:
        (term,) = work.decision_terms.of_ticket(answer.call.ticket_id)
    assert term.next_step_at is not None
    line.clock.at = term.next_step_at


OVERDUE: dict[str, Callable[[Line], object]] = {
    "promise": after_the_window,
    "ladder step": after_the_next_step,
    "decision": after_a_decision_was_to_be_looked_at,
    "reply": after_a_text_was_written,
}


@pytest.mark.parametrize("kind", OVERDUE)
def test_what_is_five_minutes_overdue_and_unhandled_is_told_until_it_is_handled(watch: Watch, kind: str) -> None:
    OVERDUE[kind](watch.line)
    watch.pass_time(OVERDUE_AFTER)
    assert watch.told == []
    watch.pass_time(2 * LOOKS_EVERY)
    assert watch.told == ["overdue"]
    watch.pass_time(HOUR + FIVE, every=FIVE)
    assert watch.told == ["overdue"] * 2
    watch.works = True
    watch.pass_time(HOUR, every=FIVE)
    assert watch.told == ["overdue", "overdue", "handled"]


def test_overdue_is_not_told_while_no_worker_lives_nor_just_after_it_came_back(watch: Watch) -> None:
    line = watch.line
    line.told_call()
    watch.look()
    watch.has_worker = False
    watch.pass_time(6 * HOUR, every=FIVE)
    assert set(watch.told) == {"dead"}
    watch.has_worker = True
    watch.pass_time(QUIET_AT_START)
    assert watch.told[-1] == "back"
    watch.pass_time(LOOKS_EVERY * 2)
    assert watch.told[-1] == "overdue"


def test_overdue_is_not_told_just_after_a_start_or_a_restore(watch: Watch) -> None:
    watch.line.told_call()
    watch.line.clock.step(6 * HOUR)
    watch.line.use(started_at=watch.line.clock.now())
    watch.pass_time(QUIET_AT_START)
    assert watch.told == []
    watch.pass_time(LOOKS_EVERY)
    assert watch.told == ["overdue"]


class Away(FakeLetters):
    """An address that nobody gets through to, until somebody does."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.tried: list[datetime] = []
        self.is_away = True

    def send(self, address: str, letter: Letter) -> None:
        self.tried.append(self._now())
        if self.is_away:
            raise Unavailable("the address does not answer")
        super().send(address, letter)


@BOTH_IN_LONG
def test_an_alarm_that_reaches_nobody_is_tried_again_after_ever_longer_pauses_until_it_does(
    watch_on_both: Watch,
) -> None:
    watch = watch_on_both
    letters = watch.letters = Away(watch.line.clock.now)
    watch.line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    with watch.line.work() as work:
        for member in watch.line.policy.staff:
            work.sms.add_text_request(a_text_request(recipient=member.phone, is_out=True))
        work.commit()
    watch.look()
    watch.has_worker = False
    watch.line.clock.step(SILENT + LOOKS_EVERY)
    watch.pass_time(2 * HOUR)
    pauses = [later - earlier for earlier, later in zip(letters.tried, letters.tried[1:], strict=False)]
    assert pauses[:5] == [timedelta(minutes=each) for each in (1, 2, 4, 8, 15)]
    assert max(pauses) == timedelta(minutes=15)
    letters.is_away = False
    watch.pass_time(timedelta(minutes=15))
    assert watch.told == ["dead"]


class Deadly(FakeLetters):
    """The web process is killed as it sends: before the letter left, or just after."""

    def __init__(self, *, leaves: bool) -> None:
        super().__init__()
        self._leaves = leaves
        self._lives = False

    def send(self, address: str, letter: Letter) -> None:
        if self._leaves or self._lives:
            super().send(address, letter)
        if not self._lives:
            self._lives = True
            raise Death


@pytest.mark.parametrize("leaves", [False, True])
def test_a_web_process_killed_as_it_tells_leaves_it_to_the_next_under_the_same_key(
    watch: Watch, *, leaves: bool
) -> None:
    letters = watch.letters = Deadly(leaves=leaves)
    watch.line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    watch.look()
    watch.has_worker = False
    watch.line.clock.step(SILENT + LOOKS_EVERY)
    with pytest.raises(Death):
        watch.look()
    watch.pass_time(CLAIMED_FOR + LOOKS_EVERY)
    assert watch.told == ["dead"] * (2 if leaves else 1)
    assert len({letter.key for _, letter in letters.sent}) == 1


def test_without_an_address_management_is_told_by_text_where_nothing_else_reaches_them(watch: Watch) -> None:
    watch.line.use(alarm_addresses=None)
    watch.has_worker = False
    watch.pass_time(timedelta(minutes=5))
    (text,) = watch.line.sender.to(EXECUTIVE)
    assert "NO WORKER" in text


def test_a_drill_that_nobody_answered_is_told_once(watch: Watch) -> None:
    line = watch.line
    line.ring()
    with line.work() as work:
        ticket = work.tickets.newest()
        assert ticket is not None
        began_at = line.clock.now()
        work.watch.add_drill(a_drill(ticket_id=ticket.id, began_at=began_at, ends_at=began_at + FIVE))
        work.commit()
    watch.works = True
    watch.pass_time(FIVE)
    assert watch.told == []
    watch.pass_time(3 * HOUR, every=FIVE)
    (said,) = watch.told
    assert "the DRILL of Wed 18 Nov 2026 was answered by nobody" in said


def test_what_hovers_at_the_bound_is_told_once_and_is_over_when_it_is_handled(watch: Watch) -> None:
    after_a_text_was_written(watch.line)
    watch.pass_time(OVERDUE_AFTER + 2 * LOOKS_EVERY)
    assert watch.told == ["overdue"]
    for _ in range(6):
        put_off_texts(watch.line, to=watch.line.clock.now() - FIVE + timedelta(seconds=30))
        watch.pass_time(timedelta(minutes=1))
    assert watch.told == ["overdue"]
    put_off_texts(watch.line, to=watch.line.clock.now())
    watch.pass_time(2 * LOOKS_EVERY)
    assert watch.told == ["overdue", "handled"]


def put_off_texts(line: Line, *, to: datetime) -> None:
    """Let every text that waits be due at an instant."""
    with line.work() as work:
        for sms in work.sms.stuck((SmsState.WAITING,), line.clock.now() + HOUR, 10):
            work.sms.save(replace(sms, not_before=to))
        work.commit()


def test_a_morning_list_that_reached_nobody_is_told_with_the_names_until_it_is_there(
    watch: Watch, tmp_path: Path
) -> None:
    mornings = Mornings(watch.line, tmp_path / "policy")
    watch.line.clock.at = at("Thursday 19 November 2026 08:30:00")
    watch.pass_time(LIST_LATE_AFTER)
    assert watch.told == []
    watch.pass_time(2 * LOOKS_EVERY)
    (said,) = watch.told
    assert "Managing director" in said
    mornings.look(times=2)
    watch.pass_time(2 * HOUR, every=FIVE)
    assert watch.told == [said], "and no more once it is there"


def test_a_database_that_is_not_ready_yet_is_no_trouble_of_the_worker_s(watch: Watch) -> None:
    whole = watch.line.hotline.vitals

    class NotMigrated:
        def signs(self, **asked: datetime) -> VitalSigns:
            return replace(whole.signs(**asked), is_migrated=False)

    watch.line.use(vitals=NotMigrated())
    watch.has_worker = False
    watch.pass_time(timedelta(minutes=5))
    assert watch.told == []
