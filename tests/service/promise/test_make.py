"""Promises made, moved, kept and broken."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tests.adjustments import keep
from tests.builders import a_shift, at
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, Line, a_policy_dir, node_of, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.promise import CallbackWindow, Promise, PromiseState, WindowReason
from voicebot.service.hotline import context_of
from voicebot.service.ports import Promises, UnitOfWork
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.keep import log_callback
from voicebot.service.promise.make import (
    PromiseRequest,
    awaited_promise,
    confirm_promise,
    first_window,
    is_call_owed,
    make_first_promise,
    make_promise,
    offered_windows,
    open_window_at,
    open_windows,
)
from voicebot.service.staff.rota import add_shift

ELEVEN, TWO = at("Wednesday 18 November 2026 11:00:00"), at("Wednesday 18 November 2026 14:00:00")


def make(line: Line, ticket_id: str, **request: object) -> Promise | None:
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


def test_a_promise_is_made_with_the_words_that_tell_it_but_for_the_code(line: Line) -> None:
    ticket = line.ticket(line.ring())
    promise = make(line, ticket.id, words_of=lambda made: f"{ticket.pin} {made.window_opens_at:%H}")
    assert promise is not None
    assert ticket.pin not in promise.words
    assert line.promise(ticket.id).words == promise.words != ""


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
    offer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "offer_windows")
    assert node_of(line.key(offer, "#")) == "offer_windows"
    later = line.promise(offer.call.ticket_id)
    assert later.window_opens_at == at("Thursday 19 November 2026 09:00:00"), "after all three that were offered"


def first(line: Line, number: int, *, is_silent: bool = False, **changes: object) -> Promise | None:
    """Let somebody else ring, and make the promise that a case without one is owed."""
    answer = line.ring(OTHER, f"CA-first-{number}")
    line.change_ticket(answer, **changes)
    ticket = line.ticket(answer)
    with line.work() as work:
        made = make_first_promise(context_of(line.hotline, work), ticket, is_silent=is_silent)
        work.commit()
        return made


def nobody_works_when_windows_open(line: Line) -> None:
    add_shift(line.hotline, a_shift("owner_1", "Sunday 11:00-12:00"), actor="boss")


def test_who_rings_when_staff_are_booked_up_for_good_is_owed_the_first_window_all_the_same(line: Line) -> None:
    nobody_works_when_windows_open(line)
    assert make(line, line.ring().call.ticket_id) is None
    owed = first(line, 1)
    assert owed is not None
    assert owed.window_opens_at == ELEVEN


def test_who_said_nothing_gets_no_window_where_none_has_room_for_them(line: Line) -> None:
    nobody_works_when_windows_open(line)
    assert first(line, 1, is_silent=True) is None


@pytest.mark.danger("SMS pumping")
def test_silent_callers_share_a_few_places_and_leave_the_others_to_those_with_words(line: Line) -> None:
    silent = [first(line, number, is_silent=True) for number in range(4)]
    opens = [promise.window_opens_at for promise in silent if promise is not None]
    assert len(set(opens)) == 4, "one of each window, and no two in one"
    with_words = first(line, 9)
    assert with_words is not None
    assert (with_words.window_opens_at, with_words.is_silent) == (ELEVEN, False)


def test_a_promise_made_in_silence_counts_as_one_with_words_once_words_have_come(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    make(line, ticket_id, is_silent=True)
    assert line.promise(ticket_id).is_silent
    make(line, ticket_id)
    (promise,) = line.promises(ticket_id)
    assert not promise.is_silent


def test_who_asked_for_a_supervisor_is_promised_one_and_without_a_number_nobody_is_promised(line: Line) -> None:
    promise = first(line, 1, supervisor_asks=1)
    assert promise is not None
    assert promise.target == "supervisor"
    assert first(line, 2, complainant_number=None) is None


def test_a_window_holds_what_those_on_duty_make(line: Line) -> None:
    add_shift(line.hotline, a_shift("owner_1", "Wednesday 11:00-12:00"), actor="boss")  # three calls
    for day in ("Thursday", "Friday"):
        add_shift(line.hotline, a_shift("owner_1", f"{day} 9:00-17:00"), actor="boss")
    promises = [make(line, line.ring(OTHER, f"CA-{number}").call.ticket_id) for number in range(4)]
    assert [promise is not None and promise.window_opens_at == ELEVEN for promise in promises] == [True] * 3 + [False]


def test_windows_to_choose_from_have_room_and_leave_out_the_one_that_stands(line: Line) -> None:
    ticket = line.ticket(line.ring())

    def offered() -> list[datetime]:
        with line.work() as work:
            return [window.opens_at for window in open_windows(context_of(line.hotline, work), ticket, most=3)]

    assert offered()[0] == ELEVEN
    make(line, ticket.id)
    later = offered()
    assert ELEVEN not in later
    assert len(later) == 3
    for caller in range(line.policy.windows.capacity):
        make(line, line.ring(OTHER, f"CA-{caller}").call.ticket_id, chosen=a_window(TWO))
    assert TWO not in offered()


def a_window(opens_at: datetime) -> CallbackWindow:
    return CallbackWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2))


def test_the_window_that_somebody_chose_is_promised_and_the_reason_says_so(line: Line) -> None:
    ticket_id = line.ring().call.ticket_id
    promise = make(line, ticket_id, chosen=a_window(TWO))
    assert promise is not None
    reason = WindowReason.model_validate_json(promise.why_json)
    assert (promise.window_opens_at, reason.opens_at, reason.is_chosen) == (TWO, TWO, True)


def a_repeat(line: Line) -> str:
    """Let somebody have called again about a case without a promised call; return its id."""
    answer = line.ring()
    line.change_ticket(answer, repeats=1)
    return answer.call.ticket_id


@pytest.mark.requirement("S3-06")
def test_who_called_again_is_promised_a_call_by_the_target_of_repeats(line: Line) -> None:
    ticket_id = a_repeat(line)
    promise = make(line, ticket_id)
    assert promise is not None
    why = WindowReason.model_validate_json(promise.why_json)
    assert (promise.target, why.target, why.within) == ("repeat", "repeat", timedelta(hours=4))
    later = make(line, ticket_id, is_later=True)
    assert later is not None
    assert later.target == "repeat"
    supervisor = make(line, ticket_id, target="supervisor")
    assert supervisor is not None
    assert supervisor.target == "supervisor"


def test_a_call_that_stands_stays_as_its_caller_reckons_with_it_when_they_call_again(line: Line) -> None:
    answer = line.ring()
    standing = make(line, answer.call.ticket_id)
    line.change_ticket(answer, repeats=1)
    assert make(line, answer.call.ticket_id) == standing
    later = make(line, answer.call.ticket_id, is_later=True)
    assert later is not None
    assert later.target == "standard", "another time for the same call"


def test_a_window_that_somebody_chose_stands_by_the_target_that_it_was_chosen_for(line: Line) -> None:
    promise = make(line, a_repeat(line), chosen=a_window(TWO))
    assert promise is not None
    assert promise.target == "standard"


def test_a_policy_without_a_target_of_repeats_promises_them_a_usual_call(line: Line, tmp_path: Path) -> None:
    ticket_id = a_repeat(line)
    standing = make(line, ticket_id)
    policy = a_policy_dir(tmp_path / "policy")
    levels = policy / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("  repeat: 4 working hours\n", ""))
    (policy / "categories.yaml").unlink()
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    assert make(line, ticket_id, target="repeat") == standing, "one promised before is carried on"
    new = line.ring(OTHER, "CA2")
    line.change_ticket(new, repeats=1)
    promise = make(line, new.call.ticket_id)
    assert promise is not None
    assert promise.target == "standard"


def test_a_call_is_owed_from_the_promise_until_somebody_has_called_also_after_a_miss(line: Line) -> None:
    answer = line.ring()
    ticket_id = answer.call.ticket_id

    def is_owed() -> bool:
        with line.work() as work:
            return is_call_owed(work, ticket_id)

    assert not is_owed()
    promise = make(line, ticket_id)
    assert promise is not None
    assert is_owed()
    line.clock.at = promise.window_closes_at
    breach_if_closed(line.hotline, promise.id)
    assert is_owed()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    assert not is_owed()


def test_a_complainant_waits_for_a_call_that_is_still_to_come(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)

    def awaited() -> Promise | None:
        with line.work() as work:
            return awaited_promise(context_of(line.hotline, work), answer.call.ticket_id)

    assert awaited() == promise
    line.clock.at = promise.window_closes_at
    assert awaited() is None


def test_a_window_that_is_only_looked_for_promises_nothing_and_takes_no_room(line: Line) -> None:
    ticket = line.ticket(line.ring())
    with line.work() as work:
        request = PromiseRequest(ticket=ticket, target="standard")
        window = first_window(context_of(line.hotline, work), request)
        work.commit()
    assert window == a_window(ELEVEN)
    assert line.promises(ticket.id) == []
    nobody_works_when_windows_open(line)
    with line.work() as work:
        assert first_window(context_of(line.hotline, work), request) is None


@pytest.mark.requirement("V-05")
def test_windows_that_are_offered_lie_in_the_morning_and_staff_see_these_first(line: Line) -> None:
    line.clock.at = at("Wednesday 18 November 2026 12:00:00")
    line.told_call()
    keep(line, AdjustmentKind.MORNINGS)
    with line.work() as work:
        context, ticket = context_of(line.hotline, work), work.tickets.newest()
        assert ticket is not None
        offered = offered_windows(context, ticket, most=3)
        shown = open_windows(context, ticket, most=6)
        plain = offered_windows(context, replace(ticket, complainant_number=OTHER), most=3)
        too_many = offered_windows(context, ticket, most=90)
    assert [_clock(each) for each in offered] == ["09:00"] * 3
    assert _clock(shown[0]) == "09:00"
    assert [each.opens_at for each in shown] != sorted(each.opens_at for each in shown)
    assert _clock(plain[0]) != "09:00"
    assert len(too_many) > 60, "where there are not as many mornings all times are offered"


def _clock(window: CallbackWindow) -> str:
    return f"{window.opens_at.astimezone(ZoneInfo('America/New_York')):%H:%M}"


def test_a_window_is_open_where_it_has_room_or_is_their_own_and_not_too_near(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    own = line.promise(ticket.id).window
    with line.work() as work:
        context = context_of(line.hotline, work)
        (other,) = offered_windows(context, ticket, most=1)
        found = [open_window_at(context, ticket, each.opens_at) for each in (own, other)]
        off_grain = open_window_at(context, ticket, other.opens_at + timedelta(minutes=1))
    assert (found, off_grain) == ([own, other], None)
