"""What kind of complaint a case holds, what stands in the fields of that kind, and which kinds its words suggest.

Where nobody could follow the words, none is suggested from them, because they are worth little.
Knows: entries of fields, categories of the policy, the history. Must not know: tables, pages.
Source: complaints.md V-08.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from voicebot.domain.case_field import FieldEntry, all_standing
from voicebot.domain.category import Categories, suggest
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.domain.typed_field import TypedField, unknown_field
from voicebot.flow.policy import Policy
from voicebot.service.history import Verb
from voicebot.service.hotline import Hotline
from voicebot.service.staff.members import may_read_field


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
    """Every value of fields that belong to some kind, in the order in which they were kept."""
    suggestions: tuple[SuggestedKind, ...]
    """Without the kind that it has."""
    changes: tuple[HistoryEntry, ...]
    """Who said it and when, what stood before, oldest first."""

    @property
    def readable(self) -> Mapping[str, FieldEntry]:
        """What stands in fields of some kind that whoever sees the case may read, by the fields' ids."""
        stands = all_standing(self.entries)
        return {name: entry for name, entry in stands.items() if not entry.is_restricted}


def category_of(
    policy: Policy,
    ticket: Ticket,
    *,
    fields: Iterable[FieldEntry],
    texts: Iterable[str],
    history: Sequence[HistoryEntry],
) -> CategoryView:
    """Return the kind of a case. `fields` are its entries, `texts` what the complainant said and wrote."""
    suggested = () if ticket.is_listen_first else suggest(policy.categories, texts)
    return CategoryView(
        id=ticket.category,
        name=category_name(policy.categories, ticket.category),
        entries=tuple(each for each in fields if each.category),
        suggestions=tuple(
            SuggestedKind(id=each.category.id, name=each.category.said, words=each.words)
            for each in suggested
            if each.category.id != ticket.category
        ),
        changes=tuple(each for each in history if each.verb == Verb.CATEGORY_SET),
    )


def entries_read_by(hotline: Hotline, view: CategoryView, ticket: Ticket, *, reader: str) -> tuple[FieldEntry, ...]:
    """Return the entries in fields of some kind that somebody may read, for those who are no page of the console."""
    policy = hotline.flows.current_policy()
    fields = {field.id: field for field in fields_shown(view, policy.categories)}
    with hotline.look() as work:
        reads = partial(may_read_field, work, policy, ticket, actor=reader)
        return tuple(each for each in view.entries if not each.is_restricted or reads(fields[each.field]))


def category_name(categories: Categories, category_id: str) -> str:
    """Return what staff call a kind of complaint, or its id where the policy has none such any more."""
    category = categories.get(category_id)
    return category_id if category is None else category.said


def kinds_called(categories: Categories, ids: Iterable[str]) -> Mapping[str, str]:
    """Return what staff call each of these kinds, without the empty one."""
    return {each: category_name(categories, each) for each in ids if each}


def fields_shown(view: CategoryView, categories: Categories) -> tuple[TypedField, ...]:
    """Return the fields of the kind of a case, then those in which something was written under another kind."""
    category = categories.get(view.id)
    own = {} if category is None else {field.id: field for field in category.fields}
    known = {field.id: field for each in categories.values() for field in each.fields}
    written = {each.field: known.get(each.field) or unknown_field(each.field) for each in view.entries}
    return tuple({**own, **written, **own}.values())
