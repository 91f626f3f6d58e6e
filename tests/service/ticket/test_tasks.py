"""Tasks on a case: asked of one person until a day, told once when late; a remedy is owed after the end, too."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from tests.builders import a_step, at
from tests.service.chaos import DyingWork, Fate, survive
from tests.service.devices import a_team
from tests.service.lines import CALLER, DEPUTY, EXECUTIVE, OTHER, OWNER, SUPERVISOR, Line, finds
from voicebot.domain.call import CallEnd
from voicebot.domain.case_task import CaseTask, TaskKind
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import CloseReason, NotComplaint, Ticket
from voicebot.errors import Refused
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing, dismissing
from voicebot.service.ticket.splitting import joining, splitting
from voicebot.service.ticket.tasks import LATE, NewTask, asking, due_tasks, finishing, look_at_task, pass_over_task


class Meeting(Fate):
    """Let two begin together, and commit only when both are about to, unless one waits for the other."""

    def __init__(self) -> None:
        super().__init__()
        self._barrier = Barrier(2)

    def step(self) -> None:
        """Wait for the other one, for a while."""
        with suppress(BrokenBarrierError):
            self._barrier.wait(1)


@pytest.fixture
def case(line: Line) -> Ticket:
    """A case with its promise."""
    return line.ticket(line.told_call())


def ask(line: Line, case: Ticket, kind: TaskKind, to: str, *, actor: str = "owner_1", **more: Any) -> CaseTask:
    """Set a task and return it."""
    new = NewTask(kind=kind, to=to, words="does branch five have the part", **more)
    assert act(line.hotline, case.case_number, asking(new, actor=actor))
    line.run_jobs()
    return tasks(line, case)[-1]


def tasks(line: Line, case: Ticket) -> list[CaseTask]:
    with line.work() as work:
        return list(work.case_tasks.of_ticket(case.id))


def the_part(line: Line, case: Ticket) -> Ticket:
    """Return the case that was split off from this one."""
    with line.work() as work:
        (number,) = (entry.after for entry in work.tickets.history(case.id) if entry.verb == "part_given")
        part = work.tickets.by_case_number(number)
    assert part is not None
    return part


def owner_of(line: Line, case: Ticket) -> str:
    with line.work() as work:
        found = work.tickets.get(case.id)
    assert found is not None
    return found.owner_id


@pytest.mark.requirement("S2-05")
def test_a_colleague_is_asked_with_a_day_the_owner_stays_and_the_complainant_is_thanked(
    line: Line, case: Ticket
) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1", tells_complainant=True)
    assert task.due_at == at("Wednesday 18 November 2026 15:00:00"), "four working hours, the lunch hour left out"
    assert owner_of(line, case) == case.owner_id
    assert "you are asked to do something until Wed 18 Nov, 15:00" in line.sender.to(DEPUTY)[-1]
    thanks = line.sender.to(CALLER)[-1]
    assert "thank you for telling us. We are sorry that you wait." in thanks
    assert "call you Wed 18 Nov, 11:00-13:00" in thanks
    act(line.hotline, case.case_number, finishing(task.id, words="they have two", actor="deputy_1"))
    line.run_jobs()
    assert "what you asked for is done" in line.sender.to(OWNER)[-1]
    assert tasks(line, case)[0].result == "they have two"


@pytest.mark.requirement("S2-05")
def test_who_was_called_already_is_promised_a_call_when_a_colleague_is_asked(line: Line, case: Ticket) -> None:
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    ask(line, case, TaskKind.CONSULT, "deputy_1", tells_complainant=True)
    assert line.promise(case.id).state is PromiseState.OPEN
    assert "sorry that you wait" in line.promise(case.id).words


@pytest.mark.requirement("S2-05")
def test_a_task_that_is_late_is_told_once_to_owner_supervisor_and_who_was_asked(line: Line, case: Ticket) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    line.clock.at = task.due_at
    for _ in range(3):
        line.sweep()
        line.step(hours=1)
    for phone in (OWNER, SUPERVISOR, DEPUTY):
        assert sum("a task was due by" in text for text in line.sender.to(phone)) == 1
    assert tasks(line, case)[0].late_at == task.due_at


@pytest.mark.requirement("S1-02")
def test_a_blocked_script_goes_at_once_to_somebody_with_a_say(line: Line, case: Ticket) -> None:
    with pytest.raises(Refused, match="choose a supervisor"):
        ask(line, case, TaskKind.BLOCKED, "deputy_1")
    ask(line, case, TaskKind.BLOCKED, "supervisor_1")
    assert "you are asked to do something" in line.sender.to(SUPERVISOR)[-1]
    assert "task_set" in line.verbs(case.id)


@pytest.mark.requirement("S1-08")
def test_the_executive_keeps_the_case_and_names_who_settles_it(line: Line, case: Ticket) -> None:
    with pytest.raises(Refused, match="a supervisor delegates"):
        ask(line, case, TaskKind.DELEGATED, "deputy_1")
    task = ask(line, case, TaskKind.DELEGATED, "deputy_1", actor="executive_1", until=date(2026, 11, 20))
    assert (task.assignee_id, task.asked_by) == ("deputy_1", "executive_1")
    assert owner_of(line, case) == case.owner_id
    assert "you are asked to do something until Fri 20 Nov" in line.sender.to(DEPUTY)[-1]


@pytest.mark.requirement("S4-06")
def test_a_refund_beyond_ones_authority_names_who_may_promise_it(line: Line, case: Ticket) -> None:
    with pytest.raises(
        Refused, match=r"more than you may promise on one case \(50\).* supervisor, second supervisor, quality head"
    ):
        ask(line, case, TaskKind.REMEDY, "owner_1", amount=51)
    assert tasks(line, case) == []
    assert ask(line, case, TaskKind.REMEDY, "owner_1", amount=50).amount == 50
    assert ask(line, case, TaskKind.REMEDY, "owner_1", amount=450, actor="supervisor_1").amount == 450


@pytest.mark.requirement("S4-06")
def test_two_remedies_of_one_case_do_not_pass_a_limit_that_each_keeps(line: Line, case: Ticket) -> None:
    first = ask(line, case, TaskKind.REMEDY, "owner_1", amount=30)
    with pytest.raises(Refused, match="an amount of 21 beside 30 that were promised already"):
        ask(line, case, TaskKind.REMEDY, "owner_1", amount=21)
    act(line.hotline, case.case_number, finishing(first.id, words="paid", actor="owner_1"))
    with pytest.raises(Refused, match="21 beside 30"):
        ask(line, case, TaskKind.REMEDY, "owner_1", amount=21, actor="deputy_1")
    assert ask(line, case, TaskKind.REMEDY, "owner_1", amount=20).amount == 20


@pytest.mark.requirement("S4-06")
def test_what_was_paid_on_a_joined_case_counts_where_it_was_joined(line: Line, case: Ticket) -> None:
    other = line.ticket(line.told_call("CA2", OTHER))
    paid = ask(line, other, TaskKind.REMEDY, "owner_1", amount=40)
    act(line.hotline, other.case_number, finishing(paid.id, words="paid", actor="owner_1"))
    act(line.hotline, other.case_number, joining(case.case_number, words="the same lamp", actor="owner_1"))
    with pytest.raises(Refused, match="11 beside 40"):
        ask(line, case, TaskKind.REMEDY, "owner_1", amount=11)


@pytest.mark.requirement("S4-06")
def test_a_case_is_not_split_to_promise_twice(line: Line, case: Ticket) -> None:
    with line.work() as work:
        chosen = work.tickets.answers(case.id)[0].id
    ask(line, case, TaskKind.REMEDY, "owner_1", amount=50)
    act(line.hotline, case.case_number, splitting([chosen], words="the kettle", actor="owner_1"))
    part = the_part(line, case)
    for each in (part, case):
        with pytest.raises(Refused, match="1 beside 50"):
            ask(line, each, TaskKind.REMEDY, "owner_1", amount=1)


@pytest.mark.requirement("S4-06")
def test_two_who_promise_at_once_on_parts_of_one_matter_keep_its_limit(line_on_both: Line) -> None:
    """Each case has its own lock, so that who promises on the part does not wait for who promises on the whole."""
    line = line_on_both
    whole = line.ticket(line.told_call())
    with line.work() as work:
        chosen = work.tickets.answers(whole.id)[0].id
    act(line.hotline, whole.case_number, splitting([chosen], words="the kettle", actor="owner_1"))
    both, meeting, works = (whole, the_part(line, whole)), Meeting(), line.hotline.unit_of_work
    together = replace(line.hotline, unit_of_work=lambda: DyingWork(works(), meeting))

    def promise(case: Ticket) -> bool:
        new = NewTask(kind=TaskKind.REMEDY, to="owner_1", words="money back", amount=30)
        try:
            return act(together, case.case_number, asking(new, actor="owner_1"))
        except Refused:
            return False

    with ThreadPoolExecutor(2) as threads:
        promised = list(threads.map(promise, both))
    assert sorted(promised) == [False, True]
    assert [task.amount for each in both for task in tasks(line, each)] == [30]


@pytest.mark.requirement("S4-06")
@pytest.mark.requirement("S4-07")
def test_a_remedy_is_due_the_next_working_day_also_when_the_case_is_closed(line: Line, case: Ticket) -> None:
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    act(line.hotline, case.case_number, closing(reason=CloseReason.AGREED, words="with 40 back", actor="owner_1"))
    task = ask(line, case, TaskKind.REMEDY, "deputy_1", amount=40)
    assert task.due_at == at("Thursday 19 November 2026 18:00:00")
    line.clock.at = task.due_at
    line.sweep()
    assert sum("a task was due by" in text for text in line.sender.to(SUPERVISOR)) == 1


def test_what_was_asked_about_a_case_that_is_over_needs_no_answer(line: Line, case: Ticket) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    line.clock.at = task.due_at
    line.sweep()
    (over,) = tasks(line, case)
    assert (over.late_at, over.result) == (None, "the case is over")
    assert not look_at_task(line.hotline, task.id)
    assert not look_at_task(line.hotline, "no task")
    assert finds(line.hotline, due_tasks, 9) == ()


def test_a_task_goes_along_when_its_case_is_joined(line: Line, case: Ticket) -> None:
    other = line.ticket(line.told_call("CA2", "+12025550144"))
    ask(line, case, TaskKind.CONSULT, "deputy_1")
    act(line.hotline, case.case_number, joining(other.case_number, words="one", actor="owner_1"))
    assert (tasks(line, case), len(tasks(line, other))) == ([], 1)


@pytest.mark.parametrize(
    ("kind", "to", "more", "code"),
    [
        (TaskKind.CONSULT, "nobody", {}, "member-unknown"),
        (TaskKind.CONSULT, "deputy_1", {"until": date(2026, 11, 17)}, "task-past"),
        (TaskKind.CONSULT, "deputy_1", {"until": date(2027, 11, 19)}, "task-past"),
        (TaskKind.REMEDY, "deputy_1", {"until": date.max}, "task-past"),
        (TaskKind.CONSULT, "deputy_1", {"amount": 5}, "task-amount"),
        (TaskKind.REMEDY, "deputy_1", {"amount": 0}, "task-amount"),
        (TaskKind.REMEDY, "deputy_1", {"amount": 10**9}, "task-amount"),
    ],
)
def test_what_cannot_be_asked_changes_nothing(
    line: Line, case: Ticket, kind: TaskKind, to: str, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(line, case, kind, to, **more)
    assert refused.value.code == code
    assert tasks(line, case) == []


def test_a_task_is_finished_once_with_words_and_on_its_own_case(line: Line, case: Ticket) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    other = line.ticket(line.told_call("CA2", "+12025550144"))
    for number, words, code in (
        (case.case_number, " ", "task-wordless"),
        (other.case_number, "done", "task-unknown"),
    ):
        with pytest.raises(Refused) as refused:
            act(line.hotline, number, finishing(task.id, words=words, actor="deputy_1"))
        assert refused.value.code == code
    act(line.hotline, case.case_number, finishing(task.id, words="done", actor="deputy_1"))
    with pytest.raises(Refused, match="done already"):
        act(line.hotline, case.case_number, finishing(task.id, words="again", actor="owner_1"))
    line.clock.at = task.due_at + timedelta(hours=1)
    line.sweep()
    assert tasks(line, case)[0].late_at is None


@pytest.mark.requirement("S2-05")
@pytest.mark.requirement("S4-07")
@pytest.mark.parametrize("kind", [TaskKind.DELEGATED, TaskKind.REMEDY])
def test_workers_that_die_at_every_step_tell_each_person_of_a_task_once(
    line: Line, tmp_path: Path, kind: TaskKind
) -> None:
    """Asked, late and done: who is asked, the owner and a supervisor, and who asked."""
    a_team(line, tmp_path / "team")
    line.use(staff_channels=(TextChannel(),))
    case = line.ticket(line.told_call())
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    line.settle()
    line.step(minutes=20)
    line.sweep()
    before = len(line.sender.sent)
    new = NewTask(kind=kind, to="deputy_1", words="does branch five have the part")
    assert act(line.hotline, case.case_number, asking(new, actor="executive_1"))
    assert survive(line) > 7
    (task,) = tasks(line, case)
    line.clock.at = task.due_at
    survive(line)
    act(line.hotline, case.case_number, finishing(task.id, words="they have two", actor="deputy_1"))
    survive(line)
    asked, late, done = "you are asked to do something until", "a task was due by", "what you asked for is done"
    told = [(DEPUTY, asked), (OWNER, late), (SUPERVISOR, late), (DEPUTY, late), (EXECUTIVE, done)]
    got = [each for each in line.sender.sent[before:] if "task" in each[1] or "ask" in each[1]]
    assert [number for number, _ in got] == [number for number, _ in told]
    assert all(words in body for (_, words), (_, body) in zip(told, got, strict=True))


def test_nobody_is_consulted_about_a_case_that_is_over(line: Line, case: Ticket) -> None:
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    with pytest.raises(Refused, match="only an open case") as refusal:
        ask(line, case, TaskKind.CONSULT, "deputy_1")
    assert (refusal.value.code, tasks(line, case)) == ("case-over", [])


def test_a_task_that_fell_due_while_the_hotline_was_lost_stands_late_and_nobody_is_told_again(
    line: Line, case: Ticket
) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    pass_over_task(line.hotline, task.id)
    assert tasks(line, case) == [task], "it is not due yet"
    line.clock.at, before = task.due_at, len(line.sender.sent)
    for _ in range(2):
        pass_over_task(line.hotline, task.id)
    line.run_jobs()
    assert (tasks(line, case)[0].late_at, len(line.sender.sent)) == (task.due_at, before)


def test_whose_number_is_yet_to_be_found_is_not_thanked_by_text(line: Line) -> None:
    story = line.reach("ask_story", "anonymous")
    line.say(story, "my parcel came broken")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    ask(line, line.ticket(story), TaskKind.CONSULT, "deputy_1", tells_complainant=True)
    assert [body for number, body in line.sender.sent if number != DEPUTY] == []


def test_a_task_whose_lateness_was_told_before_a_worker_died_is_not_told_again(line: Line, case: Ticket) -> None:
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    line.clock.at, before = task.due_at, len(line.sender.sent)
    with line.work() as work:
        assert work.promises.take_step(a_step(subject_id=task.id, ticket_id=case.id, step=LATE))
        work.commit()
    assert look_at_task(line.hotline, task.id)
    line.run_jobs()
    assert (tasks(line, case)[0].late_at, len(line.sender.sent)) == (task.due_at, before)


@pytest.mark.requirement("S3-09")
def test_whom_the_case_complains_about_is_asked_nothing(line: Line, case: Ticket) -> None:
    with line.work() as work:
        work.tickets.save(replace(case, about_id="deputy_1"))
        work.commit()
    with pytest.raises(Refused, match="ask somebody else") as refused:
        ask(line, case, TaskKind.CONSULT, "deputy_1")
    assert (refused.value.code, tasks(line, case)) == ("about-them", [])
