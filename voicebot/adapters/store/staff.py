"""Those who may log in, as rows, and who it was by what histories call them.

Knows: the tables of accounts, of what happened to them, and of tokens. Must not know: the policy's members, passwords.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from voicebot.adapters.store.rows import Rows, insert_once, whole_rows
from voicebot.adapters.store.tables.account_event import account_events
from voicebot.adapters.store.tables.api_token import api_tokens
from voicebot.adapters.store.tables.staff import staff_account
from voicebot.adapters.store.tables.staff_identity import staff_identities
from voicebot.domain.account_event import AccountEvent
from voicebot.domain.api_token import ACTOR_PREFIX, ApiToken
from voicebot.domain.staff import StaffAccount, StaffMember


class StaffRows:
    """Fulfils `service.ports.Staff`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._accounts = Rows(connection, staff_account, StaffAccount)
        self._tokens = Rows(connection, api_tokens, ApiToken)
        self._events = Rows(connection, account_events, AccountEvent)

    def get(self, staff_id: str) -> StaffMember | None:
        """Return whose account or token goes by this staff id, or None."""
        return self.those([staff_id]).get(staff_id)

    def those(self, staff_ids: Collection[str]) -> Mapping[str, StaffMember]:
        """Return whose accounts and tokens go by these staff ids, by one question for each of the two."""
        of_tokens = {staff_id for staff_id in staff_ids if staff_id.startswith(ACTOR_PREFIX)}
        of_accounts = set(staff_ids) - of_tokens
        tokens = self._tokens.every(_TOKENS, staff_ids=list(of_tokens)) if of_tokens else ()
        accounts = self._accounts.every(_ACCOUNTS, staff_ids=list(of_accounts)) if of_accounts else ()
        found = {token.staff_id: token.as_member() for token in tokens}
        return found | {account.staff_id: account.as_member() for account in accounts}

    def by_staff_id(self, staff_id: str) -> StaffAccount | None:
        """Return the account of whom histories call so, or None."""
        return self._accounts.only(_ACCOUNTS, staff_ids=[staff_id])

    def all(self) -> Sequence[StaffMember]:
        """Return everybody with an account that is active, oldest account first."""
        return [account.as_member() for account in self.accounts() if account.is_active]

    def accounts(self) -> Sequence[StaffAccount]:
        """Return every account, oldest first."""
        table = staff_account
        return self._accounts.every(self._accounts.select().order_by(table.c.added_at, table.c.id))

    def by_email(self, email: str) -> StaffAccount | None:
        """Return the account kept under a normal e-mail, or None."""
        return self._accounts.first(self._accounts.select().where(staff_account.c.email == email))

    def add(self, account: StaffAccount) -> bool:
        """Insert, unique on e-mail and on staff id, and return False when either is taken."""
        return self._accounts.add_once(account)

    def lock(self, account_id: str) -> StaffAccount:
        """Return the account with this id, held until the transaction ends."""
        found = self._accounts.get(account_id, is_locked=True)
        if found is None:
            raise AssertionError("an account is never deleted")
        return found

    def note(self, event: AccountEvent) -> None:
        """Insert a line of an account's history."""
        self._events.add(event)

    def events_of(self, account_id: str) -> Sequence[AccountEvent]:
        """Return an account's history, oldest first."""
        table = account_events
        found = self._events.select().where(table.c.account_id == account_id)
        return self._events.every(found.order_by(table.c.at, table.c.row))

    def by_identity(self, issuer: str, subject: str) -> StaffAccount | None:
        """Return the account that is somebody's at a provider, or None."""
        known = staff_identities.c
        owner = select(known.account_id).where(known.issuer == issuer, known.subject == subject)
        return self._accounts.first(self._accounts.select().where(staff_account.c.id == owner.scalar_subquery()))

    def link(self, account_id: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Insert, unique on the account and on the person at a provider, and return False when either is taken."""
        row = {"issuer": issuer, "subject": subject, "account_id": account_id, "linked_at": at}
        return insert_once(self._connection, staff_identities, row)

    def unlink(self, account_id: str) -> None:
        """Delete the account's identities."""
        self._connection.execute(delete(staff_identities).where(staff_identities.c.account_id == account_id))

    def save(self, account: StaffAccount) -> None:
        """Update what changed."""
        self._accounts.save(account)


_ACCOUNTS, _TOKENS = (
    whole_rows(table, shape).where(table.c.staff_id.in_(bindparam("staff_ids", expanding=True)))
    for table, shape in ((staff_account, StaffAccount), (api_tokens, ApiToken))
)
