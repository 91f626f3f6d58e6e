"""The second thing that somebody logs in with: a code that their telephone shows, or one of the codes for its loss.

A code is six digits of the key and the present half minute. One half minute before and after counts too, because clocks
drift, and no code counts twice. Guessing: three of a million codes are right at a time, and a person has
`WRONG_CODES_A_DAY` wrong tries from devices that are not known as theirs. So a guesser who has the password already
gets in by 0.003 % of chance a day, 1.1 % a year, and the log has told of it each day. A recovery code has 80 bits, so a
plain digest of it is as good as a slow one.
Source: RFC 6238 (codes, drift, 5.2: once only), RFC 4226 R6 (160 bits), NIST SP 800-63B 3.1.4, 3.2.2.
Knows: keys, codes. Must not know: how a key is sealed, who is logged in, pages.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

STEP_S = 30
"""Seconds that a code is shown. Source: RFC 6238, 5.2."""
DRIFT_STEPS = 1
"""Codes before and after the present one that count."""
WRONG_CODES_A_DAY = 10
"""By a known device, by all others together, and at an open session by who sets up anew."""
RECOVERY_CODES = 10
PENDING_FOR = timedelta(minutes=15)
"""How long a key that is not confirmed yet is shown, since it stands on a page in clear."""

_KEY_BYTES, _RECOVERY_BYTES = 20, 10
_BETWEEN = re.compile(r"[\s\-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFactor:
    """What is kept of somebody's second factor, keys only as they are sealed."""

    id: str
    """The account's."""
    sealed_key: str = field(default="", repr=False)
    """Empty until it is confirmed by a code."""
    pending_key: str = field(default="", repr=False)
    """Sealed too. Empty when nothing is being set up."""
    pending_at: datetime | None = None
    last_step: int = 0
    """The half minute whose code was used last. No earlier one counts any more."""
    recovery_digests: str = field(default="", repr=False)
    """Of the recovery codes that are left, with spaces between them."""

    @property
    def codes_left(self) -> int:
        """Return how many recovery codes are left."""
        return len(self.recovery_digests.split())

    def is_pending(self, now: datetime) -> bool:
        """Tell whether a key waits to be confirmed and may still be shown."""
        return bool(self.pending_key) and self.pending_at is not None and now - self.pending_at < PENDING_FOR

    def without_code(self, written: str) -> "SecondFactor | None":
        """Return it with a recovery code used up, or None when it is none of those that are left."""
        digests = self.recovery_digests.split()
        left = [each for each in digests if not hmac.compare_digest(each, recovery_digest(written))]
        return replace(self, recovery_digests=" ".join(left)) if len(left) < len(digests) else None


def new_key(token: str) -> str:
    """Return a key of 160 bits, made of a fresh secret, as telephones take it."""
    return _base32(b"key:" + token.encode(), _KEY_BYTES)


def new_recovery_codes(token: str) -> tuple[str, ...]:
    """Return fresh recovery codes, made of a fresh secret, as people write them down."""
    made = (_base32(f"recovery {at}:{token}".encode(), _RECOVERY_BYTES) for at in range(RECOVERY_CODES))
    return tuple(in_groups(each.lower(), "-") for each in made)


def digests_of(codes: Sequence[str]) -> str:
    """Return recovery codes as they are kept."""
    return " ".join(map(recovery_digest, codes))


def recovery_digest(written: str) -> str:
    """Return the digest of a recovery code, however it is written."""
    return hashlib.sha256(_BETWEEN.sub("", written).lower().encode()).hexdigest()


def matching_step(key: str, written: str, *, at: datetime, after: int) -> int | None:
    """Return the half minute whose code was written, later than `after`, or None when no code that counts was."""
    import pyotp  # here: only who logs in with a code needs it

    code, present = _BETWEEN.sub("", written), int(at.timestamp()) // STEP_S
    made = pyotp.HOTP(key)  # codes by number: TOTP's own check does not say which half minute it was
    right = [
        step
        for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
        if hmac.compare_digest(str(made.at(step)).encode(), code.encode()) and step > after
    ]
    return right[0] if right else None


def address_of_key(key: str, *, email: str, company: str) -> str:
    """Return the address that a telephone reads from the QR code."""
    import pyotp

    return str(pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=company))


def in_groups(text: str, between: str = " ") -> str:
    """Return a long word in groups of four characters, to be read and typed."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))


def _base32(secret: bytes, size: int) -> str:
    return base64.b32encode(hashlib.sha256(secret).digest()[:size]).decode()
