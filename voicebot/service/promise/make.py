"""Promises made, moved and confirmed. Each is a row that says why it has the window it has.

Two promises of one case are never open together. A new window moves the one that stands, and a window may be offered
again to the caller who holds it already.
Knows: windows, capacity. Must not know: what keeps or breaks a promise (keep.py, breach.py).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import (
    FIND_NUMBER,
    REPEAT_TARGET,
    STANDARD_TARGET,
    CallbackWindow,
    FoundWindow,
    Promise,
    PromiseState,
    candidate_windows,
    find_window,
    overlap,
    settle,
    windows_with_room,
    written_span,
)
from voicebot.domain.staff import Role
from voicebot.domain.staffing import Staffing
from voicebot.domain.ticket import Ticket
from voicebot.domain.window_room import REACH, SilentRoom, Supply, WindowRoom
from voicebot.flow.policy import Policy
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.agreed_time import agreed_first, agreed_windows
from voicebot.service.promise.climb_plan import freeze_warnings
from voicebot.service.promise.room_alarm import note_want_of_room
from voicebot.service.staff.rota import rota_of

MOST_LOOKED_AT = 60
"""Windows with room that are looked through for some of a kind. They fill more than two weeks of most calendars."""
SUPERVISOR_TARGET = "supervisor"
"""Target that every policy has. The flow names the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseRequest:
    """What window is wanted for which case."""

    ticket: Ticket
    target: str
    """Name of a service-level target."""
    is_later: bool = False
    offered_until: datetime | None = None
    """With `is_later`, when the last of the windows closes that were offered. None means as the one that stands."""
    attempt: int = 1
    ignores_capacity: bool = False
    """True where a caller is owed a window even when the staff are booked up."""
    is_silent: bool = False
    """True for a caller who left neither a word nor a key, and is told of no window."""
    chosen: CallbackWindow | None = None
    """The window that somebody chose among those with room. None means the first one."""
    words_of: Callable[[Promise], str] | None = None
    """Gives the words in which the complainant will read of the promise. None where they are told of it later."""
    windows_in_vain: int = 0
    """In how many windows nobody answered, where that is why this one was chosen."""


def make_promise(context: Context, request: PromiseRequest) -> Promise | None:
    """Promise the first window with room. The open promise of the case is moved. None when none is left.

    With `is_later` the window comes after the one that stands, and after all that were offered. Without it, a caller
    who holds the same window for the same target keeps that promise as it is.
    """
    work, now = context.work, context.now
    standing = work.promises.open_of_ticket(request.ticket.id)
    request = _for_case(context.policy, request, standing)
    found = _find(context, request, standing=standing)
    if not (request.ignores_capacity or request.is_silent):
        note_want_of_room(context, ticket=request.ticket, found=found)
    if found is None:
        return None
    if standing is not None and (standing.target, standing.window) == (request.target, found.window):
        return _keep_standing(work, standing, request)
    if standing is not None:
        set_aside(work, standing, now=now)
    promise = _new_promise(context.hotline.ids.new_id(), request, found, now=now)
    if request.words_of is not None:
        promise = replace(promise, words=without_pin(request.words_of(promise), request.ticket.pin))
    work.promises.add(promise, next_warning_at=freeze_warnings(work, context.policy, promise))
    note_case(work, promise.ticket_id, Verb.PROMISE_MADE, at=now, actor="system", after=written_span(promise))
    return promise


def first_window(context: Context, request: PromiseRequest) -> CallbackWindow | None:
    """Return the window that would be promised, and promise nothing."""
    found = _find(context, request, standing=None)
    return None if found is None else found.window


def make_promise_booked_or_not(context: Context, request: PromiseRequest) -> Promise | None:
    """Promise the first window with room, or the first of all when staff are booked up as far as one looks ahead."""
    return make_promise(context, request) or make_promise(context, replace(request, ignores_capacity=True))


def make_first_promise(
    context: Context, ticket: Ticket, *, is_silent: bool = False, words_of: Callable[[Promise], str] | None = None
) -> Promise | None:
    """Promise the first window, booked up or not. None where there is no number to ring.

    Silent calls get what is left of their share, and nothing when it is used up as far as one can look ahead.
    """
    if ticket.complainant_number is None:
        return None
    target = SUPERVISOR_TARGET if ticket.supervisor_asks else STANDARD_TARGET
    request = PromiseRequest(ticket=ticket, target=target, is_silent=is_silent, words_of=words_of)
    if is_silent:
        return make_promise(context, request)
    return make_promise_booked_or_not(context, request)


def _keep_standing(work: UnitOfWork, standing: Promise, request: PromiseRequest) -> Promise:
    """Return the promise that stands. It is a silent one no longer when words have come."""
    kept = replace(standing, is_silent=standing.is_silent and request.is_silent)
    work.promises.save(kept)
    return kept


def open_windows(
    context: Context, ticket: Ticket, *, most: int, after: datetime | None = None, is_apart: bool = False
) -> tuple[CallbackWindow, ...]:
    """Return the first windows with room for a case, its own standing one left out. None overlaps another.

    With `after` none opens before that instant, and with `is_apart` none overlaps the one that stands. Those at a time
    of day that was agreed with the complainant come first.
    """
    work, policy, now = context.work, context.policy, context.now
    standing = work.promises.open_of_ticket(ticket.id)
    is_full = _is_full(work, policy, PromiseRequest(ticket=ticket, target=""), standing=standing, now=now)
    is_own = _taken_by(None if standing is None else standing.window, is_apart=is_apart)
    found = windows_with_room(
        policy.calendar,
        policy.windows,
        not_before=max(now + policy.windows.lead, after or now),
        is_full=lambda window: is_own(window) or is_full(window),
        most=most,
    )
    return agreed_first(found, agreed_windows(context, ticket.complainant_number))


def _taken_by(own: CallbackWindow | None, *, is_apart: bool) -> Callable[[CallbackWindow], bool]:
    """Tell of any window whether it is the one that stands, or with `is_apart` whether it overlaps that."""
    if own is None:
        return _is_never_full
    return lambda window: overlap(window, own) if is_apart else window == own


def offered_windows(
    context: Context, ticket: Ticket, *, most: int, after: datetime | None = None
) -> tuple[CallbackWindow, ...]:
    """Return the first windows with room that a complainant may choose from, in a call and by text alike.

    None overlaps another, nor the window that stands. They lie at the agreed time alone where there are as many.
    """
    is_agreed = agreed_windows(context, ticket.complainant_number)
    if is_agreed is not None:
        many = open_windows(context, ticket, most=MOST_LOOKED_AT, after=after, is_apart=True)
        agreed = tuple(filter(is_agreed, many))
        if len(agreed) >= most:
            return agreed[:most]
    return open_windows(context, ticket, most=most, after=after, is_apart=True)


def open_window_at(context: Context, ticket: Ticket, opens_at: datetime) -> CallbackWindow | None:
    """Return the window that opens then, if it has room for this case or stands promised to it already."""
    work, policy, now = context.work, context.policy, context.now
    standing = work.promises.open_of_ticket(ticket.id)
    if standing is not None and standing.window_opens_at == opens_at:
        return standing.window
    is_full = _is_full(work, policy, PromiseRequest(ticket=ticket, target=""), standing=standing, now=now)
    earliest = max(opens_at, now + policy.windows.lead)
    window = next(candidate_windows(policy.calendar, policy.windows, not_before=earliest), None)
    return None if window is None or window.opens_at != opens_at or is_full(window) else window


def confirm_promise(work: UnitOfWork, ticket: Ticket, *, words: str, is_confirmed: bool) -> None:
    """Store the words in which the caller heard the open promise. Without one there is nothing to confirm.

    The words may be those of a text, which has the PIN. Staff read the words, so it is not kept with them.
    """
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is not None:
        words = without_pin(words, ticket.pin)
        work.promises.save(replace(promise, words=words, confirmed_by_caller=is_confirmed))


def awaited_promise(context: Context, ticket_id: str) -> Promise | None:
    """Return the promised call that a complainant can wait for. It is to come, and somebody is to be rung."""
    promise = context.work.promises.open_of_ticket(ticket_id)
    is_awaited = promise is not None and promise.target != FIND_NUMBER and promise.window_closes_at > context.now
    return promise if is_awaited else None


def is_call_owed(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether somebody is to call. That is so when a promise is open, or a missed one is still being made good."""
    if work.promises.open_of_ticket(ticket_id) is not None:
        return True
    return any(breach.ended_at is None for breach in work.promises.breaches_of_ticket(ticket_id))


def _find(context: Context, request: PromiseRequest, *, standing: Promise | None) -> FoundWindow | None:
    work, policy, now = context.work, context.policy, context.now
    found = find_window(
        policy.calendar,
        policy.target(_target_name(policy, request)),
        policy.windows,
        now=now,
        is_full=_is_never_full
        if request.ignores_capacity
        else _is_full(work, policy, request, standing=standing, now=now),
        later_than=_later_than(request, standing),
        is_agreed=None if request.chosen else agreed_windows(context, request.ticket.complainant_number),
    )
    return (
        found
        if found is None or request.chosen is None
        else _at_chosen(found, request.chosen, windows_in_vain=request.windows_in_vain)
    )


def _later_than(request: PromiseRequest, standing: Promise | None) -> datetime | None:
    if not request.is_later or standing is None:
        return None
    return max(standing.window_closes_at, request.offered_until or standing.window_closes_at)


def _at_chosen(found: FoundWindow, chosen: CallbackWindow, *, windows_in_vain: int) -> FoundWindow:
    """Return the window that was chosen, explained by the clock that the first one was found with."""
    reason = found.reason.model_copy(
        update={
            "opens_at": chosen.opens_at,
            "closes_at": chosen.closes_at,
            "is_chosen": True,
            "windows_in_vain": windows_in_vain,
            "full": (),
            "full_count": 0,
        }
    )
    return FoundWindow(window=chosen, reason=reason)


def _for_case(policy: Policy, request: PromiseRequest, standing: Promise | None) -> PromiseRequest:
    """Return the request with the target that the case asks for, where a usual call is wanted. That is the target of a
    repeat for somebody who called again, or the one of its kind of complaint.

    A promise that stands by the usual target stays, since its caller reckons with it, and so does a chosen window.
    """
    is_usual = request.target == STANDARD_TARGET and request.chosen is None
    is_reckoned_with = standing is not None and standing.target == STANDARD_TARGET
    if not is_usual or is_reckoned_with:
        return request
    category = policy.categories.get(request.ticket.category)
    asked = REPEAT_TARGET if request.ticket.repeats else category.callback_target if category else ""
    return replace(request, target=asked) if asked in policy.targets else request


def _target_name(policy: Policy, request: PromiseRequest) -> str:
    """Name the target. A policy that has not that of a number to find, or of a repeat, gives the time of a usual
    call.
    """
    is_old = request.target in (FIND_NUMBER, REPEAT_TARGET) and request.target not in policy.targets
    return STANDARD_TARGET if is_old else request.target


def _is_never_full(_window: CallbackWindow) -> bool:
    return False


def _is_full(
    work: UnitOfWork, policy: Policy, request: PromiseRequest, *, standing: Promise | None, now: datetime
) -> Callable[[CallbackWindow], bool]:
    """Tell of any window ahead whether it is full, from one look at all promises. The standing one will be moved."""
    supply = _supply(work, policy, now)  # before the look at the windows, for which others wait until we end
    promised = Counter(work.promises.open_windows(now - REACH))
    if standing is not None and promised[standing.window]:
        promised[standing.window] -= 1
    room = WindowRoom(promised, rules=policy.windows, calendar=policy.calendar, supply=supply)
    if not request.is_silent:
        return lambda window: not room.has_room(window)
    silent = work.promises.silent_windows(now - REACH)
    share = SilentRoom(silent, rules=policy.windows, calendar=policy.calendar, supply=supply)
    return lambda window: not (share.has_room(window) and room.has_room(window))


def _supply(work: UnitOfWork, policy: Policy, now: datetime) -> Supply | None:
    """Return what the people on duty make, or None without shifts. Then the policy's number holds for every window."""
    rota = rota_of(work, policy, now=now)
    if not rota.has_shifts(Role.HANDLER):
        return None
    staffing = Staffing(rota=rota, calls_an_hour=policy.rota.calls_an_hour, fill_percent=policy.windows.fill_percent)
    return staffing.between


def _new_promise(promise_id: str, request: PromiseRequest, found: FoundWindow, *, now: datetime) -> Promise:
    return Promise(
        id=promise_id,
        ticket_id=request.ticket.id,
        target=request.target,
        window_opens_at=found.window.opens_at,
        window_closes_at=found.window.closes_at,
        made_at=now,
        words="",
        locale=request.ticket.locale,
        state=PromiseState.OPEN,
        attempt=request.attempt,
        why_json=found.reason.model_dump_json(),
        is_silent=request.is_silent,
    )


def set_aside(work: UnitOfWork, promise: Promise, *, now: datetime) -> None:
    """Move a promise. One whose window closed while its caller was on the line moves at that instant."""
    moved = settle(promise, PromiseState.MOVED, min(now, promise.window_closes_at))
    work.promises.save(moved)
    work.promises.set_next_warning(promise.id, None)
    note_case(work, promise.ticket_id, Verb.PROMISE_MOVED, at=now, actor="system", before=written_span(promise))
