"""The number gate as the use cases ask it: made from settings and policy, asked before anything is rung or texted.

Knows: which numbers are our own and our staff's. Must not know: numbering plans (domain/phone.py).
"""

from voicebot.domain.phone import (
    EVERY_COUNTRY,
    NumberGate,
    NumberPassed,
    check_number,
    check_staff_number,
    is_e164,
    region_of,
)
from voicebot.domain.ticket import Ticket
from voicebot.flow.policy import Policy
from voicebot.service.hotline import HotlineRules
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff import staff_numbers


def gate_of(rules: HotlineRules, policy: Policy) -> NumberGate:
    """Return the gate for complainants' numbers."""
    return NumberGate(
        countries=rules.callback_countries,
        home_region=region_of(rules.own_number),
        own_numbers=frozenset({rules.own_number}),
        staff_numbers=staff_numbers(policy),
        exceptions=rules.gate_exceptions,
    )


def callable_number(rules: HotlineRules, raw: str, policy: Policy) -> str | None:
    """Return the E.164 form of a number that may be rung and texted, else None."""
    result = check_number(raw, gate_of(rules, policy))
    return result.number if isinstance(result, NumberPassed) else None


def text_number(work: UnitOfWork, rules: HotlineRules, *, ticket: Ticket, policy: Policy) -> str | None:
    """Return where texts of a case go: to the phone the complainant rang or wrote from, never to a keyed one.

    Texts to keyed numbers would let a stranger make us text anybody (twilio.md 1.12), and nobody who keyed a
    number was asked about texts: the announcement speaks of "this phone".
    """
    calls = work.calls.of_ticket(ticket.id)
    number = calls[-1].caller_number if calls else ticket.complainant_number
    return None if number is None else callable_number(rules, number, policy)


def may_text_staff(rules: HotlineRules, number: str) -> bool:
    """Tell whether a staff number from the policy can be texted: in any country, but no premium line, and not ours."""
    if not is_e164(number):
        return False
    gate = NumberGate(
        countries=EVERY_COUNTRY,
        home_region=region_of(rules.own_number),
        own_numbers=frozenset({rules.own_number}),
        exceptions=rules.gate_exceptions,
    )
    return isinstance(check_staff_number(number, gate), NumberPassed)
