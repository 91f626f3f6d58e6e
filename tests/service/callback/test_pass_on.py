"""Key 3 of a ladder's call: the next person is told now, both learn of it, and it counts as a hand-off."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.callback.callers import a_case, calls_of
from tests.service.callback.ladder_calls import write_ladder_call
from tests.service.chaos import BOTH_IN_LONG, Death, DyingWork, Fate
from tests.service.devices import Devices, a_team, call, text
from tests.service.lines import DEPUTY, EXECUTIVE, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line
from tests.service.promise.watched import told
from voicebot.domain.rota import RotaProfile
from voicebot.domain.ticket import Ticket
from voicebot.service.callback import hops
from voicebot.service.callback.pass_on import NOBODY_NEXT, PASSED_TO, TOO_OFTEN, pass_on
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.rota import save_profile
from voicebot.service.ticket.hand_over import give


@pytest.fixture
def devices(line: Line, tmp_path: Path) -> Devices:
    """The devices of the staff; all of them press 3."""
    devices = a_team(line, tmp_path / "team")
    devices.keys = {member.phone: "3" for member in line.policy.staff}
    return devices


def rung(line: Line, devices: Devices, *absent: str) -> Ticket:
    """Let a promise be missed, and leave it to those who press 3; these do not press anything."""
    ticket = a_case(line)
    devices.keys |= dict.fromkeys(absent, "")
    line.clock.at = line.promise(ticket.id).window_closes_at
    devices.arrived()
    line.step(minutes=2)
    return ticket


def now(line: Line, ticket: Ticket) -> Ticket:
    with line.work() as work:
        found = work.tickets.get(ticket.id)
    assert found is not None
    return found


@pytest.mark.requirement("S1-01")
def test_next_person_of_the_ladder_is_told_at_once_and_rung_and_it_counts(line: Line, devices: Devices) -> None:
    ticket = rung(line, devices, SUPERVISOR, SECOND_SUPERVISOR)
    passed = "First handler passes it on to you, and it is yours to see to now"
    missed = "The promised call was missed."
    devices.expect(call(OWNER, missed), call(SUPERVISOR, missed), text(SECOND_SUPERVISOR, passed))
    assert "Passed on to Second supervisor, who is told now. Goodbye." in devices.replies
    line.step(minutes=2)
    devices.expect(call(SECOND_SUPERVISOR, missed))
    assert told(line)[-1] == ("missed", "owner_1,supervisor_1,supervisor_2")
    assert (now(line, ticket).owner_id, now(line, ticket).hand_offs) == ("owner_1", 1)
    with line.work() as work:
        (said,) = (each for each in work.tickets.history(ticket.id) if each.verb == "step_passed_on")
    assert (said.actor, said.before, said.after) == ("owner_1", "missed", "supervisor_2")


def test_owner_gives_the_case_to_another_handler_who_hears_of_it_once(line: Line, devices: Devices) -> None:
    save_profile(line.hotline, RotaProfile(staff_id="deputy_1", roles=("handler",), load_cap=0), actor="boss")
    ticket = rung(line, devices, SUPERVISOR, DEPUTY)
    devices.expect(call(OWNER, ""), call(SUPERVISOR, ""), text(DEPUTY, "First handler passes it on to you"))
    assert (now(line, ticket).owner_id, now(line, ticket).hand_offs) == ("deputy_1", 1)
    assert "ticket_given" in line.verbs(ticket.id)
    line.step(minutes=15)
    devices.expect(call(DEPUTY, "The promised call was missed."))


def test_a_step_goes_on_from_person_to_person_up_to_the_cap_and_a_supervisor_beyond_it(
    line: Line, devices: Devices
) -> None:
    ticket = rung(line, devices)
    for _ in range(8):
        devices.arrived()
        line.step(minutes=2)
    passed = [call.result for call in calls_of(line, ticket)]
    assert passed == [
        "passed on to supervisor_2",
        "passed on to quality_1",
        "passed on to area_1",
        "passed on to executive_1",
        NOBODY_NEXT,
        NOBODY_NEXT,
    ]
    assert now(line, ticket).hand_offs == 4
    assert "There is nobody else to pass it on to, so it stays with you. Goodbye." in devices.replies


def test_handler_cannot_pass_on_what_was_handed_on_too_often(line: Line, devices: Devices) -> None:
    ticket = a_case(line)
    for to in ("deputy_1", "supervisor_1", "owner_1"):
        give(line.hotline, ticket.case_number, to=to, actor="executive_1")
    line.clock.at = line.promise(ticket.id).window_closes_at
    devices.keys |= {SUPERVISOR: ""}
    devices.arrived()
    line.step(minutes=2)
    devices.expect(call(OWNER, ""), call(SUPERVISOR, ""))
    assert TOO_OFTEN in [each.result for each in calls_of(line, ticket)]
    assert devices.replies[0].startswith("It was passed on too often already, so it stays with you.")


def test_what_is_over_is_passed_to_nobody(line: Line, devices: Devices) -> None:
    devices.keys = {}
    ticket = rung(line, devices)
    line.sweep()
    (first, *_) = calls_of(line, ticket)
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="supervisor_1")
    reply = hops.accept(line.hotline, first.id, "3")
    assert isinstance(reply, hops.Tell)
    assert reply.words.startswith("This call is over already.")
    assert now(line, ticket).hand_offs == 0


def test_a_warning_that_rings_is_passed_on_up_the_ladder(line: Line, devices: Devices, tmp_path: Path) -> None:
    escalation = tmp_path / "team" / "escalation.yaml"
    escalation.write_text(escalation.read_text().replace("      at: 50 %", "      at: 50 %\n      ring: true", 1))
    a_case(line)
    devices.keys = {OWNER: "3"}
    line.clock.at = at("Wednesday 18 November 2026 12:00:00")
    devices.arrived()
    line.step(minutes=2)
    assert [(each.how, each.where) for each in devices.arrived()] == [
        ("call", OWNER),
        ("text", DEPUTY),
    ]
    assert told(line) == [("half_gone", "owner_1,deputy_1")]
    assert EXECUTIVE not in [number for number, _ in line.calls.rung]


@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(7))
def test_a_process_killed_anywhere_in_key_three_passes_it_on_once_when_it_is_reported_again(
    line_on_both: Line, tmp_path: Path, dies_in: int
) -> None:
    line = line_on_both
    devices = a_team(line, tmp_path / "team")
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_closes_at
    devices.arrived()
    line.step(minutes=2)
    line.sweep()
    (first, *_), whole, fate = calls_of(line, ticket), line.hotline, Fate()
    line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate))
    fate.dies_in = dies_in
    with suppress(Death):
        hops.accept(line.hotline, first.id, "3")
    line.hotline = whole
    reply = hops.accept(line.hotline, first.id, "3")
    assert isinstance(reply, hops.Tell)
    assert reply.words == "Passed on to Second supervisor, who is told now. Goodbye."
    line.run_jobs()
    (told_once,) = line.sender.to(SECOND_SUPERVISOR)
    assert "First handler passes it on to you" in told_once
    assert (now(line, ticket).hand_offs, line.verbs(ticket.id).count("step_passed_on")) == (1, 1)


def test_a_warning_that_was_rung_before_its_step_is_written_is_passed_on_all_the_same(
    line: Line, devices: Devices
) -> None:
    ticket = a_case(line)
    purpose = f"warning:{line.promise(ticket.id).id}:half_gone:owner_1"
    rings = write_ladder_call(line, ticket, purpose)
    assert pass_on(line.hotline, rings.id).result.startswith(PASSED_TO)
    assert "step_passed_on" in line.verbs(ticket.id)
