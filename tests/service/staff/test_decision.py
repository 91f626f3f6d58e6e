"""What staff do to a case: once per page it was decided on, and never over what somebody else has done meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders import MONDAY_TEN, a_history_entry
from tests.service.lines import OTHER, Line
from tests.service.staff.people import actions, case_of
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import LONGEST_TEXT, Decision, StaffAction, Step, act, actions_of, worded
from voicebot.service.ticket.actions import acknowledge, write_note
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.hand_over import take_over
from voicebot.service.ticket.splitting import joining


def test_only_actions_of_staff_are_counted_as_such() -> None:
    history = [a_history_entry(verb=verb) for verb in ("ticket_opened", "note_written", "step_taken")]
    assert [entry.verb for entry in actions_of(history)] == ["note_written"]
    assert history[0].at == MONDAY_TEN


ACTIONS: dict[str, Callable[[Line, str, str, int], object]] = {
    "note": lambda line, case, actor, seen: write_note(line.hotline, case, text="a note", actor=actor, seen=seen),
    "take over": lambda line, case, actor, seen: take_over(line.hotline, case, actor=actor, seen=seen),
    "see": lambda line, case, actor, seen: acknowledge(line.hotline, case, actor=actor, seen=seen),
    "talk": lambda line, case, actor, seen: log_callback(line.hotline, case, reason="spoke", actor=actor, seen=seen),
    "try": lambda line, case, actor, seen: log_callback(
        line.hotline, case, reason="", actor=actor, outcome=CallOutcome.NO_ANSWER, seen=seen
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_double_click_is_one_action(line: Line, action: str) -> None:
    case = case_of(line)
    assert ACTIONS[action](line, case, "deputy_1", 0) is not False
    assert not ACTIONS[action](line, case, "deputy_1", 0)
    assert len(actions(line, case)) == 1


@pytest.mark.parametrize("action", ["note", "talk", "try", "see"])
def test_the_same_action_decided_on_a_newer_page_is_another_one(line: Line, action: str) -> None:
    case = case_of(line)
    ACTIONS[action](line, case, "deputy_1", 0)
    ACTIONS[action](line, case, "deputy_1", 1)
    assert len(actions(line, case)) == 2


@pytest.mark.parametrize("action", ["take over", "see"])
@pytest.mark.parametrize("meanwhile", ["take over", "see", "talk"])
def test_what_rests_on_how_the_case_stood_is_refused_when_somebody_else_acted_meanwhile(
    line: Line, action: str, meanwhile: str
) -> None:
    case = case_of(line)
    ACTIONS[meanwhile](line, case, "supervisor_1", 0)
    with pytest.raises(Refused, match="somebody else has acted"):
        ACTIONS[action](line, case, "deputy_1", 0)
    assert len(actions(line, case)) == 1
    ACTIONS[action](line, case, "deputy_1", 1)


@pytest.mark.parametrize("action", ["note", "talk", "try"])
def test_what_is_a_fact_is_kept_whatever_somebody_else_did_meanwhile(line: Line, action: str) -> None:
    case = case_of(line)
    ACTIONS["take over"](line, case, "supervisor_1", 0)
    ACTIONS[action](line, case, "deputy_1", 0)
    assert [entry.actor for entry in actions(line, case)] == ["supervisor_1", "deputy_1"]


@pytest.mark.parametrize("outcome", [outcome for outcome in CallOutcome if outcome is not CallOutcome.REACHED])
def test_only_a_talk_keeps_the_promise(line: Line, outcome: CallOutcome) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    assert log_callback(line.hotline, case, reason="", actor="deputy_1", outcome=outcome) is None
    assert line.promise(answer.call.ticket_id).state is PromiseState.OPEN
    line.step(hours=3, minutes=1)
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert breach.ended_at is None
    (action,) = actions(line, case)
    assert (action.verb, action.after) == (StaffAction.TRIED, outcome)


def test_a_try_may_say_more(line: Line) -> None:
    case = case_of(line)
    log_callback(line.hotline, case, reason="twice", actor="deputy_1", outcome=CallOutcome.BUSY)
    assert actions(line, case)[0].after == "busy: twice"


def test_many_clicks_at_the_same_moment_are_one_action(line_on_both: Line) -> None:
    line = line_on_both
    case = case_of(line)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: ACTIONS["talk"](line, case, "deputy_1", 0), range(4)))
    assert len(actions(line, case)) == 1


def test_a_decision_about_a_case_that_somebody_has_changed_meanwhile_is_refused(line: Line) -> None:
    case = case_of(line)
    take_over(line.hotline, case, actor="supervisor_1", seen=0)
    step = dismissing(kind=NotComplaint.PRANK, words="a child at play", actor="deputy_1", seen=0)
    with pytest.raises(Refused, match="somebody else has acted"):
        act(line.hotline, case, step)


def test_a_double_click_that_joins_two_cases_joins_them_once_though_the_page_is_still_the_joined_one(
    line: Line,
) -> None:
    older, younger = case_of(line), line.ticket(line.told_call("CA2", OTHER)).case_number
    step = joining(older, words="one parcel", actor="owner_1", seen=0)
    assert act(line.hotline, younger, step)
    assert not act(line.hotline, younger, step)
    note = Decision(action=StaffAction.NOTED, actor="owner_1", after="one parcel", seen=0)
    assert act(line.hotline, older, Step(note, lambda _case: None)), "another action on the case that goes on"


def test_what_somebody_types_is_tidied_and_neither_empty_nor_endless() -> None:
    missing = Refused("a note needs words", code="note-empty")
    assert worded("  it\r\nbroke\x00 ", missing=missing) == "it\nbroke"
    with pytest.raises(Refused, match="needs words"):
        worded(" \n ", missing=missing)
    with pytest.raises(Refused) as refusal:
        worded("x" * (LONGEST_TEXT + 1), missing=missing)
    assert refusal.value.code == "text-long"
