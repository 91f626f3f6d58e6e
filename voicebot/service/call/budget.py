"""Whether a call may come in at all, asked before it costs anything. Over budget there is no case, no turn, no
recogniser.

Calls are counted by number, by block of numbers, for all who show no number, and in all. The count stands in the
database, so calls of another process and of before a restart are in it. Who is over a budget hears a busy line. A
refusal leaves one row for each sender, day and limit, one line on the open case of that number, and one alarm a day for
each limit. Over the limit in all, whoever has told us something on an open case still gets through. The count has a
short transaction of its own, because everybody waits for it, and nobody waits for a call to be opened.
Knows: budgets, who is counted. Must not know: TwiML, what is opened with a call.
Source: pumped calls, twilio.md 1.12; `<Reject>` before a call is answered costs nothing (twilio.md 1.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from voicebot.domain.budget import (
    WITHHELD,
    Contact,
    Measure,
    OverBudget,
    Party,
    Scope,
    Use,
    block_of,
    measure_over,
    parties_of_call,
)
from voicebot.domain.ticket import Ticket
from voicebot.service.call.canary_call import is_expected
from voicebot.service.call.incoming import IncomingCall, is_loop
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.number_gate import number_of
from voicebot.service.outbox.alarm import of_the_house, raise_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Arrival, ListedCall, RefusedContact, UnitOfWork
from voicebot.service.ticket.house_case import house_case
from voicebot.service.ticket.joining import case_of_words

ENDED_AFTER = timedelta(minutes=10)
"""A call that lasts so much longer than any may is over, though nobody told us."""

REFUSED = "busy"
"""The carrier's word for a call that we turned away."""
TOLD_LATE = timedelta(minutes=5)
"""The carrier's instants and ours may differ by so much."""

SHOWN_FOR = timedelta(days=7)
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Over:
    """Whose budget is used up, and which limit that is."""

    party: Party
    limit: OverBudget


def may_come_in(hotline: Hotline, incoming: IncomingCall) -> OverBudget | None:
    """Count a call and let it in (None), or return the limit over which it is turned away.

    A webhook that comes again is not counted again, because whoever was let in stays in. A loop of our own number is no
    stranger's call, so it is answered apart (incoming.py).
    """
    if is_loop(hotline.rules, incoming) or is_expected(hotline, incoming.caller, incoming.carrier_call_id):
        return None
    arrival = _arrival_of(hotline, incoming)
    party = _count(hotline, arrival)
    if party is None:
        return None
    return _turn_away(hotline, arrival, party)


def is_turned_away(context: Context, listed: ListedCall) -> bool:
    """Tell whether a call that the carrier lists and nobody answered here is one that we turned away."""
    if listed.status != REFUSED:
        return False
    begins_at, ends_at = listed.started_at - TOLD_LATE, listed.started_at + TOLD_LATE
    sender = sender_of(context.hotline, listed.caller)
    return context.work.contacts.was_refused(Contact.CALL, sender, begins_at=begins_at, ends_at=ends_at)


def list_turned_away(hotline: Hotline) -> tuple[RefusedContact, ...]:
    """Return who was turned away in the last days, the latest first."""
    with hotline.look() as work:
        return tuple(work.contacts.refused(context_of(hotline, work).now - SHOWN_FOR, MOST_SHOWN))


def sender_of(hotline: Hotline, caller: str) -> str:
    """Return whose budget a call takes from. That is an E.164 number, or everybody's who shows none."""
    return number_of(hotline.rules, caller) or WITHHELD


def _arrival_of(hotline: Hotline, incoming: IncomingCall) -> Arrival:
    sender = sender_of(hotline, incoming.caller)
    named = hotline.flows.current_policy().limits.calls.named
    return Arrival(
        kind=Contact.CALL,
        sid=incoming.carrier_call_id,
        sender=sender,
        block=block_of(sender, named=named),
        at=hotline.clock.now(),
    )


def _count(hotline: Hotline, arrival: Arrival) -> _Over | None:
    """Count the call unless that would break a budget. Then return whose."""
    with hotline.unit_of_work() as work:
        work.contacts.hold(Contact.CALL)
        limits = hotline.flows.current_policy().limits
        parties = parties_of_call(limits.calls, arrival.sender)
        live_since = arrival.at - limits.longest_call - ENDED_AFTER
        uses = work.contacts.uses(arrival, parties, live_since=live_since)
        if uses is None:
            return None
        over = _over(work, arrival, zip(parties, uses, strict=True))
        if over is None:
            work.contacts.let_in(arrival)
            work.commit()
        elif work.calls.by_carrier_id(arrival.sid) is not None:
            return None  # answered by a release that did not count
        return over


def _over(work: UnitOfWork, arrival: Arrival, taken: Iterable[tuple[Party, Use]]) -> _Over | None:
    """Return the narrowest party whose budget this call would break."""
    for party, use in taken:
        measure = measure_over(party.budget, use)
        if measure is not None and not (party.scope is Scope.ALL and _is_known(work, arrival.sender)):
            return _Over(party, OverBudget(party.scope, measure))
    return None


def _is_known(work: UnitOfWork, sender: str) -> bool:
    """Tell whether this number has told us something on an open case."""
    ticket = None if sender == WITHHELD else case_of_words(work, sender)
    return ticket is not None and bool(work.tickets.answers(ticket.id))


def _turn_away(hotline: Hotline, arrival: Arrival, over: _Over) -> OverBudget:
    """Write down a refusal. The first of its sender, day and limit is told to the case and to staff.

    In a transaction of its own, which asks for calls before numbers, as an incoming call does. Under the count's lock
    the two would wait for each other.
    """
    with hotline.unit_of_work() as work:
        if work.contacts.refuse(arrival, over.limit.name):
            seen_by = _case_of(work, over.party)
            _note_on_case(work, arrival, over.limit)
            _alarm(context_of(hotline, work), over.limit, seen_by)
        work.commit()
    return over.limit


def _alarm(context: Context, limit: OverBudget, ticket: Ticket | None) -> None:
    """Tell staff which limit is reached. Without any case there is nothing that could be full."""
    if context.work.tickets.newest() is None:
        return
    raise_alarm(
        context,
        name=f"calls_turned_away:{limit.name}",
        ticket_id=(ticket or house_case(context)).id,
        template=Template.STAFF_TURNED_AWAY,
        slots={"limit": said(limit)},
        tell=of_the_house(context) if ticket is None else (),
    )


def _note_on_case(work: UnitOfWork, arrival: Arrival, limit: OverBudget) -> None:
    """Note on the caller's open case that a call was turned away."""
    ticket = None if arrival.sender == WITHHELD else case_of_words(work, arrival.sender)
    if ticket is not None:
        note_case(work, ticket.id, Verb.CALL_TURNED_AWAY, at=arrival.at, actor="system", after=said(limit))


def _case_of(work: UnitOfWork, party: Party) -> Ticket | None:
    """Return the case of the call that this party let in last: by it staff see what is going on."""
    sid = work.contacts.newest_of(Contact.CALL, party)
    call = None if sid is None else work.calls.by_carrier_id(sid)
    return None if call is None else work.tickets.get(call.ticket_id)


def said(limit: OverBudget) -> str:
    """Say a limit on calls in staff's words."""
    return f"{_MEASURES[limit.measure]} {_SCOPES[limit.scope]}"


_MEASURES = {
    Measure.AT_ONCE: "calls at once",
    Measure.AN_HOUR: "calls in an hour",
    Measure.A_DAY: "calls in a day",
    Measure.TALK_A_DAY: "minutes in a day",
}
_SCOPES = {
    Scope.NUMBER: "from one number",
    Scope.PREFIX: "from one block of numbers",
    Scope.WITHHELD: "without a number",
    Scope.ALL: "in all",
}
