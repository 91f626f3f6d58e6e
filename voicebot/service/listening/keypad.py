"""Keys on their way to becoming an answer. Single keys count at once, and digits are collected until they are a number.

While a number is being keyed, `*` alone means "again", `*` `0` a person and `*` `9` one step back (script.md
0). A `*` followed at once by another digit means that the caller starts the number anew. A key that has a
meaning of its own counts as such only when pressed alone, first.
Knows: keys and stream time. Must not know: what an answer leads to.
"""

from voicebot.flow.instructions import DigitCollection

ALONE_S = 1.5
"""A key that could begin something longer is taken alone after so much stream time."""
_AFTER_STAR = frozenset("09")
_COLLECTED = frozenset("0123456789*#")
"""Keys of a number on its way. A-D, which some apparatus sends, belong to none."""
ONE_PRESS_S = 0.09
"""The same key again within this is the same press, reported twice.

A tone lasts at least 40 ms and so does the pause after it, so two presses begin 80 ms apart at the least, those of
people more than 100. Stream time comes in steps of 20 ms, so 60 ms read as 80 at most, 120 ms as 100 at least.
Source: ITU-T Q.24 (a tone and a pause of 40 ms at the least).
"""


HEARD_ENOUGH_S = 0.5
"""A question of which less was heard is answered by nobody, because a key that comes now was meant for the one
before.
"""


class KeyPresses:
    """Tells a press from its second report, over the whole call, since the first may have ended the question before."""

    def __init__(self) -> None:
        self._key = ""
        self._at_s = 0.0

    def is_repeated(self, key: str, at_s: float) -> bool:
        """Take a key at an instant of stream time. Tell whether it is the press before, reported again."""
        is_same = key == self._key and at_s - self._at_s < ONE_PRESS_S
        self._key, self._at_s = key, at_s
        return is_same


class Keypad:
    """The keys of one `Listen`."""

    def __init__(
        self, keys: tuple[str, ...], collect: DigitCollection | None, *, standing: tuple[str, ...] = ()
    ) -> None:
        self._keys = frozenset(keys)
        self._standing = frozenset(standing)
        self._pressed_before = ""
        self._collect = collect
        self._typed = ""
        self._has_star = False
        self._last_at = 0.0
        self._takes_from_s = 0.0

    def begin_at(self, now_s: float, *, pressed_before: str = "") -> None:
        """The question, a new one, begins to be heard at this instant. Perhaps a key ended the one before."""
        self._takes_from_s = now_s + HEARD_ENOUGH_S
        self._pressed_before = pressed_before

    def question_heard(self) -> None:
        """The question was heard to its end, however short it is, so whoever presses now answers it."""
        self._takes_from_s = 0.0

    def is_left_over(self, key: str, now_s: float) -> bool:
        """Whether a key of this instant was meant for the question before and means something else here.

        Who is told "press 8" presses it within half a second of the last word, when the next question has begun. Then a
        key that means the same everywhere counts, but not once more.
        """
        is_meant = key in self._standing and key != self._pressed_before
        return now_s < self._takes_from_s and not is_meant

    @property
    def typed(self) -> str:
        """The digits keyed so far."""
        return self._typed

    @property
    def is_typing(self) -> bool:
        """Whether something was keyed that is not an answer yet."""
        return bool(self._typed) or self._has_star

    def matters(self, key: str) -> bool:
        """Whether this key means anything here. Others are as if never pressed."""
        return key in self._keys or (self._collect is not None and key in _COLLECTED)

    def press(self, key: str, at_s: float) -> str | None:
        """Take one key at an instant of stream time, and return the answer once it is whole."""
        if self._collect is None:
            return key if key in self._keys else None
        self._last_at = at_s
        if self._has_star:
            return self._after_star(key, self._collect)
        if key == "*":
            self._has_star = True
            return None
        return self._digit(key, self._collect)

    def check(self, now_s: float) -> str | None:
        """Return what the caller's waiting has made an answer. That is a key left alone, a number left unfinished."""
        if self._collect is None or not self.is_typing:
            return None
        waited_s = now_s - self._last_at
        if self._has_star:
            return "*" if waited_s >= ALONE_S else None
        if self._typed in self._keys and waited_s >= ALONE_S:
            return self._typed
        return self._typed if waited_s >= self._collect.inter_digit_s else None

    def _after_star(self, key: str, collect: DigitCollection) -> str | None:
        self._has_star = False
        if key == "*":
            return "*"
        if key in _AFTER_STAR:
            return f"*{key}"
        self._typed = ""
        return self._digit(key, collect)

    def _digit(self, key: str, collect: DigitCollection) -> str | None:
        if key == collect.end_key:
            return self._typed
        if not key.isdecimal():
            return None
        self._typed += key
        return self._typed if len(self._typed) >= collect.max_digits else None
