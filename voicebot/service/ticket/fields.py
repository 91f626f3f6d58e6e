"""Staff write down who complains and about what. Each value is an entry, and the history says which fields changed.

A form shows all fields, and sends them back with how many entries it showed. Only what somebody changed is kept. When
somebody else has written into the same field since, nothing is kept, and that is to be seen first. What is kept is
found from the same transaction on. The history names fields and no values, because it stays longer than they do.
Knows: entries, the case's lock. Must not know: pages, what a value looks like.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from voicebot.domain.case_field import CUSTOMER_FIELDS, OF_THE_PERSON, FieldEntry, standing
from voicebot.domain.category import fields_of
from voicebot.domain.ticket import Ticket
from voicebot.domain.typed_field import TypedField
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.staff.decision import Decision, StaffAction, lock_case, note_action
from voicebot.service.staff.field_access import field_access_of
from voicebot.service.staff.members import staff_named
from voicebot.service.ticket.about import keep_from
from voicebot.service.ticket.spike import note_many_alike

Values = Mapping[str, str]


def keep_fields(
    hotline: Hotline,
    case: str,
    typed: Values,
    *,
    actor: str,
    seen: int | None = None,
    as_read: Callable[[], None] = lambda: None,
) -> tuple[TypedField, ...]:
    """Keep what was typed where it is new, and return those fields. `seen` is how many entries the page showed.

    `as_read` is asked while nobody else can change the case, and raises where it is not as its sender read it.
    Raises: Refused when there is no such case, the case has no such field, somebody writes what they may not read, a
    value cannot be kept, or somebody else has written there since.
    """
    with hotline.unit_of_work() as work:
        ticket, context = lock_case(work, case), context_of(hotline, work)
        as_read()
        category = context.policy.categories.get(ticket.category)
        fields = fields_of(category)
        _refuse_unreadable(context, ticket, (_field(fields, name) for name in typed), actor=actor)
        values = {field: _field(fields, field).read(text) for field, text in typed.items()}
        known = work.fields.of_ticket(ticket.id)
        wanted = _changes(known, values, seen)
        _refuse_if_written(known, wanted, seen)
        for number, (field, value) in enumerate(wanted.items(), start=len(known) + 1):
            entry = FieldEntry(
                id=hotline.ids.new_id(),
                ticket_id=ticket.id,
                number=number,
                field=field,
                value=value,
                by=actor,
                at=context.now,
                category="" if field in CUSTOMER_FIELDS else ticket.category,
                is_restricted=bool(fields[field].seen_by),
            )
            work.fields.add(entry)
        kept = tuple(fields[field] for field in wanted)
        if kept:
            after = ", ".join(field.said for field in kept)
            decision = Decision(action=StaffAction.FIELDS_KEPT, actor=actor, after=after)
            note_action(work, ticket, decision, at=context.now)
            if category is not None and category.hidden_from in wanted:
                _hide_from_named(context, ticket, wanted[category.hidden_from], actor=actor)
            note_many_alike(context, ticket, (each for each in kept if each.id not in CUSTOMER_FIELDS), wanted)
            work.commit()
        return kept


def _hide_from_named(context: Context, ticket: Ticket, written: str, *, actor: str) -> None:
    """Hide the case from the one of the staff who was named, where it is known who that is. Staff may take it back."""
    named = staff_named(context.work, context.policy, written)
    if named is None or named.id == ticket.about_id:
        return
    keep_from(context, ticket, named.id, by=actor)
    decision = Decision(action=StaffAction.ABOUT_SAID, actor=actor, after=named.id)
    note_action(context.work, ticket, decision, at=context.now)


def carry_person(at: Context, source: str, to: str) -> None:
    """Write down in a case that was split off who the complainant is, as somebody wrote it into the other one."""
    entries = standing(at.work.fields.of_ticket(source))
    carried = [entry for field, entry in entries.items() if field in OF_THE_PERSON]
    for number, entry in enumerate(carried, start=1):
        at.work.fields.add(replace(entry, id=at.hotline.ids.new_id(), ticket_id=to, number=number))


def _refuse_unreadable(context: Context, ticket: Ticket, fields: Iterable[TypedField], *, actor: str) -> None:
    """Let nobody write over what they may not read, whichever way they come."""
    access = field_access_of(context, ticket, actor)
    for field in fields:
        if not access.opens(field.id):
            raise Refused(
                f"only some may read the {field.said} of a case, and so write it: ask whoever owns the case, or "
                f"{' or '.join(sorted(field.seen_by))}",
                code="field-closed",
            )


def _field(fields: Mapping[str, TypedField], name: str) -> TypedField:
    if name not in fields:
        raise Refused(
            f"the case has no field {name!r}: say first what kind of complaint it is, or name one of "
            f"{', '.join(fields)}",
            code="field-unknown",
        )
    return fields[name]


def _changes(known: Sequence[FieldEntry], values: Values, seen: int | None) -> Values:
    """Return what differs from what was shown and from what stands now."""
    shown, now = standing(known[:seen], values), standing(known, values)
    return {
        field: value
        for field, value in values.items()
        if not _is_there(shown.get(field), value, by_marks=True) and not _is_there(now.get(field), value)
    }


def _is_there(entry: FieldEntry | None, value: str, *, by_marks: bool = False) -> bool:
    if entry is None:
        return not value
    return entry.is_shown_as(value) if by_marks else entry.value == value


def _refuse_if_written(known: Sequence[FieldEntry], wanted: Values, seen: int | None) -> None:
    since = {entry.field for entry in known[seen:]} if seen is not None else set()
    if not since.isdisjoint(wanted):
        raise Refused(
            "somebody else has written there since you opened the page, so nothing was changed: look at what stands "
            "there now, then decide",
            code="field-changed",
        )
