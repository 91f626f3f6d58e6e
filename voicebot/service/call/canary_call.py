"""The hotline's own test call, as it comes in: a call like any other that leaves nothing to anybody.

It is known by its number and by an order that waits for it (domain/canary.py), and each order takes one call. Its case
is closed from the beginning and holds the test call alone. A window is looked for and told, and none is promised. Its
text is written and held back. Nobody of the staff is told of it, and no limit or figure counts it.
Caller IDs are feigned easily. Whoever comes before the test call takes its place, and nothing is lost by it: voice and
words are kept, they are not what the test call says, and the alarm about that names the case (watch/canary.py). A later
call from that number is a stranger's and gets a case like any other. What never reached us from it left no words.
Knows: which call it is, what it leaves. Must not know: when it is placed, how it is judged.
"""

from dataclasses import replace

from voicebot.domain.canary import Canary
from voicebot.domain.phone import national_digits
from voicebot.domain.sms import Draft
from voicebot.domain.ticket import Ticket
from voicebot.flow.session import CallFacts
from voicebot.service.call_context import CallContext
from voicebot.service.hotline import Context, Hotline, HotlineRules, context_of
from voicebot.service.number_gate import number_of
from voicebot.service.outbox.compose import Template, compose, slots_of
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ticket.house_case import open_house_case

HELD_BACK = "the hotline's own test call"


def is_from_canary(rules: HotlineRules, caller: str) -> bool:
    """Tell whether a call shows the number of the test call."""
    return bool(rules.canary_number) and number_of(rules, caller) == rules.canary_number


def is_expected(hotline: Hotline, caller: str, carrier_call_id: str) -> bool:
    """Tell whether a call that comes in now is the test call that somebody has ordered, also when it is told twice."""
    if not is_from_canary(hotline.rules, caller):
        return False
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(carrier_call_id)
        if known is not None:
            return known.is_canary
        return _awaited(context_of(hotline, work), caller) is not None


def house_case_of(context: Context, caller: str) -> tuple[Ticket, Canary] | None:
    """Open the case of a test call that comes in; None when the call is anybody else's."""
    canary = _awaited(context, caller)
    return None if canary is None else (open_house_case(context, holds="the test call"), canary)


def note_arrival(context: CallContext, canary: Canary) -> None:
    """Note which call the test call is, so that no other one is."""
    context.work.watch.save_canary(replace(canary, call_id=context.call.id))


def facts_of_canary(context: CallContext, facts: CallFacts) -> CallFacts:
    """Return what the flow may know of the test call: a caller with a telephone, of whom nothing else is known."""
    number = context.hotline.rules.canary_number
    known = {"caller_number": number, "caller_digits": national_digits(number), "can_text": True}
    return facts.model_copy(update=known)


def end_canary_call(context: CallContext) -> None:
    """Write the text that a caller would get, and hold it back."""
    ticket = context.ticket()
    key = purpose(TextKind.CALL_END, ticket.id)
    draft = Draft(purpose=key, template=Template.CONFIRMATION_NO_WINDOW, slots=slots_of(context, ticket, None))
    compose(context, ticket, draft, recipient=context.hotline.rules.canary_number, held_back=HELD_BACK)


def _awaited(context: Context, caller: str) -> Canary | None:
    """Return the test call that a call is, held until the transaction ends."""
    running = context.work.watch.running_canary() if is_from_canary(context.hotline.rules, caller) else None
    return running if running is not None and running.awaits_call(context.now) else None
