"""What kind of complaint a case holds: what staff said, what the words suggest, and the fields that belong to it.

Knows: a case's view, kinds of the policy, instants. Must not know: how a page looks, routes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.domain.case_number import written
from voicebot.domain.category import Categories
from voicebot.domain.instants import Instants
from voicebot.domain.staff import Role
from voicebot.domain.typed_field import unknown_field
from voicebot.service.queries.case_view import CaseView
from voicebot.service.queries.category import category_name, fields_hidden, fields_shown
from voicebot.web.console.panels.field_rows import FieldRow, FieldsPanel, field_row

KEYS = "1234567890"
"""With Shift, of the first kinds in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindChoice:
    """One kind that may be chosen."""

    id: str
    name: str
    key: str
    """The key that chooses it, pressed with Shift. Empty beyond the tenth."""
    is_chosen: bool
    seen_by: str = ""
    """The roles that alone see such a case. Empty where all do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindSuggestion:
    """A kind that words speak for."""

    id: str
    name: str
    words: str
    """Those words, each in quotation marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryPanel(FieldsPanel):
    """The kind of a case, and the form of its fields."""

    name: str
    """What staff call the kind. Empty where nobody said it."""
    said: str
    """Who said it and when. Empty where nobody did."""
    before: KindChoice | None
    """What stood before, to be taken back to. Its id is empty where nothing stood."""
    choices: tuple[KindChoice, ...]
    suggestions: tuple[KindSuggestion, ...]
    joined: tuple[tuple[str, str], ...]
    """Each case that was joined into this one and has another kind or other values, with these."""
    hidden: tuple[str, ...]
    """Fields in which something stands that this member may not read."""

    @property
    def known(self) -> tuple[FieldRow, ...]:
        """Fields in which something stands."""
        return tuple(field for field in self.fields if field.said or field.heard)


def category_panel(view: CaseView, categories: Categories, *, instants: Instants) -> CategoryPanel | None:
    """Return the panel as the reader of the view sees it. None where neither the policy nor the case has a kind."""
    if not categories and not view.category.id:
        return None
    fields = fields_shown(view.category, categories, heard={each.answer.slot for each in view.answers})
    last = view.category.changes[-1] if view.category.changes else None
    return CategoryPanel(
        name=view.category.name,
        said="" if last is None else f"{view.names.get(last.actor, last.actor)}, {instants.said(last.at)}",
        before=None if last is None else _choice(categories, last.before),
        choices=tuple(
            _choice(categories, name, key=KEYS[at : at + 1], is_chosen=name == view.category.id)
            for at, name in enumerate(categories)
        ),
        suggestions=tuple(
            KindSuggestion(id=each.id, name=each.name, words=", ".join(f"“{word}”" for word in each.words))
            for each in view.category.suggestions
        ),
        fields=tuple(field_row(field, view, instants) for field in fields),
        joined=tuple(_joined(view, categories)),
        hidden=tuple(field.label for field in fields_hidden(view.category, categories)),
        seen=view.fields_seen,
    )


def _joined(view: CaseView, categories: Categories) -> Iterator[tuple[str, str]]:
    """Yield what is written in joined cases of their kinds."""
    known = {field.id: field for each in categories.values() for field in each.fields}
    for joined in view.customer.joined:
        said = [category_name(categories, joined.category)] if joined.category else []
        for entry in (each for each in joined.fields.values() if each.category):
            field = known.get(entry.field) or unknown_field(entry.field)
            said.append(f"{field.label}: {field.shown(entry.value)}")
        if said:
            yield written(joined.case_number), "; ".join(said)


def _choice(categories: Categories, name: str, *, key: str = "", is_chosen: bool = False) -> KindChoice:
    seen_by = categories[name].seen_by if name in categories else frozenset()
    return KindChoice(
        id=name,
        name=category_name(categories, name),
        key=key,
        is_chosen=is_chosen,
        seen_by=", ".join(role.value for role in Role if role in seen_by),
    )
