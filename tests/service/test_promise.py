"""Promises made, moved, kept and broken."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from tests.builders import at
from tests.databases import postgres_database
from tests.service.lines import CALLER, OTHER, Line, node_of
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.promise import CallbackWindow, Promise, PromiseState, WindowReason
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused
from voicebot.service.escalation import climb
from voicebot.service.ports import Promises, UnitOfWork
from voicebot.service.promise import (
    PromiseWish,
    breach_if_closed,
    confirm_promise,
    log_callback,
    make_promise,
)


def make(line: Line, ticket_id: str, **wish: object) -> object:
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
        assert ticket is not None
        made = make_promise(
            line.hotline,
            work,
            policy=line.policy,
            wish=PromiseWish(ticket=ticket, **{"target": "standard", **wish}),  # type: ignore[arg-type]
        )
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


def test_the_same_wish_twice_keeps_the_promise_as_it_is(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    assert make(line, ticket_id) == make(line, ticket_id)
    with line.work() as work:
        assert len(work.promises.of_ticket(ticket_id)) == 1


def test_a_later_wish_moves_the_promise_behind_the_one_that_stands(line: Line) -> None:
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
        wish = PromiseWish(ticket=ticket, target="standard")
        assert make_promise(line.hotline, watched, policy=line.policy, wish=wish) is not None
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


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize("after_minutes", [1, 61, 179])
def test_a_logged_call_keeps_the_promise_also_before_its_window_opens(line: Line, after_minutes: int) -> None:
    answer = line.told_call()
    line.step(minutes=after_minutes)
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke to her", actor="owner_1")
    assert kept is not None
    assert (kept.state, kept.kept_by, kept.kept_reason) == (PromiseState.KEPT, "owner_1", "spoke to her")
    line.step(days=2)
    line.sweep()
    assert len(line.sender.sent) == 1


@pytest.mark.requirement("S0-12")
def test_a_late_call_keeps_the_promise_leaves_the_breach_and_stops_the_climb(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=1)
    line.sweep()
    told = len(line.sender.sent)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
    line.step(days=1)
    line.sweep()
    assert len(line.sender.sent) == told
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        states = [promise.state for promise in work.promises.of_ticket(answer.call.ticket_id)]
    assert breach.ended_at is not None
    assert states == [PromiseState.BREACHED, PromiseState.KEPT]


def test_a_call_logged_after_the_window_and_before_any_sweep_is_a_breach_kept_late(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3, minutes=1)
    kept = log_callback(line.hotline, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
    assert kept is not None
    assert kept.state is PromiseState.KEPT
    line.sweep()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert breach.ended_at is not None
    assert len(line.sender.sent) == 1


@contextmanager
def interrupted(line: Line, happens: Callable[[], object]) -> Iterator[UnitOfWork]:
    """Let something happen elsewhere right after a case was found to have no open promise."""
    with line.work() as work:
        look, waiting = work.promises.open_of_ticket, [happens]

        def open_of_ticket(ticket_id: str) -> Promise | None:
            found = look(ticket_id)
            if found is None and waiting:
                waiting.pop()()
            return found

        work.promises.open_of_ticket = open_of_ticket  # type: ignore[method-assign]
        yield work


@pytest.mark.requirement("S0-12")
def test_a_call_logged_while_the_ladder_promises_a_new_window_leaves_nothing_to_be_missed(
    postgres: str, definitions: FlowFiles
) -> None:
    with postgres_database(postgres) as url:
        engine = open_engine(url)
        migrate(engine)
        line = Line(engine, definitions, at("Wednesday 18 November 2026 10:00:00"))
        answer = line.told_call()
        first = line.promise(answer.call.ticket_id)
        line.clock.at = first.window_closes_at
        breach_if_closed(line.hotline, first.id)
        with line.work() as work:
            (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        meanwhile = replace(line.hotline, unit_of_work=lambda: interrupted(line, lambda: climb(line.hotline, breach)))
        log_callback(meanwhile, line.ticket(answer).case_number, reason="reached him", actor="owner_1")
        with line.work() as work:
            assert len(work.promises.of_ticket(answer.call.ticket_id)) == 2, "the climb has promised a new window"
            assert work.promises.open_of_ticket(answer.call.ticket_id) is None
        engine.dispose()


def test_a_second_call_about_a_kept_promise_is_noted_and_keeps_nothing(line: Line) -> None:
    answer = line.told_call()
    case = line.ticket(answer).case_number
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    assert log_callback(line.hotline, case, reason="again", actor="owner_1") is None
    assert line.verbs(answer.call.ticket_id).count("complainant_called") == 2


@pytest.mark.parametrize(("case", "reason"), [("123", "spoke"), ("482-719-305", "spoke"), ("482-719-306", "spoke")])
def test_a_call_for_no_case_of_ours_is_refused(line: Line, case: str, reason: str) -> None:
    with pytest.raises(Refused):
        log_callback(line.hotline, case, reason=reason, actor="owner_1")


def test_a_call_without_a_reason_is_refused(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    with pytest.raises(Refused, match="needs a reason"):
        log_callback(line.hotline, case, reason="  ", actor="owner_1")


@pytest.mark.requirement("S0-12")
def test_a_window_breaks_once_at_its_end_and_never_before(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at - timedelta(seconds=1)
    assert not breach_if_closed(line.hotline, promise.id)
    line.clock.at = promise.window_closes_at
    assert breach_if_closed(line.hotline, promise.id)
    assert not breach_if_closed(line.hotline, promise.id)
    assert not breach_if_closed(line.hotline, "no-promise")
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert (breach.at, breach.next_step_at) == (promise.window_closes_at, promise.window_closes_at)


def test_a_settled_case_breaks_no_promise(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, status=TicketStatus.RESOLVED)
    line.step(days=1)
    line.sweep()
    assert line.promise(answer.call.ticket_id).state is PromiseState.MOVED
    assert len(line.sender.sent) == 1


def test_a_caller_who_asks_again_hears_the_same_window(line: Line) -> None:
    offer = line.go_to(line.say(line.go_to(line.ring(), "ask_story"), "it broke"), "offer_window")
    assert node_of(line.key(offer, "2")) == "offer_window"
    later = line.promise(offer.call.ticket_id)
    assert later.window_opens_at == at("Wednesday 18 November 2026 14:00:00")
