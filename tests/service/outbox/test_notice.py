"""A telephone expects a text, the clock steps, and nothing else may arrive: what staff are told of their cases."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import a_text_request, at
from tests.fakes_outside import FakeLetters
from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.decision.deciding import DUE, called_case
from tests.service.devices import Devices, a_team, text
from tests.service.lines import (
    CALLER,
    DEPUTY,
    FLOWS_DIR,
    OTHER,
    OWNER,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    Line,
    a_policy_dir,
    with_flows,
)
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.notice import LADDER_EVENTS, Notice, NoticeState
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.domain.ticket import TicketStatus
from voicebot.flow.prompts import written_case
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.notice import tell_notices
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.rota import Stretch, add_change, save_profile
from voicebot.service.ticket.hand_over import give, take_over
from voicebot.service.ticket.inbound_text import IncomingText, log_text

LINK = "https://hotline.example/console/cases/"


@pytest.fixture(autouse=True)
def told_staff(line: Line, tmp_path: Path) -> None:
    """Staff are told of what happens, as flows/policy says."""
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "told", notices=True)))


def expect(line: Line, phone: str, *texts: str) -> None:
    """Let the worker look; the telephone gets a text that begins so for each, once, and nothing else."""
    before = len(line.sender.to(phone))
    for _ in range(3):
        line.sweep()
    got = line.sender.to(phone)[before:]
    assert [any(body.startswith(text) for body in got) for text in texts] == [True] * len(texts), got
    assert len(got) == len(texts), got


def case(line: Line, answer: CallAnswer) -> str:
    number = line.ticket(answer).case_number
    return f"Case {number[:3]}-{number[3:6]}-{number[6:]}"


@pytest.mark.requirement("S0-11")
def test_the_owner_of_a_new_case_is_told_once_with_a_link_to_it(line: Line) -> None:
    answer = line.told_call()
    expect(line, OWNER)
    line.step(minutes=10)
    expect(line, OWNER, f"{case(line, answer)} is new and yours. What was said and promised: {LINK}")
    line.step(minutes=10)
    expect(line, OWNER)


@pytest.mark.requirement("S2-15")
def test_at_night_a_new_case_waits_for_the_morning_and_a_supervisor_is_told_at_once(line: Line) -> None:
    line.clock.at = at("Wednesday 18 November 2026 23:00:00")
    answer = line.key(line.go_to(line.ring(), "ask_story"), "0")
    expect(line, SUPERVISOR, f"{case(line, answer)}: the caller asks for a supervisor")
    other = line.told_call("CA2", OTHER)
    line.clock.at = at("Thursday 19 November 2026 08:59:00")
    expect(line, OWNER)
    line.clock.at = at("Thursday 19 November 2026 09:10:00")
    assert case(line, other)
    line.sweep()
    assert [body for body in line.sender.to(OWNER) if "new" in body or "notices" in body]


def test_several_cases_are_told_in_one_message(line: Line) -> None:
    first = line.told_call()
    line.step(minutes=4)
    line.told_call("CA2", OTHER)
    line.step(minutes=6)
    expect(line, OWNER, f"2 notices about your cases, the first about {case(line, first).lower()}")
    line.step(minutes=30)
    expect(line, OWNER)


def test_more_words_by_text_are_told_to_the_owner_each_once(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=10)
    expect(line, OWNER, case(line, answer))
    for _ in range(2):
        log_text(line.hotline, IncomingText(message_sid="SM9", sender=CALLER, body="the box was wet"))
    line.step(minutes=10)
    expect(line, OWNER, f"{case(line, answer)}: the complainant has told us more")


@pytest.mark.requirement("S1-22")
def test_both_owners_of_a_case_given_away_are_told_and_who_took_it_is_not(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=10)
    expect(line, OWNER, case(line, answer))
    number = line.ticket(answer).case_number
    take_over(line.hotline, number, actor="supervisor_1")
    line.step(minutes=10)
    expect(line, SUPERVISOR)
    told = len(line.sender.to(OWNER))
    give(line.hotline, number, to="owner_1", actor="executive_1")
    line.step(minutes=10)
    expect(line, SUPERVISOR, f"{case(line, answer)} has another owner now")
    assert case(line, answer) in line.sender.to(OWNER)[told]


@pytest.mark.parametrize("status", [TicketStatus.CLOSED, TicketStatus.MERGED, TicketStatus.ACKNOWLEDGED])
def test_nobody_is_told_of_a_new_case_that_is_settled_or_seen(line: Line, status: TicketStatus) -> None:
    answer = line.told_call()
    line.change_ticket(answer, status=status)
    line.step(minutes=10)
    expect(line, OWNER)
    with line.work() as work:
        (notice,) = work.notices.of_ticket(answer.call.ticket_id)
    assert notice.state is NoticeState.OVERTAKEN
    assert notice.reason


def test_a_message_that_waited_until_its_case_was_settled_does_not_leave(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=10)
    tell_notices(line.hotline, "owner_1")
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    expect(line, OWNER)


def test_no_supervisor_is_told_once_the_complainant_was_called(line: Line) -> None:
    answer = line.key(line.go_to(line.ring(), "ask_story"), "0")
    answer = line.go_to(answer, "tell_case_number")
    log_callback(line.hotline, line.ticket(answer).case_number, reason="called", actor="supervisor_1")
    expect(line, SUPERVISOR)


@pytest.mark.requirement("S0-12")
def test_whom_no_channel_reaches_stands_in_the_history_with_the_reason(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    answer = line.key(line.go_to(line.ring(), "ask_story"), "0")
    expect(line, SUPERVISOR)
    with line.work() as work:
        said = [each.after for each in work.tickets.history(answer.call.ticket_id) if each.verb == "notice_untold"]
    assert len(said) == 1
    assert said[0].startswith("supervisor_wanted to supervisor_1, who answered STOP")


def test_a_role_that_nobody_has_is_said_at_once(line: Line, tmp_path: Path) -> None:
    folder = a_policy_dir(tmp_path / "nobody")
    (folder / "notices.yaml").unlink()
    escalation = folder / "escalation.yaml"
    escalation.write_text(
        escalation.read_text()
        .replace("role: supervisor,", "role: duty_manager,")
        .replace("[owner, supervisor]", "[owner, duty_manager]")
        .replace("[supervisor, second", "[duty_manager, second")
    )
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    answer = line.key(line.go_to(line.ring(), "ask_story"), "0")
    with line.work() as work:
        said = [each.after for each in work.tickets.history(answer.call.ticket_id) if each.verb == "notice_untold"]
    assert said == ["supervisor_wanted: nobody has the role supervisor"]


@pytest.mark.parametrize("dies_in", range(0, 30, 3))
def test_a_worker_killed_anywhere_between_event_and_text_tells_once(
    line_on_both: Line, tmp_path: Path, dies_in: int
) -> None:
    line = line_on_both
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "both", notices=True)))
    answer = line.told_call()
    line.step(minutes=10)
    whole, fate = line.hotline, Fate()
    line.hotline = replace(whole, unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate))
    fate.dies_in = dies_in
    with pytest.raises(Death):
        run_due(line.hotline)
    line.hotline = whole
    for _ in range(3):
        line.sweep()
        line.step(minutes=2)
    told = f"{case(line, answer)} is new and yours. What was said and promised: {LINK}"
    assert [body for body in line.sender.to(OWNER) if "new" in body] == [told + line.ticket(answer).case_number]


@pytest.mark.requirement("S2-15")
def test_a_mailbox_expects_one_mail_about_a_new_case_and_nothing_else_arrives(line: Line, tmp_path: Path) -> None:
    folder = a_policy_dir(tmp_path / "mailed", notices=True, owner_1="")
    escalation = folder / "escalation.yaml"
    written = 'spoken_role: your case handler, phone: ""'
    assert written in escalation.read_text()
    escalation.write_text(escalation.read_text().replace(written, f"{written}, email: anna@harbour.example"))
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    letters = FakeLetters()
    line.use(staff_channels=(TextChannel(), MailChannel(letters)))
    answer = line.told_call()
    expect(line, OWNER)
    assert letters.sent == []
    line.step(minutes=10)
    expect(line, OWNER)
    ((address, letter),) = letters.sent
    assert address == "anna@harbour.example"
    assert letter.subject == f"Harbour Goods: {case(line, answer).lower()}"
    assert letter.body.startswith(f"{case(line, answer)} is new and yours.")
    line.step(minutes=30)
    expect(line, OWNER)
    assert len(letters.sent) == 1


@pytest.fixture
def devices(line: Line, tmp_path: Path) -> Devices:
    """The telephones of the staff; the ladder's calls are no matter of these tests."""
    devices = a_team(line, tmp_path / "team")
    line.use(staff_channels=(TextChannel(),))
    return devices


def away(line: Line, staff_id: str, until: datetime) -> None:
    stretch = Stretch(staff_id=staff_id, begins_at=line.clock.now(), ends_at=until)
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


def ladder_notices(line: Line) -> list[Notice]:
    with line.work() as work:
        found = [notice for ticket in work.tickets.all() for notice in work.notices.of_ticket(ticket.id)]
    return [notice for notice in found if notice.event in LADDER_EVENTS]


def missed_without(line: Line, devices: Devices, *absent: str) -> str:
    """Let the promise of a told call be missed while these are away for a while; return how texts name the case."""
    told = case(line, answer := line.told_call())
    closes_at = line.promise(answer.call.ticket_id).window_closes_at
    for staff_id in absent:
        away(line, staff_id, until=closes_at + timedelta(minutes=25))
    line.clock.at = closes_at
    devices.arrived()
    return told


@pytest.mark.requirement("S0-12")
def test_owner_whom_the_ladder_passed_over_learns_of_the_miss_when_they_work_next(line: Line, devices: Devices) -> None:
    told = missed_without(line, devices, "owner_1")
    devices.expect()
    line.clock.at = at("Wednesday 18 November 2026 14:10:00")
    devices.expect(text(OWNER, f"{told}: a promised call was MISSED. What was done since: {LINK}"))
    line.step(minutes=10)
    devices.expect()


@pytest.mark.requirement("S0-12")
def test_whom_the_ladder_told_gets_no_notice_of_the_same(line: Line, devices: Devices) -> None:
    missed_without(line, devices)
    assert ladder_notices(line) == []
    line.step(minutes=20)
    devices.expect()


def test_a_notice_of_a_miss_is_pointless_once_the_complainant_was_called(line: Line, devices: Devices) -> None:
    missed_without(line, devices, "owner_1")
    with line.work() as work:
        (ticket,) = work.tickets.all()
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="supervisor_1")
    line.clock.at = at("Wednesday 18 November 2026 14:10:00")
    devices.expect()
    (notice,) = ladder_notices(line)
    assert (notice.state, notice.reason) == (NoticeState.OVERTAKEN, "the complainant was called meanwhile")


def test_a_notice_of_a_miss_is_pointless_once_the_ladder_has_told_its_reader(
    line: Line, devices: Devices, tmp_path: Path
) -> None:
    """The supervisor was away for a quarter of an hour and has a second role, which the next step tells."""
    save_profile(line.hotline, RotaProfile(staff_id="supervisor_1", roles=("second_supervisor",)), actor="boss")
    rules = tmp_path / "team" / "notices.yaml"
    rules.write_text(rules.read_text().replace("bundle: 10 minutes", "bundle: 1 hour"))
    told = missed_without(line, devices, "supervisor_1")
    (notice,) = ladder_notices(line)
    assert notice.member_id == "supervisor_1"
    line.clock.at = at("Wednesday 18 November 2026 14:30:00")
    devices.expect(text(SUPERVISOR, f"{told}: promised call"), text(SECOND_SUPERVISOR, f"{told}: promised call"))
    line.clock.at = at("Wednesday 18 November 2026 15:00:00")
    devices.expect(text(OWNER, f"{told}: the promised call ends at 16:00"))
    assert [each.reason for each in ladder_notices(line)] == ["the ladder has told them since"]


def test_two_warnings_that_waited_for_their_reader_are_told_as_one(
    line: Line, devices: Devices, tmp_path: Path
) -> None:
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


def test_a_decision_that_is_late_is_told_to_whom_the_ladder_passed_over(line: Line, devices: Devices) -> None:
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


def die_once(line: Line, dies_in: int) -> None:
    """Let a worker look once and die at its nth step, at the latest as it ends."""
    whole, fate = line.hotline, Fate()
    fate.dies_in = dies_in
    sender = Dying(whole.sms_sender, fate)
    line.hotline = replace(whole, unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate), sms_sender=sender)
    with suppress(Death):
        line.sweep()
    line.hotline = whole
