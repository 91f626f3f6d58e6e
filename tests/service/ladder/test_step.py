"""A step is written once, told to whom it reaches, and said to reach nobody when it does."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import MONDAY_TEN, a_ticket, at
from tests.service.chaos import BOTH_IN_LONG, die_once
from tests.service.decision.deciding import DUE, called_case
from tests.service.devices import LINK, Devices, a_team, case, text
from tests.service.lines import CALLER, DEPUTY, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line
from voicebot.domain.escalation import NOBODY, NOT_KNOWN, OFF_DUTY, DueStep
from voicebot.domain.notice import LADDER_EVENTS, Notice, NoticeState
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.flow.prompts import written_case
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.ladder.step import Alarm, pass_over, take_step
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TextKind
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.rota import Stretch, add_change, save_profile

STEP = DueStep(name="first", due_at=MONDAY_TEN, tell=("owner", "supervisor"))


def take(line: Line, step: DueStep = STEP) -> bool:
    with line.work() as work:
        ticket = work.tickets.get("ticket-1") or a_ticket()
        if work.tickets.get("ticket-1") is None:
            work.tickets.add(ticket)
        context = context_of(line.hotline, work)
        alarm = Alarm(
            kind=TextKind.ALARM,
            verb=Verb.STEP_TAKEN,
            template=Template.STAFF_LOOP,
            subject_id="climb-1",
            step=step,
            ticket=ticket,
            slots=slots_of(context, ticket, None),
        )
        is_taken = take_step(context, alarm)
        work.commit()
    line.run_jobs()
    return is_taken


def taken(line: Line) -> list[tuple[str, str]]:
    with line.work() as work:
        return [(step.step, step.told) for step in work.promises.steps("ticket-1")]


def test_a_step_taken_twice_is_told_once(line: Line) -> None:
    assert [take(line), take(line)] == [True, False]
    assert (len(line.sender.to(OWNER)), len(line.sender.to(SUPERVISOR))) == (1, 1)
    assert taken(line) == [("first", "owner_1,supervisor_1")]
    assert line.verbs("ticket-1").count("step_taken") == 1


def test_a_step_that_reaches_nobody_is_taken_and_says_so(line: Line) -> None:
    assert take(line, replace(STEP, tell=("nobody_has_this_role",)))
    assert taken(line) == [("first", NOBODY)]


def test_a_step_passed_over_tells_nobody_and_is_not_taken_later(line: Line) -> None:
    with line.work() as work:
        work.tickets.add(a_ticket())
        pass_over(context_of(line.hotline, work), "climb-1", ticket_id="ticket-1", step=STEP)
        work.commit()
    assert not take(line)
    assert taken(line) == [("first", NOT_KNOWN)]
    assert line.sender.to(OWNER) == []


@pytest.fixture
def devices(line_on_both: Line, tmp_path: Path) -> Devices:
    """The telephones of the staff; the ladder's calls are no matter of these tests."""
    devices = a_team(line_on_both, tmp_path / "team")
    line_on_both.use(staff_channels=(TextChannel(),))
    return devices


def away(line: Line, staff_id: str, until: datetime) -> None:
    stretch = Stretch(staff_id=staff_id, begins_at=line.clock.now(), ends_at=until)
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


def ladder_notices(line: Line) -> list[Notice]:
    with line.work() as work:
        found = [notice for ticket in work.tickets.all() for notice in work.notices.of_ticket(ticket.id)]
    return [notice for notice in found if notice.event in LADDER_EVENTS]


def missed_without(devices: Devices, *absent: str) -> str:
    """Let the promise of a told call be missed while these are away for a while; return how texts name the case."""
    line = devices.line
    told = case(line, answer := line.told_call())
    closes_at = line.promise(answer.call.ticket_id).window_closes_at
    for staff_id in absent:
        away(line, staff_id, until=closes_at + timedelta(minutes=25))
    line.clock.at = closes_at
    devices.arrived()
    return told


@pytest.mark.requirement("S0-12")
def test_owner_whom_the_ladder_passed_over_learns_of_the_miss_when_they_work_next(devices: Devices) -> None:
    line = devices.line
    told = missed_without(devices, "owner_1")
    devices.expect()
    line.clock.at = at("Wednesday 18 November 2026 14:10:00")
    devices.expect(text(OWNER, f"{told}: a promised call was MISSED. What was done since: {LINK}"))
    line.step(minutes=10)
    devices.expect()


@pytest.mark.requirement("S0-12")
def test_whom_the_ladder_told_gets_no_notice_of_the_same(devices: Devices) -> None:
    line = devices.line
    missed_without(devices)
    assert ladder_notices(line) == []
    line.step(minutes=20)
    devices.expect()


def test_a_notice_of_a_miss_is_pointless_once_the_complainant_was_called(devices: Devices) -> None:
    line = devices.line
    missed_without(devices, "owner_1")
    with line.work() as work:
        (ticket,) = work.tickets.all()
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="supervisor_1")
    line.clock.at = at("Wednesday 18 November 2026 14:10:00")
    devices.expect()
    (notice,) = ladder_notices(line)
    assert (notice.state, notice.reason) == (NoticeState.OVERTAKEN, "the complainant was called meanwhile")


def test_a_notice_of_a_miss_is_pointless_once_the_ladder_has_told_its_reader(devices: Devices, tmp_path: Path) -> None:
    """The supervisor was away for a quarter of an hour and has a second role, which the next step tells."""
    line = devices.line
    save_profile(line.hotline, RotaProfile(staff_id="supervisor_1", roles=("second_supervisor",)), actor="boss")
    rules = tmp_path / "team" / "notices.yaml"
    rules.write_text(rules.read_text().replace("bundle: 10 minutes", "bundle: 1 hour"))
    told = missed_without(devices, "supervisor_1")
    (notice,) = ladder_notices(line)
    assert notice.member_id == "supervisor_1"
    line.clock.at = at("Wednesday 18 November 2026 14:30:00")
    devices.expect(text(SUPERVISOR, f"{told}: promised call"), text(SECOND_SUPERVISOR, f"{told}: promised call"))
    line.clock.at = at("Wednesday 18 November 2026 15:00:00")
    devices.expect(text(OWNER, f"{told}: the promised call ends at 16:00"))
    assert [each.reason for each in ladder_notices(line)] == ["the ladder has told them since"]


def test_two_warnings_that_waited_for_their_reader_are_told_as_one(devices: Devices, tmp_path: Path) -> None:
    line = devices.line
    rules = tmp_path / "team" / "notices.yaml"
    rules.write_text(rules.read_text().replace("warning:\n  tell: [owner]", "warning:\n  tell: [supervisor]"))
    told = case(line, answer := line.told_call())
    closes_at = line.promise(answer.call.ticket_id).window_closes_at
    away(line, "supervisor_1", until=closes_at - timedelta(minutes=15))
    for left in (60, 30):
        line.clock.at = closes_at - timedelta(minutes=left)
        assert SUPERVISOR not in [each.where for each in devices.arrived()]
    line.clock.at = closes_at - timedelta(minutes=5)
    devices.expect(text(SUPERVISOR, f"{told}: the promised call is due, and nobody has logged it."))
    assert sorted(notice.state for notice in ladder_notices(line)) == [NoticeState.OVERTAKEN, NoticeState.TOLD]


def test_a_decision_that_is_late_is_told_to_whom_the_ladder_passed_over(devices: Devices) -> None:
    line = devices.line
    ticket = called_case(line)
    line.clock.at = DUE - timedelta(hours=1)
    devices.arrived()
    away(line, "supervisor_1", until=DUE + timedelta(hours=2))
    line.clock.at = DUE
    devices.arrived()
    line.clock.at = DUE + timedelta(hours=2, minutes=10)
    shown = f"Case {written_case(ticket.case_number)}"
    devices.expect(text(SUPERVISOR, f"{shown}: a decision is due or late, and none was told."))


@pytest.mark.requirement("S0-12")
@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(0, 48, 6))
def test_a_worker_killed_anywhere_in_a_climb_tells_ladder_and_notices_once(
    line_on_both: Line, tmp_path: Path, dies_in: int
) -> None:
    """At each instant at which something is due the worker dies at its nth port, and another one goes on."""
    line = line_on_both
    a_team(line, tmp_path / "team")
    line.use(staff_channels=(TextChannel(),))
    told = case(line, answer := line.told_call())
    closes_at = line.promise(answer.call.ticket_id).window_closes_at
    away(line, "owner_1", until=closes_at + timedelta(minutes=25))
    line.clock.at = closes_at - timedelta(minutes=31)
    line.sweep()
    before = len(line.sender.sent)
    for due in (closes_at - timedelta(minutes=30), closes_at, closes_at + timedelta(minutes=70)):
        line.clock.at = due
        die_once(line, dies_in)
        for _ in range(3):
            line.sweep()
            line.step(minutes=2)
    link = LINK + line.ticket(answer).case_number
    assert sorted(each for each in line.sender.sent[before:] if each[0] != CALLER) == [
        (OWNER, f"{told}: a promised call was MISSED. What was done since: {link}"),
        (DEPUTY, f"{told}: the promised call ends at 13:00 EST, and nobody has logged it. Please ring now: {link}"),
        (SUPERVISOR, f"{told}: promised call Wed 18 Nov, 11:00-13:00 EST was MISSED. Please ring now: {link}"),
    ]
    assert [number for number, _ in line.sender.sent[before:]].count(CALLER) == 1, "one apology"


@pytest.mark.requirement("S0-12")
def test_a_step_whose_people_are_off_duty_is_written_as_skipped_and_tells_nobody(line: Line) -> None:
    assert take(line, replace(STEP, is_skipped=True))
    assert (taken(line), line.sender.sent) == ([("first", OFF_DUTY)], [])
    with line.work() as work:
        (said,) = (entry.after for entry in work.tickets.history("ticket-1") if entry.verb == "step_taken")
    assert said == f"first: {OFF_DUTY}, so the next step with somebody is taken at once"
