"""Hashes staff passwords by argon2id, while the console checks them with the same cost.

Cost is 19 MiB, three passes, one lane, about 30 ms of one core, since the web process carries calls beside it, so
memory and lanes stay small. Source: OWASP Password Storage Cheat Sheet (19 MiB with two passes is its least). The salt
is argon2's own, so hashes stay good when the database is restored beside a new secret key.
Knows: the hash. Must not know: accounts.
"""

import unicodedata

from argon2 import PasswordHasher, Type

TIME_COST = 3
MEMORY_COST_KIB = 19_456
LANES = 1

_HASHER = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_COST_KIB, parallelism=LANES, type=Type.ID)


def normal_password(written: str) -> str:
    """Return the one form in which a password is hashed, however a keyboard composes its letters.

    Source: Flask-Security, SECURITY_PASSWORD_NORMALIZE_FORM, whose default is NFKD, and so is the console's.
    """
    return unicodedata.normalize("NFKD", written)


def hash_password(written: str) -> str:
    """Hash a password as the console will check it, which takes about 30 ms."""
    return _HASHER.hash(normal_password(written))
