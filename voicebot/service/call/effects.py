"""Effects that the flow asks for, carried out within the turn that asked. Some are answered by an event.

Knows: what each effect does to rows. Must not know: when the flow asks, what the caller hears.
"""

from dataclasses import replace
from typing import assert_never

from voicebot.domain.adjustment import AdjustmentKind, TypedAdjustment, read_adjustment
from voicebot.domain.consent import Consent, ConsentAnswer, add_consent
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.phone import NumberPassed, check_number
from voicebot.domain.ticket import ask_supervisor
from voicebot.errors import Refused
from voicebot.flow.actions import NOT_SAID
from voicebot.flow.events import FlowEvent, NumberAccepted, NumberRefused
from voicebot.flow.instructions import (
    CheckNumber,
    CloseCase,
    ConfirmPromise,
    DestroyRecordings,
    Effect,
    FindQuestions,
    KeepAnswer,
    KeepPace,
    LogConsent,
    MakePromise,
    MarkDanger,
    MarkListenFirst,
    OpenCase,
    RefuseCalls,
    ReopenCase,
    RequestSupervisor,
    TextOtherTimes,
    WithdrawCase,
)
from voicebot.service.answer.keep import DEMAND_SLOT, destroy_answers
from voicebot.service.call.case_access import open_case
from voicebot.service.call.offers import promise_window
from voicebot.service.call.questions import find_questions
from voicebot.service.call.survey_answer import take_survey_answer
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb
from voicebot.service.number_gate import gate_of
from voicebot.service.outbox.notice import write_notice
from voicebot.service.promise.make import confirm_promise
from voicebot.service.ticket.ending import close_as_withdrawn
from voicebot.service.ticket.text_answer import offer_other_times

MAY_TEXT_SLOT = "may_text"
CALLBACK_SLOT = "callback_number"
CONSENT_ON_CALL = "the caller, on the telephone"
NO = "no"
"""Value by which the flow notes a refusal."""


def apply_effect(context: CallContext, effect: Effect) -> FlowEvent | None:
    """Do what the effect says, and return the event that answers it, or None where none is awaited."""
    match effect:
        case LogConsent() | DestroyRecordings():
            _settle_recording(context, effect)
        case KeepAnswer():
            _keep_answer(context, effect)
        case RequestSupervisor() | MarkDanger() | MarkListenFirst() | TextOtherTimes() | KeepPace() | WithdrawCase():
            _mark(context, effect)
        case CloseCase() | ReopenCase() | RefuseCalls():
            take_survey_answer(context, effect)
        case ConfirmPromise():
            _confirm_promise(context, effect)
        case FindQuestions() | CheckNumber() | MakePromise() | OpenCase():
            return _answered(context, effect)
        case _:
            assert_never(effect)
    return None


def _answered(context: CallContext, effect: FindQuestions | CheckNumber | MakePromise | OpenCase) -> FlowEvent:
    match effect:
        case FindQuestions():
            return find_questions(context, effect)
        case CheckNumber():
            return _check_number(context, effect)
        case MakePromise():
            return promise_window(context, effect)
        case OpenCase():
            return open_case(context, effect)
        case _:
            assert_never(effect)


def _settle_recording(context: CallContext, effect: LogConsent | DestroyRecordings) -> None:
    if isinstance(effect, LogConsent):
        _log_consent(context, effect)
    else:
        destroy_answers(context)
        context.note(Verb.RECORDINGS_DESTROYED)


def _log_consent(context: CallContext, effect: LogConsent) -> None:
    answer = ConsentAnswer.RECORDED if effect.is_recording_allowed else ConsentAnswer.REFUSED
    consent = Consent(
        call_id=context.call.id,
        answer=answer,
        wording_version=effect.wording_version,
        locale=context.call.locale,
        at=context.now,
    )
    try:
        add_consent(context.work.calls.consents(context.call.id), consent)
    except Refused:
        context.note(Verb.CONSENT_UNCHANGED, after=answer)
        return
    context.work.calls.add_consent(consent)
    context.note(Verb.CONSENT_LOGGED, after=answer)
    has_joined = bool(context.work.tickets.merged_into(context.call.ticket_id))
    if not effect.is_recording_allowed and not has_joined:  # an older case that the call joined goes on as it was
        context.work.tickets.save(replace(context.ticket(), recording_refused=True))


def _keep_answer(context: CallContext, effect: KeepAnswer) -> None:
    """Note a closed answer. The number itself stays out of the history, which more people read."""
    ticket = context.ticket()
    is_number = effect.slot == CALLBACK_SLOT
    context.note(Verb.ANSWER_KEPT, after=effect.slot if is_number else f"{effect.slot}={effect.value}{_doubt(effect)}")
    if effect.slot == MAY_TEXT_SLOT:
        context.work.tickets.save(replace(ticket, may_text=effect.value != NO))
    elif is_number and effect.value and not context.call.is_canary:
        context.work.tickets.save(replace(ticket, complainant_number=effect.value))
    elif effect.slot == DEMAND_SLOT and effect.value != NOT_SAID and not ticket.demand:
        context.work.tickets.save(replace(ticket, demand=effect.value))


def _doubt(effect: KeepAnswer) -> str:
    return "" if effect.is_confirmed else " (not confirmed by the caller)"


def _mark(
    context: CallContext,
    effect: RequestSupervisor | MarkDanger | MarkListenFirst | TextOtherTimes | KeepPace | WithdrawCase,
) -> None:
    match effect:
        case RequestSupervisor():
            _request_supervisor(context)
        case MarkDanger():
            _mark_danger(context)
        case KeepPace():
            _keep_pace(context)
        case TextOtherTimes():
            _text_other_times(context)
        case WithdrawCase():
            close_as_withdrawn(context, context.ticket())
        case MarkListenFirst():
            context.work.tickets.save(replace(context.ticket(), is_listen_first=True))
            context.note(Verb.LISTEN_FIRST, actor="system", after="the caller was not understood")
        case _:
            assert_never(effect)


def _keep_pace(context: CallContext) -> None:
    """Keep for the number that rings that it is spoken to slowly. They said yes to it themselves, a moment ago.

    Not for a number that many people share, nor for one that shows none.
    """
    number = context.call.caller_number
    if number is None or context.call.is_canary or number in context.policy.limits.calls.named:
        return
    today = context.policy.calendar.local_day(context.now)
    typed = TypedAdjustment(kind=AdjustmentKind.SLOW, consent_by=CONSENT_ON_CALL)
    context.work.adjustments.keep(read_adjustment(typed, number, by="caller", now=context.now, today=today))
    context.note(Verb.ADJUSTMENT_KEPT)


def _request_supervisor(context: CallContext) -> None:
    if context.call.is_canary:
        return
    asked = ask_supervisor(context.ticket(), context.now)
    context.work.tickets.save(asked)
    context.note(Verb.SUPERVISOR_ASKED, after=str(asked.supervisor_asks))
    write_notice(context, asked, NoticeEvent.SUPERVISOR_WANTED, step=context.call.id)


def _mark_danger(context: CallContext) -> None:
    """Tell staff at once, by rule also where nothing else is told. Which kind of complaint it is, they say."""
    context.note(Verb.DANGER_HEARD, actor="system", after="words of the caller that nobody has judged yet")
    if not context.call.is_canary:
        write_notice(context, context.ticket(), NoticeEvent.DANGER_HEARD, step=context.call.id)


def _check_number(context: CallContext, effect: CheckNumber) -> FlowEvent:
    """Take the first of the numbers that may have been said that we may ring."""
    gate = gate_of(context.hotline.rules, context.policy)
    results = [(digits, check_number(digits, gate)) for digits in (effect.digits, *effect.others)]
    for digits, result in results:
        if isinstance(result, NumberPassed):
            return NumberAccepted(number=result.number, national_digits=result.national_digits, digits=digits)
    reason = next(result.reason for _, result in results if not isinstance(result, NumberPassed))
    context.note(Verb.NUMBER_REFUSED, actor="system", after=reason)
    return NumberRefused(reason=reason)


def _text_other_times(context: CallContext) -> None:
    if not context.call.is_canary:
        offer_other_times(context, context.ticket(), context.call.id)


def _confirm_promise(context: CallContext, effect: ConfirmPromise) -> None:
    confirm_promise(context.work, context.ticket(), words=effect.words, is_confirmed=effect.is_confirmed_by_caller)
    context.note(
        Verb.PROMISE_SAID, actor="system", after="confirmed" if effect.is_confirmed_by_caller else "not confirmed"
    )
