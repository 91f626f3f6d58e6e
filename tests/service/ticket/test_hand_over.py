"""A case changes hands: taken, given, passed on for somebody who is away; counted and capped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.service.lines import CALLER, Line
from tests.service.staff.people import actions, case_of, owner
from tests.service.staff.team import join_team
from voicebot.domain.call import CallEnd
from voicebot.domain.rota import ChangeKind
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.service.call.turn import end_call
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.staff.rota import Stretch, add_change
from voicebot.service.ticket.hand_over import cover_absent_owner, give, take_over
from voicebot.service.ticket.inbound_text import IncomingText, log_text

HOUR = timedelta(hours=1)


@pytest.mark.requirement("S1-05")
def test_taking_over_changes_the_owner_and_moves_no_clock(line: Line) -> None:
    answer = line.told_call()
    case, before = line.ticket(answer).case_number, line.promise(answer.call.ticket_id)
    line.step(minutes=20)
    assert take_over(line.hotline, case, actor="deputy_1")
    assert line.promise(answer.call.ticket_id) == before
    (action,) = actions(line, case)
    assert (action.actor, action.verb, action.before, action.after) == (
        "deputy_1",
        "ticket_taken_over",
        "owner_1",
        "deputy_1",
    )
    assert owner(line, case) == "deputy_1"


def test_nobody_takes_over_what_is_theirs_or_what_is_over(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    with pytest.raises(Refused, match="yours already"):
        take_over(line.hotline, case, actor="owner_1")
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    with pytest.raises(Refused, match="the case is closed"):
        take_over(line.hotline, case, actor="deputy_1")
    assert owner(line, case) == "owner_1"


def test_of_two_who_take_over_at_the_same_moment_one_is_refused(line_on_both: Line) -> None:
    line = line_on_both
    case = case_of(line)

    def take(actor: str) -> bool:
        try:
            return take_over(line.hotline, case, actor=actor, seen=0)
        except Refused:
            return False

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, ["deputy_1", "supervisor_1", "supervisor_2", "area_1"]))
    assert taken.count(True) == 1
    assert len(actions(line, case)) == 1


def away(line: Line, staff_id: str, hours: float) -> None:
    now = line.clock.now()
    stretch = Stretch(staff_id=staff_id, begins_at=now, ends_at=now + hours * HOUR)
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


def ticket_of(line: Line, case: str) -> Ticket:
    with line.work() as work:
        found = work.tickets.by_case_number(case)
    assert found is not None
    return found


def cover(line: Line, case: str) -> Ticket:
    ticket = ticket_of(line, case)
    with line.work() as work:
        covered = cover_absent_owner(context_of(line.hotline, work), ticket)
        work.commit()
    return covered


@pytest.mark.requirement("S1-09")
def test_case_is_given_to_somebody_by_name(line: Line) -> None:
    case = case_of(line)
    assert give(line.hotline, case, to="deputy_1", actor="supervisor_1", seen=0)
    assert not give(line.hotline, case, to="deputy_1", actor="supervisor_1", seen=0)
    (action,) = actions(line, case)
    assert (action.verb, action.before, action.after) == (Verb.TICKET_GIVEN, "owner_1", "deputy_1")
    assert owner(line, case) == "deputy_1"


def test_nobody_is_given_what_is_theirs_or_while_they_are_away_or_unknown(line: Line) -> None:
    case = case_of(line)
    away(line, "deputy_1", 3)
    for to, why in (("owner_1", "theirs already"), ("gone_1", "goes by"), ("deputy_1", "are away")):
        with pytest.raises(Refused, match=why):
            give(line.hotline, case, to=to, actor="supervisor_1")
    assert (owner(line, case), ticket_of(line, case).hand_offs) == ("owner_1", 0)


@pytest.mark.requirement("S3-09")
def test_a_case_is_not_given_to_whom_it_is_about(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, about_id="supervisor_2")
    with pytest.raises(Refused, match="give it to somebody else") as refused:
        give(line.hotline, line.ticket(answer).case_number, to="supervisor_2", actor="supervisor_1")
    assert (refused.value.code, line.ticket(answer).owner_id) == ("about-them", "owner_1")


@pytest.mark.requirement("S1-01")
def test_hand_offs_are_counted_and_beyond_the_cap_only_a_supervisor_decides(line: Line) -> None:
    case = case_of(line)
    join_team(line, "Anna")
    for turn in range(line.policy.rota.most_hand_offs):
        take_over(line.hotline, case, actor="anna" if turn % 2 == 0 else "owner_1")
    assert ticket_of(line, case).hand_offs == line.policy.rota.most_hand_offs == 3
    for actor in ("owner_1", "deputy_1"):
        with pytest.raises(Refused, match="changed hands 3 times") as refused:
            take_over(line.hotline, case, actor=actor)
        assert refused.value.code == "hand-offs"
    join_team(line, "Sam", role=Role.SUPERVISOR)
    assert give(line.hotline, case, to="owner_1", actor="sam")
    assert give(line.hotline, case, to="deputy_1", actor="supervisor_1")
    assert take_over(line.hotline, case, actor="whoever is at the terminal")
    assert ticket_of(line, case).hand_offs == 6


@pytest.mark.parametrize(
    ("hours", "passed_on"),
    [(0.4, False), (1, True), (30, True)],
    ids=["back before the window opens", "back within the window", "back tomorrow"],
)
def test_what_is_new_for_an_absent_owner_goes_to_somebody_on_duty(line: Line, hours: float, passed_on: bool) -> None:
    case = case_of(line)  # promised from eleven to one
    join_team(line, "Anna")
    line.step(minutes=30)
    away(line, "owner_1", hours)
    covered = cover(line, case)
    assert covered == ticket_of(line, case)
    assert (covered.owner_id, covered.hand_offs) == (("anna", 1) if passed_on else ("owner_1", 0))
    with line.work() as work:
        verbs = [entry.verb for entry in work.tickets.history(covered.id)]
    assert (Verb.OWNER_AWAY in verbs) is passed_on


def test_absent_owner_keeps_what_nobody_else_could_look_after(line: Line) -> None:
    case = case_of(line)
    away(line, "owner_1", 30)
    assert cover(line, case).owner_id == "owner_1"
    join_team(line, "Anna")
    away(line, "anna", 30)
    assert cover(line, case).owner_id == "owner_1"


def test_text_to_an_absent_owner_reaches_somebody_on_duty(line: Line) -> None:
    case = case_of(line)
    join_team(line, "Anna")
    away(line, "owner_1", 30)
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="it is still broken"))
    assert (owner(line, case), ticket_of(line, case).hand_offs) == ("anna", 1)
    log_text(line.hotline, IncomingText(message_sid="SM2", sender=CALLER, body="and it smokes"))
    assert (owner(line, case), ticket_of(line, case).hand_offs) == ("anna", 1)


def test_silent_call_to_an_absent_owner_reaches_somebody_on_duty(line: Line) -> None:
    case = case_of(line)
    join_team(line, "Anna")
    away(line, "owner_1", 30)
    line.ring(CALLER, "CA-again")
    end_call(line.hotline, "CA-again", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=10)
    line.sweep()
    assert owner(line, case) == "anna"
