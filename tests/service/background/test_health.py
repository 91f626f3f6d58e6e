"""Whether the house is well: a dead worker, a deadline nobody handles, a database that is away; nobody is named."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.service.lines import CALLER, Line, a_late_task, with_rules
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.background.health import (
    DATABASE_AWAY,
    NOT_MIGRATED,
    OVERDUE_AFTER,
    show_sign_of_life,
    signs_of_life,
    why_not_ready,
    why_unwell,
)
from voicebot.service.background.sweeps import run_due
from voicebot.service.ports import Deadline, Figures, VitalSigns

A_LITTLE = timedelta(seconds=1)


class NoVitals:
    """A database that is away, or not migrated."""

    def __init__(self, signs: VitalSigns | None = None) -> None:
        self._signs = signs

    def signs(self, *, now: datetime, overdue_before: datetime, silent_before: datetime) -> VitalSigns:
        if self._signs is None:
            raise Unavailable("away as it was told to")
        return self._signs

    def figures(self, *, now: datetime) -> Figures:
        raise Unavailable("away as it was told to")


def beat(line: Line, worker: str = "worker-1") -> None:
    """Let a worker that has just swept show that it lives."""
    show_sign_of_life(line.hotline, worker, swept_at=line.clock.now())


def overdue(line: Line) -> dict[Deadline, int]:
    """Return what is overdue now."""
    return dict(signs_of_life(line.hotline)[1].overdue)


def test_a_house_whose_worker_sweeps_is_well(line_on_both: Line) -> None:
    beat(line_on_both)
    assert why_unwell(line_on_both.hotline) == ()


def test_a_house_where_no_worker_ever_lived_is_not(line: Line) -> None:
    assert why_unwell(line.hotline) == ("worker dead: none has ever shown a sign of life",)


def test_a_worker_is_dead_one_second_after_its_time(line_on_both: Line) -> None:
    line = line_on_both
    beat(line)
    line.clock.step(line.hotline.rules.worker_silent_after)
    assert why_unwell(line.hotline) == ()
    line.clock.step(A_LITTLE)
    assert why_unwell(line.hotline) == ("worker dead: no sign of life for 31 s",)
    beat(line)
    assert why_unwell(line.hotline) == ()


def test_how_long_a_worker_may_be_silent_is_a_rule(line: Line) -> None:
    with_rules(line, worker_silent_after=timedelta(seconds=3))
    beat(line)
    line.step(seconds=4)
    assert why_unwell(line.hotline) == ("worker dead: no sign of life for 4 s",)


def test_one_living_worker_of_two_is_enough(line: Line) -> None:
    beat(line, "worker-1")
    line.step(minutes=10)
    beat(line, "worker-2")
    assert why_unwell(line.hotline) == ()


def test_a_dead_worker_with_a_later_clock_does_not_hide_a_living_one(line: Line) -> None:
    beat(line, "ahead")
    line.step(hours=-1)
    beat(line, "here")
    assert why_unwell(line.hotline) == ()


def test_a_clock_set_back_does_not_keep_a_dead_worker_alive(line: Line) -> None:
    beat(line)
    line.step(minutes=-10)
    assert why_unwell(line.hotline) == ("worker dead, or its clock wrong: its last sign of life is 600 s ahead of us",)


def test_a_worker_that_lives_but_hangs_in_a_sweep_is_stuck(line: Line) -> None:
    began_at = line.clock.now()
    line.clock.step(OVERDUE_AFTER + A_LITTLE)
    show_sign_of_life(line.hotline, "worker-1", swept_at=began_at)
    assert why_unwell(line.hotline) == ("worker stuck: its last round of sweeps ended 301 s ago",)


@pytest.mark.requirement("S0-12")
def test_a_window_that_closed_unhandled_is_told_after_five_minutes_until_the_sweep_comes(line_on_both: Line) -> None:
    line = line_on_both
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at + OVERDUE_AFTER - A_LITTLE
    assert Deadline.PROMISE not in overdue(line)
    line.clock.step(A_LITTLE)
    assert overdue(line)[Deadline.PROMISE] == 1
    beat(line)
    assert "overdue by more than 5 minutes: windows that closed without a call, and no miss was written: 1" in (
        why_unwell(line.hotline)
    )
    while run_due(line.hotline):
        pass
    beat(line)
    assert why_unwell(line.hotline) == ()


def test_a_step_a_warning_and_a_text_that_wait_are_told_too(line_on_both: Line) -> None:
    line = line_on_both
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_opens_at + (promise.window_closes_at - promise.window_opens_at) * 0.5
    line.clock.step(OVERDUE_AFTER)
    assert overdue(line) == {Deadline.WARNING: 1}
    line.sweep()
    line.clock.at = promise.window_closes_at
    line.sweep()
    line.clock.step(timedelta(days=3))
    assert Deadline.STEP in overdue(line)
    with line.work() as work:
        sms = work.sms.of_ticket(answer.call.ticket_id)[0]
        work.sms.save(replace(sms, state=SmsState.WAITING, not_before=line.clock.now() - OVERDUE_AFTER))
        work.commit()
    assert overdue(line)[Deadline.TEXT] == 1


def test_a_text_that_is_put_off_is_not_overdue(line: Line) -> None:
    answer = line.told_call()
    with line.work() as work:
        sms = work.sms.of_ticket(answer.call.ticket_id)[0]
        work.sms.save(replace(sms, state=SmsState.WAITING, not_before=line.clock.now() + timedelta(minutes=10)))
        work.commit()
    line.step(minutes=14)
    assert Deadline.TEXT not in overdue(line)


def test_a_voice_left_in_the_spool_and_a_call_nobody_ended_are_told(line_on_both: Line) -> None:
    line = line_on_both
    answer = line.say(line.reach("ask_story"), "my parcel came broken")
    with line.work() as work:
        (kept,) = work.tickets.answers(answer.call.ticket_id)
    assert kept.state is AnswerState.SPOOLED
    line.clock.step(OVERDUE_AFTER)
    assert overdue(line) == {Deadline.VOICE: 1}
    line.clock.step(line.hotline.rules.lost_after)
    assert overdue(line) == {Deadline.VOICE: 1, Deadline.CALL: 1}


def test_reasons_name_nobody_and_no_case(line: Line) -> None:
    answer = line.told_call()
    line.step(days=4)
    reasons = " ".join(why_unwell(line.hotline))
    assert "overdue" in reasons
    assert CALLER[-7:] not in reasons
    assert line.ticket(answer).case_number not in reasons


def test_a_database_that_is_away_is_the_only_reason(line: Line) -> None:
    line.hotline = replace(line.hotline, vitals=NoVitals())
    assert why_unwell(line.hotline) == (DATABASE_AWAY,)
    assert why_not_ready(line.hotline) == (DATABASE_AWAY,)


def test_a_database_that_is_not_migrated_is_named_with_the_cure(line: Line) -> None:
    line.hotline = replace(line.hotline, vitals=NoVitals(VitalSigns(is_migrated=False, overdue={})))
    assert why_unwell(line.hotline) == (NOT_MIGRATED,)
    assert why_not_ready(line.hotline) == (NOT_MIGRATED,)


def test_a_process_with_model_database_and_spool_is_ready_even_when_the_worker_is_dead(line: Line) -> None:
    assert why_not_ready(line.hotline) == ()


def test_a_full_disk_and_a_model_that_still_loads_keep_a_process_from_being_ready(line: Line) -> None:
    line.spool.is_full = True
    line.recognisers.is_loaded = False
    assert why_not_ready(line.hotline) == (
        "speech model not loaded yet",
        "spool not writable: look at space and rights in VOICEBOT_DATA_DIR",
    )


@pytest.mark.requirement("S2-05")
def test_a_task_that_fell_due_and_was_told_to_nobody_is_overdue(line_on_both: Line) -> None:
    line = line_on_both
    task = a_late_task(line)
    line.clock.at = task.due_at + OVERDUE_AFTER - A_LITTLE
    assert Deadline.TASK not in overdue(line)
    line.clock.step(A_LITTLE)
    assert overdue(line)[Deadline.TASK] == 1
    line.sweep()
    assert Deadline.TASK not in overdue(line)
