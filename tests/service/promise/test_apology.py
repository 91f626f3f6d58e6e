"""What a complainant is told of a missed call."""

import pytest

from tests.service.lines import AREA, CALLER, EXECUTIVE, QUALITY, SECOND_SUPERVISOR, SUPERVISOR, Line
from tests.service.promise.watched import run_until, told
from voicebot.domain.call import CallEnd
from voicebot.service.call.turn import end_call


@pytest.mark.requirement("S0-12")
def test_a_missed_call_apologises_with_a_new_window_and_climbs_in_working_time(line: Line) -> None:
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 13:00:00")
    apology = line.sender.to(CALLER)[-1]
    assert "we did not call you as promised" in apology
    assert "14:00-16:00" in apology
    assert [step for step, _ in told(line)] == ["half_gone", "three_quarters_gone", "missed"]
    run_until(line, "Wednesday 18 November 2026 14:29:00")
    assert not line.sender.to(SECOND_SUPERVISOR)
    run_until(line, "Wednesday 18 November 2026 14:30:00")
    assert len(line.sender.to(SECOND_SUPERVISOR)) == 1
    second = line.promise(answer.call.ticket_id)
    assert (second.attempt, second.target) == (2, "after_miss")
    assert second.words == apology


@pytest.mark.requirement("S0-12")
def test_after_the_second_miss_no_third_window_is_promised_and_the_executive_answers_for_it(line: Line) -> None:
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 16:00:00")
    last = line.sender.to(CALLER)[-1]
    assert "a second time" in last
    assert "managing director is now responsible" in last
    assert len(line.sender.to(EXECUTIVE)) == 1
    run_until(line, "Friday 20 November 2026 18:00:00")
    with line.work() as work:
        assert len(work.promises.of_ticket(answer.call.ticket_id)) == 2
        assert work.promises.open_of_ticket(answer.call.ticket_id) is None
    assert len(line.sender.to(CALLER)) == 3
    assert len(line.sender.to(EXECUTIVE)) == 1
    assert (len(line.sender.to(QUALITY)), len(line.sender.to(AREA))) == (1, 1)


@pytest.mark.requirement("S0-12")
def test_a_complainant_whom_no_text_reaches_gets_no_window_behind_their_back_and_staff_know(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, may_text=False, text_trouble="landline")
    run_until(line, "Wednesday 18 November 2026 13:00:00")
    assert "no text reaches the caller" in line.sender.to(SUPERVISOR)[0]
    with line.work() as work:
        assert len(work.promises.of_ticket(answer.call.ticket_id)) == 1
        entries = [entry.after for entry in work.tickets.history(answer.call.ticket_id)]
    assert "no texts: landline" in entries


@pytest.mark.requirement("S0-12")
def test_who_was_told_of_no_window_is_not_apologised_to_for_it_and_staff_are_told_all_the_same(line: Line) -> None:
    answer = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    (before,) = line.sender.to(CALLER)
    assert line.promise(answer.call.ticket_id).words == ""
    run_until(line, "Thursday 19 November 2026 18:00:00")
    assert line.sender.to(CALLER) == [before]
    assert ("missed", "owner_1,supervisor_1") in told(line)
    assert any("MISSED" in body for body in line.sender.to(SUPERVISOR))
