"""The promise of a case, and the one text that tells it.

Knows: which texts name a window. Must not know: how a contact went.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from voicebot.domain.call import CallStatus
from voicebot.domain.promise import FIND_NUMBER, Promise
from voicebot.domain.sms import Draft, SmsState
from voicebot.domain.ticket import Ticket
from voicebot.flow.prompts import render_text
from voicebot.service.decision.waiting import end_wait_for_words
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import (
    Address,
    Template,
    address_of,
    compose_to_complainant,
    slots_of,
)
from voicebot.service.outbox.delivery import move_sms
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.make import (
    PromiseRequest,
    confirm_promise,
    is_call_owed,
    make_first_promise,
    make_promise,
)

WORDS_MAY_FOLLOW = timedelta(seconds=5)
"""The end of a call may be known before its last words are, because they still wait behind the recogniser."""


NAMING_WINDOW = frozenset(
    {
        Template.CONFIRMATION,
        Template.CUT_OFF,
        Template.CALL_MISSED,
        Template.CASE_FROM_TEXT,
        Template.REOPENED,
        Template.WINDOW,
        Template.MOVED_EARLY,
        Template.THANKS,
    }
)
"""Texts that say when we will call. The others only open the written door."""


def is_call_unsettled(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether a call of the case has not left its promise and text yet."""
    calls = work.calls.of_ticket(ticket_id)
    return any(call.status is CallStatus.LIVE or work.limits.is_silent(call.id) for call in calls)


def follow_up_text_case(context: Context, ticket_id: str) -> None:
    """Leave a promise and the confirmation for a case that a text opened.

    Where there is nobody to call (abroad, a short code, another messenger), staff are to find a number.
    """
    ticket = ticket_of(context.work, ticket_id)
    # Asked before the promise: from its window to the end of the transaction everybody else who promises waits.
    to = address_of(context, ticket, answers=True)
    words_of = None if to.why_not else partial(_body, context, ticket, Template.CASE_FROM_TEXT)
    promise = standing_promise(context, ticket, words_of=words_of)
    look_for_number(context, ticket)
    key = purpose(TextKind.TEXT_CASE, ticket_id)
    text_complainant(context, ticket, template=Template.CASE_FROM_TEXT, promise=promise, key=key, to=to)


def follow_up_more_words(context: Context, ticket_id: str) -> bool:
    """Promise a call anew where words come to a case in which none is owed any more, and say so. Tell whether it was.

    Who writes after the promised call is answered by a person, not by silence. A call that goes on leaves its own.
    """
    ticket = ticket_of(context.work, ticket_id)
    promise_for_words(context, ticket)
    if is_call_owed(context.work, ticket_id) or is_call_unsettled(context.work, ticket_id):
        return False
    promise = promise_anew(context, ticket)
    if promise is not None and promise.target != FIND_NUMBER:
        key = purpose(TextKind.TEXT_CASE, ticket_id, promise.id)
        text_complainant(context, ticket, template=Template.CASE_FROM_TEXT, promise=promise, key=key)
    return True


def forget_silence(context: Context, ticket_id: str) -> None:
    """Hold back a text that says that we heard nothing, and has not left, because its complainant has written
    meanwhile.
    """
    for sms in context.work.sms.of_ticket(ticket_id):
        if sms.template == Template.SILENT_CALLER and sms.state is SmsState.WAITING:
            move_sms(context, sms, SmsState.SUPPRESSED, reason="they have written meanwhile")


def promise_anew(context: Context, ticket: Ticket) -> Promise | None:
    """Promise a call in a case that goes on again. Where nobody can be called, staff are to find a number."""
    return _owe_number(context, ticket) if ticket.complainant_number is None else make_first_promise(context, ticket)


def promise_for_words(context: Context, ticket: Ticket) -> Promise | None:
    """Return the open promise, moved out of the share of silent calls now that words have come.

    Whoever we waited for has answered, so the time to decide runs again.
    """
    end_wait_for_words(context, ticket.id)
    promise = context.work.promises.open_of_ticket(ticket.id)
    if promise is None or not promise.is_silent:
        return promise
    request = PromiseRequest(ticket=ticket, target=promise.target)
    return make_promise(context, request) or promise


def standing_promise(
    context: Context, ticket: Ticket, *, is_silent: bool = False, words_of: Callable[[Promise], str] | None = None
) -> Promise | None:
    """Return the open promise, made now if there is a number to ring and none was made. Its window may be booked up."""
    if context.work.promises.of_ticket(ticket.id):
        return context.work.promises.open_of_ticket(ticket.id)
    return make_first_promise(context, ticket, is_silent=is_silent, words_of=words_of)


def text_complainant(
    context: Context,
    ticket: Ticket,
    *,
    template: Template,
    promise: Promise | None,
    key: str,
    to: Address | None = None,
) -> None:
    """Compose the one text. Words that name the window become the promise's words if nobody said them aloud.

    `to` is where it goes, if that was asked for before.
    """
    names_window = template in NAMING_WINDOW
    if names_window and promise is None:
        template = Template.CONFIRMATION_NO_WINDOW
    slots = slots_of(context, ticket, promise)
    delay = WORDS_MAY_FOLLOW if template is Template.SILENT_CALLER else timedelta(0)
    draft = Draft(purpose=key, template=template, slots=slots, delay=delay)
    is_sent = compose_to_complainant(context, ticket, draft, to=to)
    if is_sent and names_window and promise is not None and not promise.words:
        confirm_promise(context.work, ticket, words=_body(context, ticket, template, promise), is_confirmed=False)


def _body(context: Context, ticket: Ticket, template: Template, promise: Promise) -> str:
    return render_text(context.flow, ticket.locale, template, slots_of(context, ticket, promise))


def look_for_number(context: Context, ticket: Ticket) -> None:
    """Owe a case without a number to ring that staff find one. It is due like a call, with the same ladder, told to
    nobody.

    What was said is kept. The number may be in it, or the caller rings again.
    """
    if ticket.complainant_number is None and not context.work.promises.of_ticket(ticket.id):
        _owe_number(context, ticket)


def _owe_number(context: Context, ticket: Ticket) -> Promise | None:
    request = PromiseRequest(ticket=ticket, target=FIND_NUMBER, ignores_capacity=True)
    return make_promise(context, request)
