"""Second factors, as ports. They are the rows, and what seals the keys in them.

Knows: second factors. Must not know: SQL, ciphers.
"""

from typing import Protocol

from voicebot.domain.second_factor import SecondFactor


class SecondFactors(Protocol):
    """At most one for each account."""

    def get(self, account_id: str) -> SecondFactor | None: ...
    def lock(self, account_id: str) -> SecondFactor:
        """Hold an account's until the transaction ends. One without keys where there is none."""
        ...

    def save(self, factor: SecondFactor) -> None: ...
    def remove(self, account_id: str) -> None: ...


class Seal(Protocol):
    """Makes a short secret unreadable for whoever has only the database."""

    def seal(self, text: str) -> str: ...
    def open(self, sealed: str) -> str:
        """Return the text. Raises: Refused when it was sealed under a key that we do not have."""
        ...

    def renewed(self, sealed: str) -> str:
        """Return it sealed under the newest key. Raises: Refused, as `open` does."""
        ...
