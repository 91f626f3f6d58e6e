"""Entries of reviewers with plain defaults, as in builders.py."""

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.review import ReviewEntry, ReviewKind


def a_review_entry(**changes: Any) -> ReviewEntry:
    """Build the first correction of answer-1: its first word."""
    entry = ReviewEntry(
        id="entry-1",
        ticket_id="ticket-1",
        answer_id="answer-1",
        number=1,
        kind=ReviewKind.CORRECTED,
        first=0,
        end=1,
        text="fridge",
        why="",
        by="olive",
        at=MONDAY_TEN,
    )
    return replace(entry, **changes)
