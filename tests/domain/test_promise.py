"""A promise's states: the table is total, and the clock is part of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import MONDAY_TEN, a_promise
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.promise import (
    FIND_NUMBER,
    PROMISE_TRANSITIONS,
    KeptEvidence,
    Promise,
    PromiseState,
    is_overdue,
    owed,
    settle,
    shown_by,
    unkept,
    written_span,
)
from voicebot.errors import Refused

OPENS = a_promise().window_opens_at
CLOSES = a_promise().window_closes_at
SECOND = timedelta(seconds=1)


def settled(state: PromiseState) -> Promise:
    """Bring a fresh promise into a state by a legal way."""
    if state is PromiseState.OPEN:
        return a_promise()
    return settle(a_promise(), state, CLOSES, by="owner_1", reason="spoke")


@pytest.mark.parametrize("current", PromiseState)
@pytest.mark.parametrize("wanted", PromiseState)
def test_every_step_is_legal_or_refused_without_change(current: PromiseState, wanted: PromiseState) -> None:
    promise = settled(current)
    before = repr(promise)
    if wanted in PROMISE_TRANSITIONS[current]:
        assert settle(promise, wanted, CLOSES).state is wanted
    else:
        with pytest.raises(Refused, match=f"is {current} and cannot become {wanted}") as refusal:
            settle(promise, wanted, CLOSES)
        assert refusal.value.code == "promise-transition"
    assert repr(promise) == before


def test_the_table_names_every_state() -> None:
    assert set(PROMISE_TRANSITIONS) == set(PromiseState)


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize("called_at", [MONDAY_TEN, OPENS - SECOND, OPENS, CLOSES - SECOND, CLOSES])
def test_a_call_before_or_inside_the_window_keeps_the_promise(called_at: datetime) -> None:
    kept = settle(a_promise(), PromiseState.KEPT, called_at, by="owner_1", reason="spoke")
    assert (kept.state, kept.settled_at, kept.kept_by, kept.kept_reason) == (
        PromiseState.KEPT,
        called_at,
        "owner_1",
        "spoke",
    )


def test_a_call_after_the_window_cannot_hide_the_miss() -> None:
    with pytest.raises(Refused, match="broken before it can be kept"):
        settle(a_promise(), PromiseState.KEPT, CLOSES + SECOND)


def test_a_broken_promise_may_be_kept_late() -> None:
    broken = settle(a_promise(), PromiseState.BREACHED, CLOSES)
    kept = settle(broken, PromiseState.KEPT, CLOSES + timedelta(hours=1), by="owner_1", reason="spoke")
    assert kept.state is PromiseState.KEPT
    assert kept.settled_at == CLOSES + timedelta(hours=1)


@pytest.mark.requirement("S0-12")
def test_a_promise_is_not_broken_a_second_before_its_window_closes() -> None:
    with pytest.raises(Refused, match="has not closed yet"):
        settle(a_promise(), PromiseState.BREACHED, CLOSES - SECOND)
    assert settle(a_promise(), PromiseState.BREACHED, CLOSES).settled_at == CLOSES


def test_a_promise_is_moved_only_before_its_window_closes() -> None:
    moved = settle(a_promise(), PromiseState.MOVED, CLOSES)
    assert (moved.state, moved.kept_by) == (PromiseState.MOVED, None)
    with pytest.raises(Refused, match="broken before it can be moved"):
        settle(a_promise(), PromiseState.MOVED, CLOSES + SECOND)


@pytest.mark.parametrize(("now", "is_late"), [(CLOSES - SECOND, False), (CLOSES, True), (CLOSES + SECOND, True)])
def test_an_open_promise_is_overdue_from_the_second_its_window_closes(now: datetime, is_late: bool) -> None:
    assert is_overdue(a_promise(), now) is is_late
    assert not is_overdue(settled(PromiseState.KEPT), now)


def test_a_promise_gives_its_window_as_one_value() -> None:
    assert a_promise().window == CallbackWindow(opens_at=OPENS, closes_at=CLOSES)


def test_the_history_keeps_a_window_as_two_instants() -> None:
    assert written_span(a_promise()) == f"{OPENS.isoformat()}/{CLOSES.isoformat()}"


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (KeptEvidence.CALL, "shown by a call of ours"),
        (KeptEvidence.ATTESTED, "by the word of staff alone"),
        (KeptEvidence.SUPERVISOR, "by the word of somebody with a say alone"),
        (None, "by the word of staff alone"),
    ],
)
def test_what_shows_that_a_promise_was_kept_is_said(evidence: KeptEvidence | None, said: str) -> None:
    assert shown_by(replace(settled(PromiseState.KEPT), kept_evidence=evidence)) == said


def test_what_is_owed_is_a_call_or_a_number_to_call() -> None:
    assert (owed("standard"), owed(FIND_NUMBER)) == ("call standard", "find a number")


@pytest.mark.parametrize(
    ("was_missed", "state", "settled_at"), [(False, PromiseState.OPEN, None), (True, PromiseState.BREACHED, CLOSES)]
)
def test_a_talk_logged_by_mistake_leaves_the_promise_as_it_stood_before(
    was_missed: bool, state: PromiseState, settled_at: datetime | None
) -> None:
    kept = settle(a_promise(), PromiseState.KEPT, CLOSES, by="owner_1", reason="spoke", evidence=KeptEvidence.ATTESTED)
    assert unkept(kept, was_missed=was_missed) == replace(a_promise(), state=state, settled_at=settled_at)


@pytest.mark.parametrize("state", [state for state in PromiseState if state is not PromiseState.KEPT])
def test_only_a_kept_promise_can_have_been_kept_by_mistake(state: PromiseState) -> None:
    with pytest.raises(Refused, match=f"the promise is {state}, so no talk has kept it"):
        unkept(settled(state))
