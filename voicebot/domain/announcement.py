"""A notice of the day: what every caller hears first between two instants, such as that a branch is closed.

Knows: instants, words by language. Must not know: files, prompts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

EMERGENCY_NUMBER = "112"
"""What is named to callers in danger where the policy names no other. Every mobile telephone reaches help by it.

Source: 3GPP TS 22.101, emergency calls (112 and 911 are known to telephones without a card, too).
"""
MOST_WORDS = 25
"""As in every prompt (complaints.md V-03)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """One notice."""

    begins_at: datetime
    ends_at: datetime
    words: Mapping[str, str]
    """By locale, or by language for all its regions."""


def words_at(announcements: Sequence[Announcement], at: datetime, locale: str) -> str:
    """Return what is said at an instant, by the first notice that holds then. Empty when there is nothing to say."""
    for each in announcements:
        if each.begins_at <= at < each.ends_at:
            return each.words.get(locale) or each.words.get(locale.partition("-")[0], "")
    return ""
