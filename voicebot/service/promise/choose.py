"""When we call, chosen by a person, whether by staff for the complainant, or by the complainant in a text or a call.

What stands is moved, and the complainant is told the new window. Where it is we who cannot keep the time, the text says
so. Either way it counts as moved, never as kept.
Knows: windows with room, decisions of staff. Must not know: pages, what the complainant wrote.
Source: complaints.md D-02, D-03; script.md 2 (`sms_promise_moved_early`).
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.promise import FIND_NUMBER, MOVED_BY_US, STANDARD_TARGET, CallbackWindow, Promise, is_overdue
from voicebot.domain.ticket import Ticket, is_open
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.number_gate import callable_number
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import ASKED, TextKind, purpose
from voicebot.service.promise.breach import break_promise
from voicebot.service.promise.confirmation import text_complainant
from voicebot.service.promise.make import (
    SUPERVISOR_TARGET,
    PromiseRequest,
    make_first_promise,
    make_promise,
    open_window_at,
    open_windows,
)
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded

MOST_OFFERED = 12
"""Windows shown to staff, about two working days of those that a usual calendar has."""


def windows_for(hotline: Hotline, case: str) -> tuple[CallbackWindow, ...]:
    """Return the windows with room that staff may choose from. Raises: Refused when there is no such case."""
    with hotline.look() as work:
        return open_windows(context_of(hotline, work), find_ticket(work, case), most=MOST_OFFERED)


def choosing(
    opens_at: datetime, *, words: str, actor: str, is_our_fault: bool = False, seen: int | None = None
) -> Step:
    """Promise the window that opens then, in place of the one that stands, and tell the complainant.

    Refused when it has no room any more, nobody can be called, or the case is not open.
    """
    said = worded(words, missing=Refused("a chosen time needs words: whose wish, and why", code="window-wordless"))

    def choose(at: CaseContext) -> None:
        _refuse_uncalled(at.ticket)
        window = next((each for each in open_windows(at, at.ticket, most=100) if each.opens_at == opens_at), None)
        if window is None:
            raise Refused(
                "this window has no room any more: open the case again and choose another", code="window-full"
            )
        template = Template.MOVED_EARLY if is_our_fault else Template.WINDOW
        promise_chosen(at, at.ticket, window, template=template)

    by = MOVED_BY_US if is_our_fault else "their wish"
    return Step(Decision(action=StaffAction.WINDOW_CHOSEN, actor=actor, after=f"{by}: {said}", seen=seen), choose)


def running_late(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Say before the miss that we cannot keep the time. The complainant gets the next window with room, and a text with
    our apology.

    It counts as moved by us, never as kept. Refused when no call is promised, its window has closed, or none is left.
    """
    said = worded(words, missing=Refused("running late needs words: why", code="window-wordless"))

    def move(at: CaseContext) -> None:
        _refuse_uncalled(at.ticket)
        standing = at.work.promises.open_of_ticket(at.ticket.id)
        if standing is None or is_overdue(standing, at.now):
            raise Refused("no promised call lies ahead that could be moved: promise one, or call now", code="not-ahead")
        later = (each for each in open_windows(at, at.ticket, most=100) if each.opens_at > standing.window_opens_at)
        window = next(later, None)
        if window is None:
            raise Refused("no later window has room: call now, or ask somebody to", code="window-full")
        promise_chosen(at, at.ticket, window, template=Template.MOVED_EARLY)

    decision = Decision(action=StaffAction.WINDOW_CHOSEN, actor=actor, after=f"{MOVED_BY_US}: {said}", seen=seen)
    return Step(decision, move)


def giving_number(number: str, *, words: str, actor: str, seen: int | None = None) -> Step:
    """Write down a number to call for a case, past the number gate, and promise the call where none is promised. Who
    has it is looked up at once, whatever was found of the one before.

    Refused when it is no number that we may call, or the case is not open.
    """
    said = worded(words, missing=Refused("a number needs words: who gave it, and how", code="number-wordless"))

    def write_down(at: CaseContext) -> None:
        _refuse_over(at.ticket)
        found = callable_number(at.hotline.rules, number, at.policy)
        if found is None:
            raise Refused(
                "this is no number that we may call: write a fixed or mobile number of a country that the hotline "
                "calls, with its country code, and none of ours or of staff",
                code="number-refused",
            )
        ticket = replace(at.ticket, complainant_number=found)
        at.work.tickets.save(ticket)
        if at.hotline.customer_source is not None and found != at.ticket.complainant_number:
            at.work.customers.keep_lookup(at.work.customers.lookup_of(ticket.id).wanted(at.now))
        standing = at.work.promises.open_of_ticket(ticket.id)
        if standing is None or standing.target == FIND_NUMBER:
            promise = make_first_promise(at, ticket)
            assert promise is not None, "a case with a number gets the first window, booked up or not"
            key = purpose(TextKind.WINDOW, promise.id)
            text_complainant(at, ticket, template=Template.WINDOW, promise=promise, key=key)

    return Step(Decision(action=StaffAction.NUMBER_GIVEN, actor=actor, after=said, seen=seen), write_down)


def promise_chosen(
    context: Context, ticket: Ticket, window: CallbackWindow, *, template: Template, by_text: bool = False
) -> Promise:
    """Promise this window, which has room, and tell the complainant. `by_text` says that they chose it in a text."""
    promise = _promise_window(context, ticket, window)
    key = purpose(TextKind.WINDOW, promise.id, *([ASKED] if by_text else []))
    text_complainant(context, ticket, template=template, promise=promise, key=key)
    return promise


def promise_offered(context: Context, ticket: Ticket, opens_at: datetime) -> Promise | None:
    """Promise the window that a caller chose among those offered. None where it has no room any more.

    The text at the end of the call tells them.
    """
    window = open_window_at(context, ticket, opens_at)
    return None if window is None else _promise_window(context, ticket, window)


def _promise_window(context: Context, ticket: Ticket, window: CallbackWindow) -> Promise:
    standing, now = context.work.promises.open_of_ticket(ticket.id), context.now
    if standing is not None and is_overdue(standing, now):
        # Missed before it was moved: the miss is told, and climbed.
        break_promise(context, standing)
    first = SUPERVISOR_TARGET if ticket.supervisor_asks else STANDARD_TARGET
    target = first if standing is None or standing.target == FIND_NUMBER else standing.target
    request = PromiseRequest(ticket=ticket, target=target, chosen=window)
    promise = make_promise(context, request)
    assert promise is not None, "a window with room was found a moment ago"
    return promise


def _refuse_over(ticket: Ticket) -> None:
    if not is_open(ticket):
        raise Refused(f"the case is {ticket.status}; only an open case is worked on", code="case-over")


def _refuse_uncalled(ticket: Ticket) -> None:
    _refuse_over(ticket)
    if ticket.complainant_number is None:
        raise Refused("there is no number to call: write one down first", code="number-missing")
