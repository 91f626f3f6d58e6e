"""The machine's clock and its source of randomness. It is the only place that asks for now.

Knows: the system. Must not know: what an instant or an id is for.
"""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """Fulfils `service.ports.Clock`."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class SecretIds:
    """Fulfils `service.ports.Ids` from the operating system's cryptographic source."""

    def new_id(self) -> str:
        """Return 32 fresh hexadecimal digits."""
        return secrets.token_hex(16)

    def new_token(self) -> str:
        """Return a fresh secret of 256 bits, fit for a URL."""
        return secrets.token_urlsafe(32)

    def random_digits(self, count: int) -> str:
        """Return so many decimal digits, of which the first may be 0."""
        return "".join(secrets.choice("0123456789") for _ in range(count))
