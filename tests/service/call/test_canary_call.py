"""The hotline's own test call is taken like any other and leaves nothing: no promise, text, notice or figure."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.service.call.ordered_canary import order_canary
from tests.service.lines import CALLER, OTHER, OWN, Line, node_of
from voicebot.adapters.store import tables
from voicebot.domain.call import CallEnd
from voicebot.domain.canary import COMES_WITHIN
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import CloseReason, TicketStatus
from voicebot.service.call.budget import may_come_in
from voicebot.service.call.canary_call import is_expected
from voicebot.service.call.incoming import IncomingCall
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.queries.figures import view_figures

pytestmark = pytest.mark.requirement("D-10")


@pytest.fixture(autouse=True)
def canary(line: Line) -> None:
    """A test call was ordered just now."""
    order_canary(line)


def met(line: Line) -> str | None:
    with line.work() as work:
        newest = work.watch.newest_canary(line.clock.now())
    assert newest is not None
    return newest.call_id


def told_whole(line: Line, answer: CallAnswer, sid: str) -> CallAnswer:
    answer = line.say(line.go_to(answer, "ask_story"), "my parcel came broken")
    while node_of(answer) != "hang_up":
        answer = line.key(answer, "#")
    end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)
    line.sweep()
    return answer


def test_it_goes_through_the_whole_flow_and_leaves_nothing_to_anybody(line: Line) -> None:
    answer = line.ring(OTHER)
    told_whole(line, answer, "CA1")
    call, ticket = line.call(answer), line.ticket(answer)
    assert (call.is_canary, met(line)) == (True, call.id)
    assert (ticket.status, ticket.close_reason) == (TicketStatus.CLOSED, CloseReason.HOUSE)
    assert ticket.complainant_number is None
    assert "my parcel came broken" in ticket.problem
    assert line.promises(ticket.id) == []
    assert [(text.state, text.recipient) for text in line.texts(answer)] == [(SmsState.SUPPRESSED, OTHER)]
    assert line.sender.sent == []
    with line.work() as work:
        assert list(work.notices.of_ticket(ticket.id)) == []


def test_it_is_told_a_window_and_its_case_number(line: Line) -> None:
    answer = line.reach("ask_story", OTHER)
    answer = line.say(answer, "my parcel came broken")
    answer = line.go_to(answer, "offer_window")
    assert line.promises(line.ticket(answer).id) == []
    line.go_to(answer, "tell_case_number")


def test_neither_figures_nor_limits_count_it(line: Line) -> None:
    incoming = IncomingCall(carrier_call_id="CA1", caller=OTHER, called=OWN)
    assert may_come_in(line.hotline, incoming) is None
    with line.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.contacts)).scalar() == 0
    answer = line.ring(OTHER)
    told_whole(line, answer, "CA1")
    line.told_call("CA2", CALLER)
    total = view_figures(line.hotline).total
    assert (total.calls, total.cases) == (1, 1)


def test_an_order_takes_one_call_and_the_next_from_its_number_is_a_strangers(line: Line) -> None:
    first, second = line.ring(OTHER, "CA1"), line.ring(OTHER, "CA2")
    assert (line.call(first).is_canary, line.call(second).is_canary) == (True, False)
    stranger = line.ticket(second)
    assert stranger.status is TicketStatus.OPEN
    assert stranger.id != line.ticket(first).id
    assert stranger.complainant_number is None


@pytest.mark.parametrize("late", [timedelta(0), COMES_WITHIN + timedelta(seconds=1)])
def test_a_call_from_its_number_without_an_order_is_a_complaint(line: Line, late: timedelta) -> None:
    if late:
        line.clock.step(late)
    else:
        with line.work() as work:
            newest = work.watch.newest_canary(line.clock.now())
            assert newest is not None
            work.watch.save_canary(replace(newest, ordered_at=None))
            work.commit()
    answer = line.ring(OTHER)
    assert not line.call(answer).is_canary
    assert line.ticket(answer).status is TicketStatus.OPEN
    assert met(line) is None


def test_another_number_is_never_the_test_call(line: Line) -> None:
    assert may_come_in(line.hotline, IncomingCall(carrier_call_id="CA1", caller=CALLER, called=OWN)) is None
    with line.engine.connect() as connection:
        counted = connection.execute(select(func.count()).select_from(tables.contacts)).scalar()
    assert (is_expected(line.hotline, CALLER, "CA1"), counted) == (False, 1), "the limits count it"
    assert not line.call(line.ring(CALLER)).is_canary
    assert met(line) is None


def test_a_stranger_never_joins_the_case_of_a_test_call(line: Line) -> None:
    told_whole(line, line.ring(OTHER, "CA1"), "CA1")
    line.step(minutes=20)
    answer = line.reach("ask_story", OTHER, "CA2")
    line.say(answer, "somebody feigns this number")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    ticket = line.ticket(answer)
    assert ticket.status is TicketStatus.OPEN
    assert "somebody feigns" in ticket.problem


def test_its_webhook_that_comes_again_is_not_counted_either(line: Line) -> None:
    incoming = IncomingCall(carrier_call_id="CA1", caller=OTHER, called=OWN)
    assert may_come_in(line.hotline, incoming) is None
    line.ring(OTHER, "CA1")
    assert may_come_in(line.hotline, incoming) is None
    with line.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.contacts)).scalar() == 0
    assert may_come_in(line.hotline, replace(incoming, carrier_call_id="CA2")) is None
    with line.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.contacts)).scalar() == 1
