"""People in the company. It tells who owns cases and stands on the ladder, and who may log in.

Those on the ladder come from the policy's `escalation.yaml`, while those who log in have an account, which may name one
of the policy's members.
Knows: people. Must not know: steps, who is told what, what a role may do, how a password is hashed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

LEAST_PASSWORD_LENGTH = 10
"""Characters. Length is the only rule. Source: NIST SP 800-63B, 3.1.1.2, which is against rules of composition."""

MOST_PASSWORD_LENGTH = 200
"""Characters. Far beyond any phrase that somebody types."""

MOST_EMAIL_LENGTH = 254
"""Characters. Source: RFC 5321, 4.5.3.1.3 (a path of 256 octets with its brackets)."""

MOST_NAME_LENGTH = 200
"""Characters."""

_EMAIL = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]+@[^\s@<>\"\x00-\x1f\x7f]+")
"""Loose on purpose. It is a login name that looks like an address, and nothing is ever sent there."""


_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""Source: RFC 5321, 4.1.2 (dot-string and domain, with quoted names and address literals left out)."""


class Role(StrEnum):
    """What an account is for. What each may do stands in domain/permission.py."""

    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    MANAGEMENT = "management"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def said(self) -> str:
        """How somebody in this role is named in a sentence."""
        if self in {Role.QUALITY, Role.MANAGEMENT}:
            return f"somebody of {self.value}"
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"


class ChannelName(StrEnum):
    """How staff can be told something, under the names that channels, policy and history use."""

    TEXT = "text message"
    MAIL = "e-mail"
    CHAT = "chat"
    CALL = "call"


class StaffMember(BaseModel):
    """Somebody who can own a case or stand on the ladder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Short stable name used in policy and history, for example `owner_1`."""
    name: str
    role: str
    """handler, supervisor, manager, executive … : a role that the ladder's steps name."""
    spoken_role: str = ""
    """How the role is named to a complainant, for example "head of customer care"."""
    phone: str = ""
    """E.164. Empty when nobody can be reached there (the ladder says so instead of staying silent)."""
    email: str = ""
    """A mailbox. Empty when there is none."""
    chat: str = ""
    """The name of a chat, or of a push service. Its address is a secret, and stands in a setting under this name."""
    tell_by: tuple[ChannelName, ...] = ()
    """By which channels they want to be told, the first one first. Empty means by every one that reaches them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffAccount:
    """Somebody who may log in to the console."""

    id: str
    email: str = field(repr=False)
    """As `normal_email` returns it. It is the name to log in by."""
    name: str
    role: Role
    staff_id: str
    """Who this is in histories and as an owner. It is a member of the policy, or a name of the account's own."""
    is_active: bool
    password_hash: str = field(repr=False)
    session_key: str = field(repr=False)
    """Every session carries it, so that a new one ends them all at once."""
    added_at: datetime
    last_login_at: datetime | None = None
    second_factor_at: datetime | None = None
    """Since when a code is asked for at the login. None while a password is enough."""

    def as_member(self) -> StaffMember:
        """Return the account as somebody who acts on cases."""
        return StaffMember(id=self.staff_id, name=self.name, role=self.role.value)


def is_mailbox(written: str) -> bool:
    """Tell whether a mail can be addressed to this, that is one plain address of ASCII letters, without a name or a
    comment.
    """
    return len(written) <= MOST_EMAIL_LENGTH and _MAILBOX.fullmatch(written) is not None


def normal_email(written: str) -> str | None:
    """Return the one form of an address under which an account is kept, or None when it is no address."""
    email = unicodedata.normalize("NFC", written).strip().casefold()
    return email if len(email) <= MOST_EMAIL_LENGTH and _EMAIL.fullmatch(email) else None


def is_same_address(said: str, email: str) -> bool:
    """Tell whether an address that somebody else vouches for is the one of an account, letter for letter.

    Accounts are kept under a form in which ß is ss and a long s is s, while domains of both kinds belong to
    different people.
    """
    return unicodedata.normalize("NFC", said).strip().lower() == email


def password_fault(password: str) -> str:
    """Return what is wrong with a new password, as a sentence. Empty when nothing is."""
    if len(password) < LEAST_PASSWORD_LENGTH:
        return f"a password needs at least {LEAST_PASSWORD_LENGTH} characters; a sentence of a few words is fine"
    if len(password) > MOST_PASSWORD_LENGTH:
        return f"a password may have at most {MOST_PASSWORD_LENGTH} characters"
    return ""
