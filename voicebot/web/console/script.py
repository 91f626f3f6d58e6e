"""In which language a text is to be read aloud, told by its script, so that a Russian text on a case in English is
Russian.

A case has one locale, the flow's, while what people write or say has any. A screen reader speaks a text by its `lang`,
so a text in a script that the locale is never written in is marked with the language most written in that script.
Source: WCAG 2.2, 3.1.2 (language of parts); Unicode character names.
Knows: scripts. Must not know: pages.
"""

import unicodedata
from collections import Counter

_LANGUAGES = {
    "HEBREW": ("he", "yi"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"),
    "ARABIC": ("ar", "fa", "ur", "ps"),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "CJK": ("zh", "ja", "ko"),
    "THAI": ("th",),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
}
"""Script, as Unicode's names begin, to its languages, the first for a text of another language than the locale's."""
_LATIN = "LATIN"
_NEVER_LATIN = frozenset(language for languages in _LANGUAGES.values() for language in languages) - {"sr"}
_PAGE = "en"
_LOOKED_AT = 400
"""Letters that decide, because a long text has shown its script by then."""


def language_of(text: str, locale: str = _PAGE) -> str:
    """Return the `lang` of a text on a case of this locale.

    >>> language_of("чайник течёт", "en-US"), language_of("the kettle leaks", "en-US"), language_of("123", "he-IL")
    ('ru', 'en-US', 'he-IL')
    """
    script = _script_of(text)
    spoken = locale.partition("-")[0].lower()
    if script == _LATIN:
        return _PAGE if spoken in _NEVER_LATIN else locale
    languages = _LANGUAGES.get(script, (spoken,))
    return locale if spoken in languages else languages[0]


def _script_of(text: str) -> str:
    """Return the script of most letters.

    It is empty without letters. Kana makes a text Japanese however much is Han.
    """
    letters = [letter for letter in text if letter.isalpha()][:_LOOKED_AT]
    found = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    kana = next((script for script in ("HIRAGANA", "KATAKANA") if found[script]), None)
    top = max(found, key=lambda script: found[script], default="")
    return kana if kana is not None and top == "CJK" else top
