"""Cases joined, taken apart, split: what was said goes with them, and each open case owes a call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from tests.builders import a_picture
from tests.service.call.repeats import MORE, asked, digits_in, spoken
from tests.service.lines import CALLER, Line, close_for_a_quarter, node_of
from tests.service.meanwhile import at_calls
from tests.service.texting import write_text
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.flow.events import KeysPressed
from voicebot.service.call.silent_call import settle_silent_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call, take_call_turn
from voicebot.service.hotline import Hotline
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.lead_case import following
from voicebot.service.ticket.splitting import joining, splitting, taking_out


@pytest.fixture
def two(line: Line) -> tuple[CallAnswer, CallAnswer]:
    """Two complaints from two phones, each with its promise."""
    return line.told_call("CA1"), line.told_call("CA2", "+12025550144")


def case(line: Line, told: CallAnswer) -> str:
    return line.ticket(told).case_number


def now(line: Line, ticket_id: str) -> Ticket:
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
    assert ticket is not None
    return ticket


def answers(line: Line, ticket_id: str) -> list[str]:
    with line.work() as work:
        return [answer.id for answer in work.tickets.answers(ticket_id)]


@pytest.mark.requirement("D-08")
@pytest.mark.parametrize("call_is_owed", [True, False])
def test_a_call_that_is_taken_out_while_it_goes_on_leaves_one_text(line_on_both: Line, call_is_owed: bool) -> None:
    line = line_on_both
    first = line.told_call("CA1")
    if not call_is_owed:
        log_callback(line.hotline, case(line, first), reason="spoke", actor="owner_1")
    again = line.say(line.key(asked(line), "1"), MORE)
    line.settle()
    before = line.sender.to(CALLER)
    with line.work() as work:
        (own_id,) = work.tickets.merged_into(first.call.ticket_id)
    number = now(line, own_id).case_number
    assert act(line.hotline, case(line, first), taking_out(number, words="two people", actor="owner_1"))
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.settle()
    (new,) = line.sender.to(CALLER)[len(before) :]
    assert written(number) in new
    assert line.call(again).ticket_id == own_id
    assert line.promise(own_id).words


def test_a_call_that_is_taken_out_hears_its_own_number_from_then_on(line: Line) -> None:
    first = line.told_call("CA1")
    again = line.say(line.key(asked(line), "1"), MORE)
    with line.work() as work:
        (own_id,) = work.tickets.merged_into(first.call.ticket_id)
    number = now(line, own_id).case_number
    act(line.hotline, case(line, first), taking_out(number, words="two people", actor="owner_1"))
    assert digits_in(spoken(line.go_to(again, "tell_case_number"))) == number


@pytest.mark.requirement("D-08")
def test_a_case_joined_wrongly_is_taken_out_with_all_that_came_with_it(
    line_on_both: Line,
) -> None:
    line = line_on_both
    older, newer = line.told_call("CA1"), line.told_call("CA2", "+12025550144")
    old_id, new_id = older.call.ticket_id, newer.call.ticket_id
    before = {old_id: answers(line, old_id), new_id: answers(line, new_id)}
    number = case(line, newer)
    assert act(line.hotline, number, joining(case(line, older), words="one person", actor="owner_1"))
    assert now(line, new_id).status is TicketStatus.MERGED
    assert sorted(answers(line, old_id)) == sorted(before[old_id] + before[new_id])
    with line.work() as work:
        found = work.tickets.by_case_number(number)
        assert found is not None
        assert found.id == old_id
        assert work.promises.open_of_ticket(new_id) is None
        assert work.promises.open_of_ticket(old_id) is not None
    assert act(line.hotline, case(line, older), taking_out(number, words="two people", actor="owner_1"))
    assert {each: answers(line, each) for each in before} == before
    again = now(line, new_id)
    assert (again.status, again.merged_into, again.problem) == (TicketStatus.OPEN, None, "my parcel came broken")
    for ticket_id in before:
        assert line.promise(ticket_id).state is PromiseState.OPEN
    assert line.call(newer).ticket_id == new_id


@pytest.mark.requirement("D-08")
def test_the_sooner_of_two_promised_calls_stands(line: Line) -> None:
    older = line.told_call("CA1")
    line.step(days=1)
    newer = line.told_call("CA2", "+12025550144")
    sooner = line.promise(newer.call.ticket_id)
    line.step(seconds=1)
    standing = line.promise(older.call.ticket_id)
    assert standing.window_closes_at < line.clock.now()
    line.sweep()
    act(line.hotline, case(line, newer), joining(case(line, older), words="one", actor="owner_1"))
    carried = line.promise(older.call.ticket_id)
    assert carried.state is PromiseState.OPEN
    assert carried.window_closes_at <= sooner.window_closes_at


@pytest.mark.requirement("D-08")
def test_a_second_matter_in_a_case_becomes_a_case_of_its_own(line: Line) -> None:
    told = line.told_call()
    write_text(line, "and the heating bill is wrong, too", "SM1")
    ticket_id = told.call.ticket_id
    chosen = answers(line, ticket_id)[-1]
    act(line.hotline, case(line, told), splitting([chosen], words="the heating bill", actor="owner_1"))
    with line.work() as work:
        (new,) = (each for each in work.tickets.all() if each.id != ticket_id)
        assert [answer.id for answer in work.tickets.answers(new.id)] == [chosen]
    assert (new.problem, new.complainant_number) == ("and the heating bill is wrong, too", "+12025550143")
    assert now(line, ticket_id).problem == "my parcel came broken"
    assert line.promise(new.id).state is PromiseState.OPEN


def test_what_cannot_be_joined_or_split_changes_nothing(line: Line, two: tuple[CallAnswer, CallAnswer]) -> None:
    older, newer = two
    before = [now(line, told.call.ticket_id) for told in two]
    all_answers = answers(line, newer.call.ticket_id)
    for step in (
        joining(case(line, newer), words="itself", actor="owner_1"),
        joining("482-719-306", words="nothing", actor="owner_1"),
        taking_out(case(line, older), words="never joined", actor="owner_1"),
        splitting([], words="nothing", actor="owner_1"),
        splitting(all_answers, words="everything", actor="owner_1"),
    ):
        with pytest.raises(Refused):
            act(line.hotline, case(line, newer), step)
    line.change_ticket(older, status=TicketStatus.CLOSED)
    with pytest.raises(Refused, match="still goes on"):
        act(line.hotline, case(line, newer), joining(before[0].case_number, words="one", actor="owner_1"))
    assert now(line, newer.call.ticket_id) == before[1]


# --- at the same moment as the call -------------------------------------------------------------------------

Doing = Callable[[Hotline], object]


def at_once(line: Line, *, call: Doing, staff: Doing) -> None:
    """Let staff act while the call holds its row, up to where they have to wait for it."""
    has_call, staff_wait = Event(), Event()

    def has_held_call() -> None:
        has_call.set()
        assert staff_wait.wait(20), "staff never came to the call"

    of_call = replace(line.hotline, unit_of_work=lambda: at_calls(line, after=has_held_call))
    of_staff = replace(line.hotline, unit_of_work=lambda: at_calls(line, before=staff_wait.set))
    with ThreadPoolExecutor(2) as threads:
        running = threads.submit(call, of_call)
        assert has_call.wait(20), "the call was never held"
        acting = threads.submit(staff, of_staff)
        running.result()
        acting.result()


@pytest.mark.requirement("D-08")
def test_a_call_is_taken_out_while_its_caller_refuses_to_be_recorded(line_on_postgres: Line) -> None:
    line = line_on_postgres
    first = line.told_call("CA1")
    again = line.say(line.key(asked(line), "1"), MORE)
    with line.work() as work:
        (own_id,) = work.tickets.merged_into(first.call.ticket_id)
    step = taking_out(now(line, own_id).case_number, words="two people", actor="owner_1")
    at_once(
        line,
        call=lambda hotline: take_call_turn(hotline, again.call.id, again.turn_number, KeysPressed(keys="8")),
        staff=lambda hotline: act(hotline, case(line, first), step),
    )
    assert line.call(again).ticket_id == own_id
    assert now(line, own_id).status is TicketStatus.OPEN
    with line.work() as work:
        assert [consent.answer for consent in work.calls.consents(again.call.id)][-1] == "refused"


def test_staff_join_the_case_of_a_silent_call_in_the_moment_in_which_it_joins_by_itself(
    line_on_postgres: Line,
) -> None:
    line = line_on_postgres
    first = line.told_call("CA1")
    silent = line.ring(carrier_call_id="CA2")
    while node_of(silent) != "hang_up":
        silent = line.go_on(silent)
    end_call(line.hotline, "CA2", CallEnd.COMPLETED)
    line.step(seconds=36)
    own = line.ticket(silent)
    step = joining(case(line, first), words="one caller", actor="owner_1")
    with pytest.raises(Refused):  # it stands there already
        at_once(
            line,
            call=lambda hotline: settle_silent_call(hotline, silent.call.id),
            staff=lambda hotline: act(hotline, own.case_number, step),
        )
    assert now(line, own.id).merged_into == first.call.ticket_id
    assert line.call(silent).ticket_id == first.call.ticket_id


@pytest.mark.requirement("D-08")
def test_a_case_is_not_joined_away_while_its_caller_talks(line: Line, two: tuple[CallAnswer, CallAnswer]) -> None:
    older, newer = two
    again = line.key(line.reach("ask_matter", "+12025550144", "CA3"), "1")
    line.say(again, MORE)
    with pytest.raises(Refused, match="a call of the case goes on"):
        act(line.hotline, case(line, newer), joining(case(line, older), words="one", actor="owner_1"))


@pytest.mark.requirement("D-08")
@pytest.mark.parametrize("is_open", [True, False])
def test_a_promised_call_goes_to_the_case_that_goes_on_where_that_owes_none_unless_the_firm_is_closed(
    line: Line, two: tuple[CallAnswer, CallAnswer], tmp_path: Path, *, is_open: bool
) -> None:
    older, newer = two
    log_callback(line.hotline, case(line, older), reason="spoke", actor="owner_1")
    if not is_open:
        close_for_a_quarter(line, tmp_path)
    promised = line.promise(newer.call.ticket_id)
    act(line.hotline, case(line, newer), joining(case(line, older), words="one", actor="owner_1"))
    with line.work() as work:
        carried = work.promises.open_of_ticket(older.call.ticket_id)
    assert (carried is not None and carried.window == promised.window) is is_open


@pytest.mark.requirement("D-08")
def test_a_window_that_was_told_stands_before_one_of_which_nobody_knows(line: Line) -> None:
    silent = line.ring("+12025550144", "CA0")
    end_call(line.hotline, "CA0", CallEnd.CALLER_HUNG_UP)
    line.settle()
    line.step(hours=1)
    told = line.told_call("CA1")
    window = line.promise(told.call.ticket_id).window
    act(line.hotline, case(line, told), joining(case(line, silent), words="one", actor="owner_1"))
    assert line.promise(silent.call.ticket_id).window == window


@pytest.mark.requirement("D-08")
def test_who_was_called_about_one_of_two_cases_is_owed_a_call_about_the_other_when_they_are_taken_apart(
    line: Line, two: tuple[CallAnswer, CallAnswer]
) -> None:
    older, newer = two
    for told in two:
        log_callback(line.hotline, case(line, told), reason="spoke", actor="owner_1")
    act(line.hotline, case(line, newer), joining(case(line, older), words="one", actor="owner_1"))
    assert line.promise(older.call.ticket_id).state is PromiseState.OPEN, "what the other told is not answered yet"


@pytest.mark.requirement("D-08")
def test_a_picture_goes_with_the_words_that_it_came_with(line: Line) -> None:
    told = line.told_call()
    write_text(line, "look at the heating bill", "SM1")
    ticket_id = told.call.ticket_id
    first, *_, chosen = answers(line, ticket_id)
    with line.work() as work:
        for number, answer_id in enumerate((first, chosen)):
            picture = a_picture(id=f"picture-{number}", ticket_id=ticket_id, answer_id=answer_id, number=number)
            work.pictures.add(picture)
        work.commit()
    act(line.hotline, case(line, told), splitting([chosen], words="the heating bill", actor="owner_1"))
    with line.work() as work:
        (new,) = (each for each in work.tickets.all() if each.id != ticket_id)
        kept = {each: [picture.id for picture in work.pictures.of_ticket(each)] for each in (ticket_id, new.id)}
    assert kept == {ticket_id: ["picture-0"], new.id: ["picture-1"]}


@pytest.mark.requirement("S3-09")
def test_whom_a_joined_case_is_about_the_other_is_about_too_and_two_people_are_never_one(
    line: Line, two: tuple[CallAnswer, CallAnswer]
) -> None:
    older, newer = two
    for told, staff_id in ((older, "deputy_1"), (newer, "quality_1")):
        line.change_ticket(told, about_id=staff_id)
    join = joining(case(line, older), words="one matter", actor="owner_1")
    with pytest.raises(Refused, match="different people") as refused:
        act(line.hotline, case(line, newer), join)
    assert refused.value.code == "join-about"
    line.change_ticket(older, about_id=None)
    act(line.hotline, case(line, newer), join)
    assert line.ticket(older).about_id == "quality_1"


@pytest.mark.requirement("D-06")
def test_a_case_that_others_follow_is_not_joined_away(line: Line, two: tuple[CallAnswer, CallAnswer]) -> None:
    lead, other = (case(line, told) for told in two)
    follower = case(line, line.told_call("CA3", "+12025550145"))
    act(line.hotline, follower, following(lead, words="branch G", actor="owner_1"))
    with pytest.raises(Refused, match="other cases follow this one") as refused:
        act(line.hotline, lead, joining(other, words="one matter", actor="owner_1"))
    assert refused.value.code == "follow-chain"
