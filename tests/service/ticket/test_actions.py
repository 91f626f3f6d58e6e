"""What staff do to a case beside calling."""

from datetime import datetime

import pytest

from tests.service.lines import Line
from tests.service.staff.people import actions, case_of
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import LONGEST_TEXT
from voicebot.service.ticket.actions import acknowledge, write_note


def test_a_case_that_is_over_cannot_be_acknowledged(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    with pytest.raises(Refused, match="cannot become acknowledged"):
        acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")


def test_acknowledging_before_any_miss_only_marks_the_case(line: Line) -> None:
    answer = line.told_call()
    acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
    assert line.ticket(answer).status is TicketStatus.ACKNOWLEDGED


def test_acknowledging_a_climb_that_has_ended_moves_nothing(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=4)
    line.sweep()
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    acknowledge(line.hotline, case, actor="owner_1")
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert (breach.next_step_at, breach.quiet_until) == (None, None)


@pytest.mark.requirement("S0-12")
def test_a_climb_is_quieted_twice_and_then_goes_on(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=4)
    line.sweep()
    moved = []
    for _ in range(3):
        line.step(minutes=1)
        before = next_step_of(line, answer.call.ticket_id)
        acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
        moved.append(next_step_of(line, answer.call.ticket_id) != before)
    assert moved == [True, True, False]


def next_step_of(line: Line, ticket_id: str) -> datetime | None:
    with line.work() as work:
        return work.promises.breaches_of_ticket(ticket_id)[0].next_step_at


def test_a_note_is_kept_as_it_was_typed_and_any_length_beyond_the_limit_is_refused(line: Line) -> None:
    case = case_of(line)
    assert write_note(line.hotline, case, text=" <b>first</b>\r\nsecond\x00 ", actor="deputy_1")
    assert [action.after for action in actions(line, case)] == ["<b>first</b>\nsecond"]
    with pytest.raises(Refused, match="says nothing"):
        write_note(line.hotline, case, text=" \n ", actor="deputy_1")
    assert write_note(line.hotline, case, text="x" * LONGEST_TEXT, actor="deputy_1")
    with pytest.raises(Refused, match="2001 characters"):
        write_note(line.hotline, case, text="x" * (LONGEST_TEXT + 1), actor="deputy_1")


def test_a_climb_that_somebody_acknowledges_rests_for_the_policys_time_and_then_goes_on(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=4)
    line.sweep()
    with line.work() as work:
        (before,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
    with line.work() as work:
        (quiet,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert before.next_step_at is not None
    assert quiet.quiet_until is not None
    assert quiet.quiet_until > line.clock.now()
    assert quiet.next_step_at == max(before.next_step_at, quiet.quiet_until)
    assert quiet.ended_at is None, "nobody was called yet"


def test_a_double_click_acknowledges_once_and_writes_one_note(line: Line) -> None:
    case = case_of(line)
    taken = [acknowledge(line.hotline, case, actor="owner_1", seen=0) for _ in range(2)]
    written = [write_note(line.hotline, case, text="she called back", actor="owner_1", seen=1) for _ in range(2)]
    assert (taken, written) == ([True, False], [True, False])
    assert len(actions(line, case)) == 2
