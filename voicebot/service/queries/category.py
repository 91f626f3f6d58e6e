"""What kind of complaint a case holds, what stands in the fields of that kind, and which kinds its words suggest.

Where nobody could follow the words, none is suggested from them, because they are worth little.
Knows: entries of fields, categories of the policy, the history. Must not know: tables, pages.
Source: complaints.md V-08.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from voicebot.domain.case_field import FieldEntry, all_standing
from voicebot.domain.category import Categories, suggest
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.domain.typed_field import TypedField, unknown_field
from voicebot.service.history import Verb
from voicebot.service.hotline import Context
from voicebot.service.staff.field_access import FieldAccess


@dataclass(frozen=True, kw_only=True, slots=True)
class SuggestedKind:
    """A kind of complaint that words of the case speak for."""

    id: str
    name: str
    words: tuple[str, ...]
    """As they were said or written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryView:
    """The kind of a case, as far as staff said it."""

    id: str
    """Empty where nobody said it."""
    name: str
    """What staff call it. Its id, where the policy has no such kind any more."""
    entries: tuple[FieldEntry, ...]
    """Every value of fields that belong to some kind and that the reader may read, in the order in which they were
    kept.
    """
    written: int
    """How many values there are, also those that the reader may not read."""
    closed: tuple[str, ...]
    """Ids of fields that the reader may not read."""
    hidden: tuple[str, ...]
    """Those of them in which something was written."""
    suggestions: tuple[SuggestedKind, ...]
    """Without the kind that it has."""
    changes: tuple[HistoryEntry, ...]
    """Who said it and when, what stood before, oldest first."""

    @property
    def standing(self) -> Mapping[str, FieldEntry]:
        """What stands in fields of some kind, by the fields' ids."""
        return all_standing(self.entries)


def category_of(
    context: Context,
    ticket: Ticket,
    access: FieldAccess,
    *,
    fields: Iterable[FieldEntry],
    texts: Iterable[str],
    history: Sequence[HistoryEntry],
) -> CategoryView:
    """Return the kind of a case, as far as its reader has access.

    `fields` are its entries, `texts` what the complainant said and wrote.
    """
    categories = context.policy.categories
    suggested = () if ticket.is_listen_first else suggest(categories, texts)
    of_kinds = [each for each in fields if each.category]
    hidden = tuple(dict.fromkeys(each.field for each in of_kinds if not access.may_read(each)))
    return CategoryView(
        id=ticket.category,
        name=category_name(categories, ticket.category),
        entries=tuple(each for each in of_kinds if each.field not in hidden),
        written=len(of_kinds),
        closed=tuple(dict.fromkeys((*hidden, *(field for field in access.fields if not access.opens(field))))),
        hidden=hidden,
        suggestions=tuple(
            SuggestedKind(id=each.category.id, name=each.category.said, words=each.words)
            for each in suggested
            if each.category.id != ticket.category
        ),
        changes=tuple(each for each in history if each.verb == Verb.CATEGORY_SET),
    )


def category_name(categories: Categories, category_id: str) -> str:
    """Return what staff call a kind of complaint, or its id where the policy has none such any more."""
    category = categories.get(category_id)
    return category_id if category is None else category.said


def kinds_called(categories: Categories, ids: Iterable[str]) -> Mapping[str, str]:
    """Return what staff call each of these kinds, without the empty one."""
    return {each: category_name(categories, each) for each in ids if each}


def fields_shown(view: CategoryView, categories: Categories, *, heard: Collection[str] = ()) -> tuple[TypedField, ...]:
    """Return the fields of the kind of a case, then those in which something was written under another kind, or `heard`
    from a caller before anybody said the kind, without those that the reader may not read.
    """
    own, known = _own_fields(view, categories), _known_fields(categories)
    written = {each.field: known.get(each.field) or unknown_field(each.field) for each in view.entries}
    asked = {name: field for name, field in known.items() if name in heard}
    return tuple(field for field in {**own, **written, **asked, **own}.values() if field.id not in view.closed)


def fields_hidden(view: CategoryView, categories: Categories) -> tuple[TypedField, ...]:
    """Return the fields in which something stands or stood that the reader may not read, those of its kind first."""
    known = _known_fields(categories)
    order = dict.fromkeys((*_own_fields(view, categories), *view.hidden))
    return tuple(known.get(each) or unknown_field(each) for each in order if each in view.hidden)


def _own_fields(view: CategoryView, categories: Categories) -> Mapping[str, TypedField]:
    category = categories.get(view.id)
    return {} if category is None else {field.id: field for field in category.fields}


def _known_fields(categories: Categories) -> Mapping[str, TypedField]:
    return {field.id: field for each in categories.values() for field in each.fields}
