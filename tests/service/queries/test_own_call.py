"""Where a member's own call leads them: on the line, over and to be written up, or done with."""

from dataclasses import replace
from datetime import timedelta

from tests.service.callback.callers import a_case, calls_of, ordered, talk
from tests.service.callback.test_rang_in import asked, taken, talked, waits_for_a_call
from tests.service.lines import Line
from voicebot.domain.case_number import written
from voicebot.domain.promise import CallOutcome
from voicebot.service.callback.dial import end_unmade
from voicebot.service.queries.own_call import REMEMBERED, OwnCall, own_call
from voicebot.service.ticket.actions import write_note


def test_a_call_leads_to_its_case_until_something_is_written_there(line: Line) -> None:
    ticket = a_case(line)
    assert own_call(line.hotline, "owner_1") is None
    call = ordered(line, ticket)
    expected = OwnCall(id=call.id, case=written(ticket.case_number), is_over=False)
    assert own_call(line.hotline, "owner_1") == expected
    talk(line, call, keyed="1")
    found = own_call(line.hotline, "owner_1")
    assert (found and found.is_over, own_call(line.hotline, "supervisor_1")) == (True, None)
    line.step(minutes=1)
    write_note(line.hotline, ticket.case_number, text="Agreed on a refund.", actor="owner_1")
    assert own_call(line.hotline, "owner_1") is None


def test_a_call_in_which_the_complainant_was_never_rung_leads_nowhere(line: Line) -> None:
    end_unmade(line.hotline, ordered(line, a_case(line)).id, "they did not press 1")
    assert own_call(line.hotline, "owner_1") is None


def test_a_caller_who_rang_in_leads_to_the_case_as_well(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    taken(line, ticket)
    talked(line, answer)
    found = own_call(line.hotline, "owner_1")
    assert found is not None
    assert (found.case, found.is_over) == (written(ticket.case_number), True)
    assert calls_of(line, ticket)[-1].result == CallOutcome.REACHED


def test_after_a_while_nobody_is_led_anywhere(line: Line) -> None:
    talk(line, ordered(line, a_case(line)), keyed="1")
    line.clock.step(REMEMBERED + timedelta(minutes=1))
    assert own_call(line.hotline, "owner_1") is None


def test_a_call_leads_nobody_to_a_case_that_is_about_them_by_now(line: Line) -> None:
    ticket = a_case(line)
    ordered(line, ticket)
    with line.work() as work:
        work.tickets.save(replace(ticket, about_id="owner_1"))
        work.commit()
    assert own_call(line.hotline, "owner_1") is None
