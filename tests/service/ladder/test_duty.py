"""A step tells those on duty; one with nobody on duty is skipped to the next with somebody, and that is said."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.service.lines import EXECUTIVE, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line
from tests.service.promise.watched import run_until, told
from voicebot.domain.escalation import OFF_DUTY
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.service.history import Verb
from voicebot.service.staff.rota import Stretch, add_change, save_profile

ONE = "Wednesday 18 November 2026 13:00:00"
"""The window that was promised closes."""


def away(line: Line, *staff_ids: str) -> None:
    until = line.clock.now() + timedelta(hours=30)
    for staff_id in staff_ids:
        stretch = Stretch(staff_id=staff_id, begins_at=line.clock.now(), ends_at=until)
        add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


def texted(line: Line) -> set[str]:
    line.run_jobs()
    return {recipient for recipient, _body in line.sender.sent}


@pytest.fixture
def missed(line: Line) -> Line:
    line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 12:59:00")
    return line


def test_whoever_is_away_is_not_told_while_another_of_the_step_is_there(missed: Line) -> None:
    away(missed, "owner_1")
    run_until(missed, ONE)
    assert told(missed)[-1] == ("missed", "supervisor_1")


@pytest.mark.requirement("S4-15")
def test_step_with_nobody_on_duty_is_skipped_to_the_next_with_somebody_and_said(missed: Line) -> None:
    away(missed, "owner_1", "supervisor_1", "supervisor_2", "quality_1", "area_1")
    run_until(missed, ONE)
    assert told(missed)[-4:] == [
        ("missed", OFF_DUTY),
        ("second_supervisor", OFF_DUTY),
        ("heads", OFF_DUTY),
        ("executive", "executive_1"),
    ]
    assert texted(missed) >= {EXECUTIVE}
    assert not {OWNER, SUPERVISOR, SECOND_SUPERVISOR} & texted(missed)
    with missed.work() as work:
        (ticket,) = work.tickets.all()
        said = [entry.after for entry in work.tickets.history(ticket.id) if entry.verb == Verb.STEP_TAKEN]
        (breach,) = work.promises.breaches_of_ticket(ticket.id)
        # The complainant's apology is no matter of who is on duty.
        assert [sms.template for sms in work.sms.of_ticket(ticket.id)].count("sms_promise_missed") == 1
    assert said[0] == "missed: nobody on duty, so the next step with somebody is taken at once"
    assert said[-1] == "executive: told executive_1"
    assert breach.next_step_at is None


def test_skipping_goes_no_further_than_to_the_first_with_somebody(missed: Line) -> None:
    away(missed, "owner_1", "supervisor_1")
    run_until(missed, ONE)
    assert told(missed)[-2:] == [("missed", OFF_DUTY), ("second_supervisor", "supervisor_2")]


def test_when_nobody_at_all_is_on_duty_the_people_of_the_step_are_told_where_they_are(missed: Line) -> None:
    everybody = [member.id for member in missed.policy.staff]
    away(missed, *everybody)
    run_until(missed, ONE)
    assert told(missed)[-1] == ("missed", "owner_1,supervisor_1")


def test_whoever_left_a_moment_ago_still_counts_as_there(missed: Line) -> None:
    missed.clock.at = at("Wednesday 18 November 2026 13:14:00")
    away(missed, "executive_1")
    missed.sweep()
    assert told(missed)[-1] == ("missed", "owner_1,supervisor_1")


def test_somebody_with_a_second_role_is_told_in_it(missed: Line) -> None:
    save_profile(missed.hotline, RotaProfile(staff_id="deputy_1", roles=("supervisor",)), actor="boss")
    away(missed, "supervisor_1")
    run_until(missed, ONE)
    assert told(missed)[-1] == ("missed", "owner_1,deputy_1")


@pytest.mark.requirement("S3-09")
def test_a_step_for_those_alone_whom_the_case_is_about_passes_to_the_next_at_once(line: Line) -> None:
    line.change_ticket(line.told_call(), about_id="supervisor_2")
    run_until(line, "Wednesday 18 November 2026 14:30:00")
    assert told(line)[-2:] == [("second_supervisor", OFF_DUTY), ("heads", "quality_1,area_1")]
