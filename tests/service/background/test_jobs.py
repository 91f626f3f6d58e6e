"""Jobs by name."""

from contextlib import suppress
from datetime import timedelta

import pytest

from tests.fakes_outside import ClockSetMeanwhile
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, Line
from voicebot.errors import Unavailable
from voicebot.service import job_names
from voicebot.service.background.clock_watch import ClockWatch
from voicebot.service.background.jobs import JOBS, JUDGES_BY_CLOCK, run_job
from voicebot.service.ticket.inbound_text import IncomingText, log_text


def test_every_name_means_something() -> None:
    names = {value for name, value in vars(job_names).items() if name.isupper()}
    assert names == set(JOBS)


@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_job_whose_subject_is_gone_does_nothing(line: Line, job: str) -> None:
    run_job(line.hotline, job, "nobody")
    assert line.sender.sent == []


def test_a_name_nobody_knows_is_a_broken_invariant(line: Line) -> None:
    with pytest.raises(AssertionError):
        run_job(line.hotline, "make_coffee", "x")


def test_a_clock_days_ahead_ends_no_text_as_untrue_and_it_leaves_when_the_time_is_right_again(line: Line) -> None:
    watch = ClockWatch(line.clock, elapsed_s=lambda: 0.0, distrust=timedelta(minutes=5))
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="my parcel came broken"))
    line.step(days=9)
    with pytest.raises(Unavailable):
        line.jobs.drain(lambda job, subject: run_job(line.hotline, job, subject, confirmed=watch))
    line.step(days=-9)
    line.sweep()
    assert len(line.sender.to(CALLER)) == 1


@pytest.mark.parametrize("reading", range(1, 6))
def test_a_clock_set_while_a_text_is_on_its_way_ends_no_text_as_untrue_and_sends_none_twice(
    line: Line, reading: int
) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="my parcel came broken"))
    clock = ClockSetMeanwhile(line.clock.now())
    line.use(clock=clock)
    watch = ClockWatch(clock, elapsed_s=lambda: 0.0, distrust=timedelta(minutes=5))
    clock.set_before(reading, timedelta(days=9))
    with suppress(Unavailable):
        line.jobs.drain(lambda job, subject: run_job(line.hotline, job, subject, confirmed=watch))
    assert clock.was_set
    clock.at = WEDNESDAY_TEN + timedelta(minutes=2)
    line.sweep()
    line.sweep()
    assert len(line.sender.to(CALLER)) == 1


@pytest.mark.parametrize("job", sorted(JUDGES_BY_CLOCK))
def test_what_ends_things_by_their_age_waits_for_a_confirmed_clock(line: Line, job: str) -> None:
    watch = ClockWatch(line.clock, elapsed_s=lambda: 0.0, distrust=timedelta(minutes=5))
    line.step(hours=-2)
    with pytest.raises(Unavailable):
        run_job(line.hotline, job, "nobody", confirmed=watch)
