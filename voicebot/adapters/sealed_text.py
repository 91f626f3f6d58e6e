"""Seals a short secret for the database, so that who reads the rows, or an old backup without its key, has nothing.

The key is made of the one that signs sessions, because every console has that one already, it lies outside the
database, and a setting more would be one more thing to lose. What it costs: after `VOICEBOT_SECRET_KEY` was changed,
what was sealed cannot be opened any more, and people set up their second factor anew
(`voicebot staff second-factor reset`). A backup made with the data folder holds both, so keep it as you keep passwords.
Knows: Fernet (AES-128-CBC with HMAC-SHA256). Must not know: what is sealed.
"""

import base64
import hashlib
import hmac

from voicebot.errors import Refused


class SealedText:
    """Fulfils `service.ports.Seal`."""

    def __init__(self, secret_key: str) -> None:
        key = hmac.new(secret_key.encode(), b"voicebot sealed text", hashlib.sha256).digest()
        self._key = base64.urlsafe_b64encode(key)

    def seal(self, text: str) -> str:
        """Return the text sealed, different each time."""
        from cryptography.fernet import Fernet  # here: only who sets up a second factor needs it

        return str(Fernet(self._key).encrypt(text.encode()).decode())

    def open(self, sealed: str) -> str:
        """Return the text. Raises: Refused when it was sealed under another key."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return str(Fernet(self._key).decrypt(sealed.encode()).decode())
        except InvalidToken as problem:
            raise Refused(
                "reading your second factor: it was sealed under another VOICEBOT_SECRET_KEY; the administrator takes "
                "it away by `voicebot staff second-factor reset E-MAIL`, then you set it up anew",
                code="second-factor-sealed",
            ) from problem
