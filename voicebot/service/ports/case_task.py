"""The port of tasks on cases.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.case_task import CaseTask


class CaseTasks(Protocol):
    """What is to be done on cases, by whom, until when."""

    def hold_amounts(self) -> None:
        """Let whoever promises an amount next wait until we are done. Two parts of one matter have no other lock in
        common.
        """
        ...

    def add(self, task: CaseTask) -> None: ...
    def save(self, task: CaseTask) -> None: ...
    def get(self, task_id: str) -> CaseTask | None: ...
    def lock(self, task_id: str) -> CaseTask | None: ...
    def of_ticket(self, ticket_id: str) -> Sequence[CaseTask]:
        """Oldest first."""
        ...

    def waiting(self) -> Sequence[CaseTask]:
        """Tasks of open cases, and remedies of any, that nobody has finished; the soonest due first."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[CaseTask]:
        """Tasks whose `next_step_at` has come, the longest due first."""
        ...
