"""Texts from the outbox to the carrier and back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.fakes_outside import FakeSmsSender
from tests.service.lines import CALLER, OWNER, Line
from voicebot.domain.budget import prefix_of
from voicebot.domain.call import CallEnd
from voicebot.domain.limits import TextLimits
from voicebot.domain.phone import region_of
from voicebot.domain.sms import Sms, SmsState
from voicebot.errors import Unavailable
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.limits import HELD_BACK_FOR
from voicebot.service.outbox.sms import (
    GONE_AFTER,
    LOOK_UP_AFTER,
    MOST_ATTEMPTS,
    MOST_LOST_ATTEMPTS,
    STUCK_AFTER,
    record_receipt,
    send_sms,
    settle_stuck,
)
from voicebot.service.ports import SmsBusy, SmsRefused, SmsUncertain, UnitOfWork
from voicebot.service.promise.keep import log_callback

CASE_SID = "SM" + "1".rjust(32, "0")


@pytest.fixture
def waiting(line: Line) -> CallAnswer:
    """A call that is over; its confirmation waits in the outbox."""
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "tell_case_number")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    return answer


def only(line: Line, answer: CallAnswer) -> Sms:
    (sms,) = line.texts(answer)
    return sms


@pytest.mark.requirement("S2-14")
def test_the_confirmation_is_with_the_carrier_as_soon_as_its_job_has_run(line: Line, waiting: CallAnswer) -> None:
    assert only(line, waiting).state is SmsState.WAITING
    line.run_jobs()
    sms = only(line, waiting)
    assert (sms.state, sms.message_sid, sms.attempts) == (SmsState.QUEUED, CASE_SID, 1)
    assert "482" not in sms.body or line.ticket(waiting).case_number[:3] == "482"


@pytest.mark.requirement("S2-14")
def test_a_lost_job_is_found_by_the_sweep_and_neither_sends_twice(line: Line, waiting: CallAnswer) -> None:
    jobs = list(line.jobs_waiting)
    line.jobs.waiting.clear()
    line.sweep()
    line.jobs.waiting.extend(jobs)
    line.sweep()
    assert len(line.sender.sent) == 1


def test_a_busy_carrier_is_asked_again_later_and_later(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsBusy(), SmsBusy()]
    line.run_jobs()
    first = only(line, waiting)
    assert (first.state, first.not_before - line.clock.at) == (SmsState.WAITING, timedelta(seconds=5))
    line.step(seconds=5)
    line.sweep()
    assert only(line, waiting).not_before - line.clock.at == timedelta(seconds=10)
    line.step(seconds=10)
    line.sweep()
    assert len(line.sender.sent) == 1


def test_a_carrier_that_stays_busy_is_given_up_and_the_case_says_so(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsBusy()] * MOST_ATTEMPTS
    sms = only(line, waiting)
    with line.work() as work:
        work.sms.save(replace(sms, attempts=MOST_ATTEMPTS - 1))
        work.commit()
    line.run_jobs()
    assert (only(line, waiting).state, only(line, waiting).reason) == (SmsState.FAILED, "the carrier stayed too busy")


def test_an_uncertain_send_that_arrived_is_found_and_not_sent_again(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsUncertain()]
    line.sender.keeps_uncertain = True
    line.run_jobs()
    assert only(line, waiting).state is SmsState.UNKNOWN
    line.sweep()
    assert only(line, waiting).state is SmsState.UNKNOWN
    line.step(seconds=LOOK_UP_AFTER.total_seconds() + 1)
    line.sweep()
    assert (only(line, waiting).state, len(line.sender.sent)) == (SmsState.QUEUED, 1)


def test_an_uncertain_send_that_never_arrived_is_sent_after_looking(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsUncertain()]
    line.run_jobs()
    line.step(seconds=61)
    line.sweep()
    line.sweep()
    assert (only(line, waiting).state, len(line.sender.sent)) == (SmsState.QUEUED, 1)


def test_a_send_that_is_lost_again_and_again_is_given_up(line: Line, waiting: CallAnswer) -> None:
    sms = only(line, waiting)
    line.sender.trouble = [SmsUncertain()] * 99
    while only(line, waiting).state is SmsState.WAITING:
        send_sms(line.hotline, sms.id)
        line.step(seconds=61)
        settle_stuck(line.hotline, sms.id)
        line.clock.at = max(line.clock.at, only(line, waiting).not_before)
    assert (only(line, waiting).state, only(line, waiting).reason) == (SmsState.FAILED, "the carrier never had it")
    assert (line.sender.sent, len(line.sender.trouble) > 89) == ([], True)


@pytest.mark.requirement("S2-14")
def test_a_carrier_that_can_make_no_text_for_half_an_hour_loses_none(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsUncertain()] * 99
    for _ in range(15):
        line.sweep()
        line.step(seconds=121)
    line.sender.trouble = []
    for _ in range(15):
        line.step(seconds=121)
        line.sweep()
    assert (only(line, waiting).state, len(line.sender.sent)) == (SmsState.QUEUED, 1)


def test_a_text_that_met_a_busy_carrier_is_not_given_up_at_its_first_loss(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [*[SmsBusy()] * MOST_LOST_ATTEMPTS, SmsUncertain()]
    for _ in range(20):
        line.sweep()
        line.step(minutes=5)
    assert (only(line, waiting).state, len(line.sender.sent)) == (SmsState.QUEUED, 1)


def test_of_two_workers_that_look_for_a_lost_text_one_sends_it(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsUncertain()]
    line.run_jobs()
    line.step(seconds=61)
    sms, look = only(line, waiting), line.sender.find

    def look_slowly(recipient: str, body: str, since: datetime) -> Sequence[str]:
        line.sender.find = look  # type: ignore[method-assign]
        settle_stuck(line.hotline, sms.id)
        with line.work() as work:
            assert work.sms.claim(sms.id, line.clock.at), "the other worker is sending it"
            work.commit()
        return ()

    line.sender.find = look_slowly  # type: ignore[method-assign]
    settle_stuck(line.hotline, sms.id)
    assert only(line, waiting).state is SmsState.SENDING


class Halting:
    """A worker's transactions; before or after one of them it is halted, and something happens meanwhile."""

    def __init__(self, line: Line, at: int, *, is_after: bool, meanwhile: Callable[[], object]) -> None:
        self._transactions, self._at, self._is_after = line.hotline.unit_of_work, at, is_after
        self._meanwhile = meanwhile
        self.opened = 0

    @contextmanager
    def __call__(self) -> Iterator[UnitOfWork]:
        """Open the next one."""
        self.opened += 1
        is_halted = self.opened == self._at
        if is_halted and not self._is_after:
            self._meanwhile()
        with self._transactions() as work:
            yield work
        if is_halted and self._is_after:
            self._meanwhile()


def work_on_for_90_s(line: Line) -> None:
    """Let another worker go on."""
    for _ in range(3):
        line.step(seconds=31)
        run_due(line.hotline)


@pytest.mark.requirement("S2-14")
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 5))
def test_a_worker_halted_at_any_step_of_sending_sends_no_second_text(
    line_on_both: Line, at: int, is_after: bool
) -> None:
    line = line_on_both
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "tell_case_number")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    halting = Halting(line, at, is_after=is_after, meanwhile=lambda: work_on_for_90_s(line))
    send_sms(replace(line.hotline, unit_of_work=halting), only(line, answer).id)
    for _ in range(3):
        line.step(seconds=61)
        line.sweep()
    assert (only(line, answer).state, len(line.sender.sent)) == (SmsState.QUEUED, 1)


def test_a_text_that_became_untrue_while_its_worker_was_halted_does_not_leave(line: Line, waiting: CallAnswer) -> None:
    case = line.ticket(waiting).case_number
    called = partial(log_callback, line.hotline, case, reason="rang", actor="owner_1")
    halting = Halting(line, 1, is_after=True, meanwhile=called)
    send_sms(replace(line.hotline, unit_of_work=halting), only(line, waiting).id)
    assert (only(line, waiting).state, line.sender.sent) == (SmsState.SUPPRESSED, [])


def test_a_lost_text_is_not_taken_for_another_in_the_same_words(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    again = replace(only(line, waiting), id="again", purpose="call_end:again", message_sid=None)
    with line.work() as work:
        work.sms.add(replace(again, state=SmsState.UNKNOWN))
        work.commit()
    line.step(seconds=61)
    line.sweep()
    line.sweep()
    sids = [sms.message_sid for sms in line.texts(waiting)]
    assert (len(line.sender.sent), len(set(sids)), None in sids) == (2, 2, False)


def test_a_carrier_that_cannot_be_asked_is_asked_again_after_a_rest(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsUncertain()]
    line.run_jobs()
    line.step(seconds=61)
    line.sender.is_away = True
    with pytest.raises(Unavailable):
        settle_stuck(line.hotline, only(line, waiting).id)
    assert only(line, waiting).state_at == line.clock.at


def test_a_text_that_is_gone_at_the_carrier_is_not_asked_about_for_ever(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    line.sender.is_away = True
    for days, state in ((GONE_AFTER.days, SmsState.QUEUED), (1, SmsState.UNDELIVERED)):
        line.step(days=days)
        with pytest.raises(Unavailable):
            settle_stuck(line.hotline, only(line, waiting).id)
        assert only(line, waiting).state is state


def test_a_text_without_a_receipt_is_asked_about_and_given_up_in_the_end(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    line.step(seconds=STUCK_AFTER.total_seconds() + 1)
    settle_stuck(line.hotline, only(line, waiting).id)
    assert only(line, waiting).state is SmsState.SENT
    line.step(days=3)
    settle_stuck(line.hotline, only(line, waiting).id)
    assert (only(line, waiting).state, only(line, waiting).reason) == (SmsState.UNDELIVERED, "no receipt ever came")
    settle_stuck(line.hotline, only(line, waiting).id)
    settle_stuck(line.hotline, "no-text")


def test_a_text_that_the_carrier_says_was_delivered_is_settled_by_asking(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    line.sender.states[CASE_SID] = ("delivered", None)
    line.step(hours=1, seconds=1)
    line.sweep()
    assert only(line, waiting).state is SmsState.DELIVERED


def test_a_number_that_has_had_its_share_today_gets_no_more(line: Line, waiting: CallAnswer) -> None:
    sms = only(line, waiting)
    with line.work() as work:
        for count in range(TextLimits().per_number):
            work.sms.add(replace(sms, id=f"sms-{count}", purpose=f"missed:{count}", state=SmsState.DELIVERED))
        work.commit()
    send_sms(line.hotline, sms.id)
    with line.work() as work:
        sent = work.sms.get(sms.id)
    assert sent is not None
    assert sent.reason == "too many texts to this number in a day"


@pytest.mark.requirement("S0-12")
def test_a_warning_that_waited_until_the_call_was_made_is_not_sent(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    line.step(hours=2, minutes=1)
    line.sender.trouble = [SmsBusy()]
    line.sweep()
    log_callback(line.hotline, line.ticket(waiting).case_number, reason="spoke", actor="owner_1")
    line.step(minutes=5)
    line.sweep()
    assert line.sender.to(OWNER) == []
    assert line.texts(waiting)[-1].reason == "the promise is no longer open"


# --- what comes back ------------------------------------------------------------------------------------------


class SlowSender(FakeSmsSender):
    """A carrier that takes a text slowly: something happens before it answers."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def send(self, recipient: str, body: str) -> str:
        """Let it happen, then answer."""
        self._meanwhile()
        return super().send(recipient, body)


def test_a_text_that_the_carrier_refuses_is_given_up_with_its_reason(line: Line, waiting: CallAnswer) -> None:
    line.sender.trouble = [SmsRefused(21610)]
    line.run_jobs()
    assert (only(line, waiting).state, only(line, waiting).error_code) == (SmsState.FAILED, 21610)
    line.step(hours=2)
    line.sweep()
    assert line.sender.to(CALLER) == []


@pytest.mark.requirement("S2-14")
def test_receipts_move_a_text_forwards_whatever_order_they_come_in(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    for status, state in (
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
    ):
        record_receipt(line.hotline, CASE_SID, status, None)
        assert only(line, waiting).state == SmsState(state)


@pytest.mark.requirement("S2-14")
def test_a_receipt_that_comes_before_the_text_has_its_sid_is_not_lost(line: Line, waiting: CallAnswer) -> None:
    line.use(sms_sender=SlowSender(lambda: record_receipt(line.hotline, CASE_SID, "undelivered", 30003)))
    line.run_jobs()
    assert (only(line, waiting).state, only(line, waiting).error_code) == (SmsState.UNDELIVERED, 30003)


def test_a_text_that_others_settled_while_a_busy_carrier_was_asked_stays_settled(
    line: Line, waiting: CallAnswer
) -> None:
    sms = only(line, waiting)

    def settle() -> None:
        with line.work() as work:
            work.sms.save(replace(sms, state=SmsState.DELIVERED, attempts=1))
            work.commit()

    sender = SlowSender(settle)
    sender.trouble = [SmsBusy()]
    line.use(sms_sender=sender)
    send_sms(line.hotline, sms.id)
    assert only(line, waiting).state is SmsState.DELIVERED


@pytest.mark.danger("SMS pumping")
def test_a_text_for_which_others_took_the_room_waits_and_leaves_when_there_is_some(
    line: Line, waiting: CallAnswer
) -> None:
    sms = only(line, waiting)
    with line.work() as work:
        for count in range(TextLimits().per_prefix):
            prefix, region = prefix_of(sms.recipient), region_of(sms.recipient)
            work.limits.record_text_sent(f"of others {count}", prefix=prefix, region=region, at=line.clock.at)
        work.commit()
    send_sms(line.hotline, sms.id)
    (put_off,) = (text for text in line.texts(waiting) if text.id == sms.id)
    assert (put_off.state, put_off.not_before - line.clock.at) == (SmsState.WAITING, HELD_BACK_FOR)
    far_window = replace(line.promise(sms.ticket_id), window_closes_at=line.clock.at + timedelta(days=2))
    with line.work() as work:
        work.promises.save(far_window)
        work.commit()
    line.step(days=1, seconds=1)
    send_sms(line.hotline, sms.id)
    assert line.sender.to(CALLER) == [sms.body]
