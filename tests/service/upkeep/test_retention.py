"""What people told us goes when its time has come, and nothing else does; on both databases."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.customers import a_customer
from tests.fakes_outside import FakeAudioStore
from tests.service.answer.test_picture import ME0, TWO, at_rest, send, there
from tests.service.lines import CALLER, Line
from voicebot.domain.picture import LARGEST_BYTES
from voicebot.domain.promise import PromiseState
from voicebot.domain.retention import RetentionClass
from voicebot.domain.ticket import Answer, NotComplaint, Ruling, Ticket, ToldBy
from voicebot.errors import Refused, Unavailable
from voicebot.service.background.schedule import TASKS
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.promise.keep import log_callback
from voicebot.service.promise.take_back import taking_back
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import answering, dismissing
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.upkeep.retention import erase_by_hand, erase_case, erase_due, hold_case, lift_hold, run_retention

REASON = "asked by the court"


def answered(line: Line, carrier_call_id: str = "CA1", caller: str = CALLER) -> CallAnswer:
    """Take a whole call whose complainant is called back; three days later every text has settled."""
    answer = line.told_call(carrier_call_id, caller)
    line.settle()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="promised a new parcel", actor="owner_1")
    line.step(days=3)
    line.sweep()
    line.sweep()
    return answer


def missed(line: Line, carrier_call_id: str = "CA1") -> CallAnswer:
    """Take a whole call that nobody ever answers, up to the end of its ladder and to the last receipt given up."""
    answer = line.told_call(carrier_call_id)
    for _ in range(26):
        line.step(hours=12)
        line.sweep()
    return answer


def answers(line: Line, answer: CallAnswer) -> list[Answer]:
    """Read the answers of a call's case."""
    with line.work() as work:
        return list(work.tickets.answers(answer.call.ticket_id))


def gone(line: Line) -> dict[str, int]:
    """Let go what is due and return the cases of each class that had any."""
    return {each.kind: each.cases for each in erase_due(line.hotline).classes if each.cases}


# --- class by class ------------------------------------------------------------------------------------------


def test_voices_go_after_half_a_year_and_the_words_stay(line_on_both: Line) -> None:
    line = line_on_both
    answer = answered(line)
    assert len(line.audio.files) == 2
    line.step(days=179)
    assert gone(line) == {RetentionClass.TRACES: 1}
    line.step(days=1)
    assert gone(line) == {RetentionClass.AUDIO: 1}
    assert line.audio.files == {}
    assert [each.audio_key for each in answers(line, answer)] == [None, None]
    assert line.ticket(answer).problem == "my parcel came broken"
    assert line.verbs(answer.call.ticket_id)[-2:] == ["traces_erased", "audio_erased"]


def test_after_three_years_only_counts_and_the_case_number_are_left(line_on_both: Line) -> None:
    line = line_on_both
    answer = answered(line)
    before = line.ticket(answer)
    line.step(days=1095)
    assert gone(line) == dict.fromkeys(RetentionClass, 1)
    left = line.ticket(answer)
    assert left == replace(before, problem="", demand="", complainant_number=None, pin="----")
    assert line.call(answer).caller_number is None
    assert {(text.recipient, text.body) for text in line.texts(answer)} == {("", "")}
    with line.work() as work:
        assert {entry.after + entry.before for entry in work.tickets.history(before.id)} == {""}
        assert {turn.event for turn in work.calls.turns(answer.call.id)} == {"{}"}
        assert work.promises.of_ticket(before.id)[0].kept_reason is None
        assert work.tickets.by_case_number(before.case_number) == left


def test_second_run_finds_nothing(line: Line) -> None:
    answer = answered(line)
    line.step(days=2000)
    assert gone(line)
    assert gone(line) == {}
    verbs = line.verbs(answer.call.ticket_id)
    assert [verb for verb in verbs if verb.endswith("_erased")].count("audio_erased") == 1


def test_dry_run_says_what_would_go_and_changes_nothing(line_on_both: Line) -> None:
    line = line_on_both
    answer = answered(line)
    record_receipt(line.hotline, line.texts(answer)[0].message_sid or "", "delivered", None)
    line.step(days=2000)
    told = erase_due(line.hotline, is_dry=True)
    assert {each.kind: each.cases for each in told.classes} == dict.fromkeys(RetentionClass, 1)
    assert told.classes[0].voices == 2
    assert told.ids == 1
    assert line.ticket(answer).problem
    assert len(line.audio.files) == 2
    done = erase_due(line.hotline)
    assert done.classes == told.classes
    assert done.ids == told.ids


def test_what_comes_later_goes_later(line: Line) -> None:
    answered(line)
    line.step(days=181)
    assert RetentionClass.AUDIO in gone(line)
    again = answered(line, "CA2")
    line.change_ticket(again, complainant_number=CALLER)
    line.step(days=181)
    assert gone(line)[RetentionClass.AUDIO] == 1
    assert line.audio.files == {}


def test_new_words_on_an_erased_case_start_their_own_time(line: Line) -> None:
    answer = answered(line)
    line.step(days=181)
    gone(line)
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="she rang again", actor="owner_1")
    line.step(days=89)
    assert gone(line) == {}
    line.step(days=1006)
    assert RetentionClass.WORDS in gone(line)


# --- what is never touched -----------------------------------------------------------------------------------


def test_case_with_an_open_promise_is_never_touched(line: Line) -> None:
    answer = line.told_call()
    line.step(days=5000)
    assert gone(line) == {}
    assert line.ticket(answer).problem


def test_case_with_a_climb_under_way_is_never_touched(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=30)
    line.sweep()
    with line.work() as work:
        assert work.promises.breaches_of_ticket(answer.call.ticket_id)[0].next_step_at is not None
        offered = work.promises.open_of_ticket(answer.call.ticket_id)
        assert offered is not None
        work.promises.save(replace(offered, state=PromiseState.MOVED))
        work.commit()
    line.step(days=5000)
    assert gone(line) == {}


def test_case_whose_voice_the_carrier_still_holds_waits(line: Line) -> None:
    left = replace(answers(line, answered(line))[0], recording_sid="RE1")
    with line.work() as work:
        work.tickets.save_answer(left)
        work.commit()
    line.step(days=2000)
    assert gone(line) == {}


def test_hold_stops_everything_until_it_is_lifted(line_on_both: Line) -> None:
    line = line_on_both
    answer = answered(line)
    case = line.ticket(answer).case_number
    assert hold_case(line.hotline, case, reason=REASON, actor="quality_1")
    assert not hold_case(line.hotline, case, reason=REASON, actor="quality_1")
    line.step(days=5000)
    assert gone(line) == {}
    assert erase_due(line.hotline).held == 1
    with pytest.raises(Refused, match="hold"):
        erase_case(line.hotline, case, reason="she asked", actor="owner_1")
    assert lift_hold(line.hotline, case, reason="settled in court", actor="quality_1")
    assert not lift_hold(line.hotline, case, reason="settled in court", actor="quality_1")
    line.step(days=180)
    assert RetentionClass.AUDIO in gone(line)
    assert "hold_laid" in line.verbs(answer.call.ticket_id)


# --- unanswered, refused -------------------------------------------------------------------------------------


@pytest.mark.requirement("S1-16")
def test_unanswered_complaint_is_marked_for_ever_and_stays_three_years(line_on_both: Line) -> None:
    line = line_on_both
    answer = missed(line)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="another case", actor="owner_1")
    act(line.hotline, line.ticket(answer).case_number, taking_back(words="by mistake", actor="owner_1"))
    line.step(days=31)
    assert erase_due(line.hotline).marked_unanswered == 1, "a talk that was taken back reached nobody"
    assert erase_due(line.hotline).marked_unanswered == 0
    log_callback(line.hotline, line.ticket(answer).case_number, reason="at last", actor="owner_1")
    line.step(days=1094)
    assert set(gone(line)) == {RetentionClass.TRACES}
    line.step(days=1)
    assert set(gone(line)) == set(RetentionClass) - {RetentionClass.TRACES}


def test_answered_complaint_and_a_caller_who_said_nothing_are_not_unanswered(line: Line) -> None:
    answered(line)
    line.ring("+12025550199", "CA9")
    for _ in range(20):
        line.step(hours=12)
        line.sweep()
    line.step(days=60)
    assert erase_due(line.hotline).marked_unanswered == 0


@pytest.mark.requirement("S1-15", "S1-16")
def test_a_case_that_is_late_week_after_week_is_marked_though_the_hotline_writes_on_in_its_history(line: Line) -> None:
    missed(line)
    for _ in range(8):
        line.step(days=7)
        line.sweep()
        line.sweep()
    assert erase_due(line.hotline).marked_unanswered == 1


def test_what_was_no_complaint_or_was_answered_by_letter_is_not_unanswered(line: Line) -> None:
    first, second = missed(line).call.ticket_id, missed(line, "CA2").call.ticket_id
    letter = answering(ruling=Ruling.GRANTED, told_by=ToldBy.LETTER, words="a new parcel", actor="owner_1")
    for ticket_id, step in (
        (first, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1")),
        (second, letter),
    ):
        with line.work() as work:
            ticket = work.tickets.get(ticket_id)
        assert ticket is not None
        act(line.hotline, ticket.case_number, step)
    line.step(days=40)
    line.sweep()
    line.step(days=40)
    line.sweep()
    assert erase_due(line.hotline).marked_unanswered == 0


def test_words_of_somebody_who_refused_to_be_recorded_go_sooner(line: Line) -> None:
    answer = answered(line)
    line.change_ticket(answer, recording_refused=True)
    line.step(days=91)
    assert set(gone(line)) == {RetentionClass.WORDS, RetentionClass.TRACES}


# --- at request, and when things go wrong --------------------------------------------------------------------


def test_erasing_on_request_leaves_nothing_of_the_person(line_on_both: Line) -> None:
    line = line_on_both
    answer = answered(line)
    erase_case(line.hotline, line.ticket(answer).case_number, reason="she asked us to", actor="owner_1")
    assert line.audio.files == {}
    assert (line.ticket(answer).problem, line.ticket(answer).complainant_number) == ("", None)
    assert line.verbs(answer.call.ticket_id)[-1] == "erased_on_request"


def test_erasing_a_case_in_which_something_is_owed_is_refused(line: Line) -> None:
    answer = line.told_call()
    with pytest.raises(Refused, match="owed"):
        erase_case(line.hotline, line.ticket(answer).case_number, reason="she asked us to", actor="owner_1")
    assert line.ticket(answer).problem


@pytest.mark.parametrize("action", [erase_case, hold_case, lift_hold])
def test_action_without_a_reason_is_refused(line: Line, action: Callable[..., object]) -> None:
    answer = line.told_call()
    with pytest.raises(Refused, match="reason"):
        action(line.hotline, line.ticket(answer).case_number, reason=" ", actor="owner_1")


class DyingStore:
    """An audio store whose process is killed, or that is away, at the n-th delete."""

    def __init__(self, line: Line, at: int, problem: BaseException) -> None:
        self._store, self._left, self._problem = line.audio, at, problem

    def delete(self, key: str) -> None:
        """Delete, or die first."""
        if self._left == 0:
            raise self._problem
        self._left -= 1
        self._store.delete(key)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_run_that_is_killed_is_gone_on_with_and_leaves_no_voice_that_nothing_names(line: Line, at: int) -> None:
    first, second = answered(line), answered(line, "CA2", "+12025550177")
    line.step(days=181)
    whole = line.hotline
    line.hotline = replace(whole, audio=DyingStore(line, at, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        erase_due(line.hotline)
    named = {each.audio_key for answer in (first, second) for each in answers(line, answer)}
    assert set(line.audio.files) <= named
    line.hotline = whole
    assert erase_due(line.hotline).classes[0].failed == 0
    assert line.audio.files == {}
    assert {each.audio_key for answer in (first, second) for each in answers(line, answer)} == {None}


def test_audio_store_that_is_away_puts_off_its_case_and_the_task(line: Line) -> None:
    answer = answered(line)
    line.step(days=181)
    line.hotline = replace(line.hotline, audio=DyingStore(line, 0, Unavailable("away")))
    with pytest.raises(Unavailable, match="1 cases"):
        run_retention(line.hotline)
    assert all(each.audio_key for each in answers(line, answer))


def test_worker_lets_go_once_a_day() -> None:
    task = next(task for task in TASKS if task.run is run_retention)
    assert task.every.days == 1


def test_merged_ticket_waits_for_the_case_that_goes_on(line: Line) -> None:
    older, younger = line.told_call("CA1"), answered(line, "CA2", "+12025550177")
    into: Ticket = line.ticket(older)
    line.change_ticket(younger, merged_into=into.id)
    line.step(days=2000)
    assert gone(line) == {}


# --- the daily task ------------------------------------------------------------------------------------------


def test_the_daily_task_logs_what_went_and_nothing_when_nothing_did(line: Line) -> None:
    answered(line)
    line.step(days=200)
    with capture_logs() as log:
        run_retention(line.hotline)
        run_retention(line.hotline)
    assert [(entry["event"], entry["audio"]) for entry in log if entry["event"] == "retention_done"] == [
        ("retention_done", 1)
    ]


def test_a_clock_that_is_years_ahead_erases_nothing_until_somebody_says_that_it_is_right(line: Line) -> None:
    answer = answered(line)
    assert erase_by_hand(line.hotline).classes[0].cases == 0
    line.step(days=400)
    with pytest.raises(Refused) as refusal:
        run_retention(line.hotline)
    assert (refusal.value.code, bool(line.audio.files)) == ("retention-after-long", True)
    erase_by_hand(line.hotline)
    run_retention(line.hotline)
    assert (line.audio.files, bool(answers(line, answer))) == ({}, True)


# --- what comes meanwhile, what lies elsewhere ---------------------------------------------------------------


def test_who_writes_while_their_case_is_being_erased_is_not_called_erased(line: Line) -> None:
    answer = answered(line)

    class Meanwhile(FakeAudioStore):
        def delete(self, key: str) -> None:
            super().delete(key)
            log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="and the lid"))

    line.use(audio=Meanwhile())
    with pytest.raises(Refused, match="came to case") as refusal:
        erase_case(line.hotline, line.ticket(answer).case_number, reason=REASON, actor="owner_1")
    assert refusal.value.code == "case-not-at-rest"
    assert line.ticket(answer).problem.endswith("and the lid")


def test_a_file_left_at_the_carrier_is_deleted_there_with_its_case(line: Line) -> None:
    there(line, ME0, content=b"x" * (LARGEST_BYTES + 1))
    ticket = send(line, files=TWO[:1])
    at_rest(line, ticket)
    erase_case(line.hotline, ticket.case_number, reason=REASON, actor="owner_1")
    assert line.carrier.deleted_media == [ME0]


def test_whom_the_books_did_not_name_for_years_goes_with_the_numbers(line: Line) -> None:
    with line.work() as work:
        work.customers.keep([a_customer()], line.clock.now())
        work.commit()
    line.step(days=2000)
    assert [erase_due(line.hotline, is_dry=dry).customers for dry in (True, False, False)] == [1, 1, 0]
    with line.work() as work:
        assert work.customers.of_numbers([CALLER]) == []
