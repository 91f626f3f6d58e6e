"""A call ordered by hand: a row and a job, or a sentence and nothing."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.service.callback.callers import a_case, calls_of, ordered, talk
from tests.service.ladder.test_duty import away
from tests.service.lines import OWNER, SUPERVISOR, Line, finds
from voicebot.domain.rota import RotaProfile
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.callback.order import CallOrder, due_calls, order_callback, who_rings, write_order
from voicebot.service.hotline import context_of
from voicebot.service.staff.decision import act
from voicebot.service.staff.rota import save_profile
from voicebot.service.ticket.about import complaining_about


def test_whose_case_it_is_is_rung(line: Line) -> None:
    call = ordered(line, a_case(line))
    assert line.calls.rung == [(OWNER, call.id)]
    assert (call.member_id, call.ordered_by) == ("owner_1", "owner_1")


def test_somebody_else_may_be_rung(line: Line) -> None:
    call = ordered(line, a_case(line), member_id="supervisor_1")
    assert line.calls.rung == [(SUPERVISOR, call.id)]


@pytest.mark.parametrize(
    ("actor", "when", "code"),
    [
        ("nobody", "10:05", "member-unknown"),
        ("owner_1", "21:00", "callback-impossible"),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_written(line: Line, actor: str, when: str, code: str) -> None:
    ticket = a_case(line)
    line.clock.at = at(f"Wednesday 18 November 2026 {when}:00")
    with pytest.raises(Refused) as refusal:
        order_callback(line.hotline, ticket.case_number, actor=actor)
    assert (refusal.value.code, calls_of(line, ticket)) == (code, [])


def test_one_call_of_a_case_at_a_time(line: Line) -> None:
    ticket = a_case(line)
    order_callback(line.hotline, ticket.case_number, actor="owner_1")
    with pytest.raises(Refused, match="under way"):
        order_callback(line.hotline, ticket.case_number, actor="owner_1")
    line.run_jobs()
    assert len(line.calls.rung) == 1


def test_after_it_is_over_another_may_be_ordered(line: Line) -> None:
    ticket = a_case(line)
    talk(line, ordered(line, ticket), agrees="1", keyed="1")
    ordered(line, ticket)
    assert len(line.calls.rung) == 2


@pytest.mark.requirement("S3-05")
def test_who_asked_for_a_supervisor_is_rung_by_one(line: Line) -> None:
    ticket = line.ticket(line.key(line.reach("ask_story"), "0"))
    with line.work() as work:
        promise = work.promises.open_of_ticket(ticket.id)
    assert promise is not None
    assert (promise.target, rung_now(line, ticket)) == ("supervisor", "supervisor_1")


def rung_now(line: Line, ticket: Ticket) -> str | None:
    with line.work() as work:
        member = who_rings(context_of(line.hotline, work), ticket)
    return member and member.id


@pytest.mark.requirement("S1-09")
def test_whoever_is_away_is_not_rung_and_somebody_on_duty_is_instead(line: Line) -> None:
    ticket = a_case(line)
    assert rung_now(line, ticket) == "owner_1"
    away(line, "owner_1")
    assert rung_now(line, ticket) is None, "nobody else looks after cases"
    save_profile(line.hotline, RotaProfile(staff_id="deputy_1", roles=("handler",)), actor="boss")
    assert rung_now(line, ticket) == "deputy_1"


def test_outside_their_hours_nobody_is_rung_by_itself(line: Line) -> None:
    ticket = a_case(line)
    line.clock.at = at("Wednesday 18 November 2026 21:00:00")
    assert rung_now(line, ticket) is None


def test_a_supervisor_who_is_away_is_passed_over(line: Line) -> None:
    ticket = line.ticket(line.key(line.reach("ask_story"), "0"))
    away(line, "supervisor_1")
    assert rung_now(line, ticket) == "supervisor_2"


def test_calls_are_due_from_their_instant_on(line: Line) -> None:
    ticket, member = a_case(line), line.policy.staff[0]
    order = CallOrder(ticket=ticket, member=member, ordered_by="worker", purpose="later", delay=timedelta(minutes=5))
    with line.work() as work:
        call = write_order(context_of(line.hotline, work), order)
        work.commit()
    assert call is not None
    assert finds(line.hotline, due_calls, 10) == ()
    line.step(minutes=5)
    assert finds(line.hotline, due_calls, 10) == (call.id,)


def test_a_case_whose_owner_left_the_firm_is_rung_by_whoever_would_get_it_now(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, owner_id="gone_1")
    assert rung_now(line, line.ticket(answer)) == "owner_1"


@pytest.mark.requirement("S3-09")
def test_whom_the_case_complains_about_is_not_rung_about_it(line: Line) -> None:
    ticket = a_case(line)
    act(line.hotline, ticket.case_number, complaining_about("supervisor_1", actor="owner_1"))
    with pytest.raises(Refused, match="let somebody else call") as refusal:
        order_callback(line.hotline, ticket.case_number, actor="owner_1", member_id="supervisor_1")
    assert (refusal.value.code, calls_of(line, ticket)) == ("about-them", [])
