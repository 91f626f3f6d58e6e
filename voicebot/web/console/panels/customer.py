"""Who complains, as staff wrote it down, as they said it and as the company's books have it, and the form of it.

Knows: a case's view, instants. Must not know: how a page looks, routes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicebot.domain.case_field import LONGEST, FieldEntry, FieldName, standing
from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.service.ports import ImportedCustomer
from voicebot.service.queries.case_view import CaseView


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerField:
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
    known: tuple[tuple[str, str], ...] = ()
    """Each value that anybody knows of, with where it came from. What staff wrote down stands first."""
    is_theirs: bool = False
    """Whether somebody wrote there since this form was shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPanel:
    """All fields, and what stands in joined cases."""

    fields: tuple[CustomerField, ...]
    joined: tuple[tuple[str, str], ...]
    """Each such case's number, and what is written there."""
    seen: int
    """How many entries there are."""
    notes: tuple[tuple[str, str], ...] = ()
    """What the books note, with where it came from."""
    imported_name: str = ""
    """What the books call whoever has the number."""
    problem: str = ""
    """Why what was typed is not kept."""

    @property
    def name(self) -> str:
        """What the complainant is called, empty when nobody wrote it down."""
        return next((each.said for each in self.fields if each.name == FieldName.NAME), "")


def customer_panel(
    view: CaseView,
    instants: Instants,
    *,
    typed: Mapping[FieldName, str] | None = None,
    seen: int | None = None,
    problem: str = "",
) -> CustomerPanel:
    """Return the panel. The form holds what was `typed` on one that showed `seen` entries, where that was not kept."""
    customer, since = view.customer, view.customer.entries[seen:] if seen is not None else ()
    return CustomerPanel(
        fields=tuple(
            _field(field, view, instants, typed=typed, is_theirs=any(each.field is field for each in since))
            for field in FieldName
        ),
        joined=tuple((written(number), _all_said(fields)) for number, fields in customer.joined),
        seen=len(customer.entries),
        notes=tuple(
            (each.customer.note, _imported(each, instants)) for each in customer.imported if each.customer.note
        ),
        imported_name=customer.imported_name,
        problem=problem,
    )


def _field(
    field: FieldName, view: CaseView, instants: Instants, *, typed: Mapping[FieldName, str] | None, is_theirs: bool
) -> CustomerField:
    entries = [entry for entry in view.customer.entries if entry.field is field]
    now = standing(entries).get(field)
    value = "" if now is None else now.value
    return CustomerField(
        name=field,
        label=field.said.capitalize(),
        said="" if now is None else now.said,
        value=value if typed is None else typed.get(field, value),
        kept="" if not entries else _kept(entries[-1], view, instants),
        earlier=tuple(
            f"{each.said}, {_kept(each, view, instants)}" for each in reversed(entries) if each.value and each != now
        ),
        longest=LONGEST[field],
        is_day=field is FieldName.CONTRACT_DATE,
        known=_known(field, now, view, instants),
        is_theirs=is_theirs,
    )


def _known(
    field: FieldName, typed: FieldEntry | None, view: CaseView, instants: Instants
) -> tuple[tuple[str, str], ...]:
    """Return each value of a field once, with all that say so."""
    said: dict[str, list[str]] = {}
    if typed is not None:
        said[typed.said] = [f"typed by {_kept(typed, view, instants)}"]
    for each in view.answers:
        if each.answer.slot == field and each.shown:
            said.setdefault(each.shown, []).append(f"heard {instants.said(each.answer.at)}")
    for imported in view.customer.imported:
        if imported.customer.value(field):
            said.setdefault(imported.customer.said(field), []).append(_imported(imported, instants))
    return tuple((value, "; ".join(dict.fromkeys(sources))) for value, sources in said.items())


def _imported(imported: ImportedCustomer, instants: Instants) -> str:
    return f"imported {instants.said(imported.imported_at)}"


def _kept(entry: FieldEntry, view: CaseView, instants: Instants) -> str:
    return f"{view.names.get(entry.by, entry.by)}, {instants.said(entry.at)}"


def _all_said(fields: Mapping[FieldName, FieldEntry]) -> str:
    return ", ".join(f"{field.said} {entry.said}" for field, entry in fields.items())
