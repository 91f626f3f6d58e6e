"""A talk that was logged by mistake is taken back: what it kept is owed again, and nothing of it is deleted."""

from datetime import timedelta

import pytest

from tests.service.callback.callers import a_case, ordered, talk
from tests.service.lines import Line
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.ticket import CloseReason, HistoryEntry
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.history import Verb, standing
from voicebot.service.ports import Lane, LaneQuery
from voicebot.service.promise.choose import choosing, windows_for
from voicebot.service.promise.keep import calling, log_callback
from voicebot.service.promise.take_back import last_talk, taking_back
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import closing


@pytest.fixture
def told(line: Line) -> CallAnswer:
    return line.told_call()


def case_of(line: Line, told: CallAnswer) -> str:
    return line.ticket(told).case_number


def logged(line: Line, told: CallAnswer, words: str = "spoke to her") -> None:
    line.step(minutes=1)
    log_callback(line.hotline, case_of(line, told), reason=words, actor="owner_1")
    line.step(minutes=1)


def take_back(line: Line, told: CallAnswer, actor: str = "owner_1") -> None:
    act(line.hotline, case_of(line, told), taking_back(words="that was another case", actor=actor))


def states(line: Line, told: CallAnswer) -> list[PromiseState]:
    return [promise.state for promise in line.promises(told.call.ticket_id)]


def lines_of(line: Line, told: CallAnswer) -> list[HistoryEntry]:
    with line.work() as work:
        return list(work.tickets.history(told.call.ticket_id))


@pytest.mark.requirement("D-03")
def test_a_promise_whose_window_still_runs_is_open_as_before_and_is_warned_of_and_missed(
    line_on_both: Line,
) -> None:
    line = line_on_both
    told = line.told_call()
    before = line.promise(told.call.ticket_id)
    logged(line, told)
    take_back(line, told)
    assert line.promise(told.call.ticket_id) == before
    line.step(hours=3, minutes=1)
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(told.call.ticket_id)
    assert breach.ended_at is None, "the watch goes on as if nobody had logged anything"
    (talked,) = (entry for entry in lines_of(line, told) if entry.verb == Verb.COMPLAINANT_CALLED)
    (gone,) = (entry for entry in lines_of(line, told) if entry.verb == Verb.TALK_TAKEN_BACK)
    assert (gone.before, gone.after, gone.actor) == (talked.at.isoformat(), "that was another case", "owner_1")


def test_warnings_come_that_were_still_to_come(line: Line, told: CallAnswer) -> None:
    line.sweep()
    texts = len(line.sender.sent)
    logged(line, told)
    take_back(line, told)
    line.clock.at = line.promise(told.call.ticket_id).window_closes_at - timedelta(minutes=1)
    line.sweep()
    assert len(line.sender.sent) > texts


@pytest.mark.requirement("D-03")
def test_a_promise_whose_window_has_closed_meanwhile_is_missed_and_that_is_told(line: Line, told: CallAnswer) -> None:
    logged(line, told)
    line.step(hours=4)
    texts = len(line.sender.sent)
    take_back(line, told)
    assert states(line, told) == [PromiseState.BREACHED]
    line.sweep()
    assert states(line, told) == [PromiseState.BREACHED, PromiseState.OPEN], "the apology promised another window"
    assert len(line.sender.sent) > texts


def test_a_climb_that_the_talk_ended_goes_on_where_it_was(line: Line, told: CallAnswer) -> None:
    line.step(hours=3, minutes=1)
    line.sweep()
    logged(line, told)
    with line.work() as work:
        steps = work.promises.steps(told.call.ticket_id)
    take_back(line, told)
    assert states(line, told) == [PromiseState.BREACHED, PromiseState.OPEN]
    line.step(hours=2)
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(told.call.ticket_id)
        taken = [step for step in work.promises.steps(told.call.ticket_id) if step.subject_id == breach.id]
    assert breach.ended_at is None
    names = [step.step for step in taken]
    assert len(taken) > len(steps), "further steps are taken"
    assert len(names) == len(set(names)), "none of them twice"


def test_what_was_kept_late_is_missed_as_before(line: Line, told: CallAnswer) -> None:
    line.step(hours=3, minutes=1)
    logged(line, told)
    assert states(line, told) == [PromiseState.KEPT]
    take_back(line, told)
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(told.call.ticket_id)
    assert (states(line, told), breach.ended_at) == ([PromiseState.BREACHED], None)
    assert breach.next_step_at is not None


def test_a_window_that_was_promised_with_the_talk_stands_and_what_it_kept_was_moved(
    line: Line, told: CallAnswer
) -> None:
    case, window = case_of(line, told), windows_for(line.hotline, case_of(line, told))[5]
    call = calling(outcome=CallOutcome.REACHED, reason="call again", actor="owner_1")
    act(line.hotline, case, call, choosing(window.opens_at, words="her wish", actor="owner_1"))
    line.step(minutes=1)
    take_back(line, told)
    assert states(line, told) == [PromiseState.MOVED, PromiseState.OPEN]
    assert line.promise(told.call.ticket_id).window == window


@pytest.mark.requirement("S4-16")
def test_no_case_ends_on_a_talk_that_was_taken_back(line: Line, told: CallAnswer) -> None:
    logged(line, told)
    take_back(line, told)
    with pytest.raises(Refused) as refusal:
        act(line.hotline, case_of(line, told), closing(reason=CloseReason.AGREED, words="fine", actor="owner_1"))
    assert refusal.value.code == "talk-missing"


def test_of_two_talks_the_last_is_taken_back_first_and_then_the_other(line: Line, told: CallAnswer) -> None:
    logged(line, told, "first")
    logged(line, told, "second")
    take_back(line, told)
    assert states(line, told) == [PromiseState.KEPT], "the first talk kept it"
    assert [each.after for each in standing(lines_of(line, told)) if each.verb == Verb.COMPLAINANT_CALLED] == ["first"]
    line.step(minutes=1)
    take_back(line, told)
    assert states(line, told) == [PromiseState.OPEN]
    assert last_talk(lines_of(line, told)) is None
    with pytest.raises(Refused) as refusal:
        take_back(line, told)
    assert refusal.value.code == "talk-none"


def test_tries_before_a_talk_that_was_taken_back_count_again(line_on_both: Line) -> None:
    line = line_on_both
    told = line.told_call()
    log_callback(line.hotline, case_of(line, told), reason="", actor="owner_1", outcome=CallOutcome.NO_ANSWER)
    asked = LaneQuery(now=line.clock.now(), day_ends_at=line.clock.now() + timedelta(days=9), member_id="owner_1")

    def tries() -> list[int]:
        with line.work() as work:
            return [row.tries for lane in (Lane.LATER, Lane.CALL_NOW) for row in work.lanes.page(lane, asked)]

    assert tries() == [1]
    logged(line, told, "first")
    logged(line, told, "second")
    for _ in range(2):
        take_back(line, told)
        line.step(minutes=1)
    assert tries() == [1]


def test_a_case_that_ended_or_was_reopened_since_rests_on_its_talks(line: Line, told: CallAnswer) -> None:
    logged(line, told)
    act(line.hotline, case_of(line, told), closing(reason=CloseReason.AGREED, words="fine", actor="owner_1"))
    with pytest.raises(Refused) as refusal:
        take_back(line, told)
    assert refusal.value.code == "talk-none"


def test_a_talk_is_taken_back_by_whoever_logged_it_or_somebody_with_a_say(line: Line, told: CallAnswer) -> None:
    logged(line, told)
    with pytest.raises(Refused) as refusal:
        take_back(line, told, actor="deputy_1")
    assert refusal.value.code == "talk-of-another"
    with pytest.raises(Refused) as wordless:
        taking_back(words=" ", actor="owner_1")
    assert wordless.value.code == "talk-wordless"
    take_back(line, told, actor="supervisor_1")
    assert states(line, told) == [PromiseState.OPEN]


def test_a_talk_that_a_call_of_ours_shows_was_none_by_mistake(line: Line) -> None:
    case = a_case(line)
    talk(line, ordered(line, case), keyed="1")
    with pytest.raises(Refused) as refusal:
        act(line.hotline, case.case_number, taking_back(words="another case", actor="owner_1"))
    assert refusal.value.code == "talk-shown"


def test_of_two_climbs_the_newer_alone_goes_on(line: Line, told: CallAnswer) -> None:
    line.step(hours=3, minutes=1)
    logged(line, told)
    window = windows_for(line.hotline, case_of(line, told))[0]
    act(line.hotline, case_of(line, told), choosing(window.opens_at, words="her wish", actor="owner_1"))
    line.clock.at = window.closes_at + timedelta(minutes=1)
    line.sweep()
    take_back(line, told)
    with line.work() as work:
        older, newer = work.promises.breaches_of_ticket(told.call.ticket_id)
    assert older.next_step_at is None, "the newer one tells the same people, and more"
    assert newer.next_step_at is not None
