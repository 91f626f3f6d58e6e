"""Somebody is told when many cases are about one cause, so that one of them leads the others.

Counted are cases opened within the policy's time that staff have said to be of one kind, and those of one kind with the
same value in one of its fields, such as a branch. Each is told once a day. What only some roles may read, and who
of the staff a complaint is about, is not counted, for the alarm would tell it. No value stands in an alarm's name, for
names are logged.
Knows: kinds, fields of kinds, alarms. Must not know: who said what a case is about.
Source: complaints.md D-06 ("12 about branch G in an hour").
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

from voicebot.domain.ticket import Ticket
from voicebot.domain.typed_field import TypedField
from voicebot.service.hotline import Context
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template

MANY = "many_on_one_cause"
"""Begins the alarm's name in the log."""
LONGEST_VALUE = 30
"""Characters of a value that a message to staff has room for."""


def note_many_of_kind(context: Context, ticket: Ticket) -> None:
    """Tell whoever the policy names when many cases are of this one's kind."""
    rules, category = context.policy.watch.many, context.policy.categories.get(ticket.category)
    if rules is None or category is None:
        return
    count = context.work.lead_cases.count_of_kind(category.id, context.now - rules.within)
    _alarm_if_many(context, ticket, count=count, name=category.id, why=f"kind: {category.said}")


def note_many_alike(context: Context, ticket: Ticket, kept: Iterable[TypedField], values: Mapping[str, str]) -> None:
    """The same for cases of this one's kind that have the same in one of these fields."""
    rules, category = context.policy.watch.many, context.policy.categories.get(ticket.category)
    if rules is None or category is None:
        return
    since = context.now - rules.within
    for field in kept:
        value = _folded(values[field.id])
        if value and not field.seen_by and field.id != category.hidden_from:
            alike = Counter(map(_folded, context.work.lead_cases.values_of(category.id, field.id, since)))
            name = f"{category.id}:{field.id}:{sha256(value.encode()).hexdigest()[:8]}"
            why = f"{field.said}: {field.shown(values[field.id])[:LONGEST_VALUE]}"
            _alarm_if_many(context, ticket, count=alike[value], name=name, why=why)


def _alarm_if_many(context: Context, ticket: Ticket, *, count: int, name: str, why: str) -> None:
    rules = context.policy.watch.many
    assert rules is not None, "whoever counts has rules"
    if count < rules.cases:
        return
    raise_alarm(
        context,
        name=f"{MANY}:{name}",
        ticket_id=ticket.id,
        template=Template.STAFF_MANY,
        slots={"count": str(count), "why": why},
        tell=rules.tell or context.policy.management[:1],
    )


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())
