"""Who rang and wrote lately, and who was turned away, as a port.

Knows: senders, instants. Must not know: limits, SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.budget import Contact, Party, Use


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A call or a text that has just come, or a code that was just tried."""

    kind: Contact
    sid: str
    """The carrier's id of it. Of a code, its call and turn."""
    sender: str
    """E.164, empty when withheld. For a text also a short code or a name."""
    block: str
    """The block of numbers that it comes from. Of a code, the case number that it was tried for."""
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedContact:
    """One sender who was turned away on one day for one limit."""

    kind: Contact
    sender: str
    limit: str
    """Name of the limit, such as `number:at_once`."""
    times: int
    first_at: datetime
    last_at: datetime


class Contacts(Protocol):
    """Calls and texts that were let in, and those that were not."""

    def hold(self, kind: Contact) -> None:
        """Let whoever counts this kind next wait until we are done, so that two never take the last place together."""
        ...

    def uses(self, arrival: Arrival, parties: Sequence[Party], *, live_since: datetime) -> Sequence[Use] | None:
        """Return what each party took until now, or None when the arrival was let in before and has come again.

        A call without an end that began before `live_since` is no more.
        """
        ...

    def let_in(self, arrival: Arrival) -> None: ...
    def end(self, sid: str, at: datetime) -> None:
        """Note that a call is over. One that is over already, or that nobody counted, stays as it is."""
        ...

    def newest_of(self, kind: Contact, party: Party) -> str | None:
        """Return the sid of the contact that was let in last from a party."""
        ...

    def refuse(self, arrival: Arrival, limit: str) -> bool:
        """Count a refusal. True when it is the first of this sender, day and limit."""
        ...

    def was_refused(self, kind: Contact, sender: str, *, begins_at: datetime, ends_at: datetime) -> bool:
        """Tell whether a sender was being turned away at some time of a stretch."""
        ...

    def refused(self, since: datetime, limit: int) -> Sequence[RefusedContact]:
        """Return who was turned away since, the latest first."""
        ...
