"""Tasks on cases.

Knows: tasks. Must not know: cases, people.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.case_task import TaskKind

case_tasks = Table(
    "case_tasks",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("kind", StateName(TaskKind), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("assignee_id", String(64), nullable=False),
    Column("words", Text, nullable=False, info=PERSONAL),
    Column("amount", Integer),
    instant_column("asked_at"),
    instant_column("due_at"),
    instant_column("next_step_at", is_optional=True),
    instant_column("late_at", is_optional=True),
    instant_column("done_at", is_optional=True),
    Column("done_by", String(64)),
    Column("result", Text, nullable=False, info=PERSONAL),
)
Index("ix_case_tasks_ticket", case_tasks.c.ticket_id)
Index("ix_case_tasks_mine", case_tasks.c.assignee_id, case_tasks.c.done_at)
Index("ix_case_tasks_due", case_tasks.c.next_step_at)
