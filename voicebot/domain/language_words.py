"""Words of languages beside English by which numbers, dates and private numbers are known, from the files in `words/`.

A file is all that a language needs. Its `numbers` are the words of numbers in their forms, `dates` those of days,
months and births, `beside` those that name a card, a telephone or an order. A list of forms has in each text the words
in their order, with a blank between. Words are compared in lower case and without accents, since texts from telephones
have none.
Knows: where the files lie, what a list of forms is. Must not know: how numbers are put together, what is masked.
Source: the digits by script.md, section 4; forms and other words by us.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_FOLDER = "words"
LANGUAGES = ("es", "he", "hr", "lt", "ru", "sk")


def _read(language: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(_FOLDER, f"{language}.toml").read_text(encoding="utf-8"))


FILES: Mapping[str, Mapping[str, Any]] = MappingProxyType({language: _read(language) for language in LANGUAGES})
"""What stands in the file of each language."""


def folded(word: str) -> str:
    """Return a word in lower case and without accents.

    >>> folded("Štyri")
    'styri'
    """
    parts = unicodedata.normalize("NFD", word.lower())
    return parts if parts.isascii() else "".join(sign for sign in parts if not unicodedata.combining(sign))


def forms_of(lists: Iterable[str]) -> Sequence[Sequence[str]]:
    """Return lists of words, each in its order."""
    return tuple(tuple(map(folded, words.split())) for words in lists)


def words_beside(name: str) -> frozenset[str]:
    """Return the words of all these languages that stand beside private numbers under a name, such as `card`."""
    return _of_all("beside", name)


def words_of_dates(name: str) -> frozenset[str]:
    """Return the words of all these languages that stand in dates under a name, such as `months`."""
    return _of_all("dates", name)


def _of_all(part: str, name: str) -> frozenset[str]:
    return frozenset(
        folded(prefix + word)
        for told in FILES.values()
        for text in told[part].get(name, ())
        for word in text.split()
        for prefix in ("", *told[part].get("prefixes", ()))
    )
