"""Seals a short secret for the database, so that who reads the rows, or an old backup without its key, has nothing.

The key is made of the one that signs sessions, because every console has that one already, it lies outside the
database, and a setting more would be one more thing to lose. When `VOICEBOT_SECRET_KEY` is changed, the one before goes
into `VOICEBOT_OLD_SECRET_KEYS`. It opens what was sealed under it, until that was sealed anew. Without it nothing opens
any more, and people set up their second factor, and endpoints of webhooks their secret, anew. A backup made with the
data folder holds both, so keep it as you keep passwords.
Knows: Fernet (AES-128-CBC with HMAC-SHA256). Must not know: what is sealed.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from voicebot.errors import Refused

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet


def second_factor_lost() -> Refused:
    """Return what is said of a second factor that was sealed under a key that we do not have."""
    return Refused(
        "reading your second factor: it was sealed under another VOICEBOT_SECRET_KEY; the administrator takes it away "
        "by `voicebot staff second-factor reset E-MAIL`, then you set it up anew",
        code="second-factor-sealed",
    )


def webhook_lost() -> Refused:
    """Return the same of a secret of a webhook."""
    return Refused(
        "reading the secret of this webhook: it was sealed under another VOICEBOT_SECRET_KEY; set the key of before as "
        "VOICEBOT_OLD_SECRET_KEYS, and the same keys on every machine, or give the endpoint a new secret by `voicebot "
        "webhooks rotate ENDPOINT`",
        code="webhook-sealed",
    )


class SealedText:
    """Fulfils `service.ports.Seal`."""

    def __init__(self, *secret_keys: str, lost: Callable[[], Refused] = second_factor_lost) -> None:
        """The first key seals, all of them open."""
        self._keys = tuple(_made_of(key) for key in secret_keys)
        self._lost = lost

    def seal(self, text: str) -> str:
        """Return the text sealed, different each time."""
        return str(self._ciphers()[0].encrypt(text.encode()).decode())

    def open(self, sealed: str) -> str:
        """Return the text. Raises: Refused when it was sealed under a key that is not among ours."""
        from cryptography.fernet import InvalidToken

        try:
            return str(self._any().decrypt(sealed.encode()).decode())
        except InvalidToken as problem:
            raise self._lost() from problem

    def renewed(self, sealed: str) -> str:
        """Return it sealed under the first key, as it is where it already was. Raises: Refused, as `open` does."""
        from cryptography.fernet import InvalidToken

        try:
            self._ciphers()[0].decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.open(sealed))
        return sealed

    def _any(self) -> "MultiFernet":
        from cryptography.fernet import MultiFernet

        return MultiFernet(self._ciphers())

    def _ciphers(self) -> "list[Fernet]":
        from cryptography.fernet import Fernet  # here: only who has something sealed needs it

        return [Fernet(key) for key in self._keys]


def _made_of(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.new(secret_key.encode(), b"voicebot sealed text", hashlib.sha256).digest())
