"""Whether a complainant may be asked now if the matter is settled, and where their telephone is.

A question is no reason to pester. It is put in one call. It waits for the hours in which people are rung, and it is not
put at all where they want no calls, or no texts and messages, where another call is promised, or where the case is
over. A machine must hear nothing of it where that was agreed.

Knows: barriers, what was agreed, promises. Must not know: the carrier, the flow's words.
Source: complaints.md S1-17, S2-08; script.md 7 (quiet hours).
"""

from voicebot.domain.adjustment import is_told_nothing_unasked
from voicebot.domain.promise import Promise, PromiseState
from voicebot.domain.staff_call import StaffCall
from voicebot.service.callback.barrier import Barrier, complainant_barrier
from voicebot.service.hotline import Context
from voicebot.service.lookup import going_on
from voicebot.service.number_gate import adjusted, number_to_ring, wants_no_texts


def survey_number(context: Context, call: StaffCall) -> str:
    """Return where the complainant is rung. Empty when nowhere, which the barrier tells first."""
    ticket = going_on(context.work, call.ticket_id)
    return number_to_ring(context.work, context.hotline.rules, ticket=ticket, policy=context.policy) or ""


def survey_barrier(context: Context, call: StaffCall) -> Barrier | None:
    """Return why the question is not put now, or None when it may be."""
    work = context.work
    if context.policy.callbacks.survey_after is None:
        return Barrier(code="survey-off", why="nobody is asked any more (survey_after)")
    ticket = going_on(work, call.ticket_id)
    barrier = complainant_barrier(context, ticket, own_call=call.id, may_be_answered=True)
    if barrier is not None and barrier.until is None:
        return barrier
    promises = work.promises.of_ticket(ticket.id)
    if any(_is_owed_since(promise, call) for promise in promises):
        return Barrier(code="survey-overtaken", why="another call was promised since, or the talk was taken back")
    number = survey_number(context, call)
    if wants_no_texts(work, context.hotline.rules, number) or is_told_nothing_unasked(adjusted(work, number)):
        return Barrier(code="survey-unwanted", why="they want no texts or messages, so they are asked nothing either")
    return barrier


def _is_owed_since(promise: Promise, call: StaffCall) -> bool:
    """Tell whether a promise speaks against the question: one made since, or its own, unless the talk kept it with
    which the question was ordered.
    """
    if promise.id == call.promise_id:
        return (promise.state, promise.settled_at) != (PromiseState.KEPT, call.ordered_at)
    return promise.state is not PromiseState.KEPT and promise.made_at > call.ordered_at
