"""A task on a case, with a day of its own and one person. Either a colleague is asked, or what was promised is to be
done.

The owner of the case stays its owner. A task that nobody finishes in time is told once, and stands late until it is
done. It moves neither the promised call nor the day of the decision.

Knows: kinds of tasks, amounts by role. Must not know: policy files, who is told.
Source: complaints.md S1-02 (a script that blocks), S1-08 (a named delegate), S2-05 (a consult with its own deadline),
S4-06 (authority by amount), S4-07 (a remedy has its day).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from voicebot.errors import Refused


class TaskKind(StrEnum):
    """What is to be done."""

    CONSULT = "consult"
    """A colleague is asked. The owner goes on talking with the complainant."""
    BLOCKED = "blocked"
    """What a handler may say or do does not fit the case, so somebody with authority decides."""
    DELEGATED = "delegated"
    """Somebody by name settles the matter for the owner."""
    REMEDY = "remedy"
    """What was promised to the complainant is done, such as a refund, a new part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRules:
    """Policy on how long a task takes, and who may promise how much."""

    within: timedelta = timedelta(hours=4)
    """Working time, where no day is named."""
    remedy_days: int = 1
    """Working days until a remedy is done, where no day is named."""
    authority: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The most that a role may promise, in whole units of the company's currency. Empty when nobody is limited."""

    def most_for(self, roles: frozenset[str]) -> int | None:
        """Return the most that somebody with these roles may promise, or None without a limit."""
        return max((self.authority.get(role, 0) for role in roles), default=0) if self.authority else None

    def roles_for(self, amount: int) -> tuple[str, ...]:
        """Return the roles that may promise an amount, the least of them first."""
        able = (role for role, most in self.authority.items() if most >= amount)
        return tuple(sorted(able, key=lambda role: self.authority[role]))


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseTask:
    """One task."""

    id: str
    ticket_id: str
    kind: TaskKind
    asked_by: str
    """StaffMember.id."""
    assignee_id: str
    """Who is to do it (StaffMember.id)."""
    words: str
    """What is asked, or promised."""
    amount: int | None = None
    """Of a remedy, in whole units of the company's currency."""
    asked_at: datetime
    due_at: datetime
    next_step_at: datetime | None = None
    """When the worker looks at it. None when it was told late, or is done."""
    late_at: datetime | None = None
    """When it was told that it is late."""
    done_at: datetime | None = None
    done_by: str | None = None
    result: str = ""
    """What came of it."""


def finish(task: CaseTask, *, by: str, result: str, at: datetime) -> CaseTask:
    """Return the task done. Raises: Refused when it is done already."""
    if task.done_at is not None:
        raise Refused("this task is done already", code="task-done")
    return replace(task, done_at=at, done_by=by, result=result, next_step_at=None)


def tell_late(task: CaseTask, at: datetime) -> CaseTask:
    """Return the task late, as it was told, since it is told only once."""
    return replace(task, late_at=at, next_step_at=None)


def is_task_open(task: CaseTask) -> bool:
    """Tell whether somebody still has to do it."""
    return task.done_at is None
