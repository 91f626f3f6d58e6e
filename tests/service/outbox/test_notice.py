"""A telephone expects a text, the clock steps, and nothing else may arrive: what staff are told of their cases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import a_notice, a_step, a_text_request, at
from tests.fakes_outside import FakeLetters
from tests.service.call.repeats import called_again
from tests.service.chaos import BOTH_IN_LONG, Death, DyingWork, Fate
from tests.service.devices import LINK, a_team, case, text
from tests.service.lines import (
    AREA,
    CALLER,
    DEPUTY,
    OTHER,
    OWNER,
    SUPERVISOR,
    Line,
    a_policy_dir,
    settled,
    with_flows,
)
from tests.service.staff.people import add_somebody
from voicebot.domain.notice import NoticeEvent, NoticeState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.background.sweeps import run_due
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.notice import tell_notices, why_overtaken, write_notice
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.absence import go_away
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.hand_over import give, take_over
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.offer import ending_offer


@pytest.fixture(autouse=True)
def told_staff(line: Line, tmp_path: Path) -> None:
    """Staff are told of what happens, as flows/policy says."""
    with_flows(line, settled(a_policy_dir(tmp_path / "told", notices=True)))


def expect(line: Line, phone: str, *texts: str) -> None:
    """Let the worker look; the telephone gets a text that begins so for each, once, and nothing else."""
    before = len(line.sender.to(phone))
    for _ in range(3):
        line.sweep()
    got = line.sender.to(phone)[before:]
    assert [any(body.startswith(text) for body in got) for text in texts] == [True] * len(texts), got
    assert len(got) == len(texts), got


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
    answer = line.key(line.reach("ask_story"), "0")
    expect(line, SUPERVISOR, f"{case(line, answer)}: the caller asks for a supervisor")
    other = line.told_call("CA2", OTHER)
    line.clock.at = at("Thursday 19 November 2026 08:59:00")
    expect(line, OWNER)
    line.clock.at = at("Thursday 19 November 2026 09:10:00")
    assert case(line, other)
    line.sweep()
    assert [body for body in line.sender.to(OWNER) if "new" in body or "notices" in body]


def test_who_is_away_and_has_no_shifts_is_told_once_they_are_back(line: Line) -> None:
    add_somebody(line, name="Gus", email="gus@firm.example")
    ticket = line.ticket(line.told_call())
    take_over(line.hotline, ticket.case_number, actor="gus")
    back_at = line.clock.now() + timedelta(days=1)
    go_away(line.hotline, "gus", until=back_at, actor="gus")
    log_text(line.hotline, IncomingText(message_sid="SM9", sender=CALLER, body="the box was wet"))
    with line.work() as work:
        (notice,) = (each for each in work.notices.of_ticket(ticket.id) if each.member_id == "gus")
    assert (notice.event, notice.opens_at) == (NoticeEvent.OWNER_CHANGED, back_at), "somebody on duty has it now"


def test_who_has_no_shifts_and_is_not_away_is_told_when_the_company_is_open(line: Line) -> None:
    add_somebody(line, name="Gus", email="gus@firm.example")
    ticket = line.ticket(line.told_call())
    take_over(line.hotline, ticket.case_number, actor="gus")
    log_text(line.hotline, IncomingText(message_sid="SM9", sender=CALLER, body="the box was wet"))
    with line.work() as work:
        (notice,) = (each for each in work.notices.of_ticket(ticket.id) if each.member_id == "gus")
    assert notice.opens_at == line.clock.now()


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


@pytest.mark.requirement("S0-11")
def test_an_owner_who_works_on_a_new_case_is_not_told_that_it_is_new(line: Line) -> None:
    """Nor where the message was written before, and waited. What others do tells the owner nothing."""
    answer, other = line.told_call(), line.told_call("CA2", OTHER)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke with them", actor="owner_1")
    log_callback(line.hotline, line.ticket(other).case_number, reason="spoke with them", actor="supervisor_1")
    line.step(minutes=10)
    tell_notices(line.hotline, "owner_1")
    expect(line, OWNER, f"{case(line, other)} is new and yours")
    third = line.told_call("CA3", "+12025550177")
    line.step(minutes=10)
    tell_notices(line.hotline, "owner_1")
    write_note(line.hotline, line.ticket(third).case_number, text="looked into it", actor="owner_1")
    expect(line, OWNER)


@pytest.mark.requirement("S3-06")
@pytest.mark.parametrize("actor", ["deputy_1", "owner_1"])
def test_who_is_offered_a_case_no_longer_is_not_told_of_the_offer(line: Line, actor: str) -> None:
    """Its owner is told that they called again, whatever becomes of the offer."""
    answer = line.told_call()
    line.step(minutes=10)
    expect(line, OWNER, case(line, answer))
    called_again(line)
    act(line.hotline, line.ticket(answer).case_number, ending_offer(actor=actor))
    line.step(minutes=10)
    expect(line, OWNER, f"{case(line, answer)}: they have called again")
    assert line.sender.to(DEPUTY) == []


@pytest.mark.requirement("S3-06")
def test_a_talk_ends_what_is_told_of_a_repeat(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=10)
    expect(line, OWNER, case(line, answer))
    called_again(line)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke with them", actor="owner_1")
    line.step(minutes=10)
    expect(line, OWNER)
    assert line.sender.to(DEPUTY) == []


def test_a_message_that_waited_until_its_case_was_settled_does_not_leave(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=10)
    tell_notices(line.hotline, "owner_1")
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    expect(line, OWNER)


def test_no_supervisor_is_told_once_the_complainant_was_called(line: Line) -> None:
    answer = line.key(line.reach("ask_story"), "0")
    answer = line.go_to(answer, "tell_case_number")
    log_callback(line.hotline, line.ticket(answer).case_number, reason="called", actor="supervisor_1")
    expect(line, SUPERVISOR)


@pytest.mark.requirement("S0-12")
def test_whom_no_channel_reaches_stands_in_the_history_with_the_reason(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    answer = line.key(line.reach("ask_story"), "0")
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
    with_flows(line, settled(folder))
    answer = line.key(line.reach("ask_story"), "0")
    with line.work() as work:
        said = [each.after for each in work.tickets.history(answer.call.ticket_id) if each.verb == "notice_untold"]
    assert said == ["supervisor_wanted: nobody has the role supervisor"]


@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(16))
def test_a_worker_killed_anywhere_between_event_and_text_tells_once(
    line_on_both: Line, tmp_path: Path, dies_in: int
) -> None:
    line = line_on_both
    with_flows(line, settled(a_policy_dir(tmp_path / "both", notices=True)))
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
    with_flows(line, settled(folder))
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


@pytest.mark.parametrize("event", ["supervisor_wanted", "new_words", "owner_changed"])
def test_each_event_reaches_its_device_on_both_databases_and_nothing_else_arrives(
    line_on_both: Line, tmp_path: Path, event: str
) -> None:
    line = line_on_both
    devices = a_team(line, tmp_path / "team")
    told = case(line, answer := line.told_call())
    devices.expect(text(CALLER, "We will call you"))
    line.step(minutes=10)
    devices.expect(text(OWNER, f"{told} is new and yours"))
    number, expected = line.ticket(answer).case_number, [text(OWNER, f"{told}: the complainant has told us more")]
    if event == "supervisor_wanted":
        line.key(line.reach("ask_story", OTHER, "CA2"), "0")
        devices.expect(text(SUPERVISOR, "the caller asks for a supervisor"))
        return
    if event == "new_words":
        log_text(line.hotline, IncomingText(message_sid="SM9", sender=CALLER, body="the box was wet"))
        devices.expect(text(CALLER, ""))
    else:
        give(line.hotline, number, to="supervisor_1", actor="executive_1")
        expected = [text(phone, f"{told} has another owner now") for phone in (OWNER, SUPERVISOR)]
        devices.expect()
    line.step(minutes=10)
    devices.expect(*expected)
    line.step(minutes=10)
    devices.expect()


def test_a_policy_that_tells_nobody_of_an_event_writes_no_notice(line: Line, tmp_path: Path) -> None:
    with_flows(line, settled(a_policy_dir(tmp_path / "untold")))
    answer = line.told_call()
    with line.work() as work:
        assert list(work.notices.of_ticket(answer.call.ticket_id)) == []
    tell_notices(line.hotline, "owner_1")
    expect(line, OWNER)


@pytest.mark.requirement("S1-22")
def test_a_new_case_that_was_given_away_is_not_told_to_its_former_owner_as_new(line: Line) -> None:
    answer = line.told_call()
    line.step(minutes=1)
    give(line.hotline, line.ticket(answer).case_number, to="deputy_1", actor="supervisor_1")
    line.step(minutes=10)
    expect(line, OWNER, f"{case(line, answer)} has another owner now")


WARNED = NoticeEvent.WARNING


@pytest.mark.requirement("S0-12")
def test_a_warning_is_pointless_once_the_ladder_or_a_later_notice_has_told_it(line: Line) -> None:
    promise = line.promise(line.told_call().call.ticket_id)
    step = f"warning:{promise.id}:half_gone"
    now = line.clock.at
    notice = a_notice(ticket_id=promise.ticket_id, event=WARNED, step=step, at=now)
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert work.notices.add(notice)
        assert why_overtaken(context, notice) == ""
        assert work.notices.add(replace(notice, id="notice-2", step=f"{step}2", at=now + timedelta(minutes=5)))
        assert why_overtaken(context, notice) == "a later notice says it"
        told = a_step(subject_id=promise.id, ticket_id=promise.ticket_id, step="half_gone", taken_at=now)
        assert work.promises.take_step(told)
        assert why_overtaken(context, notice) == "the ladder has told them since"
        ticket = ticket_of(work, promise.ticket_id)
        write_notice(context, ticket, WARNED, step=f"warning:{promise.id}:three_quarters_gone")
        steps = [each.step for each in work.notices.of_ticket(promise.ticket_id) if each.event is WARNED]
    assert steps == [step, f"{step}2"], "whom the ladder told is not noted"


@pytest.mark.requirement("S3-09")
def test_that_a_case_was_hidden_is_told_only_while_it_is_about_who_was_named(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    notice = a_notice(ticket_id=ticket.id, event=NoticeEvent.ABOUT_SAID, step="deputy_1", at=line.clock.at)
    said = []
    with line.work() as work:
        for about_id in ("deputy_1", "quality_1", None):
            work.tickets.save(replace(ticket, about_id=about_id))
            said.append(why_overtaken(context_of(line.hotline, work), notice))
    assert said == ["", *["the case is not about them any more"] * 2]


@pytest.mark.requirement("S0-09")
def test_those_whom_the_kind_of_a_case_names_are_told_unless_it_is_of_another_kind_by_then(line: Line) -> None:
    number = line.ticket(line.told_call()).case_number
    act(line.hotline, number, categorising("deadline_or_quality", actor="deputy_1"))
    act(line.hotline, number, categorising("staff_conduct", actor="deputy_1"))
    line.step(minutes=11)
    expect(line, AREA)
    act(line.hotline, number, categorising("deadline_or_quality", actor="deputy_1"))
    line.step(minutes=11)
    line.sweep()
    assert line.sender.to(AREA) == [], "each kind is told once, and this one was overtaken"


def test_a_case_of_no_kind_names_nobody(line: Line) -> None:
    answer = line.told_call()
    ticket = line.ticket(answer)
    with line.work() as work:
        context = context_of(line.hotline, work)
        write_notice(context, ticket, NoticeEvent.CATEGORY_SET)
        assert [each for each in work.notices.of_ticket(answer.call.ticket_id) if each.event != "new_case"] == []
    assert Verb.NOTICE_UNTOLD not in line.verbs(answer.call.ticket_id)
