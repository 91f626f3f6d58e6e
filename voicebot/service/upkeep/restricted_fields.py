"""Entries in fields that the policy has restricted, or opened, since they were written.

Whoever reads an entry is asked about by the policy as it stands (staff/field_access.py). The search asks nobody: it
holds no words of entries that are marked as for few. So the marks follow the policy here, and with each of them the
words by which its case is found. In a field that the policy does not have any more the marks stay as they are.
Knows: the policy's fields. Must not know: how words are kept.
"""

from dataclasses import replace

import structlog

from voicebot.service.hotline import Hotline
from voicebot.service.staff.field_access import is_for_few, kind_fields

log = structlog.get_logger(__name__)

TASK = "restricted fields"
AT_ONCE = 50
"""Entries in one transaction, so that calls are never kept waiting."""


def mark_restricted(hotline: Hotline, *, at_once: int = AT_ONCE) -> int:
    """Mark every entry as the policy has its field now, and return how many were not. Raises: Unavailable."""
    done = marked = _mark_some(hotline, at_once)
    while marked == at_once:
        marked = _mark_some(hotline, at_once)
        done += marked
    if done:
        log.info("field_entries_marked", entries=done)
    return done


def _mark_some(hotline: Hotline, at_once: int) -> int:
    fields = kind_fields(hotline.flows.current_policy())
    restricted = {field.id for field in fields.values() if field.seen_by}
    with hotline.unit_of_work() as work:
        entries = work.fields.marked_otherwise(restricted, fields.keys() - restricted, limit=at_once)
        for entry in entries:
            work.fields.save(replace(entry, is_restricted=is_for_few(fields[entry.field], entry)))
        work.commit()
        return len(entries)
