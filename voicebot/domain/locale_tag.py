"""Locale codes: read, made alike, and what to fall back to when a text is missing in one.

Knows: the form of a tag (language, optional script and region). Must not know: which locales a flow has.
Source: BCP 47 (RFC 5646) section 2.1.1 for the letter case of subtags; RFC 4647 section 3.4, lookup.
"""

import re
from collections.abc import Collection

_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?$", re.IGNORECASE)

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})


def read_locale(text: str) -> str | None:
    """Return a tag in its usual spelling (`EN_us` becomes `en-US`); None when it is none."""
    match = _TAG.match(text.strip())
    if match is None:
        return None
    language, script, region = match.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def language_of(locale: str) -> str:
    """Return the language subtag: `en` of `en-US`."""
    return locale.split("-", 1)[0].lower()


def fallbacks(locale: str) -> tuple[str, ...]:
    """Return the tag and its shorter forms, longest first.

    >>> fallbacks("sr-Latn-RS")
    ('sr-Latn-RS', 'sr-Latn', 'sr')
    """
    parts = locale.split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def best_locale(wanted: str, available: Collection[str]) -> str | None:
    """Return the available locale nearest to the wanted one: itself, a shorter form, or a sibling of its language."""
    for candidate in fallbacks(wanted):
        if candidate in available:
            return candidate
    return min((tag for tag in available if language_of(tag) == language_of(wanted)), default=None)


def is_right_to_left(locale: str) -> bool:
    """Tell whether the language is written from right to left."""
    return language_of(locale) in _RIGHT_TO_LEFT
