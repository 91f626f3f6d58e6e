"""The number gate as the use cases ask it. It is made from settings and policy, and asked before anything is rung or
texted.

What was agreed with whoever has a number is asked here, too. The number of the test call is ours: only the test call
itself rings the hotline from it (watch/canary.py).
Knows: which numbers are our own and our staff's. Must not know: numbering plans (domain/phone.py).
"""

from dataclasses import replace

from voicebot.domain.adjustment import AdjustmentKind, is_not_texted
from voicebot.domain.phone import (
    EVERY_COUNTRY,
    NumberGate,
    NumberPassed,
    check_number,
    check_staff_number,
    is_e164,
    region_of,
    takes_texts,
    to_e164,
)
from voicebot.domain.sms import SmsErrorClass, error_class
from voicebot.domain.ticket import Channel, Ticket
from voicebot.flow.policy import Policy
from voicebot.service.hotline import HotlineRules
from voicebot.service.ports import UnitOfWork
from voicebot.service.ports.sms import TextStanding
from voicebot.service.staff.members import staff_numbers


def gate_of(rules: HotlineRules, policy: Policy) -> NumberGate:
    """Return the gate for complainants' numbers."""
    return NumberGate(
        countries=rules.callback_countries,
        home_region=region_of(rules.own_number),
        own_numbers=rules.never_rung,
        staff_numbers=staff_numbers(policy),
        exceptions=rules.gate_exceptions,
    )


def callable_number(rules: HotlineRules, raw: str, policy: Policy) -> str | None:
    """Return the E.164 form of a number that may be rung and texted, else None."""
    result = check_number(raw, gate_of(rules, policy))
    return result.number if isinstance(result, NumberPassed) else None


def caller_number(rules: HotlineRules, raw: str, policy: Policy) -> str | None:
    """Return the E.164 form of the phone that somebody rings from, if it may be rung and texted, else None.

    A phone of the staff may try the line like any other. Typed in by a caller it is refused all the same, since a
    stranger could so have our own staff rung. A call from it without a word is promised nothing (call/aftermath.py),
    and a text from it opens no case, so a phone that forwards or answers by itself starts nothing that goes in circles.
    """
    result = check_number(raw, replace(gate_of(rules, policy), staff_numbers=frozenset()))
    return result.number if isinstance(result, NumberPassed) else None


def number_to_ring(work: UnitOfWork, rules: HotlineRules, *, ticket: Ticket, policy: Policy) -> str | None:
    """Return where the complainant of a case is rung, if at all.

    That is a phone of the staff only where it rang itself.
    """
    raw = ticket.complainant_number
    if raw is None:
        return None
    rang_from = {call.caller_number for call in work.calls.of_ticket(ticket.id)}
    has_rung = any(number is not None and number_of(rules, number) == raw for number in rang_from)
    return (caller_number if has_rung else callable_number)(rules, raw, policy)


def number_of(rules: HotlineRules, raw: str) -> str | None:
    """Return a caller ID or a sender in E.164 form, however it is written, or None when it is no number."""
    return to_e164(raw, region_of(rules.own_number))


def adjusted(work: UnitOfWork, number: str | None) -> frozenset[AdjustmentKind]:
    """Return what is done otherwise for whoever has a number."""
    return frozenset(each.kind for each in work.adjustments.of_numbers([number])) if number else frozenset()


def agreed_with(work: UnitOfWork, rules: HotlineRules, number: str) -> frozenset[AdjustmentKind]:
    """Return the same by the question that texts ask, so that who is promised a call and texted is looked up once."""
    return work.sms.standing_of(number, rules.own_number).agreed


def wants_no_texts(work: UnitOfWork, rules: HotlineRules, number: str, *, is_answer: bool = False) -> str:
    """Return why whoever has a number wants no texts from us, in staff's words, empty when they do not mind.

    Who wrote to us is answered by text (`is_answer`), also where it was agreed that we leave no message: it is they who
    chose the text. A STOP holds for answers, too.
    """
    return _why_unwanted(work.sms.standing_of(number, rules.own_number), is_answer=is_answer)


def can_be_texted(work: UnitOfWork, rules: HotlineRules, number: str) -> bool:
    """Tell whether a number that passed the gate takes texts, as far as its plan and our last text to it tell."""
    return takes_texts(number) and _has_taken(work.sms.standing_of(number, rules.own_number))


def gets_texts(number: str, standing: TextStanding) -> bool:
    """Tell whether a number that passed the gate takes texts, and whoever has it wants them."""
    return takes_texts(number) and not _why_unwanted(standing) and _has_taken(standing)


def _why_unwanted(standing: TextStanding, *, is_answer: bool = False) -> str:
    if standing.is_out:
        return "opted out"
    return AdjustmentKind.NO_MESSAGE.said if is_not_texted(standing.agreed) and not is_answer else ""


def _has_taken(standing: TextStanding) -> bool:
    code = standing.last_error
    return code is None or error_class(code) is not SmsErrorClass.PERMANENT


def text_number(work: UnitOfWork, rules: HotlineRules, *, ticket: Ticket, policy: Policy) -> str | None:
    """Return where texts of a case go. That is the phone the complainant rang or wrote from, never a keyed one.

    None where that is a line that takes no texts. Of several telephones it is the last one that takes some, since who
    gives the code of a case may ring from one that shows no number, and is owed texts all the same.

    Texts to keyed numbers would let a stranger make us text anybody (twilio.md 1.12), and nobody who keyed a number was
    asked about texts, because the announcement speaks of "this phone".
    """
    calls = work.calls.of_ticket(ticket.id)
    rang = dict.fromkeys(call.caller_number for call in reversed(calls) if call.caller_number)
    numbers = [caller_number(rules, raw, policy) for raw in rang]
    if ticket.complainant_number is not None and (ticket.channel is Channel.SMS or not calls):
        numbers.append(callable_number(rules, ticket.complainant_number, policy))
    return next((number for number in numbers if number is not None and can_be_texted(work, rules, number)), None)


def may_text_staff(rules: HotlineRules, number: str) -> bool:
    """Tell whether a staff number from the policy can be texted. It may be in any country, a mobile, and not ours."""
    return takes_texts(number) and may_ring_staff(rules, number)


def may_ring_staff(rules: HotlineRules, number: str) -> bool:
    """Tell whether a staff number from the policy can be rung.

    It may be in any country, a fixed line or a mobile, not ours.
    """
    if not is_e164(number):
        return False
    gate = NumberGate(
        countries=EVERY_COUNTRY,
        home_region=region_of(rules.own_number),
        own_numbers=rules.never_rung,
        exceptions=rules.gate_exceptions,
    )
    return isinstance(check_staff_number(number, gate), NumberPassed)
