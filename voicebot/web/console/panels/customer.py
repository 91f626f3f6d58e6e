"""Who complains, as staff wrote it down, as they said it and as the company's books have it, and the form of it.

Knows: a case's view, instants. Must not know: how a page looks, routes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicebot.domain.case_field import CUSTOMER_FIELDS, FieldEntry, FieldName
from voicebot.domain.case_number import written
from voicebot.domain.customer_lookup import Lookup, is_looked_up
from voicebot.domain.instants import Instants
from voicebot.service.ports import ImportedCustomer
from voicebot.service.queries.case_view import CaseView
from voicebot.web.console.panels.field_rows import FieldRow, FieldsPanel, field_row, kept_by


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPanel(FieldsPanel):
    """All fields, and what stands in joined cases."""

    joined: tuple[tuple[str, str], ...]
    """Each such case's number, and what is written there."""
    notes: tuple[tuple[str, str], ...] = ()
    """What the books note, with where it came from."""
    lookup: str = ""
    """How far the look-up is. Empty where the settings name nobody to ask, or there is no number."""
    imported_name: str = ""
    """What the books call whoever has the number."""

    @property
    def name(self) -> str:
        """What the complainant is called, empty when nobody wrote it down."""
        return next((each.said for each in self.fields if each.name == FieldName.NAME), "")


def customer_panel(view: CaseView, instants: Instants) -> CustomerPanel:
    """Return the panel."""
    customer, stands = view.customer, view.customer.standing
    return CustomerPanel(
        fields=tuple(
            replace(row, known=_known(row, stands.get(row.name), view, instants))
            for row in (field_row(field, view, instants) for field in CUSTOMER_FIELDS.values())
        ),
        joined=tuple((written(each.case_number), said) for each in customer.joined if (said := _all_said(each.fields))),
        seen=view.fields_seen,
        notes=tuple(
            (each.customer.note, _imported(each, instants)) for each in customer.imported if each.customer.note
        ),
        lookup="" if view.ticket.complainant_number is None else _lookup_said(customer.lookup, instants),
        imported_name=customer.imported_name,
    )


def _lookup_said(lookup: Lookup | None, instants: Instants) -> str:
    if lookup is None:
        return ""
    asked = f"Last asked {instants.said(lookup.asked_at)}" if lookup.asked_at else "Not asked yet"
    if lookup.due_at is None:
        tries = f", {lookup.failures} times in vain; nobody asks again by itself" if lookup.failures else ""
        return f"{asked}{tries}."
    return f"{asked}, next {instants.said(lookup.due_at)}."


def _known(row: FieldRow, typed: FieldEntry | None, view: CaseView, instants: Instants) -> tuple[tuple[str, str], ...]:
    """Return each value of a field once, with all that say so."""
    said: dict[str, list[str]] = {}
    if typed is not None:
        said[row.said] = [f"typed by {kept_by(typed, view, instants)}"]
    for value, source in row.heard:
        said.setdefault(value, []).append(source)
    for imported in view.customer.imported:
        if imported.customer.value(row.name):
            said.setdefault(imported.customer.said(row.name), []).append(_imported(imported, instants))
    return tuple((value, "; ".join(dict.fromkeys(sources))) for value, sources in said.items())


def _imported(imported: ImportedCustomer, instants: Instants) -> str:
    how = "looked up" if is_looked_up(imported.customer) else "imported"
    return f"{how} {instants.said(imported.imported_at)}"


def _all_said(fields: Mapping[str, FieldEntry]) -> str:
    return ", ".join(
        f"{CUSTOMER_FIELDS[name].said} {CUSTOMER_FIELDS[name].shown(entry.value)}"
        for name, entry in fields.items()
        if name in CUSTOMER_FIELDS
    )
