"""A caller opens the case they have, by its number and the code from our text, or by the telephone they ring from.

The telephone alone lets the caller hear how the case stands. For anything more it takes the code, because a number that
is shown can be feigned. A code that is wrong, one for a number that no case has, and a right one beyond a limit are
answered alike, after the same questions to the database, so that nobody learns from us which cases there are. Wrong
codes are counted by case number, by number shown and in all. The count stands in the database, so that neither a
restart nor another process forgets it, and whoever tries waits until the try before it is counted.
Knows: cases, codes, budgets of codes. Must not know: what may be done with the case, what is said.
Source: the limits are policy (`codes` in service_levels.yaml). Comparing in constant time: Python `hmac`.
"""

import hmac

from voicebot.domain.budget import (
    WITHHELD,
    Contact,
    Measure,
    OverBudget,
    Party,
    Scope,
    Use,
    measure_over,
    parties_of_code,
)
from voicebot.domain.case_number import written
from voicebot.domain.ticket import Ticket
from voicebot.flow.events import CaseNotOpened, CaseOpened
from voicebot.flow.instructions import OpenCase
from voicebot.service.call.case_status import known_of
from voicebot.service.call.own_case import joinable
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb, note_case
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template, why_no_text
from voicebot.service.ports import Arrival

_OWN = " own"
"""Behind the number of a case, where its tries from the telephone that it is rung at are counted."""
_NO_CODE = "none"
"""Compared where no case has the number. It is as long as a code and equals none."""


def open_case(context: CallContext, effect: OpenCase) -> CaseOpened | CaseNotOpened:
    """Open the case that a caller names, or was asked about. Without a code only to the telephone it is rung at."""
    found = _case_of(context, effect)
    if not effect.code:
        theirs = joinable(context, found)
        return CaseNotOpened() if theirs is None else _opened(context, theirs, is_proven=False)
    number = effect.case_number if found is None else found.case_number
    if not _is_right(context, found, effect, number=number) or found is None:
        context.note(Verb.CODE_REFUSED, actor="system", after=written(number))
        return CaseNotOpened()
    note_case(context.work, found.id, Verb.CODE_GIVEN, at=context.now, actor="caller")
    return _opened(context, found, is_proven=True)


def _case_of(context: CallContext, effect: OpenCase) -> Ticket | None:
    """Return the case that is meant. The one that this very call has opened is nobody's to ask about."""
    tickets, number = context.work.tickets, effect.case_number
    found = tickets.by_case_number(number) if number else tickets.get(effect.case_id)
    if found is None:
        tickets.get(number)  # in vain, and so that a number that no case has takes as long as another
    return None if found is None or found.id == context.call.ticket_id else found


def _opened(context: CallContext, ticket: Ticket, *, is_proven: bool) -> CaseOpened:
    can_text = not why_no_text(context, ticket)
    return CaseOpened(case=known_of(context, ticket), is_proven=is_proven, can_text=can_text)


def _is_right(context: CallContext, found: Ticket | None, effect: OpenCase, *, number: str) -> bool:
    """Tell whether the code is the case's, and count it where it is not. Over a limit none is right."""
    arrival = _try_of(context, number, is_own=_is_own(context, found))
    over = _limit_reached(context, arrival)
    code = _NO_CODE if found is None else _code_of(context, found, effect.case_number)
    is_equal = hmac.compare_digest(code.encode(), effect.code.encode())
    if over is not None:
        _tell_of_limit(context, arrival, over)
    elif not is_equal:
        context.work.contacts.let_in(arrival)
    return is_equal and over is None


def _is_own(context: CallContext, found: Ticket | None) -> bool:
    caller = context.call.caller_number
    return found is not None and caller is not None and found.complainant_number == caller


def _try_of(context: CallContext, number: str, *, is_own: bool) -> Arrival:
    """Return the try as it is counted. What strangers guess of a case leaves its owner's own telephone its tries."""
    return Arrival(
        kind=Contact.CODE,
        sid=f"{context.call.id}:{context.call.turn_number}",
        sender=context.call.caller_number or WITHHELD,
        block=f"{number}{_OWN}" if is_own else number,
        at=context.now,
    )


def _limit_reached(context: CallContext, arrival: Arrival) -> OverBudget | None:
    """Return the narrowest limit that one more wrong code would break."""
    contacts = context.work.contacts
    contacts.hold(Contact.CODE)
    parties = parties_of_code(context.policy.limits.codes, arrival.sender, case_number=arrival.block)
    uses = contacts.uses(arrival, parties, live_since=arrival.at)
    assert uses is not None, "a turn is taken once, and tries one code"
    return next(filter(None, map(_over, parties, uses)), None)


def _over(party: Party, use: Use) -> OverBudget | None:
    measure = measure_over(party.budget, use)
    return None if measure is None else OverBudget(party.scope, measure)


def _code_of(context: CallContext, ticket: Ticket, number: str) -> str:
    """Return the code that was sent with this number. That of a case that was joined into another one stays its own."""
    if number in ("", ticket.case_number):
        return ticket.pin
    joined = (context.work.tickets.get(each) for each in context.work.tickets.merged_into(ticket.id))
    return next((each.pin for each in joined if each is not None and each.case_number == number), ticket.pin)


def _tell_of_limit(context: CallContext, arrival: Arrival, limit: OverBudget) -> None:
    """Write down that a limit held. Staff are told once a day of each limit."""
    if context.work.contacts.refuse(arrival, limit.name):
        raise_alarm(
            context,
            name=f"codes_refused:{limit.name}",
            ticket_id=context.call.ticket_id,
            template=Template.STAFF_CODES,
            slots={"limit": f"wrong codes {_MEASURES[limit.measure]} {_SCOPES[limit.scope]}"},
        )


_MEASURES = {Measure.AN_HOUR: "in an hour", Measure.A_DAY: "in a day"}
_SCOPES = {
    Scope.CASE: "for one case",
    Scope.NUMBER: "from one number",
    Scope.WITHHELD: "without a number",
    Scope.ALL: "in all",
}
