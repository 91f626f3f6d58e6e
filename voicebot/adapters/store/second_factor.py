"""Second factors, as rows.

Knows: the table second_factors. Must not know: keys, codes.
"""

from sqlalchemy import Connection, delete

from voicebot.adapters.store.rows import Rows
from voicebot.adapters.store.tables.second_factor import second_factors
from voicebot.domain.second_factor import SecondFactor


class SecondFactorRows:
    """Fulfils `service.ports.SecondFactors`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._factors = Rows(connection, second_factors, SecondFactor)

    def get(self, account_id: str) -> SecondFactor | None:
        """Return what is kept of an account, or None."""
        return self._factors.get(account_id)

    def lock(self, account_id: str) -> SecondFactor:
        """Return what is kept of an account, held until the transaction ends. A row is made where there is none."""
        self._factors.add_once(SecondFactor(id=account_id))
        found = self._factors.get(account_id, is_locked=True)
        if found is None:
            raise AssertionError("a row that was just added")
        return found

    def save(self, factor: SecondFactor) -> None:
        """Update what changed."""
        self._factors.save(factor)

    def remove(self, account_id: str) -> None:
        """Delete."""
        self._connection.execute(delete(second_factors).where(second_factors.c.id == account_id))
