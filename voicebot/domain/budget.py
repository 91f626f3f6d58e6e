"""How much one stranger, their block of numbers and all of them together may take of us, in calls, texts and codes.

A budget has up to four measures. They count calls at once, in an hour and in a day, and minutes of talk in a day. What
is not stated is not limited. The narrowest party is asked first, so that the alarm names the number before its block,
and the block before everybody.
Knows: shares and amounts. Must not know: who counts, what is answered to those who are over.
Source: pumped calls and texts, twilio.md 1.12. The amounts are our judgement, and policy may set others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

WITHHELD = ""
"""The sender of everybody who shows no number. Nobody can tell them apart, so they share one budget."""

PREFIX_DIGITS = 7
"""Digits of a number, country code included, that its block shares, since what is left is too long to guess and
ring.
"""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Scope(StrEnum):
    """Whom a limit counts."""

    NUMBER = "number"
    WITHHELD = "withheld"
    """Everybody who shows no number."""
    PREFIX = "prefix"
    CASE = "case"
    """One case number, whether or not a case has it."""
    COUNTRY = "country"
    ALL = "all"


class Contact(StrEnum):
    """How somebody reaches us."""

    CALL = "call"
    TEXT = "text"
    CODE = "code"
    """A code of a case that was tried on the telephone and is wrong."""


class Measure(StrEnum):
    """What is measured."""

    AT_ONCE = "at_once"
    AN_HOUR = "an_hour"
    A_DAY = "a_day"
    TALK_A_DAY = "talk_a_day"


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What one party may take. None is no limit."""

    at_once: int | None = None
    an_hour: int | None = None
    a_day: int | None = None
    talk_a_day: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """What one party has taken so far."""

    at_once: int = 0
    an_hour: int = 0
    a_day: int = 0
    talk_a_day: timedelta = timedelta(0)
    """Of calls that are over, because those that last are bounded by `at_once` and by the longest call."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CallLimits:
    """Budgets of those who ring us."""

    per_number: Budget = Budget(at_once=5, a_day=40, talk_a_day=timedelta(hours=3))
    per_prefix: Budget = Budget(at_once=20, a_day=200, talk_a_day=timedelta(hours=16))
    withheld: Budget = Budget(at_once=10, an_hour=120)
    """Of all who show no number, by the hour, because a day's budget could be used up by one prankster for
    everybody.
    """
    in_all: Budget = Budget(at_once=60, a_day=5000, talk_a_day=timedelta(hours=300))
    named: Mapping[str, Budget] = field(default_factory=lambda: MappingProxyType({}))
    """Budgets of numbers that many people share (E.164). They do not count towards their block."""
    places_for_others: int = 2
    """Listening places that nobody gets who holds one already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedTextLimits:
    """Budgets of those who write to us."""

    per_number: Budget = Budget(an_hour=20, a_day=60)
    per_prefix: Budget = Budget(a_day=300)
    in_all: Budget = Budget(a_day=3000)
    kept_a_day: int = 200
    """Texts of one number that are kept in a day. The rest is counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeLimits:
    """Budgets of wrong codes of cases. Whoever shows another number for each call is bounded by the case and by all."""

    per_case: Budget = Budget(a_day=5)
    """Also of a case number that nobody has, so that nobody learns from a limit which ones there are."""
    per_number: Budget = Budget(a_day=10)
    withheld: Budget = Budget(a_day=20)
    """Of all who show no number."""
    in_all: Budget = Budget(an_hour=40, a_day=100)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who has a budget."""

    scope: Scope
    budget: Budget
    key: str = ""
    """The number, the block, or the case. Empty for all, and for those who show no number."""


@dataclass(frozen=True, slots=True)
class OverBudget:
    """Which limit one more contact would break."""

    scope: Scope
    measure: Measure

    @property
    def name(self) -> str:
        """Return a stable name, such as `number:at_once`."""
        return f"{self.scope}:{self.measure}"


def parties_of_call(limits: CallLimits, sender: str) -> tuple[Party, ...]:
    """Return whose budgets a call takes from, the narrowest first. `sender` is E.164 or WITHHELD."""
    everybody = Party(Scope.ALL, limits.in_all)
    if sender == WITHHELD:
        return (Party(Scope.WITHHELD, limits.withheld), everybody)
    number = Party(Scope.NUMBER, limits.named.get(sender, limits.per_number), sender)
    if sender in limits.named:
        return (number, everybody)
    return (number, Party(Scope.PREFIX, limits.per_prefix, block_of(sender)), everybody)


def parties_of_text(limits: ReceivedTextLimits, sender: str) -> tuple[Party, ...]:
    """Return whose budgets a text takes from, the narrowest first."""
    return (
        Party(Scope.NUMBER, limits.per_number, sender),
        Party(Scope.PREFIX, limits.per_prefix, block_of(sender)),
        Party(Scope.ALL, limits.in_all),
    )


def parties_of_code(limits: CodeLimits, sender: str, *, case_number: str) -> tuple[Party, ...]:
    """Return whose budgets a wrong code takes from, the narrowest first. `sender` is E.164 or WITHHELD."""
    own = (
        Party(Scope.WITHHELD, limits.withheld) if sender == WITHHELD else Party(Scope.NUMBER, limits.per_number, sender)
    )
    return (Party(Scope.CASE, limits.per_case, case_number), own, Party(Scope.ALL, limits.in_all))


def prefix_of(number: str) -> str:
    """Return the beginning that an E.164 number shares with its block.

    >>> prefix_of("+12025550142")
    '1202555'
    """
    return number.removeprefix("+")[:PREFIX_DIGITS]


def block_of(sender: str, *, named: Mapping[str, Budget] | None = None) -> str:
    """Return the block that a sender is counted with. Whoever shows no number, or is named, is a block alone.

    >>> block_of("+12025550142")
    '1202555'
    """
    if not sender.startswith("+") or (named is not None and sender in named):
        return sender
    return prefix_of(sender)


def measure_over(budget: Budget, use: Use) -> Measure | None:
    """Return the measure that one more contact would break, or None while there is room in each."""
    counted = (
        (Measure.AT_ONCE, budget.at_once, use.at_once),
        (Measure.AN_HOUR, budget.an_hour, use.an_hour),
        (Measure.A_DAY, budget.a_day, use.a_day),
    )
    over = next((measure for measure, most, count in counted if most is not None and count >= most), None)
    is_talked_out = budget.talk_a_day is not None and use.talk_a_day >= budget.talk_a_day
    return over or (Measure.TALK_A_DAY if is_talked_out else None)


def may_take_place(*, limit: int, taken: int, own: int, for_others: int) -> bool:
    """Tell whether a caller may be listened to live. The last places go to nobody who holds one (`own`) already."""
    left = limit - taken
    return left > (for_others if own else 0)
