"""Who a case goes to: language, duty, room, load, in this order; never nobody."""

from datetime import timedelta

import pytest

from tests.service.lines import Line
from tests.service.staff.team import join_team
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.domain.ticket import Channel, Ticket
from voicebot.service.hotline import context_of
from voicebot.service.staff.assignment import choose_owner, choose_second
from voicebot.service.staff.rota import Stretch, add_change, save_profile
from voicebot.service.ticket.opening import TicketOpening, open_ticket

HOUR = timedelta(hours=1)


def opened(line: Line, count: int = 1, *, locale: str = "en") -> list[str]:
    """Open cases and say who owns each."""
    return [open_one(line, locale).owner_id for _ in range(count)]


def open_one(line: Line, locale: str = "en") -> Ticket:
    with line.work() as work:
        opening = TicketOpening(channel=Channel.PHONE, locale=locale, complainant_number=None)
        ticket = open_ticket(context_of(line.hotline, work), opening)
        work.commit()
    return ticket


def away(line: Line, staff_id: str, hours: float) -> None:
    now = line.clock.now()
    stretch = Stretch(staff_id=staff_id, begins_at=now, ends_at=now + hours * HOUR)
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


@pytest.mark.requirement("S1-09")
def test_new_cases_go_to_the_least_loaded_of_those_on_duty(line_on_both: Line) -> None:
    line = line_on_both
    assert opened(line, 2) == ["owner_1", "owner_1"]
    join_team(line, "Anna")
    join_team(line, "Ben", "Thursday 9:00-17:00")
    assert opened(line, 4) == ["anna", "anna", "owner_1", "anna"]


def test_whoever_is_away_gets_none_until_they_are_back(line: Line) -> None:
    join_team(line, "Anna")
    away(line, "anna", 2)
    assert opened(line, 3) == ["owner_1"] * 3
    line.step(hours=2)
    assert opened(line, 2) == ["anna", "anna"]


def test_with_nobody_on_duty_a_case_goes_to_whoever_is_there_first(line: Line) -> None:
    join_team(line, "Anna", "Thursday 7:00-15:00")
    line.step(hours=12)
    assert opened(line, 2) == ["anna", "anna"]
    away(line, "anna", 48)
    assert opened(line) == ["owner_1"]


@pytest.mark.requirement("S2-23")
def test_beyond_the_load_cap_nothing_comes_while_somebody_else_has_room(line: Line) -> None:
    join_team(line, "Anna", load_cap=1)
    save_profile(line.hotline, RotaProfile(staff_id="owner_1", load_cap=3), actor="boss")
    assert opened(line, 4) == ["owner_1", "anna", "owner_1", "owner_1"]
    # Everybody has enough: cases are spread by load all the same, for none is without an owner.
    assert opened(line, 2) == ["anna", "anna"]


def test_cap_of_nought_keeps_new_cases_away_unless_there_is_nobody_else(line: Line) -> None:
    join_team(line, "Anna", load_cap=0)
    away(line, "owner_1", 24)
    assert opened(line) == ["owner_1"]
    save_profile(line.hotline, RotaProfile(staff_id="owner_1", load_cap=0), actor="boss")
    assert opened(line) == ["anna"]


def test_language_goes_before_duty(line: Line) -> None:
    save_profile(line.hotline, RotaProfile(staff_id="owner_1", languages=("en",)), actor="boss")
    join_team(line, "Anna", languages=("hr",))
    away(line, "anna", 3)
    assert opened(line, locale="hr-HR") == ["anna"]
    assert opened(line, locale="en") == ["owner_1"]
    assert opened(line, locale="ru") == ["owner_1"]


def test_only_whoever_is_asked_to_be_left_out_is(line: Line) -> None:
    with line.work() as work:
        now = line.clock.now()
        assert choose_owner(work, line.policy, locale="en", now=now, besides=("owner_1",)) is None
    join_team(line, "Anna")
    with line.work() as work:
        chosen = choose_owner(work, line.policy, locale="en", now=now, besides=("owner_1",))
    assert chosen is not None
    assert chosen.id == "anna"


def offered(line: Line) -> str | None:
    """Say who is offered a case of the usual owner."""
    with line.work() as work:
        found = choose_second(work, line.policy, locale="en", now=line.clock.now(), besides={"owner_1"})
    return None if found is None else found.id


@pytest.mark.requirement("S3-06")
def test_a_case_is_offered_to_another_handler_on_duty_and_else_to_whoever_works_next(line: Line) -> None:
    join_team(line, "Anna")
    assert offered(line) == "anna"
    away(line, "anna", 4)
    others = [member.id for member in line.policy.staff if member.id != "owner_1"]
    assert offered(line) == others[0], "who is away is offered nothing while somebody else of the staff works"
    for staff_id in others:
        away(line, staff_id, 8)
    assert offered(line) == "anna", "who is back first"
