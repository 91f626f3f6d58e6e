"""What somebody says whom we rang to ask whether the matter is settled, and what such a call leaves.

Only a yes of theirs closes the case, and only in a call that we made to the number of the case, since anybody can ring
us with a made-up number. Silence, a machine and a call that breaks off change nothing.

Knows: cases, promises, rows of calls that we make. Must not know: the flow's nodes, who noticed the end.
Source: complaints.md S1-17 (closing needs the complainant's confirmation), S2-08.
"""

from dataclasses import replace
from typing import assert_never

from voicebot.domain.staff_call import StaffCall, StaffCallKind, end_of_call
from voicebot.domain.ticket import is_open, is_over
from voicebot.flow.instructions import CloseCase, RefuseCalls, ReopenCase
from voicebot.service.call_context import CallContext
from voicebot.service.callback.settle import note_refusal
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.promise.confirmation import promise_anew, text_complainant
from voicebot.service.promise.make import awaited_promise, is_call_owed
from voicebot.service.ticket.ending import close_as_agreed, reopen_for_words

SETTLED, NOT_SETTLED, REFUSED, UNANSWERED = "settled", "not settled", "refused", "not answered"
"""What came of the question, as staff read it."""


def take_survey_answer(context: CallContext, effect: CloseCase | ReopenCase | RefuseCalls) -> None:
    """Do what somebody wants with their case, in the turn's transaction. Nothing in a call that we did not make."""
    asked = _asked(context)
    if asked is None:
        return
    ticket = context.ticket()
    match effect:
        case CloseCase():
            if not is_over(ticket):
                close_as_agreed(context.of_today(), ticket, by_text=False)
                _note_result(context, asked, SETTLED)
        case ReopenCase():
            if not is_open(ticket):
                reopen_for_words(context.of_today(), ticket)
            _note_result(context, asked, NOT_SETTLED)
        case RefuseCalls():
            if ticket.complainant_number is not None:
                note_refusal(context, asked, ticket)
                _note_result(context, replace(asked, refused=True), REFUSED)
        case _:
            assert_never(effect)


def end_survey(context: CallContext) -> None:
    """Leave what such a call leaves. Who said no is owed a call, and told when by a text."""
    asked = _asked(context)
    if asked is None:
        return
    result = asked.result or UNANSWERED
    context.work.staff_calls.save(end_of_call(asked, result, context.now))
    if result == NOT_SETTLED:
        _owe_call(context)


def _owe_call(context: CallContext) -> None:
    today, ticket = context.of_today(), context.ticket()
    if not is_call_owed(context.work, ticket.id):
        promise_anew(today, ticket)
    promise = awaited_promise(today, ticket.id)
    if promise is not None:
        key = purpose(TextKind.WINDOW, promise.id)
        text_complainant(today, ticket, template=Template.REOPENED, promise=promise, key=key)


def _asked(context: CallContext) -> StaffCall | None:
    """Return the row by which we rang, or None when we did not."""
    found = context.work.staff_calls.by_carrier_id(context.call.carrier_call_id)
    return found if found is not None and found.kind is StaffCallKind.SURVEY else None


def _note_result(context: CallContext, asked: StaffCall, result: str) -> None:
    context.work.staff_calls.save(replace(asked, result=result))
