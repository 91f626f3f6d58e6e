"""Why somebody is not rung now, each with a sentence and the instant from which on they may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adjustments import keep
from tests.builders import a_drill, at
from tests.service.callback.callers import a_case, ordered, talk
from tests.service.lines import CALLER, DEPUTY, OTHER, OWN, Line
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCall, StaffCallKind
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.service.callback.barrier import BUSY_FOR, complainant_barrier, ladder_barrier, member_barrier
from voicebot.service.callback.order import CallOrder, new_call, order_callback
from voicebot.service.hotline import context_of
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import acknowledge


def barrier(line: Line, ticket: Ticket) -> tuple[str, timedelta | None]:
    """Return the barrier's code and how long it stands; empty when there is none."""
    with line.work() as work:
        found = complainant_barrier(context_of(line.hotline, work), ticket)
    if found is None:
        return "", None
    return found.code, None if found.until is None else found.until - line.clock.now()


def test_nothing_is_in_the_way_of_a_usual_case(line: Line) -> None:
    assert barrier(line, a_case(line)) == ("", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": TicketStatus.MERGED}, "case-over"),
        ({"complainant_number": None}, "number-missing"),
        ({"complainant_number": "+442079460000"}, "number-missing"),
        ({"complainant_number": OWN}, "number-missing"),
    ],
)
def test_a_case_whose_complainant_may_not_be_rung_says_why(line: Line, change: dict[str, object], code: str) -> None:
    assert barrier(line, replace(a_case(line), **change)) == (code, None)  # type: ignore[arg-type]


def test_who_talks_to_the_hotline_is_not_rung_meanwhile(line: Line) -> None:
    ticket = a_case(line)
    line.reach("ask_story", CALLER, "CA2")
    assert barrier(line, ticket) == ("on-the-line", BUSY_FOR)


def test_who_is_being_rung_about_another_case_is_not_rung_twice(line: Line) -> None:
    ticket = a_case(line)
    other = line.ticket(line.told_call("CA2", OTHER))
    with line.work() as work:
        work.tickets.save(replace(other, complainant_number=CALLER))
        work.commit()
    ordered(line, ticket)
    assert barrier(line, replace(other, complainant_number=CALLER)) == ("on-the-line", BUSY_FOR)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("Wednesday 18 November 2026 19:59:59", ("", None)),
        ("Wednesday 18 November 2026 20:00:00", ("ring-hours", timedelta(hours=13))),
        ("Sunday 22 November 2026 09:00:00", ("ring-hours", timedelta(hours=24))),
    ],
)
def test_people_are_rung_in_their_hours(line: Line, when: str, found: tuple[str, timedelta | None]) -> None:
    ticket = a_case(line)
    line.clock.at = at(when)
    assert barrier(line, ticket) == found


def test_a_window_that_they_chose_may_lie_outside(line: Line) -> None:
    ticket = a_case(line)
    line.clock.at = at("Wednesday 18 November 2026 22:00:00")
    hour = timedelta(hours=1)
    with line.work() as work:
        promise = work.promises.open_of_ticket(ticket.id)
        assert promise is not None
        now = line.clock.now()
        chosen = replace(promise, window_opens_at=now, window_closes_at=now + hour, confirmed_by_caller=True)
        work.promises.save(chosen)
        work.commit()
    assert barrier(line, ticket) == ("", None)


@pytest.mark.requirement("V-05")
def test_who_is_written_to_and_not_rung_is_rung_by_nobody_through_us(line: Line) -> None:
    ticket = a_case(line)
    keep(line, AdjustmentKind.SLOW, AdjustmentKind.NO_MESSAGE)
    assert barrier(line, ticket) == ("", None)
    keep(line, AdjustmentKind.TEXT_ONLY)
    assert barrier(line, ticket) == ("text-only", None)
    with pytest.raises(Refused, match="written to and not rung"):
        order_callback(line.hotline, ticket.case_number, actor="owner_1")


@pytest.mark.requirement("V-05")
def test_who_is_rung_in_the_morning_is_not_rung_after_it_but_when_a_call_was_promised_for_then(line: Line) -> None:
    ticket = a_case(line)
    keep(line, AdjustmentKind.MORNINGS)
    line.clock.at = at("Wednesday 18 November 2026 10:30:00")
    assert barrier(line, ticket) == ("", None)
    line.clock.at = at("Wednesday 18 November 2026 12:30:00")
    assert barrier(line, ticket) == ("", None), "a call was promised from eleven to one before it was agreed"
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    assert barrier(line, ticket) == ("mornings", timedelta(hours=20))
    with pytest.raises(Refused, match="rung in the morning, so not before Thu 19 Nov 2026, 09:00"):
        order_callback(line.hotline, ticket.case_number, actor="owner_1")


def test_a_refusal_holds_until_that_number_rings_us_itself(line: Line) -> None:
    ticket = a_case(line)
    talk(line, ordered(line, ticket), agrees="9", bridged=False)
    assert barrier(line, ticket) == ("number-refused", None)
    line.step(minutes=1)
    line.told_call("CA3")
    with line.work() as work:
        again = work.tickets.newest()
    assert again is not None
    assert barrier(line, replace(again, complainant_number=CALLER))[0] == ""


@pytest.mark.parametrize(("phone", "is_in_the_way"), [("", True), (OWN, True), ("+12025550161", False)])
def test_a_member_needs_a_telephone_that_may_be_rung(line: Line, phone: str, *, is_in_the_way: bool) -> None:
    member = StaffMember(id="x", name="X", role="handler", phone=phone)
    assert (member_barrier(line.hotline, member) is not None) is is_in_the_way


def test_a_phone_of_the_staff_that_rang_us_is_rung_back_by_anybody_but_itself(line: Line) -> None:
    ticket = line.ticket(line.told_call(caller=DEPUTY))
    other = ordered(line, ticket)
    assert talk(line, other, keyed="1").result == CallOutcome.REACHED
    with pytest.raises(Refused, match="cannot be connected to itself"):
        order_callback(line.hotline, ticket.case_number, actor="boss", member_id="deputy_1")


def test_a_phone_of_the_staff_that_somebody_keyed_is_not_rung(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, complainant_number=DEPUTY)
    with pytest.raises(Refused, match="may not be rung"):
        ordered(line, line.ticket(answer))


# --- the ladder's own calls ----------------------------------------------------------------------------------------


def missed(line: Line) -> tuple[Ticket, str]:
    """Let a promised call be missed and the ladder begin; return the case and the miss."""
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_closes_at
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(ticket.id)
    return ticket, breach.id


def supervisor(line: Line) -> StaffMember:
    """Return whom the ladder rings here."""
    return next(member for member in line.policy.staff if member.id == "supervisor_1")


def rings(line: Line, ticket: Ticket, purpose: str, *, times: int = 0) -> StaffCall:
    """Return a call of the ladder to the supervisor, who was rung so often a minute ago."""
    with line.work() as work:
        context = context_of(line.hotline, work)
        order = CallOrder(
            ticket=ticket,
            member=supervisor(line),
            ordered_by="worker",
            kind=StaffCallKind.LADDER,
            purpose=purpose,
        )
        for number in range(times):
            call = new_call(context, replace(order, purpose=f"step:other-{number}:missed:supervisor_1"))
            assert work.staff_calls.add(replace(call, dialled_at=context.now - timedelta(minutes=1)))
        work.commit()
        return new_call(context, order)


def in_the_way(line: Line, call: StaffCall) -> tuple[str, timedelta | None]:
    """Return why the call does not ring now, and for how long."""
    with line.work() as work:
        found = ladder_barrier(context_of(line.hotline, work), call, supervisor(line))
    if found is None:
        return "", None
    return found.why, None if found.until is None else found.until - line.clock.now()


@pytest.mark.requirement("S0-12")
def test_a_miss_that_was_made_good_is_not_rung_about(line: Line) -> None:
    ticket, breach_id = missed(line)
    call = rings(line, ticket, f"step:{breach_id}:missed:supervisor_1")
    assert in_the_way(line, call) == ("", None)
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="owner_1")
    assert in_the_way(line, call) == ("the complainant was called meanwhile", None)


def test_whoever_has_seen_the_case_is_left_in_peace_for_a_while(line: Line) -> None:
    ticket, breach_id = missed(line)
    call = rings(line, ticket, f"step:{breach_id}:missed:supervisor_1")
    acknowledge(line.hotline, ticket.case_number, actor="owner_1")
    lunch_and_half_an_hour = timedelta(hours=1, minutes=30)
    assert in_the_way(line, call) == ("somebody has seen the case", lunch_and_half_an_hour)
    line.clock.at += lunch_and_half_an_hour
    assert in_the_way(line, call) == ("", None)


def test_a_telephone_rings_only_so_often_an_hour_for_ladders(line: Line) -> None:
    ticket, breach_id = missed(line)
    most = line.policy.callbacks.ladder_calls_an_hour
    call = rings(line, ticket, f"step:{breach_id}:missed:supervisor_1", times=most)
    assert in_the_way(line, call) == (f"rung {most} times in the last hour already", timedelta(minutes=59))


@pytest.mark.requirement("D-10")
def test_a_drill_rings_no_telephone_that_a_ladder_has_rung(line: Line) -> None:
    ticket = a_case(line)
    with line.work() as work:
        work.watch.add_drill(a_drill(ticket_id=ticket.id))
        work.commit()
    assert in_the_way(line, rings(line, ticket, "drill:2026-03:missed:supervisor_1")) == ("", None)
    call = rings(line, ticket, "drill:2026-03:missed:supervisor_1", times=1)
    assert in_the_way(line, call) == ("rung once in the last hour already", timedelta(minutes=59))
