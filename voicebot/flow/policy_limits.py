"""The language of `limits` in `service_levels.yaml`. They say how much strangers may make us pay for.

What is left out is as `domain/limits.py` and `domain/budget.py` have it, while a budget that is given holds as it is
written.
Knows: keys and amounts. Must not know: lines, how amounts meet (policy_check.py), who counts.
"""

from types import MappingProxyType
from typing import Annotated

from pydantic import BeforeValidator, Field

from voicebot.domain.budget import Budget, CallLimits, CodeLimits, ReceivedTextLimits
from voicebot.domain.limits import Limits, TextLimits
from voicebot.flow.policy_values import Amount, ClockTime, FilePart, read_shared_number


class TextLimitsPart(FilePart):
    """Texts in any 24 hours. What is left out is as `domain/limits.py` has it."""

    per_number: Amount = TextLimits().per_number
    per_prefix: Amount = TextLimits().per_prefix
    per_country: Amount = TextLimits().per_country
    in_all: Amount = TextLimits().in_all
    per_staff_phone: Amount = TextLimits().per_staff_phone


class BudgetPart(FilePart):
    """What one party may take. What is left out is not limited."""

    at_once: Amount | None = None
    an_hour: Amount | None = None
    a_day: Amount | None = None
    talk_a_day: ClockTime | None = None

    def budget(self) -> Budget:
        """Return it as the domain knows it."""
        return Budget(at_once=self.at_once, an_hour=self.an_hour, a_day=self.a_day, talk_a_day=self.talk_a_day)


class NamedNumberPart(BudgetPart):
    """The budget of a number that many people share."""

    number: Annotated[str, BeforeValidator(read_shared_number)]


class CallLimitsPart(FilePart):
    """Calls. A party that is left out is as `domain/budget.py` has it."""

    per_number: BudgetPart | None = None
    per_prefix: BudgetPart | None = None
    withheld: BudgetPart | None = None
    in_all: BudgetPart | None = None
    named_numbers: tuple[NamedNumberPart, ...] = ()
    places_for_others: Annotated[int, Field(ge=0)] = CallLimits().places_for_others

    def limits(self) -> CallLimits:
        """Return them as the domain knows them."""
        default = CallLimits()
        return CallLimits(
            per_number=_or(self.per_number, default.per_number),
            per_prefix=_or(self.per_prefix, default.per_prefix),
            withheld=_or(self.withheld, default.withheld),
            in_all=_or(self.in_all, default.in_all),
            named=MappingProxyType({part.number: part.budget() for part in self.named_numbers}),
            places_for_others=self.places_for_others,
        )


class ReceivedBudgetPart(FilePart):
    """How many texts one party may write to us, or codes try. What is left out is not limited."""

    an_hour: Amount | None = None
    a_day: Amount | None = None

    def budget(self) -> Budget:
        """Return it as the domain knows it."""
        return Budget(an_hour=self.an_hour, a_day=self.a_day)


class ReceivedTextsPart(FilePart):
    """Texts that people write to us. What is left out is as `domain/budget.py` has it."""

    per_number: ReceivedBudgetPart | None = None
    per_prefix: ReceivedBudgetPart | None = None
    in_all: ReceivedBudgetPart | None = None
    kept_a_day: Amount = ReceivedTextLimits().kept_a_day

    def limits(self) -> ReceivedTextLimits:
        """Return them as the domain knows them."""
        default = ReceivedTextLimits()
        return ReceivedTextLimits(
            per_number=_or(self.per_number, default.per_number),
            per_prefix=_or(self.per_prefix, default.per_prefix),
            in_all=_or(self.in_all, default.in_all),
            kept_a_day=self.kept_a_day,
        )


class CodesPart(FilePart):
    """Wrong codes of cases. A party that is left out is as `domain/budget.py` has it."""

    per_case: ReceivedBudgetPart | None = None
    per_number: ReceivedBudgetPart | None = None
    withheld: ReceivedBudgetPart | None = None
    in_all: ReceivedBudgetPart | None = None

    def limits(self) -> CodeLimits:
        """Return them as the domain knows them."""
        default = CodeLimits()
        return CodeLimits(
            per_case=_or(self.per_case, default.per_case),
            per_number=_or(self.per_number, default.per_number),
            withheld=_or(self.withheld, default.withheld),
            in_all=_or(self.in_all, default.in_all),
        )


def _or(part: BudgetPart | ReceivedBudgetPart | None, default: Budget) -> Budget:
    return default if part is None else part.budget()


class LimitsPart(FilePart):
    """How much strangers may make us pay for."""

    texts_a_day: TextLimitsPart = TextLimitsPart()
    calls: CallLimitsPart = CallLimitsPart()
    texts_received: ReceivedTextsPart = ReceivedTextsPart()
    codes: CodesPart = CodesPart()
    longest_call: ClockTime = Limits().longest_call
