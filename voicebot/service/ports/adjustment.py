"""What is done otherwise for whoever has a number, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from voicebot.domain.adjustment import Adjustment, AdjustmentKind


class Adjustments(Protocol):
    """Adjustments by telephone number, one of each kind."""

    def keep(self, adjustment: Adjustment) -> None:
        """Keep it in place of the same kind at the same number."""
        ...

    def withdraw(self, number: str, kind: AdjustmentKind) -> bool:
        """Delete it, and return False when there was none."""
        ...

    def of_numbers(self, numbers: Collection[str]) -> Sequence[Adjustment]:
        """Return those of some numbers, in the order of kinds."""
        ...

    def of_cases(self, ticket_ids: Collection[str]) -> Mapping[str, Sequence[Adjustment]]:
        """Return those of the numbers to call of some cases, without cases that have none."""
        ...

    def forget_numbers(self, numbers: Collection[str]) -> int:
        """Delete all of some numbers, and return how many they were."""
        ...

    def forget_left(self) -> int:
        """Delete those of numbers that stand in no case and no call any more, and return how many they were."""
        ...
