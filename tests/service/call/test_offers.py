"""What a caller may choose from, and what stands promised meanwhile."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.service.lines import CALLER, Line, close_for_a_quarter, node_of
from voicebot.domain.promise import PromiseState
from voicebot.flow.events import CallerHungUp, NoWindowLeft, PromiseMade
from voicebot.flow.instructions import Listen, MakePromise
from voicebot.service.call.offers import promise_window
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of


@pytest.fixture
def offered(line: Line) -> CallAnswer:
    """Somebody who hears three times."""
    return line.go_to(line.say(line.reach("ask_story"), "it broke"), "offer_windows")


def wanted(
    line: Line, answer: CallAnswer, effect: MakePromise, *, is_canary: bool = False
) -> PromiseMade | NoWindowLeft:
    with line.work() as work:
        call = work.calls.get(answer.call.id)
        assert call is not None
        call = replace(call, is_canary=is_canary)
        result = promise_window(call_context_of(context_of(line.hotline, work), call), effect)
        work.commit()
    return result


def said(answer: CallAnswer) -> str:
    assert isinstance(answer.wait, Listen)
    return " ".join(prompt.text for prompt in answer.wait.prompts)


def test_three_times_that_do_not_overlap_are_offered_and_the_first_stands_promised(line: Line) -> None:
    answer = line.ring()
    made = wanted(line, answer, MakePromise(target="standard", offers=3))
    assert isinstance(made, PromiseMade)
    assert len(made.offers) == 3
    assert all(before.closes_at <= after.opens_at for before, after in pairwise(made.offers))
    promise = line.promise(answer.call.ticket_id)
    assert (promise.window_opens_at, promise.state) == (made.offers[0].opens_at, PromiseState.OPEN)
    assert (made.opens_at, made.closes_at) == (made.offers[0].opens_at, made.offers[0].closes_at)


def test_where_one_window_was_asked_for_nothing_is_looked_for_beside_it(line: Line) -> None:
    made = wanted(line, line.ring(), MakePromise(target="standard"))
    assert isinstance(made, PromiseMade)
    assert made.offers == ()


def test_who_chooses_another_time_is_promised_that_one_alone(line: Line, offered: CallAnswer) -> None:
    first = line.promise(offered.call.ticket_id)
    answer = line.say(offered, "the second one")
    assert node_of(answer) == "confirm_promise"
    before, after = line.promises(offered.call.ticket_id)
    assert (before.id, before.state, after.state) == (first.id, PromiseState.MOVED, PromiseState.OPEN)
    assert after.window_opens_at >= first.window_closes_at
    line.tell(answer, CallerHungUp())
    line.run_jobs()
    assert len(line.sender.to(CALLER)) == 1, "one text tells the time that was chosen"
    assert line.promise(offered.call.ticket_id).confirmed_by_caller


def test_who_chooses_the_first_keeps_the_promise_that_stands(line: Line, offered: CallAnswer) -> None:
    line.step(minutes=2)
    assert node_of(line.key(offered, "1")) == "confirm_promise"
    assert len(line.promises(offered.call.ticket_id)) == 1
    assert line.promise(offered.call.ticket_id).confirmed_by_caller


def test_who_hangs_up_has_the_first(line: Line, offered: CallAnswer) -> None:
    first = line.promise(offered.call.ticket_id)
    line.tell(offered, CallerHungUp())
    kept = line.promise(offered.call.ticket_id)
    assert (kept.id, kept.confirmed_by_caller) == (first.id, False)


def test_other_times_come_after_all_that_were_offered(line: Line, offered: CallAnswer) -> None:
    answer = line.key(offered, "#")
    assert node_of(answer) == "offer_windows"
    assert "tomorrow" in said(answer)
    assert "today" not in said(answer)


def test_a_time_that_somebody_else_took_meanwhile_is_promised_to_nobody_twice(line: Line) -> None:
    answer = line.ring()
    made = wanted(line, answer, MakePromise(target="standard", offers=3))
    assert isinstance(made, PromiseMade)
    taken = MakePromise(target="standard", chosen_at=made.offers[1].opens_at)
    for number in range(2, 12):
        other = line.ring("", f"CA{number}")
        if isinstance(wanted(line, other, taken), NoWindowLeft):
            break
    assert wanted(line, answer, taken) == NoWindowLeft()
    assert line.promise(answer.call.ticket_id).window_opens_at == made.opens_at


def test_a_time_that_has_come_too_near_is_no_longer_promised(line: Line) -> None:
    answer = line.ring()
    made = wanted(line, answer, MakePromise(target="standard", offers=3))
    assert isinstance(made, PromiseMade)
    line.clock.at = made.offers[1].opens_at - timedelta(minutes=10)
    assert wanted(line, answer, MakePromise(target="standard", chosen_at=made.offers[1].opens_at)) == NoWindowLeft()


def test_who_wants_the_times_by_text_gets_them_and_keeps_the_first(line: Line, offered: CallAnswer) -> None:
    first = line.promise(offered.call.ticket_id)
    answer = line.say(offered, "text me instead")
    assert node_of(answer) == "confirm_promise"
    line.run_jobs()
    (text,) = line.sender.to(CALLER)
    assert all(f"{number} for " in text for number in (1, 2, 3))
    line.tell(answer, CallerHungUp())
    assert line.promise(offered.call.ticket_id).id == first.id


@pytest.mark.parametrize(("caller", "is_told"), [("+12133734253", True), ("+12123734253", False)])
def test_who_rings_from_another_clock_is_told_what_time_it_is_here(line: Line, caller: str, *, is_told: bool) -> None:
    answer = line.go_to(line.say(line.reach("ask_story", caller), "it broke"), "offer_windows")
    assert ("Times are by our clock" in said(answer)) is is_told


BESIDE = MakePromise(target="standard", offers=3, keeps_standing=True)


def test_who_wants_to_move_a_call_keeps_it_until_another_time_was_chosen(line: Line) -> None:
    told = line.told_call()
    standing = line.promise(told.call.ticket_id)
    made = wanted(line, told, BESIDE)
    assert isinstance(made, PromiseMade)
    assert made.opens_at == standing.window_opens_at
    assert len(made.offers) == 3
    assert all(one.opens_at >= standing.window_closes_at for one in made.offers)
    assert [promise.id for promise in line.promises(told.call.ticket_id)] == [standing.id]
    later = wanted(line, told, BESIDE.model_copy(update={"offered_until": made.offers[-1].closes_at}))
    assert isinstance(later, PromiseMade)
    assert later.offers[0].opens_at >= made.offers[-1].closes_at


def test_where_no_call_is_promised_one_is_promised_with_the_offers(line: Line) -> None:
    answer = line.ring()
    made = wanted(line, answer, BESIDE)
    assert isinstance(made, PromiseMade)
    assert line.promise(answer.call.ticket_id).window_opens_at == made.opens_at == made.offers[0].opens_at


def test_a_test_call_of_our_own_is_told_one_window_and_promised_none(line: Line) -> None:
    answer = line.ring()
    made = wanted(line, answer, MakePromise(target="standard", offers=3), is_canary=True)
    assert isinstance(made, PromiseMade)
    assert (made.offers, line.promises(answer.call.ticket_id)) == ((), [])


def test_without_a_window_nothing_is_offered_to_anybody(line: Line, tmp_path: Path) -> None:
    told = line.told_call()
    close_for_a_quarter(line, tmp_path / "closed")
    ours, theirs = line.ring("", "CA2"), line.ring("", "CA3")
    assert wanted(line, ours, MakePromise(target="standard"), is_canary=True) == NoWindowLeft()
    assert wanted(line, theirs, MakePromise(target="standard", offers=3)) == NoWindowLeft()
    assert isinstance(wanted(line, told, BESIDE), PromiseMade | NoWindowLeft)
