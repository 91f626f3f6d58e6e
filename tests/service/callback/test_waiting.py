"""How long a complainant waits on the line: measured by the carrier's questions, written once, shown on the case."""

from datetime import timedelta

import pytest

from tests.service.callback.callers import CA, a_case, calls_of, ordered
from tests.service.callback.test_rang_in import asked, talked, waited_and_talked, waits_for_a_call
from tests.service.lines import Line
from voicebot.domain.call import CallEnd
from voicebot.domain.staff_call import StaffCall, waiting_of
from voicebot.domain.ticket import Ticket
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.turn import end_call
from voicebot.service.callback import hops

pytestmark = pytest.mark.requirement("S4-03")


def waits_written(line: Line, ticket: Ticket) -> list[str]:
    """Return what the history says of waiting."""
    with line.work() as work:
        return [entry.after for entry in work.tickets.history(ticket.id) if entry.verb == "complainant_waited"]


def picked_up(line: Line, call: StaffCall, *, after_s: int) -> None:
    """Let the member take the call, and the complainant pick up later."""
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    line.step(seconds=after_s)
    hops.announce(line.hotline, call.id)


def let_through(line: Line, call: StaffCall, key: str = "") -> None:
    """Let the announcement end, with a key or without, as often as the carrier asks."""
    for _ in range(2):
        assert isinstance(hops.agree(line.hotline, call.id, key), hops.LetThrough)
        line.step(seconds=1)


@pytest.mark.parametrize("key", ["", "1"])
def test_whom_we_ring_waits_from_picking_up_until_both_are_connected(line: Line, key: str) -> None:
    ticket = a_case(line)
    call = ordered(line, ticket)
    picked_up(line, call, after_s=15)
    line.step(seconds=7)
    hops.announce(line.hotline, call.id)  # the carrier asks twice
    line.step(seconds=2)
    let_through(line, call, key)
    line.step(seconds=60)
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=69)
    hops.take_result(line.hotline, call.id, "1", is_last=False)
    hops.end(line.hotline, call.id, status="completed")
    assert waits_written(line, ticket) == ["9 s"]
    assert waiting_of(calls_of(line, ticket)[-1]) == 9


def test_a_machine_waits_for_nobody(line: Line) -> None:
    ticket = a_case(line)
    call = ordered(line, ticket)
    picked_up(line, call, after_s=5)
    line.step(seconds=9)
    let_through(line, call)
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=20)
    hops.take_result(line.hotline, call.id, "2", is_last=False)
    hops.end(line.hotline, call.id, status="completed")
    assert (waits_written(line, ticket), waiting_of(calls_of(line, ticket)[-1])) == ([], 0)


def test_who_rings_in_waits_while_the_owners_phone_rings(line: Line) -> None:
    ticket, answer = waited_and_talked(line)
    talked(line, answer)
    assert waits_written(line, ticket) == ["42 s"]


def test_who_waits_in_vain_has_waited_all_the_same(line: Line) -> None:
    ticket = waits_for_a_call(line)
    answer = asked(line)
    line.step(seconds=20)
    talked(line, answer, is_bridged=False)
    assert waits_written(line, ticket) == ["20 s"]


def test_who_hangs_up_while_it_rings_has_waited_until_then_however_late_we_hear_of_it(line: Line) -> None:
    ticket = waits_for_a_call(line)
    asked(line)
    line.step(seconds=11)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.clock.step(timedelta(minutes=30))
    run_due(line.hotline)
    assert waits_written(line, ticket) == ["11 s"]


def test_where_the_member_takes_no_call_nobody_has_waited(line: Line) -> None:
    ticket = a_case(line)
    hops.accept(line.hotline, ordered(line, ticket).id, "2")
    assert waits_written(line, ticket) == []
