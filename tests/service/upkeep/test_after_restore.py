"""After a restore nothing that fell due meanwhile goes out by itself, and nothing is forgotten either."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.builders import a_staff_message, at
from tests.fakes_outside import FakeIds
from tests.service.lines import CALLER, OTHER, SECOND_SUPERVISOR, Line, a_late_task
from voicebot.domain.call import CallStatus
from voicebot.domain.case_number import written
from voicebot.domain.escalation import NOT_KNOWN
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.errors import Unavailable
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.ports import SmsBusy
from voicebot.service.promise.keep import log_callback
from voicebot.service.upkeep.after_restore import AfterRestore, settle_after_restore

THURSDAY_NOON = at("Thursday 19 November 2026 12:00:00")


def restored(line: Line, when: datetime = THURSDAY_NOON, **choices: timedelta) -> AfterRestore:
    """Say that the rows as they are now were saved now and come back then."""
    made_at, line.clock.at = line.clock.at, when
    line.jobs.waiting.clear()
    return settle_after_restore(line.hotline, made_at, **choices)


def sent_since(line: Line, before: int, recipient: str | None = None) -> list[str]:
    """Return the bodies sent after so many, to one number or to all."""
    return [body for number, body in line.sender.sent[before:] if recipient in (None, number)]


def case_of(line: Line, answer: CallAnswer) -> str:
    """Return the case number as people write it."""
    return written(line.ticket(answer).case_number)


def told(line: Line, answer: CallAnswer) -> dict[str, str]:
    """Return whom each step of a case told."""
    with line.work() as work:
        return {step.step: step.told for step in work.promises.steps(answer.call.ticket_id)}


# --- texts ---------------------------------------------------------------------------------------------------


def waiting_text(line: Line) -> CallAnswer:
    """Take a call whose text the carrier was too busy for."""
    line.sender.trouble = [SmsBusy()]
    answer = line.told_call()
    assert line.texts(answer)[0].state is SmsState.WAITING
    return answer


def test_text_that_was_sent_since_the_backup_is_found_and_not_sent_again(line: Line) -> None:
    answer = waiting_text(line)
    body = line.texts(answer)[0].body
    report = restored(line, line.clock.at + timedelta(minutes=10))
    assert report.looked_up == (case_of(line, answer),)
    line.sender.sent.append((CALLER, body))
    for _ in range(3):
        line.step(minutes=2)
        line.sweep()
    assert line.sender.to(CALLER) == [body]
    assert line.texts(answer)[0].message_sid is not None


def test_text_that_the_carrier_never_had_is_sent_once_while_it_is_true(line: Line) -> None:
    answer = waiting_text(line)
    body = line.texts(answer)[0].body
    restored(line, line.clock.at + timedelta(minutes=10))
    line.sweep()
    assert line.sender.to(CALLER) == []
    for _ in range(3):
        line.step(minutes=2)
        line.sweep()
    assert line.sender.to(CALLER) == [body]


def test_text_that_left_before_the_backup_stays_as_it_is(line: Line) -> None:
    answer = line.told_call()
    before = line.texts(answer)
    restored(line, line.clock.at + timedelta(minutes=10))
    assert line.texts(answer) == before


# --- calls that lasted ---------------------------------------------------------------------------------------


def test_call_that_lasted_is_over_and_its_text_is_looked_up_first(line: Line) -> None:
    answer = line.say(line.reach("ask_story"), "my parcel came broken")
    report = restored(line, line.clock.at + timedelta(minutes=30))
    assert report.ended == (case_of(line, answer),)
    assert line.call(answer).status is CallStatus.ENDED
    (text,) = line.texts(answer)
    assert (text.state, text.created_at) == (SmsState.UNKNOWN, line.clock.at - timedelta(minutes=30))
    assert line.promise(answer.call.ticket_id).state is PromiseState.OPEN


# --- promises and ladders ------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-12")
def test_window_that_closed_meanwhile_is_broken_once_at_its_own_instant_and_told_once_after_a_rest(
    line_on_both: Line,
) -> None:
    line = line_on_both
    answer = line.told_call()
    window = line.promise(answer.call.ticket_id)
    before = len(line.sender.sent)
    report = restored(line)
    assert report.broken == report.climbing == (case_of(line, answer),)
    assert report.rests_until == at("Thursday 19 November 2026 12:30:00")
    line.sweep()
    assert sent_since(line, before) == []
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert breach.at == window.window_closes_at
    assert told(line, answer) == dict.fromkeys(("second_supervisor", "heads", "executive"), NOT_KNOWN)
    line.step(minutes=31)
    line.sweep()
    verbs = line.verbs(answer.call.ticket_id)
    assert verbs.count("promise_broken") == 1
    assert verbs.count("step_taken") == 1
    assert len(sent_since(line, before, CALLER)) == 1
    assert len(sent_since(line, before)) == 3


def test_call_logged_while_climbs_rest_keeps_the_promise_and_tells_nobody(line: Line) -> None:
    answer = line.told_call()
    before = len(line.sender.sent)
    restored(line)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her yesterday", actor="owner_1")
    for _ in range(10):
        line.step(hours=2)
        line.sweep()
    assert sent_since(line, before) == []
    assert line.promise(answer.call.ticket_id).state is PromiseState.KEPT


def test_step_of_an_older_climb_rests_and_is_taken_once(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at
    line.sweep()
    before = len(line.sender.sent)
    assert told(line, answer) == {"missed": "owner_1,supervisor_1"}
    report = restored(line, line.clock.at + timedelta(hours=1, minutes=45), rest=timedelta(hours=1))
    assert report.climbing == (case_of(line, answer),)
    line.sweep()
    assert sent_since(line, before) == []
    line.step(hours=1, minutes=1)
    line.sweep()
    assert told(line, answer)["second_supervisor"] == "supervisor_2"
    assert len(sent_since(line, before, SECOND_SUPERVISOR)) == 1


def test_ladder_goes_on_above_what_was_passed_over(line: Line) -> None:
    answer = line.told_call()
    restored(line, line.promise(answer.call.ticket_id).window_closes_at + timedelta(hours=2))
    assert told(line, answer) == {"second_supervisor": NOT_KNOWN}
    line.step(minutes=31)
    line.sweep()
    assert told(line, answer)["missed"] == "owner_1,supervisor_1"
    line.step(minutes=30)
    line.sweep()
    assert told(line, answer)["heads"] == "quality_1,area_1"


def test_open_window_stays_promised_and_only_its_newest_warning_is_given(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    width = promise.window_closes_at - promise.window_opens_at
    report = restored(line, promise.window_opens_at + width * 8 / 10)
    assert report.broken == report.climbing == ()
    line.sweep()
    assert told(line, answer) == {"half_gone": NOT_KNOWN, "three_quarters_gone": "owner_1,deputy_1"}
    assert line.promise(answer.call.ticket_id).state is PromiseState.OPEN


def test_settled_case_is_left_alone(line: Line) -> None:
    answer = line.told_call()
    line.settle()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her", actor="owner_1")
    before = line.verbs(answer.call.ticket_id)
    report = restored(line)
    assert report == AfterRestore(rests_until=report.rests_until, broken=(), climbing=(), looked_up=(), ended=())
    assert line.verbs(answer.call.ticket_id) == before


def test_case_that_was_touched_says_so_and_a_second_time_touches_nothing(line: Line) -> None:
    answer = line.told_call()
    restored(line)
    assert line.verbs(answer.call.ticket_id)[-1] == "restored"
    again = settle_after_restore(line.hotline, line.clock.at)
    assert again.broken == again.climbing == again.looked_up == again.ended == ()
    assert line.verbs(answer.call.ticket_id).count("restored") == 1


# --- what fails, and what cannot be asked -------------------------------------------------------------------


class _Ids(FakeIds):
    """Ids whose source fails once."""

    def __init__(self, problem: Exception) -> None:
        super().__init__()
        self.skip(1000)
        self._problems = [problem]

    def new_id(self) -> str:
        """Fail, the first time."""
        if self._problems:
            raise self._problems.pop()
        return super().new_id()


def test_one_broken_promise_that_cannot_be_settled_leaves_the_other_cases_restored(line: Line) -> None:
    line.told_call()
    line.told_call("CA2", OTHER)
    line.use(ids=_Ids(RuntimeError("a bug that only this row meets")))
    with capture_logs() as log:
        report = restored(line)
    assert [entry["event"] for entry in log if "restore" in entry["event"]] == ["restore_item_failed"]
    assert (len(report.broken), len(report.climbing)) == (2, 1)


def test_a_restore_during_which_the_database_goes_away_says_so(line: Line) -> None:
    line.told_call()
    line.use(ids=_Ids(Unavailable("the database is away")))
    with pytest.raises(Unavailable):
        restored(line)


def test_a_message_to_staff_that_waited_is_held_back_because_no_mail_server_can_be_asked(line: Line) -> None:
    answer = line.told_call()
    with line.work() as work:
        work.staff_messages.add(a_staff_message(ticket_id=answer.call.ticket_id))
        work.commit()
    restored(line, line.clock.at + timedelta(minutes=10))
    with line.work() as work:
        (message,) = work.staff_messages.of_ticket(answer.call.ticket_id)
    assert message.state is MessageState.SUPPRESSED
    assert message.reason == "restored: perhaps it was sent since the backup"


@pytest.mark.requirement("S2-05")
def test_a_task_that_fell_due_is_told_to_nobody_and_stands_late(line: Line) -> None:
    task = a_late_task(line)
    before = len(line.sender.sent)
    restored(line)
    line.sweep()
    assert not [body for body in sent_since(line, before) if "task" in body.lower()]
    with line.work() as work:
        standing = work.case_tasks.lock(task.id)
    assert standing is not None
    assert (standing.late_at, standing.done_at, standing.next_step_at) == (THURSDAY_NOON, None, None)
