"""What kind of complaint a case holds: a category of the policy, with its own fields, target, people and words.

Staff set the category. A machine only suggests one, and shows the words that made it do so.
Knows: categories, words as they are compared. Must not know: files, who may log in, where a case keeps its category.
Source: complaints.md section 3 and V-08 (never an automatic category).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from voicebot.domain.case_field import CUSTOMER_FIELDS
from voicebot.domain.search_words import words_of, written_words
from voicebot.domain.staff import Role
from voicebot.domain.typed_field import MAIN_LOCALE, TypedField

MOST_ASKED = 2
"""Questions that a caller is asked about one kind of complaint. Whoever complains is not filling in a form."""
CLEARLY = 2
"""So many different words or phrases must speak for a kind before a caller is asked what it asks."""
MOST_SUGGESTED = 3
"""More is no help to whoever has to choose."""
BEGINNING = "*"
"""At the end of a word of the policy. Every word that begins so is meant."""
_MOST_PHRASES = 4096
"""Of a policy that are remembered as words. The shipped one has some hundreds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """One kind of complaint."""

    id: str
    """Kept with cases, so it is never renamed."""
    names: Mapping[str, str]
    """What people call it, by locale. The one of `MAIN_LOCALE` is always there."""
    decision_target: str
    """Name of the target by which such a complaint is decided."""
    callback_target: str = ""
    """Name of the target of a call that is promised from then on. Empty: as without a category."""
    tell: tuple[str, ...] = ()
    """Roles of the ladder, or `owner`, who are told once when a case gets this category."""
    fields: tuple[TypedField, ...] = ()
    asks: tuple[str, ...] = ()
    """Ids of fields that a caller is asked for, when their words suggest this kind clearly."""
    hidden_from: str = ""
    """Id of the field that names one of the staff, from whom the case is hidden. Empty: there is none."""
    owner: str = ""
    """Staff id, or role of the policy, to whom a case of this kind goes. Empty: it stays where it is."""
    seen_by: frozenset[Role] = frozenset()
    """Roles that may see such a case. Empty: every role that reads cases."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Words and phrases that suggest it, by locale."""

    @property
    def said(self) -> str:
        """What staff call it."""
        return self.names[MAIN_LOCALE]

    @property
    def staff_name(self) -> TypedField | None:
        """The field that names one of the staff, from whom the case is hidden. None where there is none."""
        return next((each for each in self.fields if each.id == self.hidden_from), None)


def fields_of(category: Category | None) -> Mapping[str, TypedField]:
    """Return every field of a case by id, first those that every case has."""
    own = () if category is None else category.fields
    return MappingProxyType({**CUSTOMER_FIELDS, **{field.id: field for field in own}})


Categories = Mapping[str, Category]
"""By id, in the order of the policy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A category that some words speak for. Nobody has decided anything by it."""

    category: Category
    words: tuple[str, ...]
    """The words that speak for it, as they were said or written, first ones first."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text, and where its words stand in it, folded."""

    text: str
    words: tuple[tuple[int, int, str], ...]
    known: frozenset[str]
    """The words alone. Of the hundreds that are looked for most stand in no text, and are not looked for further."""

    def first(self, wanted: Sequence[tuple[str, bool]]) -> str:
        """Return how words in this order first stand in the text. Empty when they do not."""
        if not all(is_beginning or word in self.known for word, is_beginning in wanted):
            return ""
        for at in range(len(self.words) - len(wanted) + 1):
            stretch = self.words[at : at + len(wanted)]
            if all(_is_meant(each[2], want) for each, want in zip(stretch, wanted, strict=True)):
                return self.text[stretch[0][0] : stretch[-1][1]]
        return ""


def _spoken(text: str) -> _Spoken:
    words = tuple(written_words(text))
    return _Spoken(text, words, frozenset(word for _, _, word in words))


def _is_meant(word: str, wanted: tuple[str, bool]) -> bool:
    beginning, is_beginning = wanted
    return word.startswith(beginning) if is_beginning else word == beginning


def suggest(categories: Categories, texts: Iterable[str]) -> tuple[Suggestion, ...]:
    """Return the categories that words of these texts speak for, those with most words first."""
    spoken = [_spoken(text) for text in texts]
    found = (Suggestion(category=each, words=tuple(_words_for(each, spoken))) for each in categories.values())
    return tuple(sorted((each for each in found if each.words), key=lambda each: -len(each.words))[:MOST_SUGGESTED])


def clearest(categories: Categories, texts: Iterable[str]) -> Category | None:
    """Return the kind that several words speak for, and more than for any other. Nobody has decided anything by it."""
    first, *others = (*suggest(categories, texts), None)
    if first is None or len(first.words) < CLEARLY:
        return None
    second = others[0]
    return first.category if second is None or len(second.words) < len(first.words) else None


def _words_for(category: Category, spoken: Sequence[_Spoken]) -> Iterator[str]:
    """Yield, for each word or phrase of a category, how it first stands in the texts, each only once."""
    seen = set[str]()
    for phrase in (phrase for of_locale in category.words.values() for phrase in of_locale):
        wanted = _wanted(phrase)
        said = next((said for each in spoken if (said := each.first(wanted))), "")
        if said and said.casefold() not in seen:
            seen.add(said.casefold())
            yield said


@lru_cache(maxsize=_MOST_PHRASES)
def _wanted(phrase: str) -> tuple[tuple[str, bool], ...]:
    """Return the words of a phrase in their order, each with whether others may begin so."""
    parts = ((words_of(part), part.endswith(BEGINNING)) for part in phrase.split())
    return tuple(
        (word, is_beginning and at == len(words) - 1) for words, is_beginning in parts for at, word in enumerate(words)
    )
