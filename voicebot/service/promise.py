"""Promises made, confirmed, kept and broken; each a row that says why it has the window it has.

Two promises of one case are never open together: a new window moves the one that stands, and a window may
be offered again to the caller who holds it already.
Knows: windows, capacity, what keeps a promise. Must not know: who is told of a breach (escalation.py).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import (
    FIND_NUMBER,
    Breach,
    CallbackWindow,
    CallOutcome,
    FoundWindow,
    Promise,
    PromiseState,
    find_window,
    is_overdue,
    settle,
    written_span,
)
from voicebot.domain.ticket import HistoryEntry, Ticket, is_open
from voicebot.domain.window_room import REACH, SilentRoom, WindowRoom
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.climb_plan import first_step, plan_warning
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import Decision, StaffDeed, is_repeated, lock_case, note_deed, tidy

STANDARD_TARGET = "standard"
SUPERVISOR_TARGET = "supervisor"
"""Targets that every policy has; the flow names the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseWish:
    """What window is wanted for which case."""

    ticket: Ticket
    target: str
    """Name of a service-level target."""
    is_later: bool = False
    attempt: int = 1
    ignores_capacity: bool = False
    """True where a caller is owed a window even when the staff are booked up."""
    is_silent: bool = False
    """True for a caller who left neither a word nor a key, and is told of no window."""


def make_promise(hotline: Hotline, work: UnitOfWork, *, policy: Policy, wish: PromiseWish) -> Promise | None:
    """Promise the first window with room; the open promise of the case is moved. None when none is left.

    With `is_later` the window comes after the one that stands. Without it, a caller who holds the same window
    for the same target keeps that promise as it is.
    """
    now = hotline.clock.now()
    standing = work.promises.open_of_ticket(wish.ticket.id)
    found = _find(work, policy=policy, wish=wish, standing=standing, now=now)
    if found is None:
        return None
    if standing is not None and (standing.target, standing.window) == (wish.target, found.window):
        return _keep_standing(work, standing, wish)
    if standing is not None:
        _move(work, standing, now=now)
    promise = _new_promise(hotline.ids.new_id(), wish, found, now=now)
    work.promises.add(promise)
    plan_warning(work, policy, promise)
    _note(work, wish.ticket.id, at=now, verb="promise_made", after=written_span(promise))
    return promise


def _keep_standing(work: UnitOfWork, standing: Promise, wish: PromiseWish) -> Promise:
    """Return the promise that stands; it is a silent one no longer when words have come."""
    kept = replace(standing, is_silent=standing.is_silent and wish.is_silent)
    work.promises.save(kept)
    return kept


def confirm_promise(work: UnitOfWork, ticket: Ticket, *, words: str, is_confirmed: bool) -> None:
    """Store the words in which the caller heard the open promise; without one there is nothing to confirm.

    The words may be those of a text, which has the PIN: staff read the words, so it is not kept with them.
    """
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is not None:
        words = without_pin(words, ticket.pin)
        work.promises.save(replace(promise, words=words, confirmed_by_caller=is_confirmed))


def is_call_owed(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether somebody is to call: a promise is open, or a missed one is still being made good."""
    if work.promises.open_of_ticket(ticket_id) is not None:
        return True
    return any(breach.ended_at is None for breach in work.promises.breaches_of_ticket(ticket_id))


def log_callback(
    hotline: Hotline,
    case: str,
    *,
    reason: str,
    actor: str,
    outcome: CallOutcome = CallOutcome.REACHED,
    seen: int | None = None,
) -> Promise | None:
    """Note that the complainant was called; a talk keeps the promise (early and late too) and stops every climb.

    Any other outcome is an attempt: it is noted, and the promise waits on. `seen` is how many deeds the page showed
    (staff/decision.py); a repetition changes nothing.
    Returns the promise that was kept, or None when none was waiting. Raises: Refused for an unknown case, a talk
    without a reason, or a reason that is too long.
    """
    decision = _decide(outcome, tidy(reason), actor=actor, seen=seen)
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        if is_repeated(work, ticket, decision):
            return None
        kept = _reached(hotline, work, ticket, decision) if outcome is CallOutcome.REACHED else None
        note_deed(hotline, work, ticket, decision)
        work.commit()
        return kept


def _decide(outcome: CallOutcome, reason: str, *, actor: str, seen: int | None) -> Decision:
    if outcome is not CallOutcome.REACHED:
        said = f"{outcome}: {reason}" if reason else str(outcome)
        return Decision(deed=StaffDeed.TRIED, actor=actor, after=said, seen=seen)
    if not reason:
        raise Refused("noting a call needs a reason: who was reached and what was said", code="reason-missing")
    return Decision(deed=StaffDeed.CALLED, actor=actor, after=reason, seen=seen)


def _reached(hotline: Hotline, work: UnitOfWork, ticket: Ticket, decision: Decision) -> Promise | None:
    """Keep what is promised and end every climb."""
    now = hotline.clock.now()
    kept = _keep(hotline, work, ticket, reason=decision.after, actor=decision.actor)
    for breach in work.promises.breaches_of_ticket(ticket.id):
        if breach.ended_at is None:
            work.promises.save_breach(replace(breach, ended_at=now, next_step_at=None))
    return kept


def breach_if_closed(hotline: Hotline, promise_id: str) -> bool:
    """Break the promise if its window has closed without a logged call; once, however often it is asked."""
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(promise_id)
        now = hotline.clock.now()
        if promise is None or not is_overdue(promise, now):
            return False
        ticket = ticket_of(work, promise.ticket_id)
        if not is_open(ticket):
            _move(work, promise, now=now)
        else:
            break_promise(hotline, work, promise)
        work.commit()
        return True


def break_promise(hotline: Hotline, work: UnitOfWork, promise: Promise, *, ended_at: datetime | None = None) -> Promise:
    """Write the breach of an overdue promise and plan its first step.

    An older climb of the same case stops here: the new one tells the same people and more. `ended_at` is set
    when the contact that ends the climb is known already.
    """
    policy = hotline.flows.current_policy()
    broken = settle(promise, PromiseState.BREACHED, promise.window_closes_at)
    work.promises.save(broken)
    work.promises.set_next_warning(promise.id, None)
    earlier = work.promises.breaches_of_ticket(promise.ticket_id)
    for breach in earlier:
        work.promises.save_breach(replace(breach, next_step_at=None))
    breach = Breach(
        id=hotline.ids.new_id(),
        promise_id=promise.id,
        ticket_id=promise.ticket_id,
        at=promise.window_closes_at,
        ended_at=ended_at,
    )
    step = first_step(work, policy, breach)
    work.promises.add_breach(replace(breach, next_step_at=None if step is None else step.due_at))
    _note(work, promise.ticket_id, at=hotline.clock.now(), verb="promise_broken", before=written_span(promise))
    return broken


def _find(
    work: UnitOfWork, *, policy: Policy, wish: PromiseWish, standing: Promise | None, now: datetime
) -> FoundWindow | None:
    return find_window(
        policy.calendar,
        policy.target(_target_name(policy, wish)),
        policy.windows,
        now=now,
        is_full=_is_never_full if wish.ignores_capacity else _is_full(work, policy, wish, standing=standing, now=now),
        later_than=standing.window if wish.is_later and standing is not None else None,
    )


def _target_name(policy: Policy, wish: PromiseWish) -> str:
    """Name the target; a policy from before numbers were looked for gives the time of a usual call."""
    is_old = wish.target == FIND_NUMBER and FIND_NUMBER not in policy.targets
    return STANDARD_TARGET if is_old else wish.target


def _is_never_full(_window: CallbackWindow) -> bool:
    return False


def _is_full(
    work: UnitOfWork, policy: Policy, wish: PromiseWish, *, standing: Promise | None, now: datetime
) -> Callable[[CallbackWindow], bool]:
    """Tell of any window ahead whether it is full, from one look at all promises; the standing one will be moved."""
    promised = Counter(work.promises.open_windows(now - REACH))
    if standing is not None and promised[standing.window]:
        promised[standing.window] -= 1
    room = WindowRoom(promised, rules=policy.windows, calendar=policy.calendar)
    if not wish.is_silent:
        return lambda window: not room.has_room(window)
    share = SilentRoom(work.promises.silent_windows(now - REACH), rules=policy.windows, calendar=policy.calendar)
    return lambda window: not (share.has_room(window) and room.has_room(window))


def _new_promise(promise_id: str, wish: PromiseWish, found: FoundWindow, *, now: datetime) -> Promise:
    return Promise(
        id=promise_id,
        ticket_id=wish.ticket.id,
        target=wish.target,
        window_opens_at=found.window.opens_at,
        window_closes_at=found.window.closes_at,
        made_at=now,
        words="",
        locale=wish.ticket.locale,
        state=PromiseState.OPEN,
        attempt=wish.attempt,
        why_json=found.reason.model_dump_json(),
        is_silent=wish.is_silent,
    )


def _move(work: UnitOfWork, promise: Promise, *, now: datetime) -> None:
    """Move a promise; one whose window closed while its caller was on the line moves at that instant."""
    moved = settle(promise, PromiseState.MOVED, min(now, promise.window_closes_at))
    work.promises.save(moved)
    work.promises.set_next_warning(promise.id, None)
    _note(work, promise.ticket_id, at=now, verb="promise_moved", before=written_span(promise))


def _keep(hotline: Hotline, work: UnitOfWork, ticket: Ticket, *, reason: str, actor: str) -> Promise | None:
    now = hotline.clock.now()
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is not None and is_overdue(promise, now):
        promise = break_promise(hotline, work, promise, ended_at=now)
    if promise is None:
        promise = _broken_or_promised_anew(work, ticket)
    if promise is None:
        return None
    kept = settle(promise, PromiseState.KEPT, now, by=actor, reason=reason)
    work.promises.save(kept)
    work.promises.set_next_warning(promise.id, None)
    return kept


def _broken_or_promised_anew(work: UnitOfWork, ticket: Ticket) -> Promise | None:
    """Return the newest broken promise, or the one that the climb after it was just about to make."""
    broken = [promise for promise in work.promises.of_ticket(ticket.id) if promise.state is PromiseState.BREACHED]
    newest = max(broken, key=lambda promise: promise.window_closes_at, default=None)
    if newest is not None:
        work.promises.lock(newest.id)
    return work.promises.open_of_ticket(ticket.id) or newest


def _note(
    work: UnitOfWork,
    ticket_id: str,
    *,
    at: datetime,
    verb: str,
    before: str = "",
    after: str = "",
) -> None:
    entry = HistoryEntry(ticket_id=ticket_id, at=at, actor="system", verb=verb, before=before, after=after)
    work.tickets.note(entry)
