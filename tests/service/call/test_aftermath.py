"""Which one text follows a contact, and that a promise is made where there is a number."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.books import rang, tickets
from tests.service.call.ordered_canary import order_canary
from tests.service.hanging_up import over, tell_of_recording, template
from tests.service.lines import (
    CALLER,
    FLOWS_DIR,
    OTHER,
    OWNER,
    Line,
    a_policy_dir,
    node_of,
    with_flows,
    with_rules,
    without_budgets,
)
from tests.service.recorded import SID
from tests.service.texting import write_text
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import Sms
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import CallerHungUp, KeysPressed
from voicebot.service.call.missed_call import take_up_missed_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.case_view import UNTOLD, view_case


@pytest.mark.requirement("S0-11")
def test_whoever_hung_up_before_a_word_can_write_instead(line: Line) -> None:
    answer = over(line, line.ring())
    assert template(line, answer) == "sms_silent_caller"
    promise = line.promise(answer.call.ticket_id)
    assert promise.words == ""


@pytest.mark.requirement("S0-11")
def test_whoever_was_cut_off_in_the_story_is_told_when_we_call(line: Line) -> None:
    story = line.reach("ask_story")
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    line.run_jobs()
    assert template(line, story) == "sms_call_cut_off"
    assert line.promise(story.call.ticket_id).words == line.sender.to(CALLER)[0]


@pytest.mark.requirement("S0-11")
def test_words_that_the_status_callback_overtook_are_not_answered_by_we_could_not_hear_you(line: Line) -> None:
    story = line.reach("ask_story")
    over(line, story)
    line.step(seconds=2)
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    line.step(seconds=10)
    line.sweep()
    assert template(line, story) == "sms_call_cut_off"
    assert "could not hear" not in line.sender.to(CALLER)[0]
    assert line.promise(story.call.ticket_id).words == line.sender.to(CALLER)[0]


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("told_by", ["its turn", "its callback"])
def test_a_recording_that_the_status_callback_overtook_is_not_answered_by_we_could_not_hear_you(
    line: Line, told_by: str
) -> None:
    line.recognisers.limit = 0
    story = over(line, line.reach("ask_story"))
    line.step(seconds=2)
    if told_by == "its turn":
        line.tell(story, CallerHungUp(utterance=Utterance(recording_sid=SID, duration_s=2.0)))
    else:
        tell_of_recording(line, story)
    line.settle()
    assert template(line, story) == "sms_call_cut_off"
    assert line.promise(story.call.ticket_id).words == line.sender.to(CALLER)[0]


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_told_first", [True, False])
def test_whoever_left_a_message_after_the_fixed_words_is_not_told_that_we_could_not_hear(
    line: Line, is_told_first: bool
) -> None:
    notice = line.ring()
    if is_told_first:
        tell_of_recording(line, notice)
    over(line, notice)
    tell_of_recording(line, notice)
    line.settle()
    assert template(line, notice) == "sms_call_cut_off"


@pytest.mark.requirement("S0-04")
def test_whoever_refused_to_be_recorded_is_told_when_we_call_and_nothing_of_words(line: Line) -> None:
    story = line.reach("ask_story")
    over(line, line.tell(story, KeysPressed(keys="8", utterance=line.spoken(story, "my parcel"))))
    assert template(line, story) == "sms_confirmation"
    assert line.promise(story.call.ticket_id).words == without_pin(line.sender.to(CALLER)[0], line.ticket(story).pin)


def test_whoever_was_promised_no_call_is_not_told_that_we_missed_one(line: Line) -> None:
    answer = over(line, line.key(line.reach("ask_story"), "5"))
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at
    line.sweep()
    assert [sms.template for sms in line.texts(answer) if sms.recipient == CALLER] == ["sms_text_me"]
    assert line.sender.to(OWNER)


@pytest.mark.requirement("S2-14")
def test_a_window_that_was_only_offered_stands_and_is_confirmed_by_text(line: Line) -> None:
    offer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "offer_windows")
    line.tell(offer, CallerHungUp())
    line.run_jobs()
    assert template(line, offer) == "sms_confirmation"
    promise = line.promise(offer.call.ticket_id)
    assert promise.words.startswith("A person will call you today")
    assert not promise.confirmed_by_caller


def test_a_silent_caller_hears_that_we_text_and_gets_that_text(line: Line) -> None:
    answer = line.go_on(line.ring())
    while node_of(answer) != "hang_up":
        answer = line.go_on(answer)
    over(line, answer)
    assert template(line, answer) == "sms_silent_caller"


def test_whoever_wants_no_text_gets_none_and_the_owner_is_told(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "announce_text")
    over(line, line.key(answer, "2"))
    assert line.sender.sent == []
    assert "text_impossible" in line.verbs(answer.call.ticket_id)


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "12345", "+870772001234"])
def test_a_caller_without_a_number_leaves_a_case_with_an_owner_and_no_text(line: Line, caller: str) -> None:
    answer = over(line, line.ring(caller))
    ticket = line.ticket(answer)
    assert (ticket.complainant_number, ticket.owner_id) == (None, "owner_1")
    assert line.sender.sent == []
    assert "text_impossible" in line.verbs(ticket.id)


def test_a_keyed_number_is_called_and_never_texted(line: Line) -> None:
    number = line.go_to(line.say(line.reach("ask_story", "anonymous"), "it broke"), "ask_number")
    answer = line.key(line.key(number, OTHER.removeprefix("+1")), "1")
    over(line, answer)
    assert line.ticket(answer).complainant_number == OTHER
    assert line.promise(answer.call.ticket_id).target == "standard"
    assert line.sender.sent == []


def test_a_booked_up_week_still_owes_everybody_a_window(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "policy")
    levels = policy / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("callbacks_per_window: 10", "callbacks_per_window: 1"))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    for count in range(3):
        answer = line.reach("ask_story", f"+1202555015{count}", f"CA-{count}")
        over(line, line.say(answer, "it broke"))
    line.settle()
    assert len(line.sender.sent) == 3


def test_a_caller_who_asked_for_a_supervisor_and_hung_up_gets_a_supervisors_window(line: Line) -> None:
    answer = over(line, line.key(line.ring(), "0"))
    assert line.promise(answer.call.ticket_id).target == "supervisor"
    assert template(line, answer) == "sms_confirmation"


def test_a_promise_broken_during_the_call_leaves_a_confirmation_without_a_window(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "tell_case_number")
    line.change_ticket(answer, may_text=False)
    with_rules(line, lost_after=timedelta(days=1))
    line.step(hours=4)
    line.sweep()
    line.change_ticket(answer, may_text=True)
    end_call(line.hotline, "CA1", CallEnd.LOST)
    assert line.texts(answer)[-1].template == "sms_confirmation_no_window"


@pytest.mark.parametrize("outcome", ["failed", "opted out"])
def test_a_promise_whose_text_did_not_arrive_counts_as_told_to_nobody(line: Line, outcome: str) -> None:
    story = line.reach("ask_story")
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    if outcome == "opted out":
        write_text(line, "STOP", "SM1")
    line.run_jobs()
    if outcome == "failed":
        (sms,) = line.texts(story)
        assert line.promise(story.call.ticket_id).words == sms.body
        record_receipt(line.hotline, str(sms.message_sid), "undelivered", 30003)
    promise = line.promise(story.call.ticket_id)
    assert (promise.state, promise.words) == (PromiseState.OPEN, "")
    assert "promise_untold" in line.verbs(story.call.ticket_id)
    view = view_case(line.hotline, line.ticket(story).case_number)
    assert UNTOLD in next(due.why for due in view.deadlines if due.what.startswith("call"))


def test_a_promise_said_aloud_stays_told_when_its_text_fails(line: Line) -> None:
    answer = line.told_call()
    (sms,) = line.texts(answer)
    words = line.promise(answer.call.ticket_id).words
    record_receipt(line.hotline, str(sms.message_sid), "undelivered", 30003)
    assert words
    assert line.promise(answer.call.ticket_id).words == words


def test_a_promise_whose_text_with_its_pin_did_not_arrive_counts_as_told_to_nobody(line: Line) -> None:
    write_text(line, "my kettle leaks", "SM1")
    with line.work() as work:
        (ticket,) = work.tickets.all()
        (sms,) = work.sms.of_ticket(ticket.id)
    assert line.promise(ticket.id).words
    record_receipt(line.hotline, str(sms.message_sid), "undelivered", 30003)
    assert line.promise(ticket.id).words == ""


WITHHELD = "+266696687"


def _told_in_vain(line: Line) -> CallAnswer:
    """Let a caller without caller ID say a number twice, which is not understood, and hang up."""
    answer = line.reach("ask_story", WITHHELD)
    answer = line.go_to(line.key(line.key(answer, "#"), "#"), "ask_number")
    for _ in range(2):
        answer = line.say(answer, "two [unk] two")
        answer = line.go_to(answer, "ask_number")
    return over(line, answer)


@pytest.mark.requirement("S0-11")
def test_a_number_that_was_said_and_not_understood_is_kept_with_its_voice_for_staff_to_find(line: Line) -> None:
    answer = _told_in_vain(line)
    with line.work() as work:
        answers = work.tickets.answers(answer.call.ticket_id)
    assert [(one.slot, one.text, one.audio_key is not None) for one in answers] == [
        ("ask_number", "two [unk] two", True),
        ("ask_number", "two [unk] two", True),
    ]
    (promise,) = line.promises(answer.call.ticket_id)
    assert (promise.target, promise.state, promise.words) == ("find_number", PromiseState.OPEN, "")
    view = view_case(line.hotline, line.ticket(answer).case_number)
    due = next(due for due in view.deadlines if due.what == "find a number")
    assert due.at == promise.window_closes_at
    assert UNTOLD not in due.why


@pytest.mark.requirement("S0-11", "S0-12")
def test_whoever_finds_no_number_in_time_is_climbed_over_and_the_caller_is_told_nothing(line: Line) -> None:
    answer = _told_in_vain(line)
    promise = line.promise(answer.call.ticket_id)
    line.step(seconds=(promise.window_closes_at - promise.made_at).total_seconds() + 60)
    line.sweep()
    texts = line.texts(answer)
    assert {sms.template for sms in texts} == {"sms_staff_find_number"}
    (listed,) = list_cases(line.hotline).lines
    assert (listed.deadline, listed.is_missed) == ("find a number", True)


def test_a_voice_that_comes_late_to_a_case_without_a_number_is_looked_through(line: Line) -> None:
    story = over(line, line.reach("ask_story", WITHHELD))
    assert line.promises(story.call.ticket_id) == []
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    assert [promise.target for promise in line.promises(story.call.ticket_id)] == ["find_number"]


def test_a_policy_from_before_numbers_were_looked_for_gives_them_the_time_of_a_call(line: Line, tmp_path: Path) -> None:
    levels = (FLOWS_DIR / "policy" / "service_levels.yaml").read_text()
    old = "\n".join(each for each in levels.splitlines() if "find_number" not in each)
    policy = a_policy_dir(tmp_path)
    (policy / "service_levels.yaml").write_text(old)
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    answer = _told_in_vain(line)
    assert line.promise(answer.call.ticket_id).target == "find_number"


# --- calls without a word ----------------------------------------------------------------------------------


def test_a_silent_call_from_where_too_many_come_is_promised_nothing_and_its_case_says_so(line: Line) -> None:
    with line.work() as work:
        for count in range(line.policy.limits.texts.per_prefix):
            work.limits.record_text_sent(f"text-{count}", prefix="1202555", region="US", at=line.clock.at)
        work.commit()
    answer = over(line, line.ring())
    assert (line.promises(answer.call.ticket_id), line.texts(answer)) == ([], [])
    assert {"promise_withheld", "text_impossible"} <= set(line.verbs(answer.call.ticket_id))


def test_a_telephone_of_staff_that_forwards_to_us_is_not_rung_for_ever(line: Line, tmp_path: Path) -> None:
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path)))
    answer = over(line, line.ring(OWNER))
    assert (line.promises(answer.call.ticket_id), line.texts(answer)) == ([], [])
    assert "promise_withheld" in line.verbs(answer.call.ticket_id)
    told = over(line, line.say(line.reach("ask_story", OWNER, "CA2"), "this is a trial"))
    assert line.promises(line.call(told).ticket_id), "with a word it is a call like any other"


@pytest.mark.danger("endless silent calls")
def test_staff_learn_once_that_silent_calls_have_used_up_their_share(line: Line, tmp_path: Path) -> None:
    policy = without_budgets(a_policy_dir(tmp_path))
    levels = policy / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("callbacks_per_window: 10", "callbacks_per_window: 1"))
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    with_rules(line, gate_exceptions=("+1",))
    silent = [over(line, line.ring(f"+1212555{n:04}", f"CA-{n}")) for n in range(4)]
    assert line.promise(silent[-1].call.ticket_id).is_silent, "one a day is theirs, and days lie ahead"
    last = silent[-1]
    for n in range(4, 100):
        if not line.promises(last.call.ticket_id):
            break
        last = over(line, line.ring(f"+1212555{n:04}", f"CA-{n}"))
    assert "promise_withheld" in line.verbs(last.call.ticket_id), "every day that is looked ahead to is taken"
    assert len([body for body in line.sender.to(OWNER) if "their share" in body]) == 1


# --- calls that never reached us ---------------------------------------------------------------------------


def test_a_missed_call_from_a_telephone_of_staff_is_not_rung_back(line: Line, tmp_path: Path) -> None:
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path)))
    take_up_missed_call(line.hotline, rang(line, "CA1", caller=OWNER))
    (ticket,) = tickets(line)
    assert (line.promises(ticket.id), _texts_of(line, ticket.id)) == ([], [])
    assert "promise_withheld" in line.verbs(ticket.id)


def test_who_rang_in_vain_while_staff_climb_over_a_miss_is_named_no_window(line: Line) -> None:
    take_up_missed_call(line.hotline, rang(line, "CA1"))
    (ticket,) = tickets(line)
    line.run_jobs()
    for _ in range(2):  # the promise, and the one that went with the apology
        line.clock.at = line.promise(ticket.id).window_closes_at
        line.step(minutes=1)
        line.sweep()
        line.step(hours=6)
        line.sweep()
    before = len(_texts_of(line, ticket.id))
    take_up_missed_call(line.hotline, rang(line, "CA2"))
    assert len(tickets(line)) == 1
    assert [promise for promise in line.promises(ticket.id) if promise.state is PromiseState.OPEN] == []
    assert len(_texts_of(line, ticket.id)) == before


# --- words that come late ----------------------------------------------------------------------------------


def test_a_text_that_has_left_says_what_it_said_when_words_come(line: Line) -> None:
    story = over(line, line.reach("ask_story"))
    line.settle()
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    assert template(line, story) == "sms_silent_caller"


def test_a_text_that_was_asked_for_stays_though_words_come(line: Line) -> None:
    story = line.key(line.reach("ask_story"), "5")
    over(line, story)
    tell_of_recording(line, story)
    assert template(line, story) == "sms_text_me"


def test_a_stream_that_ends_late_without_a_word_changes_nothing(line: Line) -> None:
    story = line.reach("ask_story")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.tell(story, CallerHungUp())
    assert template(line, story) == "sms_silent_caller"


def test_who_was_cut_off_and_is_told_so_is_told_the_same_when_more_words_come(line: Line) -> None:
    story = line.reach("ask_story")
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    (before,) = line.texts(story)
    tell_of_recording(line, story)
    assert line.texts(story) == [before]
    assert line.promise(story.call.ticket_id).words == without_pin(before.body, line.ticket(story).pin)


def _texts_of(line: Line, ticket_id: str) -> list[Sms]:
    with line.work() as work:
        return list(work.sms.of_ticket(ticket_id))


@pytest.mark.requirement("D-10")
def test_late_words_of_our_own_test_call_are_answered_to_nobody(line: Line) -> None:
    order_canary(line)
    story = over(line, line.reach("ask_story", OTHER))
    line.tell(story, CallerHungUp(utterance=line.spoken(story, "my parcel")))
    line.settle()
    assert (line.sender.sent, line.promises(story.call.ticket_id)) == ([], [])
