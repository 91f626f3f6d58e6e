"""Proof that whoever answers at the public address is this installation, by a keyed digest of a challenge.

The key is derived from the auth token. Number and public URL go into the digest.
Knows: hashes. Must not know: routes, who asks.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

_CHALLENGE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What makes this installation this one."""

    token: str
    """The account's auth token."""
    number: str
    public_url: str

    def proof(self, challenge: str) -> str:
        """Return the digest of a challenge in hexadecimal. The challenge has passed `is_challenge`."""
        # A key of its own: whoever collects answers learns nothing that signs a webhook.
        key = hmac.new(self.token.encode(), b"voicebot identity key", sha256).digest()
        # Number and address too: a second installation on the same account has the same token.
        told = "\n".join((self.public_url, self.number, challenge))
        return hmac.new(key, told.encode(), sha256).hexdigest()


def is_challenge(text: str) -> bool:
    """Tell whether a text is a challenge, which is 32 hexadecimal digits in lower case."""
    return _CHALLENGE.fullmatch(text) is not None
