"""The kind of a case and what is written in it, where cases are joined, taken out again or split.

A case that goes on is given what it lacks, and keeps what it has. What differs stays in the joined case, and is shown
beside it. Nothing that few may see comes by it into a case that others see.
Knows: entries of fields, the history, who may see which kind. Must not know: calls, answers, pages.
Source: complaints.md D-08.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from voicebot.domain.case_field import FieldEntry, all_standing
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.staff.members import SYSTEM
from voicebot.service.ticket.about import keep_from, taken_from_barred


def refuse_opened(context: Context, own: Ticket, into: Ticket) -> None:
    """Refuse to join a case that only some may see into one of another kind. Raises: Refused."""
    if _is_closed(context, own) and into.category not in ("", own.category):
        raise Refused(
            "only some may see this case by its kind, and the other case is of another kind: say first that both are "
            "of the same one",
            code="join-kind",
        )


def carry_written(context: Context, own: Ticket, into: Ticket, *, actor: str) -> None:
    """Write the kind of a case, and what stands in its fields, into the one that goes on, where that has none."""
    work, going_on = context.work, ticket_of(context.work, into.id)
    if own.category and not going_on.category:
        _be_of_kind(context, going_on, own.category, actor=actor)
    known, brought = work.fields.of_ticket(into.id), _standing(context, own)
    lacking = [entry for field, entry in brought.items() if field not in all_standing(known)]
    for number, entry in enumerate(lacking, start=len(known) + 1):
        work.fields.add(replace(entry, id=context.hotline.ids.new_id(), ticket_id=into.id, number=number))


def take_back_written(context: Context, own: Ticket, rest: Ticket) -> None:
    """Take from a case what came with one that is taken out of it, where nobody has written there since.

    What another case that is still joined into it brings as well stays, as that one has it.
    """
    work, theirs = context.work, _standing(context, own)
    others = [ticket_of(work, each) for each in work.tickets.merged_into(rest.id)]
    beside = {field: entry for each in others for field, entry in _standing(context, each).items()}
    known = work.fields.of_ticket(rest.id)
    came = [each for each in all_standing(known).values() if _is_same(each, theirs.get(each.field))]
    for number, entry in enumerate(came, start=len(known) + 1):
        now = beside.get(entry.field, replace(entry, value="", by=SYSTEM, at=context.now))
        work.fields.add(replace(now, id=context.hotline.ids.new_id(), ticket_id=rest.id, number=number))
    rest = ticket_of(work, rest.id)
    is_brought = rest.category in {each.category for each in others}
    if rest.category and rest.category == own.category and not is_brought and _came_with_a_case(context, rest):
        _be_of_kind(context, rest, "", actor=SYSTEM)


def keep_said(context: Context, own: Ticket, rest: Ticket) -> None:
    """Let what hides a case, and was said of both while they were one, hold for the one that is taken out, too."""
    history = context.work.tickets.history(rest.id)
    taken_in = [line.verb == Verb.CASE_TAKEN_IN and line.after == own.case_number for line in history]
    since = history[len(taken_in) - taken_in[::-1].index(True) :] if any(taken_in) else ()
    came_at = _instants_of_joining(context, rest)
    said = {line.verb for line in since if line.at not in came_at}
    if Verb.CASE_ABOUT_SAID in said and rest.about_id and not own.about_id:
        own = keep_from(context, own, rest.about_id)
    if Verb.CATEGORY_SET in said and own.category != rest.category:
        keep_closed(context, rest, own)


def keep_closed(context: Context, source: Ticket, part: Ticket) -> Ticket:
    """Let a part that was split off a case that only some may see be of the same kind."""
    return _be_of_kind(context, part, source.category, actor=SYSTEM) if _is_closed(context, source) else part


def _be_of_kind(context: Context, ticket: Ticket, category: str, *, actor: str) -> Ticket:
    told = replace(ticket, category=category)
    context.work.tickets.save(told)
    verb, before = Verb.CATEGORY_SET, ticket.category
    note_case(context.work, ticket.id, verb, at=context.now, actor=actor, before=before, after=category)
    return taken_from_barred(context, told)


def _is_closed(context: Context, ticket: Ticket) -> bool:
    category = context.policy.categories.get(ticket.category)
    return category is not None and bool(category.seen_by)


def _standing(context: Context, ticket: Ticket) -> Mapping[str, FieldEntry]:
    return all_standing(context.work.fields.of_ticket(ticket.id))


def _is_same(entry: FieldEntry, other: FieldEntry | None) -> bool:
    """Tell whether an entry is a copy of another one."""
    return other is not None and (entry.value, entry.by, entry.at) == (other.value, other.by, other.at)


def _came_with_a_case(context: Context, rest: Ticket) -> bool:
    """Tell whether a case has its kind from one that was joined into it. What one use case writes bears one instant."""
    kinds = [line for line in context.work.tickets.history(rest.id) if line.verb == Verb.CATEGORY_SET]
    return bool(kinds) and not kinds[-1].before and kinds[-1].at in _instants_of_joining(context, rest)


def _instants_of_joining(context: Context, ticket: Ticket) -> frozenset[datetime]:
    history = context.work.tickets.history(ticket.id)
    return frozenset(line.at for line in history if line.verb == Verb.CASE_TAKEN_IN)
