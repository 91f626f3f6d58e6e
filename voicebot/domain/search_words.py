"""Words as the search compares them, so that case, accents and marks of writing make no difference.

Both databases index and ask for what this module returns, and none of them has a folding of its own. So they agree, in
every script. A word is a run of letters and digits. A telephone number is one word more, written backwards behind a
mark that no word has, so that its last digits are the beginning of something.

Knows: scripts, signs that stand for nothing. Must not know: databases, which texts are searched.
Source: Unicode Standard Annex 15 (NFKD takes a letter apart from its accents), Unicode 16, chapter 7 (letters with a
stroke have no such parts).
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 40
"""Letters that are compared. What follows in a longer word makes no difference."""
NUMBER_MARK = "§"
"""Before the digits of a telephone number. It is no letter, so nobody's word begins with it."""

_STROKED = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t"})
"""Letters that Unicode does not take apart, and that people write without their stroke."""
_NO_SIGN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
"""Signs that nobody sees: soft hyphens, joiners, marks of direction."""
_WORD = re.compile(r"[^\W_]+")
_WRITTEN_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u200b-\u200f])*")
"""A word in a text as it was written, with the accents and points that may follow a letter."""


def fold(text: str) -> str:
    """Return a text in which what is written alike is alike.

    >>> fold("Čaká na ŽĎAR, Straße, ёлка, שָׁלוֹם")
    'caka na zdar, strasse, елка, שלום'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_NO_SIGN)).casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_STROKED)


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded.

    >>> words_of("Don't ring AB-1234 NEAR*")
    ['don', 't', 'ring', 'ab', '1234', 'near']
    """
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def number_word(number: str) -> str:
    """Return a telephone number as one word, its last digit first. Empty when it has no digits.

    >>> number_word("+12025551020")
    '§02015552021'
    """
    digits = digits_of(number)
    return f"{NUMBER_MARK}{digits[::-1]}" if digits else ""


def digits_of(text: str) -> str:
    """Return the digits of a text, of whatever script, as those of ASCII."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def written_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each word of a text begins and ends in it, and the word folded."""
    if text.isascii():  # no sign of it is taken apart, so the whole text is folded at once
        yield from ((found.start(), found.end(), found[0][:LONGEST_WORD]) for found in _WORD.finditer(text.lower()))
        return
    for found in _WRITTEN_WORD.finditer(text):
        word = "".join(_WORD.findall(fold(found[0])))
        if word:
            yield found.start(), found.end(), word[:LONGEST_WORD]
