"""The follow-up of every contact, however it ended. It leaves a promise where there is a number to ring, and one text.

The text is composed when the contact is over, so that it is exactly one and says how it went. It confirms, says that
the call was cut off, or that nobody was heard. The purpose names the ticket alone, so no order of events makes two of
it.
Knows: how a contact can have gone. Must not know: who noticed its end.
Source: complaints.md S0-11, S2-14. Which text goes when is in script.md 1 and its SMS table.
"""

from dataclasses import replace

from voicebot.domain.call import CallStatus, Turn
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.promise import Promise, WindowReason
from voicebot.domain.sms import SmsState
from voicebot.flow.events import FLOW_EVENT, FaultOccurred
from voicebot.flow.prompts import render_text
from voicebot.flow.session import read_session
from voicebot.service.answer.keep import has_written
from voicebot.service.answer.spooled_voice import has_answered, has_spoken, may_have_spoken
from voicebot.service.call.effects import CALLBACK_SLOT
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import (
    Template,
    note_no_text,
    slots_of,
)
from voicebot.service.outbox.notice import write_notice
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.confirmation import look_for_number, promise_for_words, standing_promise, text_complainant
from voicebot.service.promise.make import (
    confirm_promise,
)
from voicebot.service.staff.members import staff_numbers

CONTACT_SLOT = "contact_by"
BY_TEXT = "text"
"""Slot and value by which the flow notes that the caller would rather write."""

_STAFF_WITHOUT_WORDS = "not a word from a phone of the staff: it may forward its calls to us, and would ring for ever"


def follow_up_call(context: CallContext, last: Turn) -> None:
    """Leave a promise and one text for a call that is over. `last` is its last turn."""
    template = _template_of(context, last, was_promised=_was_promised(context))
    if template is Template.SILENT_CALLER and read_session(last.session).facts.is_line_flooded:
        context.note(Verb.PROMISE_WITHHELD, actor="system", after="not a word, from where too many such calls come")
        note_no_text(context, context.ticket(), template=template, why="no texts: too many to numbers like this one")
        return
    if template is Template.SILENT_CALLER and _is_from_staff(context):
        context.note(Verb.PROMISE_WITHHELD, actor="system", after=_STAFF_WITHOUT_WORDS)
        return
    is_silent = is_without_words(context, last)
    promise = standing_promise(context, context.ticket(), is_silent=is_silent)
    if is_silent:
        _watch_share(context, promise)
    else:
        look_for_number(context, context.ticket())
    key = purpose(TextKind.CALL_END, context.call.ticket_id)
    text_complainant(context, context.ticket(), template=template, promise=promise, key=key)
    write_notice(context, context.ticket(), NoticeEvent.NEW_CASE)


def _watch_share(context: CallContext, promise: Promise | None) -> None:
    """Tell staff once a day that silent calls have used up their share, so that they wait longer than any target."""
    if context.ticket().complainant_number is None or (promise is not None and _is_in_time(promise)):
        return
    if promise is None:
        context.note(Verb.PROMISE_WITHHELD, actor="system", after="not a word, and such calls have used up their share")
    template, ticket_id = Template.STAFF_SILENT_SHARE, context.call.ticket_id
    raise_alarm(context, name="silent_calls_over_share", ticket_id=ticket_id, template=template)


def _is_in_time(promise: Promise) -> bool:
    return WindowReason.model_validate_json(promise.why_json).is_inside_target


def _is_from_staff(context: CallContext) -> bool:
    return context.call.caller_number in staff_numbers(context.policy)


def is_without_words(context: CallContext, last: Turn) -> bool:
    """Tell whether a call left nothing that a person could act on. That is no word, no voice, no request, no number
    keyed.

    Who cannot speak may write meanwhile, because a text on the case is a word too.
    """
    ticket, slots = context.ticket(), read_session(last.session).slots
    if ticket.supervisor_asks or ticket.recording_refused or CALLBACK_SLOT in slots:
        return False
    if context.work.tickets.answers(ticket.id):
        return False
    return _template_of(context, last, was_promised=_was_promised(context)) is Template.SILENT_CALLER


def is_voice_awaited(context: CallContext, last: Turn) -> bool:
    """Tell whether what to leave depends on a voice that lies in a spool and may be nothing but silence."""
    is_known = (
        has_answered(context) or _was_promised(context) or read_session(last.session).slots.get(CONTACT_SLOT) == BY_TEXT
    )
    return not is_known and may_have_spoken(context)


def is_on_the_line(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether a call of the case goes on. If one does, what the case leaves is left when that ends."""
    return any(call.status is CallStatus.LIVE for call in work.calls.of_ticket(ticket_id))


def follow_up_missed_call(context: CallContext) -> None:
    """Leave a promise and one text for a call that never reached us. A case that it joined has its own already.

    Nothing where every window of the case is broken, since staff are on the ladder, and there is none to name.
    """
    if _is_from_staff(context):
        context.note(Verb.PROMISE_WITHHELD, actor="system", after=_STAFF_WITHOUT_WORDS)
        return
    promise = standing_promise(context, context.ticket())
    if promise is None and _was_promised(context):
        return
    key = purpose(TextKind.CALL_END, context.call.ticket_id)
    text_complainant(context, context.ticket(), template=Template.CALL_MISSED, promise=promise, key=key)
    write_notice(context, context.ticket(), NoticeEvent.NEW_CASE)


def answer_late_words(context: CallContext) -> None:
    """Words came after the end of their call. A text still waiting that says we heard nobody now says we were cut off.

    A voice is enough, because the words of a recording come when it has been fetched, and the text does not wait for
    them.
    """
    if context.call.is_canary:
        return
    key = purpose(TextKind.CALL_END, context.call.ticket_id)
    waiting = next((sms for sms in context.work.sms.of_ticket(context.call.ticket_id) if sms.purpose == key), None)
    if has_spoken(context):
        look_for_number(context, context.ticket())
    promise = promise_for_words(context, context.ticket()) if has_spoken(context) else None
    if waiting is None or waiting.state is not SmsState.WAITING or promise is None:
        return
    if waiting.template != Template.SILENT_CALLER:
        return
    slots = slots_of(context, context.ticket(), promise)
    body = render_text(context.flow, context.call.locale, Template.CUT_OFF, slots)
    context.work.sms.save(replace(waiting, template=Template.CUT_OFF, body=body))
    confirm_promise(context.work, context.ticket(), words=body, is_confirmed=False)


def _was_promised(context: CallContext) -> bool:
    return bool(context.work.promises.of_ticket(context.call.ticket_id))


def _template_of(context: CallContext, last: Turn, *, was_promised: bool) -> Template:
    """Choose the text. It depends on what the caller asked for, the window they heard, or else whether anything was
    said.

    Who refused to be recorded was heard, and nothing of theirs is kept, so they are told when we call, and no more.
    """
    if read_session(last.session).slots.get(CONTACT_SLOT) == BY_TEXT:
        return Template.TEXT_ME
    if was_promised or context.ticket().recording_refused:
        return Template.CONFIRMATION
    was_ours = isinstance(FLOW_EVENT.validate_json(last.event), FaultOccurred)
    if was_ours or has_spoken(context):
        return Template.CUT_OFF
    has_told = has_written(context.work, context.call.ticket_id)
    return Template.CASE_FROM_TEXT if has_told else Template.SILENT_CALLER
