"""The language of `announcements.yaml`: what callers hear first for some time. Without the file nothing is said.

Knows: keys, spelling of instants. Must not know: the zone (policy.py), how words are spoken.
"""

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from voicebot.domain.announcement import EMERGENCY_NUMBER, MOST_WORDS, Announcement
from voicebot.flow.policy_values import FilePart, Spec, spelled

ANNOUNCEMENTS_FILE = "announcements.yaml"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def read_local_instant(written: object) -> datetime:
    """Return an instant by the company's clock. Raises: ValueError for what is none.

    >>> read_local_instant("2026-12-24 12:00")
    datetime.datetime(2026, 12, 24, 12, 0)
    """
    try:
        if not _INSTANT.fullmatch(str(written)):
            raise ValueError
        return datetime.fromisoformat(str(written))
    except ValueError:
        raise ValueError(f"{written!r} is no instant: write day and time, such as 2026-12-24 12:00") from None


def read_words(written: object) -> str:
    """Return words that may be spoken. Raises: ValueError when they are none, or more than a prompt has."""
    words = " ".join(str(written).split())
    if not 0 < len(words.split()) <= MOST_WORDS:
        raise ValueError(f"{len(words.split())} words: say it in {MOST_WORDS}, or leave the notice out")
    return words


LocalInstant = Annotated[
    datetime,
    BeforeValidator(read_local_instant),
    WithJsonSchema(spelled(r"^\d{4}-\d\d-\d\d \d\d:\d\d$", "2026-12-24 12:00")),
]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]


class AnnouncementPart(FilePart):
    """One notice of the day."""

    begins: Annotated[LocalInstant, Field(alias="from")]
    until: LocalInstant
    says: Annotated[dict[Locale, Annotated[str, BeforeValidator(read_words)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _lasts(self) -> "AnnouncementPart":
        if self.until <= self.begins:
            raise ValueError("it ends before it begins: let `until` be later than `from`")
        return self

    def announcement(self, zone: str) -> Announcement:
        """Return it as the domain knows it."""
        begins_at, ends_at = (at.replace(tzinfo=ZoneInfo(zone)) for at in (self.begins, self.until))
        return Announcement(begins_at=begins_at, ends_at=ends_at, words=self.says)


class AnnouncementsFile(FilePart):
    """`announcements.yaml`."""

    spec: Spec
    emergency_number: Annotated[str, Field(pattern=r"^[0-9]{2,8}$")] = EMERGENCY_NUMBER
    """The number that callers in danger are told."""
    announcements: tuple[AnnouncementPart, ...] = ()
