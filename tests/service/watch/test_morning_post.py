"""The morning list reaches everybody of management once, by some channel, whatever dies or refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_text_request, at
from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.lines import AREA, EXECUTIVE, OWNER, QUALITY, SECOND_SUPERVISOR, SUPERVISOR, Line
from tests.service.watch.mornings import EXECUTIVE_MAIL, MANAGEMENT, MORNING_TASK, Mornings
from tests.statements import statements_of
from voicebot.domain.ticket import is_open
from voicebot.errors import Unavailable
from voicebot.service.background.schedule import run_tasks
from voicebot.service.hotline import context_of
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import Letter, MessageRefused, SmsRefused
from voicebot.service.watch.morning_post import Delivery, deliveries, delivery_lines, view_deliveries

pytestmark = pytest.mark.requirement("D-07")

MORNING = "Thursday 19 November 2026 08:30:00"
PHONES = (SUPERVISOR, SECOND_SUPERVISOR, QUALITY, AREA)


class Refusing:
    """A mail server that refuses each letter, or is away."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    def send(self, address: str, letter: Letter) -> None:
        raise self.problem


def told(mornings: Mornings) -> dict[str, Delivery]:
    with mornings.line.work() as work:
        found = deliveries(context_of(mornings.line.hotline, work), "2026-11-19")
    return {each.member.id: each for each in found}


def stop_texts(line: Line, *phones: str) -> None:
    with line.work() as work:
        for phone in phones:
            work.sms.add_text_request(a_text_request(recipient=phone, is_out=True))
        work.commit()


def test_everybody_of_management_is_told_once_by_mail_or_their_own_channel(mornings_on_both: Mornings) -> None:
    mornings = mornings_on_both
    mornings.line.told_call()
    mornings.line.clock.at = at("Thursday 19 November 2026 08:29:00")
    mornings.look()
    assert mornings.lists == []
    mornings.look(times=9, minutes=10)
    ((address, letter),) = mornings.lists
    assert address == EXECUTIVE_MAIL
    assert letter.subject == "Harbour Goods: morning list, Thu 19 Nov 2026"
    assert "Promised calls that we missed: 1" in letter.body
    assert "https://hotline.example/console/morning" in letter.body
    assert [len(mornings.texts(phone)) for phone in PHONES] == [1, 1, 1, 0]
    assert [name for name, _ in mornings.posts] == ["heads"]
    assert (mornings.texts(EXECUTIVE), mornings.texts(OWNER)) == ([], [])
    (text,) = mornings.texts(SUPERVISOR)
    assert text.startswith("Harbour Goods, morning list Thu 19 Nov 2026: 1 missed")
    assert set(told(mornings)) == set(MANAGEMENT)


def test_a_list_that_everybody_has_is_not_made_again_each_minute_until_work_ends(mornings: Mornings) -> None:
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=2)
    assert len(mornings.lists) == 1
    mornings.line.told_call()
    mornings.line.step(hours=2)
    with statements_of(mornings.line.engine) as asked:
        run_tasks(mornings.line.hotline, MORNING_TASK)
    parts = [sql for sql in asked if "FROM promises" in sql or "FROM decision_terms" in sql]
    assert (parts, len(mornings.lists)) == ([], 1)


def test_the_next_day_has_its_own_list_and_a_day_without_work_none(mornings: Mornings) -> None:
    for day, lists in (("Friday 20", 1), ("Saturday 21", 1), ("Sunday 22", 1), ("Monday 23", 2)):
        mornings.line.clock.at = at(f"{day} November 2026 08:30:00")
        mornings.look(times=2)
        assert len(mornings.lists) == lists, day


def test_nobody_switches_it_off_by_what_they_like_to_be_told_by(mornings: Mornings) -> None:
    mornings.change("escalation.yaml", "{id: quality_1,", "{tell_by: [call], id: quality_1,")
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=2)
    assert len(mornings.texts(QUALITY)) == 1


def test_who_stopped_our_texts_gets_it_by_another_channel_that_says_so(mornings: Mornings) -> None:
    mornings.change("escalation.yaml", "tell_by: [chat]", "tell_by: [text message]")
    stop_texts(mornings.line, AREA)
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=2)
    ((_, posted),) = mornings.posts
    assert "Told by chat, because you cannot be told by text message: answered STOP to our texts" in posted.body


def test_who_has_nothing_left_stands_on_the_page_with_the_reason(mornings: Mornings) -> None:
    stop_texts(mornings.line, SUPERVISOR)
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=3)
    told_to = told(mornings)
    assert not told_to["supervisor_1"].is_told
    assert "could NOT be told" in told_to["supervisor_1"].said
    assert "answered STOP" in told_to["supervisor_1"].said
    assert told_to["supervisor_2"].is_told


@pytest.mark.parametrize("problem", [MessageRefused("no such mailbox"), Unavailable("the mail server is away")])
def test_what_the_mail_server_never_takes_goes_by_text_in_the_end(mornings: Mornings, problem: Exception) -> None:
    mornings.line.use(staff_channels=(TextChannel(), MailChannel(Refusing(problem))))
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=40, minutes=10)
    assert len(mornings.texts(EXECUTIVE)) == 1
    assert told(mornings)["executive_1"].channel == "text message"


def test_a_text_that_the_carrier_refuses_goes_by_the_next_channel(mornings: Mornings) -> None:
    mornings.change("escalation.yaml", "tell_by: [chat]", "tell_by: [text message]")
    mornings.line.sender.trouble = [SmsRefused(21610)] * 4
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=3)
    assert [name for name, _ in mornings.posts] == ["heads"]


def test_a_machine_that_comes_back_before_evening_still_sends_it_and_later_the_next_list_says_so(
    mornings: Mornings,
) -> None:
    mornings.line.clock.at = at("Monday 16 November 2026 17:59:00")
    mornings.look()
    assert len(mornings.lists) == 1
    mornings.line.clock.at = at("Tuesday 17 November 2026 18:00:00")
    mornings.look()
    assert len(mornings.lists) == 1
    mornings.line.clock.at = at("Wednesday 18 November 2026 08:30:00")
    mornings.look()
    assert "No list was sent on Tue 17 Nov 2026" in mornings.lists[1][1].body


def test_two_workers_tell_everybody_once(mornings_on_both: Mornings) -> None:
    line = mornings_on_both.line
    line.clock.at = at(MORNING)
    for _ in range(5):
        run_tasks(line.hotline, MORNING_TASK)
        run_tasks(replace(line.hotline, started_at=line.clock.now()), MORNING_TASK)
        line.sweep()
        line.step(seconds=40)
    assert len(mornings_on_both.lists) == 1
    assert [len(mornings_on_both.texts(phone)) for phone in PHONES] == [1, 1, 1, 0]


def test_a_worker_killed_between_any_two_ports_leaves_everybody_told_once(mornings: Mornings) -> None:
    """Each morning the worker dies one step later, until a whole morning passes without a death."""
    line, fate, died = mornings.line, Fate(), True
    whole = line.hotline
    for step in range(130):
        if not died:
            break
        line.clock.at = at("Wednesday 18 November 2026 08:30:00") + timedelta(weeks=step)
        line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate), sms_sender=Dying(whole.sms_sender, fate))
        fate.dies_in, died = step, False
        try:
            mornings.look()
        except Death:
            died = True
        fate.dies_in, line.hotline = None, whole
        mornings.look(times=4, minutes=2)
        # A mail whose sender died before it wrote so goes again under the same id (staff_outbox.py).
        told_now = [
            len({letter.key for _, letter in mornings.lists}),
            *(len(mornings.texts(phone)) for phone in PHONES),
        ]
        assert told_now == [step + 1, step + 1, step + 1, step + 1, 0], step
    assert 50 < step < 129


def test_the_morning_list_stands_in_no_case_and_moves_no_clock_of_one(mornings: Mornings) -> None:
    answer = mornings.line.told_call()
    mornings.line.clock.at = at(MORNING)
    mornings.line.sweep()
    before = mornings.line.verbs(answer.call.ticket_id)
    mornings.look(times=3)
    assert len(mornings.lists) == 1
    assert mornings.line.verbs(answer.call.ticket_id) == before


def test_before_the_first_call_it_is_sent_all_the_same(mornings: Mornings) -> None:
    mornings.line.clock.at = at(MORNING)
    mornings.look(times=2)
    assert "no case is open" in mornings.lists[0][1].body
    with mornings.line.work() as work:
        assert not any(is_open(ticket) for ticket in work.tickets.all())


def test_what_became_of_today_s_list_is_shown_a_person_a_line_before_and_after_it_went(mornings: Mornings) -> None:
    line = mornings.line
    line.clock.at = at(MORNING)
    before = delivery_lines(view_deliveries(line.hotline))
    assert "Managing director: not told yet" in before
    mornings.look(times=2)
    after = delivery_lines(view_deliveries(line.hotline))
    assert any(each.startswith("Managing director: told by e-mail") for each in after)
    assert delivery_lines(()) == ("nobody has a role of management: see morning_list in watch.yaml",)
