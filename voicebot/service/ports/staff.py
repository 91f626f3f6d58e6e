"""Those who may log in, as a port.

Knows: staff. Must not know: SQL, sessions, hashes' making.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.account_event import AccountEvent
from voicebot.domain.staff import StaffAccount, StaffMember


class Staff(Protocol):
    """Accounts of the console. The policy's members are not among them."""

    def get(self, staff_id: str) -> StaffMember | None:
        """Return whose account or token goes by this staff id, active or not, because histories name them for ever."""
        ...

    def those(self, staff_ids: Collection[str]) -> Mapping[str, StaffMember]:
        """Return the same of many at once, by those of the ids that somebody goes by."""
        ...

    def all(self) -> Sequence[StaffMember]:
        """Return everybody whose account is active, oldest account first."""
        ...

    def accounts(self) -> Sequence[StaffAccount]:
        """Return every account, oldest first."""
        ...

    def by_staff_id(self, staff_id: str) -> StaffAccount | None:
        """Return the account of whom histories call so, active or not."""
        ...

    def by_email(self, email: str) -> StaffAccount | None:
        """Return the account kept under this e-mail (`normal_email`)."""
        ...

    def add(self, account: StaffAccount) -> bool:
        """Write a new account, unique on its e-mail and on its staff id. False when either is taken."""
        ...

    def lock(self, account_id: str) -> StaffAccount:
        """Hold the account with this id until the transaction ends."""
        ...

    def note(self, event: AccountEvent) -> None: ...
    def events_of(self, account_id: str) -> Sequence[AccountEvent]:
        """Return what happened to an account, oldest first."""
        ...

    def by_identity(self, issuer: str, subject: str) -> StaffAccount | None:
        """Return whose account it is who goes by this subject at a provider."""
        ...

    def link(self, account_id: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Write who an account is at a provider. False when it is somebody else there, or the subject somebody here."""
        ...

    def unlink(self, account_id: str) -> None: ...
    def save(self, account: StaffAccount) -> None: ...
