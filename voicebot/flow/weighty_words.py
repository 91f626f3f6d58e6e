"""The words of each language where a mistake matters most. They are numbers, negations, and what stands beside a name.

A recogniser writes no capital letters, so a name is known only by the words around it. Rare words would be another way.
They were measured and left out, because most of the wrong ones among them are unsure already (docs/figures.md).
Knows: languages. Must not know: who marks what.
"""

from voicebot.domain.doubt import WeightyWords

_NUMBERS = """
    zero nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth thirtieth double triple once twice dozen
    monday tuesday wednesday thursday friday saturday sunday
    january february april june july august september october november december
"""
"""Numbers and dates. "March" and "may" are missing, because they are mostly other words."""
_NEGATIONS = "no not never none nothing nobody nowhere neither nor without cannot nope"
_BEFORE_NAMES = (
    "mister", "mr", "missis", "mrs", "miss", "ms", "doctor", "dr", "sir", "madam", "name is", "name's", "surname is",
    "surname", "named",
)  # fmt: skip
_AFTER_NAMES = "street road avenue lane square"

_BY_LANGUAGE = {
    "en": WeightyWords(
        numbers=frozenset(_NUMBERS.split()),
        beside_numbers=frozenset({"oh", "o"}),
        negations=frozenset(_NEGATIONS.split()),
        negating_ends=("n't",),
        before_names=frozenset(tuple(phrase.split()) for phrase in _BEFORE_NAMES),
        after_names=frozenset(_AFTER_NAMES.split()),
    )
}
_UNKNOWN = WeightyWords()


def weighty_words(locale: str) -> WeightyWords:
    """Return the weighty words of a locale's language, or none for a language of which we know none."""
    return _BY_LANGUAGE.get(locale.split("-")[0].lower(), _UNKNOWN)
