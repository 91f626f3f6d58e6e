"""The carrier's account as a port. It tells what it is, whom it may ring and text, and what is approved.

Knows: what can be read of an account. Must not know: the carrier's API, what makes an account fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Approval(StrEnum):
    """How far the carrier has approved the account's owner. It decides how many calls may last at once."""

    NONE = "none"
    INDIVIDUAL = "individual"
    BUSINESS = "business"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFacts:
    """The account itself."""

    status: str
    """`active`, `suspended` or `closed`."""
    is_trial: bool
    carrier_time: datetime | None
    """The carrier's own clock as its answer told it, to the second. None when it did not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DiallingFacts:
    """What the account may dial in one country."""

    ordinary: bool
    special: bool
    """Premium and other special services."""
    toll_fraud: bool
    """Ranges known for revenue-sharing fraud."""


class CarrierSaidNo(Exception):
    """The carrier answered and refused. `status` is HTTP's, `code` its own error number."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"the carrier refused with HTTP {status}, error {code}")
        self.status = status
        self.code = code


class CarrierAccount(Protocol):
    """Reads the account. Changes nothing.

    Raises (any method): CarrierSaidNo and Unavailable (no answer, or one that cannot be read).
    """

    def account(self) -> AccountFacts:
        """Return what the account is."""
        ...

    def approval(self) -> Approval:
        """Return how far the account's owner is approved."""
        ...

    def dialling(self, country: str) -> DiallingFacts:
        """Return what may be dialled in a country (ISO 3166)."""
        ...

    def texting(self) -> Mapping[str, bool]:
        """Return which countries (ISO 3166) may be texted. Those it says nothing of are left out."""
        ...

    def campaign_states(self, group_sid: str) -> tuple[str, ...]:
        """Return the states of a text group's registrations for texts to the United States (A2P 10DLC)."""
        ...

    def toll_free_state(self, number_sid: str) -> str:
        """Return how far a toll-free number is verified for texts, empty when nobody asked for it."""
        ...
