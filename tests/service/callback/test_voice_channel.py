"""The ladder rings after its text; nothing else does, and nobody twice for one step."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import a_text_request, at
from tests.service.callback.callers import a_case, calls_of, with_callbacks
from tests.service.decision.deciding import DUE, called_case, pass_until
from tests.service.devices import a_team, call, chat, mail, text
from tests.service.lines import CALLER, DEPUTY, EXECUTIVE, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line
from tests.service.promise.watched import told
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCallKind
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.callback.words import TRIAL
from voicebot.service.hotline import context_of
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.promise.keep import log_callback


@pytest.fixture
def ringing_line(line: Line) -> Line:
    """A hotline whose ladder rings."""
    texts = TextChannel()
    line.use(staff_channels=(texts, VoiceChannel(texts)))
    return line


@pytest.mark.requirement("S0-12")
def test_a_missed_call_is_texted_at_once_and_rung_two_minutes_later(ringing_line: Line) -> None:
    line, ticket = ringing_line, a_case(ringing_line)
    line.clock.at = line.promise(ticket.id).window_closes_at
    line.sweep()
    assert line.calls.rung == []
    assert line.sender.to(OWNER)
    line.step(minutes=2)
    for _ in range(3):
        line.sweep()
        line.step(seconds=1)
    assert [number for number, _ in line.calls.rung] == [OWNER, SUPERVISOR]
    assert {call.kind for call in calls_of(line, ticket)} == {StaffCallKind.LADDER}


def test_only_what_is_for_ringing_rings_and_each_once(ringing_line: Line) -> None:
    line, ticket = ringing_line, a_case(ringing_line)
    channel = VoiceChannel(TextChannel())
    with line.work() as work:
        context, member = context_of(line.hotline, work), line.policy.staff[0]
        for purpose in ("warning:p:half_gone:owner_1", "alarm:x:2026-11-18:owner_1", "step:b:missed:owner_1") * 2:
            delay, rings = timedelta(minutes=2), purpose.startswith("step")
            draft = Draft(purpose=purpose, template="sms_staff_missed", slots={}, delay=delay, rings=rings)
            channel.hand_over(context, ticket, member=member, draft=draft)
        work.commit()
    with line.work() as work:
        texts = [text.purpose.partition(":")[0] for text in work.sms.of_ticket(ticket.id) if text.recipient == OWNER]
    assert sorted(texts) == ["alarm", "warning"], "so they go where somebody wants calls alone"
    (call,) = calls_of(line, ticket)
    assert (call.purpose, call.not_before - line.clock.now()) == ("step:b:missed:owner_1", timedelta(minutes=2))


def missed(line: Line) -> None:
    """Let the promise of a told call be missed."""
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_closes_at


@pytest.mark.requirement("S0-12")
def test_each_is_told_of_a_step_in_an_order_of_their_own(line: Line, tmp_path: Path) -> None:
    devices = a_team(line, tmp_path / "team", mailed=("owner_1",), owner_1="call, text message, e-mail")
    missed(line)
    first = [each for each in devices.arrived() if "MISSED" in each.words or each.how == "call"]
    assert [(each.how, each.where) for each in first] == [("text", SUPERVISOR), ("call", OWNER)]
    line.step(minutes=2)
    devices.expect(
        text(OWNER, "was MISSED"), mail("owner_1", "was MISSED"), call(SUPERVISOR, "The promised call was missed.")
    )
    line.step(minutes=5)
    devices.expect()


@pytest.mark.requirement("S0-12")
def test_whoever_answered_stop_is_reached_by_the_call(line: Line, tmp_path: Path) -> None:
    devices = a_team(line, tmp_path / "team")
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    missed(line)
    assert ("call", SUPERVISOR) in [(each.how, each.where) for each in devices.arrived()], "nothing comes before it"
    assert told(line)[-1] == ("missed", "owner_1,supervisor_1")
    line.step(minutes=2)
    devices.expect(call(OWNER, "The promised call was missed."))


@pytest.mark.requirement("S0-12")
@pytest.mark.requirement("S4-15")
def test_whole_ladder_of_a_missed_promise_by_each_persons_own_order_and_nothing_else(
    line_on_both: Line, tmp_path: Path
) -> None:
    line, orders = line_on_both, {"owner_1": "call, text message, e-mail", "executive_1": "chat, call"}
    devices = a_team(line, tmp_path / "team", mailed=tuple(orders), **orders)
    case = a_case(line)
    devices.expect(text(CALLER, "We will call you"))
    missed, again = "The promised call was missed.", "MISSED a second time"
    for instant, *arrivals in (
        ("10:10", text(OWNER, "is new and yours")),
        ("12:00", text(OWNER, "ends at 13:00"), mail("owner_1", "ends at 13:00")),
        ("12:30", text(OWNER, "ends at 13:00"), mail("owner_1", "ends at 13:00"), text(DEPUTY, "ends at 13:00")),
        ("13:00", text(CALLER, "We are sorry"), call(OWNER, missed), text(SUPERVISOR, "was MISSED")),
        ("13:02", text(OWNER, "was MISSED"), mail("owner_1", "was MISSED"), call(SUPERVISOR, missed)),
        ("14:30", text(SECOND_SUPERVISOR, "was MISSED")),
        ("14:32", call(SECOND_SUPERVISOR, missed)),
        ("15:00", text(OWNER, "ends at 16:00"), mail("owner_1", "ends at 16:00")),
        ("15:30", text(OWNER, "ends at 16:00"), mail("owner_1", "ends at 16:00"), text(DEPUTY, "ends at 16:00")),
        (
            "16:00",
            *(text(CALLER, "a second time"), call(OWNER, missed), text(SUPERVISOR, again), chat("executive_1", again)),
        ),
        (
            "16:02",
            *(text(OWNER, again), mail("owner_1", again), call(SUPERVISOR, missed), call(EXECUTIVE, missed)),
        ),
    ):
        line.clock.at = at(f"Wednesday 18 November 2026 {instant}:00")
        devices.expect(*arrivals)
    log_callback(line.hotline, case.case_number, reason="spoke", actor="executive_1")
    line.clock.at = at("Thursday 19 November 2026 12:00:00")
    devices.expect()


@pytest.mark.parametrize("warns", [True, False])
def test_policy_says_of_each_warning_and_step_whether_it_rings(line: Line, tmp_path: Path, *, warns: bool) -> None:
    devices = a_team(line, tmp_path / "team")
    escalation = tmp_path / "team" / "escalation.yaml"
    said = escalation.read_text().replace("      at: 75 %", f"      at: 75 %\n      ring: {warns}", 1)
    escalation.write_text(said.replace("      after: at once", f"      after: at once\n      ring: {not warns}", 1))
    closes_at = line.promise(a_case(line).id).window_closes_at
    rung = []
    for left in (30, 28, 0, -2):
        line.clock.at = closes_at - timedelta(minutes=left)
        rung += [(each.where, each.words.split(".")[1]) for each in devices.arrived() if each.how == "call"]
    due, late = " The promised call is due and nobody has made it", " The promised call was missed"
    assert rung == ([(OWNER, due), (DEPUTY, due)] if warns else [(OWNER, late), (SUPERVISOR, late)])


def test_a_late_decision_rings_and_says_what_it_is(line: Line, tmp_path: Path) -> None:
    devices = a_team(line, tmp_path / "team")
    called_case(line)
    pass_until(line, DUE)
    devices.arrived()
    line.step(minutes=2)
    devices.expect(*(call(phone, "A decision is due, and none was told.") for phone in (OWNER, SUPERVISOR)))


@pytest.mark.parametrize(("phone", "is_rung"), [(OWNER, True), ("", False), ("+442079460000", False)])
def test_who_gets_no_text_is_not_made_reachable_by_a_call(line: Line, phone: str, *, is_rung: bool) -> None:
    member = StaffMember(id="x", name="X", role="handler", phone=phone)
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert (VoiceChannel(TextChannel()).why_not(context, member) == "") is is_rung


def test_complainant_is_never_rung_by_the_ladder(ringing_line: Line) -> None:
    line, ticket = ringing_line, a_case(ringing_line)
    line.clock.at = line.promise(ticket.id).window_closes_at
    for _ in range(5):
        line.sweep()
        line.step(minutes=1)
    assert CALLER not in {number for number, _ in line.calls.rung}


@pytest.mark.parametrize(("rings_after", "phone", "is_rung"), [("2 minutes", "", False), ("never", OWNER, True)])
def test_where_no_step_rings_a_call_reaches_whom_a_text_reaches(
    line: Line, tmp_path: Path, rings_after: str, phone: str, *, is_rung: bool
) -> None:
    with_callbacks(line, tmp_path / "policy", ladder_rings_after=rings_after)
    channel, member = VoiceChannel(TextChannel()), StaffMember(id="x", name="X", role="handler", phone=phone)
    with line.work() as work:
        why = channel.why_not_rung(context_of(line.hotline, work), member)
    assert (why == "") is is_rung
    assert (channel.why_no_address(line.hotline.rules, member) == "") is is_rung


def test_a_telephone_is_tried_out_by_one_call_that_says_so(line: Line) -> None:
    VoiceChannel(TextChannel()).try_now(line.hotline, line.policy.staff[0])
    assert line.calls.rung == [(OWNER, TRIAL)]
