"""Staff are reached by whatever channel reaches them; a channel is a name, a reason why not, and a way to hand over."""

from pathlib import Path

import pytest

from tests.builders import a_text_request
from tests.fakes_outside import FakeLetters
from tests.service.lines import FLOWS_DIR, OWNER, SECOND_SUPERVISOR, SUPERVISOR, Line, a_policy_dir, with_flows
from tests.service.outbox.test_alarm import alarm
from tests.service.promise.watched import run_until, told
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.escalation import NOBODY
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.hotline import Context, HotlineRules, context_of
from voicebot.service.outbox.channels import (
    channel_names,
    every_channel,
    is_reachable,
    queued_channels,
    tell_member,
    why_no_address,
    why_unreachable,
)
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.queries.case_view import view_case

TEXTED = StaffMember(id="owner_1", name="First handler", role="handler", phone=OWNER)
SILENT = StaffMember(id="executive_1", name="Managing director", role="executive")


class Pager:
    """A second channel, all of it: it pages whoever carries one."""

    name = "pager"

    def __init__(self, *carried_by: str) -> None:
        self.carried_by = carried_by
        self.pages: dict[tuple[str, str], str] = {}

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        return "" if member.id in self.carried_by else "carries no pager"

    def why_not(self, context: Context, member: StaffMember) -> str:
        return self.why_no_address(context.hotline.rules, member)

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        self.pages.setdefault((member.id, draft.purpose), draft.template)

    def paged(self, member_id: str) -> list[str]:
        return [template for (carrier, _), template in self.pages.items() if carrier == member_id]


def register(line: Line, pager: Pager) -> Pager:
    """Give the hotline a second channel beside texts, as bootstrap would."""
    line.use(staff_channels=(TextChannel(), pager))
    return pager


def test_whom_one_channel_reaches_is_reachable_and_whom_none_does_is_told_why_by_each(line: Line) -> None:
    register(line, Pager("executive_1"))
    nobody = SILENT.model_copy(update={"id": "area_1"})
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert [is_reachable(context, each) for each in (TEXTED, SILENT, nobody)] == [True, True, False]
        why_not = why_unreachable(context, nobody)
    assert why_not == "has no telephone in escalation.yaml (text message) and carries no pager (pager)"


def test_what_is_written_down_is_asked_of_each_channel_before_there_is_a_database(line: Line) -> None:
    channels, rules = (TextChannel(), Pager("executive_1")), line.hotline.rules
    assert [why_no_address(channels, rules, each) for each in (TEXTED, SILENT)] == ["", ""]
    assert why_no_address((TextChannel(),), rules, SILENT) == "has no telephone in escalation.yaml"
    abroad = TEXTED.model_copy(update={"phone": "+442083661177"})
    assert "that we may not text" in why_no_address((TextChannel(),), rules, abroad)


def test_with_one_channel_the_reason_does_not_name_it(line: Line) -> None:
    with line.work() as work:
        assert why_unreachable(context_of(line.hotline, work), SILENT) == "has no telephone in escalation.yaml"


def test_a_hotline_without_any_channel_is_a_fault_of_ours(line: Line) -> None:
    line.use(staff_channels=())
    with line.work() as work, pytest.raises(AssertionError, match="at least one channel"):
        why_unreachable(context_of(line.hotline, work), TEXTED)


def test_a_message_goes_by_every_channel_that_reaches_its_reader(line: Line) -> None:
    pager = register(line, Pager("owner_1"))
    ticket = line.ticket(line.ring())
    draft = Draft(purpose="step:x", template="sms_staff_flood", slots={"case": "1", "company": "Harbour"})
    with line.work() as work:
        for each in (TEXTED, SILENT):
            tell_member(context_of(line.hotline, work), ticket, member=each, draft=draft)
        texts = work.sms.of_ticket(ticket.id)
    assert [sms.recipient for sms in texts] == [OWNER]
    assert list(pager.pages) == [("owner_1", "step:x")]


@pytest.mark.requirement("S0-12")
def test_a_step_counts_as_told_by_whoever_another_channel_reaches(line: Line) -> None:
    """The second supervisor answered STOP: a text cannot tell them, the pager does, and the history says so."""
    pager = register(line, Pager("supervisor_2"))
    answer = line.told_call()
    with line.work() as work:
        for phone in (SUPERVISOR, SECOND_SUPERVISOR):
            work.sms.add_text_request(a_text_request(recipient=phone, is_out=True))
        work.commit()
    run_until(line, "Wednesday 18 November 2026 14:30:00")
    assert told(line)[2:] == [("missed", "owner_1"), ("second_supervisor", "supervisor_2")]
    assert len(pager.paged("supervisor_2")) == 1
    assert line.sender.to(SECOND_SUPERVISOR) == []
    with line.work() as work:
        history = [entry.after for entry in work.tickets.history(answer.call.ticket_id)]
    assert "second_supervisor: told supervisor_2" in history


@pytest.mark.requirement("S0-12")
def test_without_the_second_channel_the_same_step_tells_nobody(line: Line) -> None:
    line.told_call()
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SECOND_SUPERVISOR, is_out=True))
        work.commit()
    run_until(line, "Wednesday 18 November 2026 14:30:00")
    assert told(line)[-1] == ("second_supervisor", NOBODY)


def test_warnings_alarms_and_the_page_of_a_case_know_the_second_channel_too(line: Line, tmp_path: Path) -> None:
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy", owner_1="")))
    case = line.ticket(line.told_call())
    assert view_case(line.hotline, case.case_number).why_owner_unreached == "has no telephone in escalation.yaml"
    pager = register(line, Pager("owner_1"))
    assert view_case(line.hotline, case.case_number).why_owner_unreached == ""
    alarm(line, case.id)
    run_until(line, "Wednesday 18 November 2026 12:01:00")
    assert told(line) == [("half_gone", "owner_1")]
    assert pager.paged("owner_1") == ["sms_staff_flood", "sms_staff_warning"]


def test_what_nobody_can_switch_off_goes_by_mail_first_and_never_by_a_call(line: Line) -> None:
    texts = TextChannel()
    line.use(staff_channels=(texts, VoiceChannel(texts), MailChannel(FakeLetters()), Pager("owner_1")))
    wants = TEXTED.model_copy(update={"tell_by": ("pager", "call")})
    assert channel_names(line.hotline) == ("text message", "call", "e-mail", "pager")
    assert [channel.name for channel in every_channel(line.hotline, wants)] == ["e-mail", "pager", "text message"]
    assert list(queued_channels(line.hotline)) == ["e-mail"]


def test_who_wants_only_what_is_not_set_up_here_is_said_to_be_reached_by_nothing(line: Line) -> None:
    wants = TEXTED.model_copy(update={"tell_by": ("chat",)})
    with line.work() as work:
        assert "by channels alone that are not set up here" in why_unreachable(context_of(line.hotline, work), wants)


@pytest.mark.requirement("S0-12")
def test_who_stopped_our_texts_is_reached_by_what_rings(line: Line) -> None:
    texts = TextChannel()
    line.use(staff_channels=(texts, VoiceChannel(texts)))
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        context = context_of(line.hotline, work)
        assert [is_reachable(context, TEXTED, rings=rings) for rings in (False, True)] == [False, True]


@pytest.mark.requirement("S3-09")
def test_whom_a_case_is_about_is_told_nothing_of_it(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, about_id=TEXTED.id)
    ticket = line.ticket(answer)
    draft = Draft(purpose="step:x", template="sms_staff_flood", slots={"case": "1", "company": "Harbour"})
    with line.work() as work:
        tell_member(context_of(line.hotline, work), ticket, member=TEXTED, draft=draft)
        assert [sms for sms in work.sms.of_ticket(answer.call.ticket_id) if sms.recipient == OWNER] == []
