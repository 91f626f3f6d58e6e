"""What waits for management: everything that came to the top, by the name of whom it waits for, until it is done."""

import pytest

from tests.service.lines import CALLER, OTHER, Line
from tests.service.ticket.test_tasks import ask
from voicebot.domain.case_task import TaskKind
from voicebot.domain.ticket import Ticket
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.hand_over import give
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal
from voicebot.service.ticket.tasks import finishing
from voicebot.service.watch.management import exported_queue, queue_text, view_queue

pytestmark = pytest.mark.requirement("S1-08")


@pytest.fixture
def case(line_on_both: Line) -> Ticket:
    """A case with its promise."""
    return line_on_both.ticket(line_on_both.told_call())


def said(line: Line, key: str) -> list[str]:
    """Return the lines of a part."""
    return [each.words for part in view_queue(line.hotline).parts if part.key == key for each in part.lines]


def test_nothing_waits_on_an_ordinary_day(line_on_both: Line, case: Ticket) -> None:
    queue = view_queue(line_on_both.hotline)
    assert queue.is_empty
    assert "A second person is needed: none is" in queue_text(queue)


def test_what_is_asked_of_somebody_with_a_say_waits_for_them_until_it_is_done(line_on_both: Line, case: Ticket) -> None:
    line = line_on_both
    ask(line, case, TaskKind.CONSULT, "deputy_1")
    blocked = ask(line, case, TaskKind.BLOCKED, "supervisor_1")
    ask(line, case, TaskKind.REMEDY, "executive_1", amount=40)
    now = said(line, "tasks")
    assert [each.split(": ")[0].partition(", ")[2] for each in now] == ["Supervisor", "Managing director"]
    assert "blocked, asked by First handler, due Wed 18 Nov 2026" in now[0]
    assert "remedy, amount 40, asked by First handler" in now[1]
    act(line.hotline, case.case_number, finishing(blocked.id, words="leave the script", actor="supervisor_1"))
    assert len(said(line, "tasks")) == 1
    line.step(days=5)
    assert "and is LATE" in said(line, "tasks")[0]


def test_a_promised_supervisor_waits_by_name_and_window_until_the_call(line_on_both: Line) -> None:
    line = line_on_both
    asked = line.key(line.reach("ask_story"), "0")
    (now,) = said(line, "supervisor")
    assert "First handler: today 11:00–13:00 EST" in now
    log_callback(line.hotline, line.ticket(asked).case_number, reason="spoke", actor="supervisor_1")
    assert said(line, "supervisor") == []


def test_a_case_that_was_given_to_somebody_with_a_say_lies_with_them(line_on_both: Line, case: Ticket) -> None:
    line = line_on_both
    line.told_call("CA2", OTHER)
    give(line.hotline, case.case_number, to="executive_1", actor="owner_1")
    (now,) = said(line, "cases")
    assert ", Managing director: opened Wed 18 Nov 2026" in now
    assert "next: call Wed 18 Nov 2026" in now


def test_a_refusal_waits_for_a_second_person(line_on_both: Line, case: Ticket) -> None:
    line = line_on_both
    act(line.hotline, case.case_number, asking_refusal(words="no lamp like it", actor="owner_1"))
    assert len(said(line, "refusals")) == 1
    act(line.hotline, case.case_number, confirming_refusal(words="none indeed", actor="supervisor_1"))
    assert said(line, "refusals") == []


def test_a_miss_that_was_told_waits_until_it_is_made_good_and_no_number_is_shown(
    line_on_both: Line, case: Ticket
) -> None:
    line = line_on_both
    line.clock.at = line.promise(case.id).window_closes_at
    line.sweep()
    assert len(said(line, "missed")) == 1
    text = queue_text(view_queue(line.hotline))
    assert "NOT REACHED YET" in text
    assert CALLER not in text
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    assert said(line, "missed") == []
    assert exported_queue(view_queue(line.hotline))["missed"] == {"lines": [], "is_cut": False}


@pytest.mark.requirement("S3-09")
def test_a_case_that_was_hidden_from_one_of_the_staff_is_looked_at_by_the_others(
    line_on_both: Line, case: Ticket
) -> None:
    line = line_on_both
    act(line.hotline, case.case_number, complaining_about("supervisor_1", actor="owner_1"))
    own = seen_by(line.hotline, lambda: "supervisor_1")
    assert [part.lines for part in view_queue(own).parts if part.key == "about"] == [()]
    assert "First handler: about Supervisor, said by First handler: look whether it is so" in said(line, "about")[0]
    act(line.hotline, case.case_number, complaining_about("", actor="supervisor_2"))
    assert said(line, "about") == []
