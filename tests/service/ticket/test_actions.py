"""What staff do to a case beside calling."""

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


def test_a_note_is_kept_as_it_was_typed_and_any_length_beyond_the_limit_is_refused(line: Line) -> None:
    case = case_of(line)
    assert write_note(line.hotline, case, text=" <b>first</b>\r\nsecond\x00 ", actor="deputy_1")
    assert [action.after for action in actions(line, case)] == ["<b>first</b>\nsecond"]
    with pytest.raises(Refused, match="says nothing"):
        write_note(line.hotline, case, text=" \n ", actor="deputy_1")
    assert write_note(line.hotline, case, text="x" * LONGEST_TEXT, actor="deputy_1")
    with pytest.raises(Refused, match="2001 characters"):
        write_note(line.hotline, case, text="x" * (LONGEST_TEXT + 1), actor="deputy_1")
