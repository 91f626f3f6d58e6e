"""The windows that a caller is offered: the first with room is promised at once, so that who hangs up has it.

Up to two more are said with it, by the rule of those that a text offers. A window that the caller chooses is promised
in its place, if nobody has taken it meanwhile. Who wants to move the call of a case keeps it until then. A test call of
the hotline's own is offered one and promised nothing.
Knows: promises, what may be chosen from. Must not know: what the caller said, the words.
Source: script.md 1 (`offer_windows`).
"""

from voicebot.domain.promise import CallbackWindow, Promise
from voicebot.flow.events import NoWindowLeft, OfferedWindow, PromiseMade
from voicebot.flow.instructions import MakePromise
from voicebot.service.call_context import CallContext
from voicebot.service.promise.choose import promise_offered
from voicebot.service.promise.make import (
    PromiseRequest,
    awaited_promise,
    first_window,
    make_promise,
    offered_windows,
)


def promise_window(context: CallContext, effect: MakePromise) -> PromiseMade | NoWindowLeft:
    """Promise the window that the flow asks for, and return it with those that may be chosen instead of it."""
    if context.call.is_canary:
        window = first_window(context, _request(context, effect))
        return NoWindowLeft() if window is None else _made(context, window)
    standing = awaited_promise(context, context.call.ticket_id) if effect.keeps_standing else None
    if standing is not None:
        return _instead_of(context, standing, effect)
    promise = _promise(context, effect)
    if promise is None:
        return NoWindowLeft()
    others = _others(context, promise, most=effect.offers - 1)
    return _made(context, promise.window, offers=(promise.window, *others) if others else ())


def _instead_of(context: CallContext, standing: Promise, effect: MakePromise) -> PromiseMade | NoWindowLeft:
    """Offer other windows, and leave the one that stands until one of them is chosen."""
    others = offered_windows(context, context.ticket(), most=effect.offers, after=effect.offered_until)
    return _made(context, standing.window, offers=others) if others else NoWindowLeft()


def _promise(context: CallContext, effect: MakePromise) -> Promise | None:
    if effect.chosen_at is not None:
        return promise_offered(context, context.ticket(), effect.chosen_at)
    return make_promise(context, _request(context, effect))


def _request(context: CallContext, effect: MakePromise) -> PromiseRequest:
    return PromiseRequest(
        ticket=context.ticket(),
        target=effect.target,
        is_later=effect.is_later,
        offered_until=effect.offered_until,
    )


def _others(context: CallContext, promise: Promise, *, most: int) -> tuple[CallbackWindow, ...]:
    return offered_windows(context, context.ticket(), most=most, after=promise.window_closes_at) if most else ()


def _made(context: CallContext, window: CallbackWindow, *, offers: tuple[CallbackWindow, ...] = ()) -> PromiseMade:
    said = tuple(OfferedWindow(opens_at=one.opens_at, closes_at=one.closes_at) for one in offers)
    zone = context.policy.calendar.zone
    return PromiseMade(opens_at=window.opens_at, closes_at=window.closes_at, zone=zone, offers=said)
