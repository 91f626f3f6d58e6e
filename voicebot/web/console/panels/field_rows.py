"""Fields of a case with what stands in them and what stood there before, and their inputs in a form.

Knows: a case's view, instants, kinds of fields. Must not know: how a page looks, routes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voicebot.domain.case_field import FieldEntry, standing
from voicebot.domain.doubt import Doubt
from voicebot.domain.instants import Instants
from voicebot.domain.typed_field import FieldKind, TypedField
from voicebot.service.answer.doubt import marked_words
from voicebot.service.queries.case_view import CaseView

_UNITS = {FieldKind.DAYS: "days", FieldKind.MINUTES: "minutes", FieldKind.PERCENTAGE: "%"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRow:
    """One field with what stands in it, and what stood there before."""

    name: str
    label: str
    said: str
    """What stands there as people read it. Empty when nothing is known."""
    value: str
    """What the form holds."""
    kept: str
    """Who wrote it down and when."""
    earlier: tuple[str, ...]
    """Earlier values, the newest first, each with who and when."""
    longest: int
    is_day: bool
    choices: tuple[tuple[str, str], ...] = ()
    """What may be chosen, each as it is kept and as people read it. Empty where something is typed."""
    is_number: bool = False
    heard: tuple[tuple[str, str], ...] = ()
    """Each answer of a caller who was asked for it, with when, and how many of its words are unsure."""
    known: tuple[tuple[str, str], ...] = ()
    """Each value that anybody knows of, with where it came from, where others know it than those who write it down."""
    is_theirs: bool = False
    """Whether somebody wrote there since this form was shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A form that comes back, since what was typed was not kept."""

    typed: Mapping[str, str]
    seen: int | None
    """How many entries it showed."""
    problem: str
    """Why nothing was kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldsPanel:
    """A form of fields."""

    fields: tuple[FieldRow, ...]
    seen: int
    """How many entries there are."""
    problem: str = ""
    """Why what was typed is not kept."""


def fields_panel(
    fields: Iterable[TypedField], view: CaseView, instants: Instants, *, shown: Shown | None = None
) -> FieldsPanel:
    """Return a form of some fields. It holds what was typed on one that comes back."""
    return FieldsPanel(
        fields=tuple(field_row(field, view, instants, shown=shown) for field in fields),
        seen=view.fields_seen,
        problem="" if shown is None else shown.problem,
    )


def field_row(field: TypedField, view: CaseView, instants: Instants, *, shown: Shown | None = None) -> FieldRow:
    """Return one field. Its input holds what was typed on a form that comes back."""
    entries = [entry for entry in (*view.customer.entries, *view.category.entries) if entry.field == field.id]
    now = standing(entries, [field.id]).get(field.id)
    value = "" if now is None else now.value
    return FieldRow(
        name=field.id,
        label=field.label + (f" ({unit})" if (unit := _UNITS.get(field.kind)) else ""),
        said="" if now is None else field.shown(now.value),
        value=value if shown is None else shown.typed.get(field.id, value),
        kept="" if not entries else kept_by(entries[-1], view, instants),
        earlier=tuple(
            f"{field.shown(each.value)}, {kept_by(each, view, instants)}"
            for each in reversed(entries)
            if each.value and each != now
        ),
        longest=field.longest,
        is_day=field.kind is FieldKind.DATE,
        choices=_choices(field),
        is_number=field.kind in (FieldKind.AMOUNT, *_UNITS),
        heard=tuple(_heard(field, view, instants)),
        is_theirs=shown is not None and shown.seen is not None and any(each.number > shown.seen for each in entries),
    )


def _heard(field: TypedField, view: CaseView, instants: Instants) -> Iterator[tuple[str, str]]:
    for each in view.answers:
        if each.answer.slot == field.id and each.shown:
            marked = marked_words(each.answer, view.ticket.locale)
            unsure = sum(why is Doubt.UNSURE for _, why in marked)
            doubt = f", {unsure} of {len(marked)} words unsure" if unsure else ""
            yield each.shown, f"heard {instants.said(each.answer.at)}{doubt}"


def kept_by(entry: FieldEntry, view: CaseView, instants: Instants) -> str:
    """Say who wrote something down, and when."""
    return f"{view.names.get(entry.by, entry.by)}, {instants.said(entry.at)}"


def _choices(field: TypedField) -> tuple[tuple[str, str], ...]:
    if field.kind is FieldKind.YES_NO:
        return (("yes", "Yes"), ("no", "No"))
    return tuple(field.choices.items())
