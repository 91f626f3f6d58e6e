"""The ladder a missed promise climbs: ordered steps, when each is due, what stops the climb.

Knows: steps, roles, working time. Must not know: SMS, tickets' texts, how a step is carried out.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StepTaken:
    """A step that was climbed: unique on (subject, step), never on a date.

    `subject_id` is the breach, or the promise for warnings before its window closes.
    """

    subject_id: str
    ticket_id: str
    step: str
    due_at: datetime
    taken_at: datetime
    told: str
    """Comma-separated StaffMember.ids; `nobody` when the ladder names nobody who can be reached."""
