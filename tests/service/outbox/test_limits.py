"""What holds a text back: pumping ends at a limit, and honest callers elsewhere still get theirs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests import quick_yaml
from tests.adjustments import keep
from tests.builders import a_text_request
from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line, a_policy_dir, settled, with_flows, with_rules
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.call import CallEnd
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.background.jobs import run_job
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import SmsBusy
from voicebot.service.staff.decision import act
from voicebot.service.staff.members import staff_numbers
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.lead_case import updating

HONEST = "+12125557001"
PUMPED = "+1202555"
NO_TEXT = "no text reaches the caller"


def with_limits(line: Line, folder: Path, **limits: int) -> None:
    """Give the policy other limits on texts."""
    levels = (policy := a_policy_dir(folder / "policy")) / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    told["limits"]["texts_a_day"] |= limits
    levels.write_text(quick_yaml.dump(told))
    with_flows(line, settled(policy))
    with_rules(line, gate_exceptions=("+1202555", "+1212555"))


def silent(line: Line, number: str, count: int) -> CallAnswer:
    """Ring and hang up without a word; the text leaves when late words can come no more."""
    answer = line.ring(number, f"CA{count}")
    end_call(line.hotline, f"CA{count}", CallEnd.CALLER_HUNG_UP)
    return answer


def told(line: Line, number: str, count: int) -> CallAnswer:
    """Take a whole call, promise and all."""
    return line.told_call(f"CA{count}", number)


def texts_of(line: Line, state: SmsState) -> list[Sms]:
    with line.work() as work:
        return [sms for ticket in work.tickets.all() for sms in work.sms.of_ticket(ticket.id) if sms.state is state]


@pytest.mark.timeout(300)
@pytest.mark.danger("SMS pumping")
@pytest.mark.parametrize("calls", [60, pytest.param(200, marks=pytest.mark.long)])
def test_a_storm_from_a_block_of_numbers_ends_at_the_limit_and_an_honest_caller_is_texted(
    line: Line, tmp_path: Path, calls: int
) -> None:
    with_limits(line, tmp_path, per_prefix=20)
    for count in range(calls):
        silent(line, f"{PUMPED}{count:04}", count)
        if count % 10 == 9:
            line.settle()
    line.settle()
    assert len({number for number, _ in line.sender.sent if number.startswith(PUMPED)} - {OWNER}) <= 20 + 7
    assert len([number for number, body in line.sender.sent if "could not hear you" in body]) == 20
    told(line, HONEST, 999)
    assert len(line.sender.to(HONEST)) == 1


@pytest.mark.danger("SMS pumping")
def test_texts_written_before_anybody_counted_are_held_back_when_they_leave(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=5)
    answers = [silent(line, f"{PUMPED}{count:04}", count) for count in range(12)]
    with capture_logs() as logs:
        line.settle()
    held = texts_of(line, SmsState.SUPPRESSED)
    assert len(held) == 7
    assert {sms.reason for sms in held} == {"too many texts to numbers that begin like this one in a day"}
    assert [line["log_level"] for line in logs if line["event"] == "alarm"] == ["error"]
    assert len([body for body in line.sender.to(OWNER) if "held back" in body]) == 1
    suppressed = {sms.ticket_id for sms in held}
    for answer in answers:
        assert line.ticket(answer).status is TicketStatus.OPEN, "the case stands whatever becomes of its text"
        assert ("text_settled" in line.verbs(answer.call.ticket_id)) is (answer.call.ticket_id in suppressed)


@pytest.mark.danger("SMS pumping")
def test_a_storm_is_one_alarm_however_many_texts_it_holds_back(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=1)
    for count in range(30):
        silent(line, f"{PUMPED}{count:04}", count)
    with capture_logs() as logs:
        line.settle()
        line.settle()
    assert len([entry for entry in logs if entry["event"] == "alarm"]) == 1
    assert all(PUMPED not in str(entry) for entry in logs), "no number of a caller in the log"


@pytest.mark.danger("SMS pumping")
@pytest.mark.parametrize("times", [15, pytest.param(50, marks=pytest.mark.long)])
def test_one_caller_who_rings_over_and_over_is_texted_no_more_than_a_day_allows(
    line: Line, tmp_path: Path, times: int
) -> None:
    with_limits(line, tmp_path, per_number=3)
    for count in range(times):
        told(line, CALLER, count)
        line.step(minutes=1)
    line.settle()
    assert len(line.sender.to(CALLER)) == 3
    told(line, OTHER, 99)
    assert len(line.sender.to(OTHER)) == 1


@pytest.mark.danger("SMS pumping")
def test_who_will_not_be_texted_is_not_told_of_a_text(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_number=1)
    told(line, CALLER, 1)
    answer = line.reach("ask_story", CALLER, "CA2")
    answer = line.say(line.say(answer, "it broke again"), "a refund")
    told_of: set[str] = set()
    for _ in range(12):
        told_of |= {prompt.key for prompt in getattr(answer.wait, "prompts", ())}
        answer = line.go_on(answer)
    assert "say_no_text" in told_of
    assert not told_of & {"announce_text", "confirm_promise"}
    assert {"confirm_promise_no_text", "say_case_number"} <= told_of, "promise and number are said instead"


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("per_country", "too many texts to this country in a day"), ("in_all", "too many texts in a day")],
)
@pytest.mark.danger("SMS pumping")
def test_a_storm_from_many_blocks_ends_at_the_country_and_at_the_day(
    line: Line, tmp_path: Path, limit: str, reason: str
) -> None:
    with_limits(line, tmp_path, **{limit: 4})
    with_rules(line, gate_exceptions=("+1",))
    for count in range(10):
        silent(line, f"+1202{count + 200}0101", count)
    line.settle()
    to_callers = [sms for sms in texts_of(line, SmsState.QUEUED) if "could not hear you" in sms.body]
    assert len(to_callers) == 4
    assert {sms.reason for sms in texts_of(line, SmsState.SUPPRESSED)} == {reason}
    assert len(texts_of(line, SmsState.SUPPRESSED)) == 6


@pytest.mark.danger("SMS pumping")
def test_the_next_day_has_room_again(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_number=1)
    told(line, CALLER, 1)
    line.step(days=1, seconds=1)
    told(line, CALLER, 2)
    confirmations = [body for body in line.sender.to(CALLER) if "thank you" in body]
    assert len(confirmations) == 2


@pytest.mark.danger("SMS pumping")
def test_who_was_promised_a_window_is_texted_late_when_others_took_the_room(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=1)
    told(line, f"{PUMPED}0001", 1)
    line.step(hours=23)
    (sms, *_) = line.texts(told(line, CALLER, 2))
    assert (sms.template, sms.state, sms.attempts) == (Template.CONFIRMATION, SmsState.WAITING, 0)
    line.step(hours=1, minutes=1)
    line.sweep()
    assert len([body for body in line.sender.to(CALLER) if "thank you" in body]) == 1


@pytest.mark.danger("SMS pumping")
def test_a_storm_never_silences_the_ladder(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=1, in_all=1)
    answer = told(line, CALLER, 1)
    line.step(hours=4)
    line.sweep()
    assert any("MISSED" in body for body in line.sender.to(OWNER))
    assert line.promise(answer.call.ticket_id).attempt == 2
    assert any("we did not call you" in body for body in line.sender.to(CALLER)), "our own fault is told in any storm"


@pytest.mark.danger("SMS pumping")
def test_an_apology_that_a_limit_will_hold_back_promises_nothing_and_staff_are_told(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_number=1)
    answer = told(line, CALLER, 1)
    line.step(hours=4)
    line.sweep()
    assert len(line.sender.to(CALLER)) == 1
    assert line.promise(answer.call.ticket_id).attempt == 1
    assert any(NO_TEXT in body for body in line.sender.to(OWNER))


@pytest.mark.danger("SMS pumping")
def test_staff_read_of_an_apology_that_was_held_back_after_all(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_number=2)
    answer = told(line, CALLER, 1)
    line.step(hours=4)
    line.sweep()
    assert not any(NO_TEXT in body for _, body in line.sender.sent)
    with line.work() as work:
        (apology,) = [sms for sms in work.sms.of_ticket(answer.call.ticket_id) if sms.template == Template.MISSED]
        work.sms.save(replace(apology, state=SmsState.SUPPRESSED))
        work.commit()
    line.step(hours=2)
    line.sweep()
    assert any(NO_TEXT in body for _, body in line.sender.sent)


@pytest.mark.danger("SMS pumping")
def test_a_telephone_of_staff_has_a_limit_of_its_own_and_an_alarm_passes_it(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_staff_phone=2, per_prefix=1)
    for count in range(3):
        told(line, f"{PUMPED}{count:04}", count)
    line.step(hours=4)
    with capture_logs() as logs:
        line.sweep()
    sent = line.sender.to(OWNER)
    assert len([body for body in sent if "held back" in body]) == 1
    assert len([body for body in sent if "held back" not in body]) == 1
    assert "staff_texts_held_back" in [entry["event"] for entry in logs]
    line.ring(OWN, "CA-loop")
    line.run_jobs()
    assert any("forwards our own number" in body for body in line.sender.to(OWNER))


@pytest.mark.danger("SMS pumping")
def test_a_second_try_of_a_text_is_not_counted_twice(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=1)
    line.sender.trouble = [SmsBusy(), SmsBusy()]
    told(line, CALLER, 1)
    for _ in range(3):
        line.step(seconds=30)
        line.sweep()
    assert len(line.sender.to(CALLER)) == 1
    with line.work() as work:
        assert work.limits.count_texts(line.clock.at - timedelta(days=1), number="", prefix="", region="").in_all == 1


@pytest.mark.danger("SMS pumping")
def test_a_number_that_a_caller_keyed_is_never_texted(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "confirm_number")
    answer = line.key(line.go_to(line.key(answer, "2"), "ask_number"), OTHER.removeprefix("+1"))
    line.go_to(line.key(answer, "1"), "tell_case_number")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    for _ in range(8):
        line.step(hours=4)
        line.sweep()
    assert line.ticket(answer).complainant_number == OTHER
    assert line.sender.to(OTHER) == []


# --- texts that answer texts -----------------------------------------------------------------------------------


def text(line: Line, sid: str, sender: str = OTHER) -> None:
    log_text(line.hotline, IncomingText(message_sid=sid, sender=sender, body="I am driving and cannot read this"))
    line.run_jobs()


@pytest.mark.danger("call loops")
def test_a_machine_that_answers_our_answers_gets_one(line: Line) -> None:
    for count in range(20):
        text(line, f"SM{count}")
        line.step(seconds=20)
    assert len(line.sender.to(OTHER)) == 1


@pytest.mark.danger("call loops")
def test_a_machine_whose_cases_are_closed_at_once_gets_one_answer_in_an_hour(line: Line) -> None:
    for count in range(6):
        text(line, f"SM{count}")
        with line.work() as work:
            for case in work.tickets.all():
                work.tickets.save(replace(case, status=TicketStatus.CLOSED))
            work.commit()
        line.step(minutes=11)
    assert len(line.sender.to(OTHER)) == 1
    text(line, "SM9")
    assert len(line.sender.to(OTHER)) == 2


@pytest.mark.parametrize("sender", ["72345", "AMAZON", "1800FLOWERS", "SHOP+12025550188", "+18005550199", ""])
@pytest.mark.danger("SMS pumping")
def test_short_codes_names_and_toll_free_numbers_are_never_answered(line: Line, sender: str) -> None:
    text(line, "SM1", sender)
    line.step(days=2)
    line.sweep()
    told = {recipient for recipient, _ in line.sender.sent}
    assert told <= staff_numbers(line.policy), "staff are told to find a number, and nobody else is written to"


@pytest.mark.danger("SMS pumping")
def test_two_workers_never_take_the_last_place_together(line_on_both: Line, tmp_path: Path) -> None:
    line = line_on_both
    with_limits(line, tmp_path, per_prefix=3)
    for count in range(12):
        silent(line, f"{PUMPED}{count:04}", count)
    line.step(seconds=6)
    jobs, line.jobs.waiting = list(line.jobs.waiting), []
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda job: run_job(line.hotline, *job), jobs))
    assert len([body for _, body in line.sender.sent if "could not hear you" in body]) == 3


# --- what became of a text while it waited --------------------------------------------------------------------


def _leaves_the_country(line: Line, answer: CallAnswer) -> None:
    with_rules(line, callback_countries=frozenset({"GB"}), gate_exceptions=())


def _proves_a_landline(line: Line, answer: CallAnswer) -> None:
    (waiting,) = line.texts(answer)
    failed = replace(waiting, id="before", purpose="before", state=SmsState.UNDELIVERED, error_code=30006)
    with line.work() as work:
        work.sms.add(failed)
        work.commit()


def _asks_the_carrier_to_stop(line: Line, answer: CallAnswer) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=CALLER, is_out=True))
        work.commit()


def _tells_staff_no_texts(line: Line, answer: CallAnswer) -> None:
    line.change_ticket(answer, may_text=False)


def _agrees_on_no_message(line: Line, _answer: CallAnswer) -> None:
    keep(line, AdjustmentKind.NO_MESSAGE)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_leaves_the_country, "the number gate stopped it"),
        (_proves_a_landline, "this line takes no texts"),
        (_asks_the_carrier_to_stop, "opted out"),
        (_tells_staff_no_texts, "texts are not wanted"),
        (_agrees_on_no_message, "do not leave a message"),
    ],
)
def test_a_text_that_nobody_may_get_any_more_does_not_leave_and_the_case_says_why(
    line: Line, happens: Callable[[Line, CallAnswer], None], reason: str
) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "tell_case_number")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    happens(line, answer)
    line.run_jobs()
    held = [sms for sms in line.texts(answer) if sms.id != "before"]
    assert [(sms.state, sms.reason) for sms in held] == [(SmsState.SUPPRESSED, reason)]
    assert line.sender.to(CALLER) == []
    assert "text_settled" in line.verbs(answer.call.ticket_id)


def test_staff_who_stop_our_texts_while_one_waits_do_not_get_it(line: Line) -> None:
    line.told_call()
    line.step(hours=2, minutes=1)
    line.sender.trouble = [SmsBusy()]
    line.sweep()
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        work.commit()
    line.step(minutes=5)
    line.sweep()
    assert line.sender.to(OWNER) == []


def test_who_wants_no_texts_is_not_apologised_to_by_one_and_the_case_says_why(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, may_text=False, text_trouble="not wanted")
    line.step(hours=4)
    line.sweep()
    assert len(line.sender.to(CALLER)) == 1, "the confirmation of before"
    with line.work() as work:
        said = [entry.after for entry in work.tickets.history(answer.call.ticket_id)]
    assert "no texts: not wanted" in said


@pytest.mark.requirement("D-06")
def test_an_update_on_one_cause_is_texted_late_when_others_took_the_room(line: Line, tmp_path: Path) -> None:
    with_limits(line, tmp_path, per_prefix=1)
    answer = told(line, CALLER, 1)
    act(line.hotline, line.ticket(answer).case_number, updating("We are open again.", count=1, actor="owner_1"))
    line.settle()
    assert not [body for body in line.sender.to(CALLER) if "open again" in body]
    line.step(hours=24, minutes=1)
    line.sweep()
    assert len([body for body in line.sender.to(CALLER) if "open again" in body]) == 1
