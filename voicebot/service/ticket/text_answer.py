"""What a text to a known case is answered with. It tells how the case stands, other times for the call, or that it was
added.

STATUS and MOVE ask for something and add no words. CALL is words like any other, since every case with new words owes a
call. After MOVE, one digit chooses among the times offered last, as long as nothing else was promised since. In an
answered case 1 is the complainant's yes, and closes it.
Knows: commands, windows with room, what a case owes. Must not know: where a text belongs, how it is sent.
Source: script.md 2, complaints.md S0-11, S1-17.
"""

from datetime import datetime

from voicebot.domain.decision_term import TermState
from voicebot.domain.promise import CallbackWindow
from voicebot.domain.sms import Draft
from voicebot.domain.text_command import TextCommand, read_command, read_digit
from voicebot.domain.ticket import Ticket, TicketStatus, is_open
from voicebot.flow.prompts import written_date, written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.outbox.compose import Template, compose_to_complainant, slots_of
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.promise.choose import promise_chosen
from voicebot.service.promise.make import awaited_promise, is_call_owed, offered_windows, open_window_at
from voicebot.service.staff.members import find_member, spoken_role
from voicebot.service.ticket.ending import close_as_agreed

OFFERED = 3
YES = 1
_BETWEEN = " "


def answer_request(context: Context, ticket: Ticket, *, body: str, sid: str) -> bool:
    """Do what a text asks of its case, and answer it. False for words, which are added to the case instead."""
    command, digit = read_command(body), read_digit(body)
    if command in _STEPS and ticket.complainant_number is not None:
        note_case(context.work, ticket.id, Verb.TEXT_ASKED, at=context.now, actor="caller", after=body)
        _STEPS[command](context, ticket, sid)
        return True
    if digit is None:
        return False
    if ticket.status is TicketStatus.ANSWERED and digit == YES:
        note_case(context.work, ticket.id, Verb.TEXT_ASKED, at=context.now, actor="caller", after=body)
        close_as_agreed(context, ticket)
        return True
    return _choose(context, ticket, digit)


def answer_added(context: Context, ticket: Ticket, *, sid: str) -> None:
    """Tell the complainant that their words stand with the case, and when we call."""
    promise = awaited_promise(context, ticket.id)
    template = Template.ADDED if promise is None else Template.ADDED_CALL
    _reply(context, ticket, template, sid, slots_of(context, ticket, promise))


def _tell_status(context: Context, ticket: Ticket, sid: str) -> None:
    promise = awaited_promise(context, ticket.id)
    slots = slots_of(context, ticket, promise) | {"owner_role": _owner_role(context, ticket)}
    if is_open(ticket) and promise is not None:
        _reply(context, ticket, Template.STATUS_CALL, sid, slots)
        return
    template, until = _without_call(context, ticket)
    if until is not None:
        slots["date"] = written_date(until, zone=context.policy.calendar.zone, locale=ticket.locale)
    _reply(context, ticket, template, sid, slots)


def _without_call(context: Context, ticket: Ticket) -> tuple[Template, datetime | None]:
    """Return how a case stands in which no call is to come, and the date that is next in it."""
    if ticket.status is TicketStatus.ANSWERED:
        return Template.STATUS_ANSWERED, ticket.closes_at
    term = context.work.decision_terms.current_of(ticket.id) if is_open(ticket) else None
    if term is None:
        return Template.STATUS_OPEN if is_open(ticket) else Template.STATUS_CLOSED, None
    is_waiting = term.state is TermState.WAITING
    return (Template.STATUS_WAITING, term.waiting_until) if is_waiting else (Template.STATUS_DECISION, term.due_at)


def offer_other_times(context: Context, ticket: Ticket, sid: str) -> None:
    """Offer other times by text. `sid` is of the text or call that asks for them.

    A case that is over, or has none to offer and owes no call, says how it stands instead.
    """
    windows = offered_windows(context, ticket, most=OFFERED) if is_open(ticket) else ()
    is_promised = awaited_promise(context, ticket.id) is not None
    slots = slots_of(context, ticket, None)
    if len(windows) < OFFERED:
        if is_open(ticket) and is_call_owed(context.work, ticket.id):
            _reply(context, ticket, Template.MOVE_FULL if is_promised else Template.MOVE_FULL_OWED, sid, slots)
        else:
            _tell_status(context, ticket, sid)
        return
    offered = _BETWEEN.join(window.opens_at.isoformat() for window in windows)
    note_case(context.work, ticket.id, Verb.WINDOWS_OFFERED, at=context.now, actor="system", after=offered)
    slots |= {f"offer_{number}": _said(context, ticket, window) for number, window in enumerate(windows, start=1)}
    _reply(context, ticket, Template.MOVE if is_promised else Template.MOVE_OPEN, sid, slots)


_STEPS = {TextCommand.STATUS: _tell_status, TextCommand.MOVE: offer_other_times}


def _choose(context: Context, ticket: Ticket, digit: int) -> bool:
    """Promise the time that a digit chose among those offered last. False when it chooses none."""
    opens_at = _offered(context, ticket, digit)
    if opens_at is None or not is_open(ticket):
        return False
    found = open_window_at(context, ticket, opens_at)
    if found is None:
        return False
    note_case(context.work, ticket.id, Verb.TEXT_ASKED, at=context.now, actor="caller", after=str(digit))
    promise_chosen(context, ticket, found, template=Template.WINDOW, by_text=True)
    return True


def _offered(context: Context, ticket: Ticket, digit: int) -> datetime | None:
    """Return the time behind a digit, or None when none was offered, or something was promised since."""
    offers: list[str] = []
    for entry in context.work.tickets.history(ticket.id):
        if entry.verb == Verb.WINDOWS_OFFERED:
            offers = entry.after.split(_BETWEEN)
        elif entry.verb == Verb.PROMISE_MADE:
            offers = []
    return datetime.fromisoformat(offers[digit - 1]) if 1 <= digit <= len(offers) else None


def _said(context: Context, ticket: Ticket, window: CallbackWindow) -> str:
    zone = context.policy.calendar.zone
    slots = written_window(SpokenWindow(opens_at=window.opens_at, closes_at=window.closes_at, zone=zone), ticket.locale)
    return f"{slots['date']}, {slots['from']}-{slots['to']}"


def _owner_role(context: Context, ticket: Ticket) -> str:
    owner = find_member(context.work, context.policy, ticket.owner_id)
    role = "case handler" if owner is None else spoken_role(owner)
    return role.removeprefix("your ")


def _reply(context: Context, ticket: Ticket, template: Template, sid: str, slots: dict[str, str]) -> None:
    draft = Draft(purpose=purpose(TextKind.REPLY, sid), template=template, slots=slots)
    compose_to_complainant(context, ticket, draft)
