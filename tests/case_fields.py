"""Entries of customer fields with plain defaults, as in builders.py."""

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.case_field import FieldEntry, FieldName


def a_field_entry(**changes: Any) -> FieldEntry:
    """Build the first thing that somebody wrote down in ticket-1, which is a name."""
    entry = FieldEntry(
        id="field-1",
        ticket_id="ticket-1",
        number=1,
        field=FieldName.NAME,
        value="Maria Ruiz",
        by="olive",
        at=MONDAY_TEN,
    )
    return replace(entry, **changes)
