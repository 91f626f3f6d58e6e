"""A case as staff see it."""

import pytest

from tests.builders import at
from tests.service.lines import OTHER, Line
from voicebot.domain.case_number import written
from voicebot.errors import Refused
from voicebot.service.case_view import BLOT, list_cases, said, view_case
from voicebot.service.promise import log_callback
from voicebot.service.ticket import acknowledge


def test_cases_stand_in_the_order_of_what_is_due_next(line: Line) -> None:
    late = line.told_call()
    line.step(hours=1)
    later = line.told_call("CA2", OTHER)
    quiet = line.told_call("CA3", "+12025550178")
    log_callback(line.hotline, line.ticket(quiet).case_number, reason="spoke", actor="owner_1")
    lines = list_cases(line.hotline)
    assert [each.case for each in lines] == [written(line.ticket(each).case_number) for each in (late, later, quiet)]
    assert (lines[0].deadline, lines[0].deadline_at) == (
        "warning half_gone",
        at("Wednesday 18 November 2026 12:00:00"),
    )
    assert (lines[2].deadline, lines[2].deadline_at) == ("", None)


def test_every_deadline_says_why_it_is_at_that_instant(line: Line) -> None:
    answer = line.told_call()
    view = view_case(line.hotline, line.ticket(answer).case_number)
    why = {due.what: due.why for due in view.deadlines}
    assert "target standard: within 8 hours of working time" in why["call standard"]
    assert why["warning half_gone"] == ("50% of the window has passed then; tells owner",)


def test_a_step_says_which_miss_and_which_closed_hours_it_waits_out(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
    view = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in view.deadlines if due.what.startswith("step")]
    assert step.what == "step second_supervisor"
    assert "(miss 1)" in step.why[0]
    assert any(reason.startswith("closed Wed 2026-11-18 13:00:00 EST") for reason in step.why)
    assert any("acknowledged: quiet until" in reason for reason in step.why)


def test_a_second_miss_says_that_the_executive_is_told_at_once(line: Line) -> None:
    answer = line.told_call()
    for said_at in ("Wednesday 18 November 2026 13:00:00", "Wednesday 18 November 2026 16:00:00"):
        line.clock.at = at(said_at)
        if said_at.endswith("13:00:00"):
            line.sweep()
    from voicebot.service.promise import breach_if_closed

    breach_if_closed(line.hotline, line.promise(answer.call.ticket_id).id)
    view = view_case(line.hotline, line.ticket(answer).case_number)
    (step,) = [due for due in view.deadlines if due.what.startswith("step")]
    assert "(miss 2)" in step.why[0]
    assert (list_cases(line.hotline)[0].misses, len(view.breaches)) == (2, 2)


def test_when_the_ladder_is_climbed_nothing_more_is_due(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, may_text=False)
    line.clock.at = at("Friday 20 November 2026 17:00:00")
    line.sweep()
    assert view_case(line.hotline, line.ticket(answer).case_number).deadlines == ()


def test_the_whole_case_is_there_and_the_pin_is_blotted_out(line: Line) -> None:
    answer = line.told_call()
    view = view_case(line.hotline, line.ticket(answer).case_number)
    pin = line.ticket(answer).pin
    assert (view.owner, view.ticket.pin, len(view.calls)) == ("First handler", BLOT, 1)
    assert [each.answer.slot for each in view.answers] == ["story", "remedy"]
    assert view.answers[0].confidence == pytest.approx(0.9)
    assert BLOT in view.texts[0].body
    assert f" {pin}" not in view.texts[0].body
    assert view.history[0].verb == "ticket_opened"


def test_no_case_of_that_number_is_refused(line: Line) -> None:
    with pytest.raises(Refused):
        view_case(line.hotline, "123")


def test_instants_are_said_in_the_companys_zone() -> None:
    assert said(at("Wednesday 18 November 2026 12:00:00"), "America/New_York") == "Wed 2026-11-18 12:00:00 EST"
