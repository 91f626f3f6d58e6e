"""When we call, chosen among windows with room; a number written down; each told to the complainant."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.builders import a_shift
from tests.customers import FakeCustomerSource
from tests.service.lines import CALLER, Line
from voicebot.domain.call import CallEnd
from voicebot.domain.promise import PromiseState, WindowReason
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.hotline import context_of
from voicebot.service.promise.choose import choosing, giving_number, promise_offered, running_late, windows_for
from voicebot.service.staff.decision import act
from voicebot.service.staff.rota import add_shift


@pytest.fixture
def told(line: Line) -> CallAnswer:
    return line.told_call()


def case_of(line: Line, told: CallAnswer) -> str:
    return line.ticket(told).case_number


def last_text(line: Line) -> str:
    line.run_jobs()
    return line.sender.sent[-1][1]


def test_windows_offered_have_room_and_do_not_overlap(line: Line, told: CallAnswer) -> None:
    standing = line.promise(told.call.ticket_id)
    offered = windows_for(line.hotline, case_of(line, told))
    assert len(offered) == 12
    assert standing.window not in offered
    assert all(before.closes_at <= after.opens_at for before, after in pairwise(offered))


@pytest.mark.requirement("D-02", "D-03")
def test_a_chosen_window_moves_the_promise_and_is_told(line: Line, told: CallAnswer) -> None:
    window = windows_for(line.hotline, case_of(line, told))[3]
    step = choosing(window.opens_at, words="she is at work before", actor="owner_1")
    assert act(line.hotline, case_of(line, told), step)
    before, now = line.promises(told.call.ticket_id)
    assert (before.state, now.state, now.window) == (PromiseState.MOVED, PromiseState.OPEN, window)
    assert "chosen among those with room" in " ".join(WindowReason.model_validate_json(now.why_json).lines())
    assert "about case" in last_text(line)
    assert now.words == last_text(line).replace(f"Code {line.ticket(told).pin}", "")


def test_a_time_that_we_cannot_keep_is_said_as_ours(line: Line, told: CallAnswer) -> None:
    window = windows_for(line.hotline, case_of(line, told))[0]
    act(line.hotline, case_of(line, told), choosing(window.opens_at, words="ill", actor="owner_1", is_our_fault=True))
    assert "cannot call at the time we promised" in last_text(line)


@pytest.mark.requirement("D-03", "S2-19")
def test_who_runs_late_says_so_with_one_key_before_the_miss(line: Line, told: CallAnswer) -> None:
    standing = line.promise(told.call.ticket_id)
    act(line.hotline, case_of(line, told), running_late(words="three are ill", actor="owner_1"))
    before, now = line.promises(told.call.ticket_id)
    assert (before.state, before.kept_by, now.state) == (PromiseState.MOVED, None, PromiseState.OPEN)
    assert now.window_opens_at > standing.window_opens_at
    assert "cannot call at the time we promised" in last_text(line)
    assert "are sorry" in last_text(line)
    with line.work() as work:
        assert work.promises.breaches_of_ticket(told.call.ticket_id) == []


@pytest.mark.requirement("D-03")
def test_after_the_miss_nobody_says_that_they_will_be_late(line: Line, told: CallAnswer) -> None:
    line.clock.at = line.promise(told.call.ticket_id).window_closes_at
    with pytest.raises(Refused) as refusal:
        act(line.hotline, case_of(line, told), running_late(words="three are ill", actor="owner_1"))
    assert refusal.value.code == "not-ahead"


def test_who_runs_late_when_no_later_window_has_room_is_told_to_call_now(line: Line, told: CallAnswer) -> None:
    standing = line.promise(told.call.ticket_id)
    add_shift(line.hotline, a_shift("owner_1", "Sunday 11:00-12:00"), actor="boss")
    with pytest.raises(Refused, match="call now") as refusal:
        act(line.hotline, case_of(line, told), running_late(words="three are ill", actor="owner_1"))
    assert refusal.value.code == "window-full"
    assert line.promises(told.call.ticket_id) == [standing]


def test_a_window_without_room_changes_nothing(line: Line, told: CallAnswer) -> None:
    standing = line.promise(told.call.ticket_id)
    for opens_at in (standing.window_opens_at, line.clock.now() - timedelta(hours=1)):
        with pytest.raises(Refused, match="no room"):
            act(line.hotline, case_of(line, told), choosing(opens_at, words="please", actor="owner_1"))
    assert line.promises(told.call.ticket_id) == [standing]


@pytest.mark.requirement("D-03")
def test_moving_what_was_missed_does_not_hide_the_miss(line: Line, told: CallAnswer) -> None:
    line.step(hours=6)
    window = windows_for(line.hotline, case_of(line, told))[0]
    act(line.hotline, case_of(line, told), choosing(window.opens_at, words="sorry", actor="owner_1"))
    assert [promise.state for promise in line.promises(told.call.ticket_id)] == [
        PromiseState.BREACHED,
        PromiseState.OPEN,
    ]


def test_a_number_written_down_turns_the_search_into_a_promised_call(line: Line) -> None:
    answer = line.ring("", "CA1")
    answer = line.say(line.go_to(answer, "ask_story"), "my parcel came broken, ring my sister")

    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    ticket = line.ticket(answer)
    assert (ticket.complainant_number, line.promise(ticket.id).target) == (None, "find_number")
    with pytest.raises(Refused, match="no number that we may call") as refusal:
        act(line.hotline, ticket.case_number, giving_number("911", words="she said", actor="owner_1"))
    assert refusal.value.code == "number-refused"
    with pytest.raises(Refused, match="write one down first"):
        act(
            line.hotline,
            ticket.case_number,
            choosing(windows_for(line.hotline, ticket.case_number)[0].opens_at, words="x", actor="owner_1"),
        )
    assert act(line.hotline, ticket.case_number, giving_number("(202) 555-0177", words="by mail", actor="owner_1"))
    assert line.ticket(answer).complainant_number == "+12025550177"
    assert line.promise(ticket.id).target == "standard"
    assert line.sender.sent == [], "nobody at that number was asked about texts"


@pytest.mark.requirement("S0-15")
def test_who_has_another_number_is_looked_up_at_once_and_not_for_the_same_one(line: Line, told: CallAnswer) -> None:
    source = FakeCustomerSource()
    line.use(customer_source=source)
    line.sweep()
    for number in (CALLER, "(202) 555-0177"):
        act(line.hotline, case_of(line, told), giving_number(number, words="by mail", actor="owner_1"))
        line.sweep()
    assert source.asked == [CALLER, "+12025550177"]


@pytest.mark.parametrize("status", [TicketStatus.CLOSED, TicketStatus.ANSWERED])
def test_only_an_open_case_is_promised_a_call(line: Line, told: CallAnswer, status: TicketStatus) -> None:
    window = windows_for(line.hotline, case_of(line, told))[0]
    line.change_ticket(told, status=status)
    for step in (
        choosing(window.opens_at, words="please", actor="owner_1"),
        giving_number("+12025550177", words="by mail", actor="owner_1"),
    ):
        with pytest.raises(Refused, match="only an open case"):
            act(line.hotline, case_of(line, told), step)


def test_another_number_for_a_call_that_is_promised_changes_the_number_and_nothing_else(
    line: Line, told: CallAnswer
) -> None:
    standing, sent = line.promises(told.call.ticket_id), list(line.sender.sent)
    act(line.hotline, case_of(line, told), giving_number("(202) 555-0177", words="her sister's", actor="owner_1"))
    line.run_jobs()
    assert line.ticket(told).complainant_number == "+12025550177"
    assert (line.promises(told.call.ticket_id), line.sender.sent) == (standing, sent)


def test_a_time_chosen_in_a_call_is_promised_where_it_has_room_and_told_by_nobody_yet(
    line: Line, told: CallAnswer
) -> None:
    window, sent = windows_for(line.hotline, case_of(line, told))[2], len(line.sender.sent)
    with line.work() as work:
        context, ticket = context_of(line.hotline, work), line.hotline and work.tickets.get(told.call.ticket_id)
        assert ticket is not None
        promise = promise_offered(context, ticket, window.opens_at)
        assert promise is not None
        assert promise_offered(context, ticket, window.opens_at + timedelta(minutes=7)) is None
        work.commit()
    assert line.promise(told.call.ticket_id).window == window
    line.run_jobs()
    assert len(line.sender.sent) == sent
