"""What becomes of a text that somebody writes to us. It is answered, only kept or only counted.

Texts are counted by sender, by block of numbers and in all. Over a budget a text is kept with its case and nobody is
answered or promised a call. Of one sender so many are kept in a day, and the rest leaves a count. Where a block or all
together are far over, those who have no case share one, so that a storm of made-up numbers opens few cases and no text
is lost. Requests about texts (STOP) hold in any case. Each limit has one alarm a day. The count has a short transaction
of its own, as that of calls.
Knows: budgets, who is counted. Must not know: cases, what a text does to one.
Source: twilio.md 1.9 and 1.12.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from voicebot.domain.budget import (
    Contact,
    Measure,
    OverBudget,
    Party,
    Scope,
    Use,
    block_of,
    measure_over,
    parties_of_text,
)
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.number_gate import number_of
from voicebot.service.outbox.alarm import of_the_house, raise_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import Arrival
from voicebot.service.ticket.house_case import house_case
from voicebot.service.ticket.joining import case_of_words

LONGEST_SENDER = 64
OWN_CASES = 50
"""So many texts over the budget of a block, or of all, may still open a case each."""


class Reception(StrEnum):
    """What becomes of a text."""

    ANSWERED = "answered"
    KEPT = "kept"
    """It stands with its case. Nobody is answered, and no call is promised."""
    SHARED = "shared"
    """As KEPT, but who has no case of their own gets none. The text stands in one with others of its kind."""
    COUNTED = "counted"
    """Nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class _Over:
    """A limit that is used up."""

    name: str
    said: str
    reception: Reception


def receive_text(hotline: Hotline, *, message_sid: str, sender: str) -> Reception:
    """Count a text and say what becomes of it. One that comes again is not counted again."""
    name = number_of(hotline.rules, sender) or sender.strip().lower()[:LONGEST_SENDER]
    now = hotline.clock.now()
    arrival = Arrival(kind=Contact.TEXT, sid=message_sid, sender=name, block=block_of(name), at=now)
    over = _count(hotline, arrival)
    if over is None:
        return Reception.ANSWERED
    _tell(hotline, arrival, over)
    return over.reception


def _count(hotline: Hotline, arrival: Arrival) -> _Over | None:
    """Count the text unless so many of its sender are kept that it is not."""
    with hotline.unit_of_work() as work:
        work.contacts.hold(Contact.TEXT)
        limits = hotline.flows.current_policy().limits.texts_received
        parties = parties_of_text(limits, arrival.sender)
        uses = work.contacts.uses(arrival, parties, live_since=arrival.at)
        if uses is None:
            return None
        over = _over(parties, uses, kept_a_day=limits.kept_a_day)
        if over is None or over.reception is not Reception.COUNTED:
            work.contacts.let_in(arrival)
            work.commit()
        return over


def _over(parties: Sequence[Party], uses: Sequence[Use], *, kept_a_day: int) -> _Over | None:
    if uses[0].a_day >= kept_a_day:
        return _Over("number:kept_a_day", "texts kept in a day from one number", Reception.COUNTED)
    for party, use in zip(parties, uses, strict=True):
        measure = measure_over(party.budget, use)
        if measure is not None:
            limit = OverBudget(party.scope, measure)
            return _Over(limit.name, f"{_MEASURES[measure]} {_SCOPES[party.scope]}", _reception(party, use))
    return None


def _reception(party: Party, use: Use) -> Reception:
    """Tell what becomes of a text over this party's budget. Far over it, the text opens no case of its own."""
    with_own_cases = replace(
        party.budget,
        an_hour=None if party.budget.an_hour is None else party.budget.an_hour + OWN_CASES,
        a_day=None if party.budget.a_day is None else party.budget.a_day + OWN_CASES,
    )
    is_far_over = party.scope is not Scope.NUMBER and measure_over(with_own_cases, use) is not None
    return Reception.SHARED if is_far_over else Reception.KEPT


def _tell(hotline: Hotline, arrival: Arrival, over: _Over) -> None:
    """Write down that a limit held. Staff are told at the first of its sender and day, and once a day of each limit."""
    with hotline.unit_of_work() as work:
        if work.contacts.refuse(arrival, over.name) and work.tickets.newest() is not None:
            context, ticket = context_of(hotline, work), case_of_words(work, arrival.sender)
            raise_alarm(
                context,
                name=f"texts_unanswered:{over.name}",
                ticket_id=(ticket or house_case(context)).id,
                template=Template.STAFF_UNANSWERED,
                slots={"limit": over.said},
                tell=of_the_house(context) if ticket is None else (),
            )
        work.commit()


_MEASURES = {Measure.AN_HOUR: "texts in an hour", Measure.A_DAY: "texts in a day"}
_SCOPES = {
    Scope.NUMBER: "from one number",
    Scope.PREFIX: "from one block of numbers",
    Scope.ALL: "in all",
}
