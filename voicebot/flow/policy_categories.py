"""`categories.yaml`: the kinds of complaint, with their fields, targets, people and words.

A policy without the file has no categories. What the file names elsewhere (targets, roles) is compared here, too.
Knows: keys, what the domain makes of them. Must not know: lines, how other policy files are written.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from voicebot.domain.case_field import FieldName
from voicebot.domain.category import BEGINNING, MOST_ASKED, Category
from voicebot.domain.escalation import OWNER
from voicebot.domain.permission import roles_held
from voicebot.domain.search_words import words_of
from voicebot.domain.staff import Role
from voicebot.domain.typed_field import MAIN_LOCALE, USUAL_LENGTH, FieldKind, TypedField
from voicebot.domain.visible import visible
from voicebot.flow.policy_values import FilePart, Name, Spec
from voicebot.flow.yaml_marks import Path

CATEGORIES_FILE = "categories.yaml"

_TAKEN = ("csrf_token",)
"""Of every form."""

Locale = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=100)]
Names = Annotated[dict[Locale, Words], Field(min_length=1)]


class FieldPart(FilePart):
    """A field of a category."""

    name: Names
    kind: FieldKind = FieldKind.TEXT
    longest: Annotated[int, Field(ge=1, le=2000)] = USUAL_LENGTH
    choices: dict[Id, Names] = {}
    seen_by: tuple[Role, ...] = ()

    def as_field(self, field_id: str) -> TypedField:
        """Return it as the domain knows it."""
        return TypedField(
            id=field_id,
            names=MappingProxyType(self.name),
            kind=self.kind,
            longest=self.longest,
            choices=MappingProxyType({choice: names[MAIN_LOCALE] for choice, names in self.choices.items()}),
            seen_by=frozenset(self.seen_by),
        )


class CategoryPart(FilePart):
    """One kind of complaint."""

    name: Names
    decision_target: Name
    callback_target: Name | None = None
    tell: tuple[Name, ...] = ()
    asks: Annotated[tuple[Id, ...], Field(max_length=MOST_ASKED)] = ()
    hidden_from: str = ""
    seen_by: tuple[Role, ...] = ()
    owner: Name | None = None
    fields: dict[Id, FieldPart] = {}
    words: dict[Locale, tuple[Words, ...]] = {}

    def as_category(self, category_id: str) -> Category:
        """Return it as the domain knows it."""
        return Category(
            id=category_id,
            names=MappingProxyType(self.name),
            decision_target=self.decision_target,
            callback_target=self.callback_target or "",
            tell=self.tell,
            asks=self.asks,
            fields=tuple(part.as_field(field_id) for field_id, part in self.fields.items()),
            hidden_from=self.hidden_from,
            seen_by=frozenset(self.seen_by),
            owner=self.owner or "",
            words=MappingProxyType(self.words),
        )


class CategoriesFile(FilePart):
    """`categories.yaml`."""

    spec: Spec
    categories: Annotated[dict[Id, CategoryPart], Field(min_length=1)]

    def by_id(self) -> Mapping[str, Category]:
        """Return the categories in the order of the file."""
        return MappingProxyType({name: part.as_category(name) for name, part in self.categories.items()})


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What other files of the policy have, None where that is not known."""

    decision_targets: Collection[str] | None
    callback_targets: Collection[str] | None
    roles: Collection[str] | None
    people: Collection[str] = ()
    """Staff ids of escalation.yaml."""
    management: Collection[str] = ()
    """Those of the roles that are management."""


Fault = tuple[Path, str, str]
"""Where it stands, what was found, and its cure."""


def category_faults(file: CategoriesFile, named: Named) -> Iterator[Fault]:
    """Yield what does not fit together."""
    kinds: dict[str, FieldPart] = {}
    for name, part in file.categories.items():
        top: Path = ("categories", name)
        yield from _name_faults((*top, "name"), part.name)
        yield from _unknown(top, part, named)
        yield from _named_faults(top, part)
        yield from _asked_faults(top, part)
        yield from _seen_faults(top, part, named)
        yield from _word_faults(top, part)
        for field_id, field in part.fields.items():
            path = (*top, "fields", field_id)
            yield from _field_faults(path, field_id, field)
            if kinds.setdefault(field_id, field) != field:
                found = f"another category has a field {field_id!r} that is not the same"
                yield path, found, "write both alike, so that a case may change its category, or rename one"


def _unknown(top: Path, part: CategoryPart, named: Named) -> Iterator[Fault]:
    for key, target, known in (
        ("decision_target", part.decision_target, named.decision_targets),
        ("callback_target", part.callback_target, named.callback_targets),
    ):
        if target is not None and known is not None and target not in known:
            found = f"service_levels.yaml has no such target as {target!r}"
            yield (*top, key), found, f"add it there, or name one of {', '.join(sorted(known))}"
    if part.owner is not None and named.roles is not None and part.owner not in {*named.roles, *named.people}:
        found = f"nobody in `staff` goes by {part.owner!r}, or has that role"
        yield (*top, "owner"), found, "name a staff id or a role of escalation.yaml"
    for role in part.tell:
        if named.roles is not None and role != OWNER and role not in named.roles:
            yield (*top, "tell"), f"nobody in `staff` has the role {role!r}", "add somebody, or name another role"


def _named_faults(top: Path, part: CategoryPart) -> Iterator[Fault]:
    field = part.fields.get(part.hidden_from)
    if part.hidden_from and (field is None or field.kind is not FieldKind.TEXT):
        found = f"{part.hidden_from!r} is no field of this category that holds a text"
        yield (*top, "hidden_from"), found, "name the field in which the member of staff is named"


def _asked_faults(top: Path, part: CategoryPart) -> Iterator[Fault]:
    """Yield what no caller can be asked for. What only some may read is not asked where everybody hears the answer."""
    for at, name in enumerate(part.asks):
        field = part.fields.get(name)
        if field is None and name not in {*FieldName}:
            found = f"{name!r} is no field of this category, nor of every case"
            yield (*top, "asks", at), found, f"name one of {', '.join((*part.fields, *FieldName))}"
        elif field is not None and field.seen_by:
            found = f"only some may read {name!r}, and whoever may see the case hears what a caller answers"
            yield (*top, "asks", at), found, "ask something else, and let a person ask that"


def _seen_faults(top: Path, part: CategoryPart, named: Named) -> Iterator[Fault]:
    """Yield that nobody who may see such a case could look after it. Those are handlers, supervisors and management."""
    if not part.seen_by or named.roles is None:
        return
    held = roles_held(None, in_policy=named.roles, management=named.management)
    if held.isdisjoint(part.seen_by):
        found = "nobody in `staff` of escalation.yaml may see such a case, so nobody could look after it"
        yield (*top, "seen_by"), found, f"name one of {', '.join(sorted(held))} as well"


def _word_faults(top: Path, part: CategoryPart) -> Iterator[Fault]:
    for locale, words in part.words.items():
        for at, word in enumerate(words):
            if not words_of(word.removesuffix(BEGINNING)):
                yield (*top, "words", locale, at), f"{word!r} has no letter", "write a word, or several in their order"


def _field_faults(path: Path, field_id: str, field: FieldPart) -> Iterator[Fault]:
    if field_id in {*FieldName, *_TAKEN}:
        yield path, f"every case has a field {field_id!r} already", "rename this one"
    yield from _name_faults((*path, "name"), field.name)
    for choice, names in field.choices.items():
        yield from _name_faults((*path, "choices", choice), names)
    if (field.kind is FieldKind.CHOICE) != bool(field.choices):
        found = "a field with `choices` has the kind `choice`, and no other has any"
        yield path, found, "write both, or neither"


def _name_faults(path: Path, names: Mapping[str, str]) -> Iterator[Fault]:
    if MAIN_LOCALE not in names:
        yield path, f"the name in {MAIN_LOCALE!r} is missing, in which staff read the console", "add it"
    for locale, name in names.items():
        if not words_of(name) or visible(name) != name:
            yield (
                (*path, locale),
                f"the name {visible(name)!r} has no letter, or a sign that nobody sees",
                "write it anew",
            )
