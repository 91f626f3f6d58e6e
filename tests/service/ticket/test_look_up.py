"""Who has a number is looked up anew when staff say so or are about to call, and nobody waits for it."""

from dataclasses import replace

import pytest

from tests.customers import FakeCustomerSource
from tests.service.callback.callers import a_case
from tests.service.lines import Line, finds
from voicebot.errors import Refused
from voicebot.service.callback.order import order_callback
from voicebot.service.hotline import context_of
from voicebot.service.ticket.look_up import freshen, look_up_again
from voicebot.service.upkeep.customer_lookup import look_up, lookups_due

AWAY = FakeCustomerSource(why_not="no answer")


@pytest.mark.requirement("S0-15")
def test_staff_have_it_asked_anew_without_waiting_for_it(line: Line) -> None:
    hotline, ticket = replace(line.hotline, customer_source=AWAY), a_case(line)
    look_up(hotline, ticket.id)
    assert finds(hotline, lookups_due) == ()
    asked = len(AWAY.asked)
    look_up_again(hotline, ticket.case_number)
    assert (finds(hotline, lookups_due), len(AWAY.asked)) == ((ticket.id,), asked)


def test_it_is_refused_where_there_is_nobody_or_nothing_to_ask(line: Line) -> None:
    hotline, hidden = replace(line.hotline, customer_source=AWAY), line.ticket(line.told_call("CA9", "anonymous"))
    for where, case, code in (
        (line.hotline, a_case(line).case_number, "lookup-none"),
        (hotline, hidden.case_number, "lookup-number"),
        (hotline, "111-111-111", "case-unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            look_up_again(where, case)
        assert refusal.value.code == code


@pytest.mark.requirement("S0-15")
def test_a_call_that_is_ordered_has_it_asked_where_it_is_a_day_old(line: Line) -> None:
    hotline, ticket = replace(line.hotline, customer_source=AWAY), a_case(line)
    look_up(replace(hotline, customer_source=FakeCustomerSource()), ticket.id)
    with line.work() as work:
        freshen(context_of(hotline, work), ticket)
        freshen(context_of(line.hotline, work), ticket)
        assert not work.customers.lookup_of(ticket.id).due_at
    line.step(hours=24)
    order_callback(hotline, ticket.case_number, actor="owner_1")
    with line.work() as work:
        assert work.customers.lookup_of(ticket.id).due_at == line.clock.now()
