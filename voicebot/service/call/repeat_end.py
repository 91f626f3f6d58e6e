"""What a call leaves that may be a repeat. It joins the case that it is about, which owes a call, and one text says so.

Who has said that it is about the known case is joined to it, without another word too. Who only heard that it is
answered or has ended leaves it so, and who gave it up is owed nothing more. A text never has more of that
case than the caller has claimed. Who asks for a text is asked to write, without number and code of the case (decided on
30 November 2026), because the phone may lie in other hands by now, and its complainant has both from the first text.
Knows: slots of the flow, which text fits. Must not know: who ended the call, how cases are joined (repeat_call.py).
Source: complaints.md S3-06; script.md 1.
"""

from collections.abc import Mapping

from voicebot.domain.call import Call, Turn
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.promise import Promise
from voicebot.domain.ticket import is_open
from voicebot.flow.session import PROOF_SLOT, PROVEN, KnownCase, Stands, read_session
from voicebot.service.call.aftermath import BY_TEXT, CONTACT_SLOT, follow_up_call, is_without_words
from voicebot.service.call.repeat_call import JOINED, JOINED_SLOT, join
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb
from voicebot.service.lookup import going_on
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.notice import write_notice
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.promise.confirmation import promise_anew, promise_for_words, text_complainant
from voicebot.service.promise.make import awaited_promise, is_call_owed
from voicebot.service.ticket.call_joining import join_call
from voicebot.service.ticket.ending import reopen_for_words
from voicebot.service.ticket.hand_over import cover_absent_owner
from voicebot.service.ticket.text_answer import answer_added

MATTER_SLOT, SAME, OTHER = "matter", "same", "other"
"""Slot by which the flow notes what the call is about. That is the known case, or something else."""


STATUS_SLOT, WITHDRAWN_SLOT, YES = "status_told", "withdrawn", "yes"
"""Slots by which the flow notes that the caller heard how the case stands, and that they gave it up."""


def leave_follow_up(context: CallContext, last: Turn) -> Call:
    """Leave promise and text for a call that is over, on the case that it belongs to. Return the call as it stands."""
    session = read_session(last.session)
    slots, known = session.slots, session.facts.known_case
    joined = context if slots.get(JOINED_SLOT) == JOINED else None
    is_apart = slots.get(MATTER_SLOT) == OTHER or JOINED_SLOT in slots
    if known is not None and _only_asked(context, last, known):
        return _join_quietly(context, known.case_id)
    if joined is not None and slots.get(WITHDRAWN_SLOT) == YES:
        write_notice(joined, joined.ticket(), NoticeEvent.REPEAT_CALL, step=joined.call.id)
        return joined.call
    if joined is None and not is_apart and (claims_case(last) or not is_without_words(context, last)):
        is_claimed, is_proven = claims_case(last), slots.get(PROOF_SLOT) == PROVEN
        joined = join(context, "" if known is None else known.case_id, is_claimed=is_claimed, is_proven=is_proven)
    if joined is None:
        follow_up_call(context, last)
        return context.call
    unasked = SAME if known is None else OTHER
    _follow_up_repeat(joined, slots, may_tell_code=slots.get(MATTER_SLOT, unasked) == SAME)
    return joined.call


def claims_case(last: Turn) -> bool:
    """Tell whether the caller has said that it is about the case that we know, and the call has not joined it yet."""
    session = read_session(last.session)
    is_asked = session.facts.known_case is not None and JOINED_SLOT not in session.slots
    return is_asked and session.slots.get(MATTER_SLOT) == SAME


def _only_asked(context: CallContext, last: Turn, known: KnownCase) -> bool:
    """Tell whether a caller heard that their case is answered or has ended, and left it at that.

    Not who was promised a call in it, or a text, which would be withdrawn with the call's own case.
    """
    work, own, slots = context.work, context.ticket(), read_session(last.session).slots
    has_heard = slots.get(STATUS_SLOT) == YES and known.stands is not Stands.OPEN
    is_promised = own.supervisor_asks or work.promises.open_of_ticket(own.id) or slots.get(CONTACT_SLOT) == BY_TEXT
    has_told = any(answer.call_id == context.call.id for answer in work.tickets.answers(own.id))
    return has_heard and claims_case(last) and not (is_promised or has_told)


def _join_quietly(context: CallContext, case_id: str) -> Call:
    """Put the call to its case, which stays as it is. Nobody is owed anything by a question that was answered."""
    return join_call(context, going_on(context.work, case_id), Verb.STATUS_ASKED).call


def _follow_up_repeat(context: CallContext, slots: Mapping[str, str], *, may_tell_code: bool) -> None:
    """Owe a call where none is owed, tell the caller by text, and staff by a notice."""
    if not is_open(context.ticket()):
        reopen_for_words(context.of_today(), context.ticket())  # closed by somebody who had not heard this call
    promise_for_words(context, context.ticket())
    if not is_call_owed(context.work, context.call.ticket_id):
        promise_anew(context, context.ticket())
    ticket = cover_absent_owner(context.of_today(), context.ticket())
    promise = awaited_promise(context, ticket.id)
    template = _template_of(context, promise, slots, may_tell_code=may_tell_code)
    if template is Template.ADDED:
        answer_added(context, ticket, sid=context.call.id)
    elif template is not None:
        key = purpose(TextKind.CALL_END, ticket.id, context.call.id)
        text_complainant(context, ticket, template=template, promise=promise, key=key)
    write_notice(context, ticket, NoticeEvent.REPEAT_CALL, step=context.call.id)


def _template_of(
    context: CallContext, promise: Promise | None, slots: Mapping[str, str], *, may_tell_code: bool
) -> Template | None:
    """Choose the text. It has what the caller asked for, a window that is new, or that their words were added.

    None where nothing was added and nothing is new. Who did not say that it is their case is sent no code of it.
    """
    if slots.get(CONTACT_SLOT) == BY_TEXT:
        return Template.TEXT_ME_AGAIN
    answers = context.work.tickets.answers(context.call.ticket_id)
    has_told = any(answer.call_id == context.call.id for answer in answers)
    if promise is None or promise.made_at < context.call.started_at:
        return Template.ADDED if has_told else None
    if promise.words:
        return Template.CONFIRMATION if may_tell_code else Template.WINDOW
    return Template.CUT_OFF if has_told else Template.WINDOW
