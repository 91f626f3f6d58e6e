"""Writes what becomes of a text. That is its next state and an event of its case, and on the case what is final.

Knows: states and error classes, the ticket a text belongs to. Must not know: when a text is sent, whom to ask about it.
"""

from dataclasses import replace

import structlog

from voicebot.domain.case_number import without_pin
from voicebot.domain.promise import written_span
from voicebot.domain.sms import (
    FINAL_STATES,
    Sms,
    SmsErrorClass,
    SmsState,
    error_class,
    move,
    state_of,
    text_trouble,
)
from voicebot.domain.text_request import KeptTextRequest
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.purpose import is_for_staff, is_of_case

log = structlog.get_logger(__name__)


def apply_status(context: Context, sms: Sms, *, status: str, error_code: int | None) -> Sms:
    state = state_of(status)
    if state is None:
        log.warning("sms_status_unknown", sms=sms.id)
        return sms
    return move_sms(context, sms, state, error_code=error_code)


def move_sms(
    context: Context,
    sms: Sms,
    state: SmsState,
    *,
    message_sid: str | None = None,
    error_code: int | None = None,
    reason: str | None = None,
) -> Sms:
    """Move a text and tell the ticket what becomes final. A move backwards changes nothing."""
    moved = move(sms, state, context.now, message_sid=message_sid, error_code=error_code, reason=reason)
    context.work.sms.save(moved)
    if moved.state is not sms.state and moved.state in FINAL_STATES:
        _tell_ticket(context, moved)
    return moved


def with_code(state: SmsState, error_code: int | None) -> str:
    return f"{state} ({error_code})" if error_code else str(state)


def _tell_ticket(context: Context, sms: Sms) -> None:
    at = context.now
    code = sms.error_code or 0
    after = f"{sms.template}: {with_code(sms.state, code)}" + (f", {sms.reason}" if sms.reason else "")
    if is_of_case(sms):
        note_case(context.work, sms.ticket_id, Verb.TEXT_SETTLED, at=at, actor="carrier", after=after)
    if sms.state is not SmsState.DELIVERED:
        _take_back_words(context, sms.ticket_id, sms.body)
    if sms.state in (SmsState.FAILED, SmsState.UNDELIVERED):
        log.warning("sms_not_delivered", sms=sms.id, code=code, kind=error_class(code))
        if not is_for_staff(sms):
            _note_trouble(context, sms)


def _note_trouble(context: Context, sms: Sms) -> None:
    """Keep what an error says about the person, so that nobody promises them a text again."""
    code = sms.error_code or 0
    if error_class(code) is SmsErrorClass.CONSENT:
        own = context.hotline.rules.own_number
        refused = KeptTextRequest(message_sid=None, recipient=sms.recipient, sender=own, is_out=True, at=context.now)
        context.work.sms.add_text_request(refused)
    if text_trouble(code):
        ticket = ticket_of(context.work, sms.ticket_id)
        context.work.tickets.save(replace(ticket, text_trouble=text_trouble(code), may_text=False))


def _take_back_words(context: Context, ticket_id: str, words: str) -> None:
    """Note that the open promise was told to nobody after all, because the text that told it in these words did not
    arrive.
    """
    promise = context.work.promises.open_of_ticket(ticket_id)
    told = without_pin(words, ticket_of(context.work, ticket_id).pin)
    if promise is not None and words and promise.words == told and not promise.confirmed_by_caller:
        context.work.promises.save(replace(promise, words=""))
        at, before = context.now, written_span(promise)
        note_case(context.work, ticket_id, Verb.PROMISE_UNTOLD, at=at, actor="system", before=before)
