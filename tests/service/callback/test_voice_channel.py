"""The ladder rings after its text; nothing else does, and nobody twice for one step."""

from datetime import timedelta

import pytest

from tests.service.callback.callers import a_case, calls_of
from tests.service.lines import CALLER, OWNER, SUPERVISOR, Line
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCallKind
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.hotline import context_of
from voicebot.service.outbox.text_channel import TextChannel


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


def test_nothing_but_a_step_rings_and_a_step_rings_once(ringing_line: Line) -> None:
    line, ticket = ringing_line, a_case(ringing_line)
    channel = VoiceChannel(TextChannel())
    with line.work() as work:
        context, member = context_of(line.hotline, work), line.policy.staff[0]
        for purpose in ("warning:p:half_gone:owner_1", "alarm:x:2026-11-18:owner_1", "step:b:missed:owner_1") * 2:
            draft = Draft(purpose=purpose, template="sms_staff_missed", slots={})
            channel.hand_over(context, ticket, member=member, draft=draft)
        work.commit()
    with line.work() as work:
        texts = [text.purpose.partition(":")[0] for text in work.sms.of_ticket(ticket.id) if text.recipient == OWNER]
    assert sorted(texts) == ["alarm", "warning"], "so they go where somebody wants calls alone"
    (call,) = calls_of(line, ticket)
    assert (call.purpose, call.not_before - line.clock.now()) == ("step:b:missed:owner_1", timedelta(minutes=2))


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
