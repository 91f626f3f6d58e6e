"""Promises made, moved, kept and broken."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import pytest

from tests.builders import at
from tests.service.lines import CALLER, OTHER, Line, node_of
from voicebot.domain.promise import CallbackWindow, PromiseState, WindowReason
from voicebot.service.hotline import context_of
from voicebot.service.ports import Promises, UnitOfWork
from voicebot.service.promise.make import PromiseRequest, confirm_promise, make_promise


def make(line: Line, ticket_id: str, **request: object) -> object:
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
        assert ticket is not None
        wanted = PromiseRequest(ticket=ticket, **{"target": "standard", **request})  # type: ignore[arg-type]
        made = make_promise(context_of(line.hotline, work), wanted)
        work.commit()
        return made


@pytest.mark.requirement("S2-21")
def test_a_promise_holds_window_reason_and_the_words_the_caller_heard(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    assert (promise.window_opens_at, promise.window_closes_at) == (
        at("Wednesday 18 November 2026 11:00:00"),
        at("Wednesday 18 November 2026 13:00:00"),
    )
    assert promise.words.startswith("That is our promise: today")
    assert WindowReason.model_validate_json(promise.why_json).target == "standard"


def test_the_same_request_twice_keeps_the_promise_as_it_is(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    assert make(line, ticket_id) == make(line, ticket_id)
    with line.work() as work:
        assert len(work.promises.of_ticket(ticket_id)) == 1


def test_a_later_request_moves_the_promise_behind_the_one_that_stands(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    make(line, ticket_id)
    make(line, ticket_id, is_later=True)
    with line.work() as work:
        first, second = work.promises.of_ticket(ticket_id)
        assert work.promises.open_of_ticket(ticket_id) == second
    assert first.state is PromiseState.MOVED
    assert second.window_opens_at >= first.window_closes_at


def test_a_supervisors_promise_moves_a_standard_one_to_the_earliest_window(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    make(line, ticket_id, is_later=True)
    make(line, ticket_id, is_later=True)
    make(line, ticket_id, target="supervisor")
    assert line.promise(ticket_id).window_opens_at == at("Wednesday 18 November 2026 11:00:00")


def test_a_full_window_is_skipped_unless_one_is_owed(line: Line) -> None:
    capacity = line.policy.windows.capacity
    for caller in range(capacity):
        make(line, line.ring(OTHER, f"CA-{caller}").call.ticket_id)
    late, owed = line.ring(CALLER, "CA-late").call.ticket_id, line.ring(CALLER, "CA-owed").call.ticket_id
    make(line, late)
    make(line, owed, ignores_capacity=True)
    assert line.promise(late).window_opens_at == at("Wednesday 18 November 2026 14:00:00")
    assert line.promise(owed).window_opens_at == at("Wednesday 18 November 2026 11:00:00")


def test_who_looks_for_a_window_asks_once_how_full_all_of_them_are(line: Line) -> None:
    capacity = line.policy.windows.capacity
    for caller in range(2 * capacity):
        make(line, line.ring(OTHER, f"CA-{caller}").call.ticket_id)
    ticket = line.ticket(line.ring(CALLER, "CA-late"))
    with line.work() as work:
        promises = _Looks(work.promises)
        watched = cast("UnitOfWork", _Watched(work, promises))
        request = PromiseRequest(ticket=ticket, target="standard")
        assert make_promise(context_of(line.hotline, watched), request) is not None
    assert promises.looks == 1


class _Looks:
    """Promises at their port, counting how often all open windows are asked for."""

    def __init__(self, promises: Promises) -> None:
        self._promises, self.looks = promises, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._promises, name)

    def open_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        self.looks += 1
        return self._promises.open_windows(closing_after)


class _Watched:
    """A unit of work whose promises are counted."""

    def __init__(self, work: UnitOfWork, promises: _Looks) -> None:
        self._work, self.promises = work, promises

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


def test_a_window_that_closed_while_its_caller_was_on_the_line_moves_at_that_instant(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    make(line, ticket_id)
    line.step(hours=4)
    make(line, ticket_id, is_later=True)
    with line.work() as work:
        first = work.promises.of_ticket(ticket_id)[0]
    assert (first.state, first.settled_at) == (PromiseState.MOVED, first.window_closes_at)


def test_without_a_promise_there_is_nothing_to_confirm(line: Line) -> None:
    ticket = line.ticket(line.ring())
    with line.work() as work:
        confirm_promise(work, ticket, words="soon", is_confirmed=True)
        assert work.promises.of_ticket(ticket.id) == []


def test_a_caller_who_asks_again_hears_the_same_window(line: Line) -> None:
    offer = line.go_to(line.say(line.go_to(line.ring(), "ask_story"), "it broke"), "offer_window")
    assert node_of(line.key(offer, "2")) == "offer_window"
    later = line.promise(offer.call.ticket_id)
    assert later.window_opens_at == at("Wednesday 18 November 2026 14:00:00")
