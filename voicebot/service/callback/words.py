"""What is said on a call of ours, from the case.

Knows: the case, the promise, the words of the flow. Must not know: TwiML, keys.
"""

from voicebot.domain.adjustment import is_told_nothing_unasked
from voicebot.domain.promise import Promise
from voicebot.domain.staff_call import StaffCall, StaffCallKind, asks_for_person
from voicebot.domain.ticket import Ticket
from voicebot.flow.call_words import CallWords, said_digits, words_of_call
from voicebot.flow.prompts import written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.hotline import Context, Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.number_gate import adjusted
from voicebot.service.outbox.purpose import TextKind, kind_of

TRIAL = "trial"
"""Stands for a call's id where a telephone is tried out, because such a call is about no case."""
LONGEST_DEMAND = 160
"""Characters of the demand that are said. Somebody who is rung wants to know what it is about, not all of it."""
_LADDER_WORDS = {
    TextKind.WARNING: CallWords.LADDER_WARNING,
    TextKind.STEP: CallWords.LADDER_MISSED,
    TextKind.DECISION_WARNING: CallWords.LADDER_DECISION,
    TextKind.DECISION_STEP: CallWords.LADDER_DECISION,
}
"""What is said of a step, by the kind of its purpose."""


def say_trial(hotline: Hotline) -> tuple[str, str]:
    """Return what a telephone that is tried out says, and in which locale."""
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    locale = flow.locales[0]
    return words_of_call(flow, locale, CallWords.TRIAL, {"company": hotline.rules.company}), locale


def say(hotline: Hotline, ticket: Ticket, key: CallWords, **slots: str) -> str:
    """Return a sentence about a case."""
    flow = hotline.flows.current_flow(hotline.rules.flow_name)
    known = {"company": hotline.rules.company, "case_end": said_digits(ticket.case_number[-3:])}
    return words_of_call(flow, ticket.locale, key, known | slots)


def is_recorded(context: Context, ticket: Ticket) -> bool:
    """Tell whether the policy wants such a talk recorded, and the complainant can be told so in their own language.

    Who refused to be recorded when they rang is not asked again: silence at a notice takes no refusal back. Where no
    message may be left, no notice may be said to a machine.
    """
    if is_told_nothing_unasked(adjusted(context.work, ticket.complainant_number)):
        return False
    flow = context.hotline.flows.current_flow(context.hotline.rules.flow_name)
    return context.policy.callbacks.record_talks and not ticket.recording_refused and ticket.locale in flow.calls


def is_drill(call: StaffCall) -> bool:
    """Tell whether a call tells of a step of a drill."""
    return call.kind is StaffCallKind.LADDER and kind_of(call) is TextKind.DRILL


def whisper(context: Context, call: StaffCall) -> str:
    """Return what the member hears when they pick up."""
    hotline, work = context.hotline, context.work
    ticket = ticket_of(work, call.ticket_id)
    if is_drill(call):
        return say(hotline, ticket, CallWords.DRILL)
    if call.kind is StaffCallKind.LADDER:
        what = _LADDER_WORDS[TextKind(call.purpose.partition(":")[0])]
        return say(hotline, ticket, CallWords.LADDER, what=say(hotline, ticket, what))
    promise = work.promises.open_of_ticket(ticket.id)
    if call.kind is StaffCallKind.RANG_IN:
        words = CallWords.PERSON_WANTED if asks_for_person(call) else CallWords.RANG_IN
        return say(hotline, ticket, words, demand=_demand(context, ticket))
    return say(
        hotline,
        ticket,
        CallWords.WHISPER,
        demand=_demand(context, ticket),
        promise="" if promise is None else _promise(hotline, ticket, promise),
        recorded=say(hotline, ticket, CallWords.STAFF_RECORDED) if is_recorded(context, ticket) else "",
        number_end=said_digits((ticket.complainant_number or "")[-3:]),
    )


def _demand(context: Context, ticket: Ticket) -> str:
    demand = " ".join(ticket.demand.split())[:LONGEST_DEMAND]
    if not demand or not context.policy.callbacks.whisper_demand:
        return ""
    return say(context.hotline, ticket, CallWords.DEMAND, demand=demand)


def _promise(hotline: Hotline, ticket: Ticket, promise: Promise) -> str:
    window = SpokenWindow(
        opens_at=promise.window_opens_at,
        closes_at=promise.window_closes_at,
        zone=hotline.flows.current_policy().calendar.zone,
    )
    written = written_window(window, ticket.locale)
    return say(hotline, ticket, CallWords.PROMISE, day=written["date"], to=written["to"])
