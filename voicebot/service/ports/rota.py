"""The rota, as a port.

Knows: shifts, changes, profiles. Must not know: SQL, who is on duty.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.rota import RotaChange, RotaProfile, Shift


class RotaBook(Protocol):
    """Everything that staff wrote of who works when."""

    def shifts(self) -> Sequence[Shift]:
        """By person and weekday."""
        ...

    def add_shift(self, shift: Shift) -> bool:
        """Write a shift once. False when the person has one that begins at the same time."""
        ...

    def remove_shift(self, shift_id: str) -> bool:
        """Forget a shift. False when it was gone already."""
        ...

    def changes(self, ending_after: datetime) -> Sequence[RotaChange]:
        """Those that end after an instant, the first to begin first."""
        ...

    def add_change(self, change: RotaChange) -> None: ...
    def remove_change(self, change_id: str) -> bool:
        """Forget a change, both halves of a swap. False when it was gone already."""
        ...

    def profiles(self) -> Sequence[RotaProfile]: ...
    def save_profile(self, profile: RotaProfile) -> None:
        """Write what is known of a person, in place of what was known before."""
        ...
