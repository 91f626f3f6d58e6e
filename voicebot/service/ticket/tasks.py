"""Tasks on a case. Somebody is asked or sent, a remedy is promised for a day, and what is late is told once.

The owner of the case stays its owner, and its clocks go on. A consult may be told to the complainant, with thanks, an
apology and the call that is promised.
Knows: decisions of staff, amounts by role, who is told. Must not know: pages.
Source: complaints.md S1-02, S1-08, S2-05, S4-06, S4-07.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from voicebot.domain.case_task import CaseTask, TaskKind, TaskRules, finish, is_task_open, tell_late
from voicebot.domain.escalation import OWNER, DueStep
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.sms import Draft
from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.ticket import Ticket, is_open
from voicebot.errors import Refused
from voicebot.service.decision.letter import due_slots
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.step import Alarm, take_step
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import tell_member
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TASK_DONE, TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.confirmation import promise_anew, text_complainant
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded
from voicebot.service.staff.members import find_member, has_say
from voicebot.service.staff.readers import may_have
from voicebot.service.ticket.matter import cases_of_matter

LATE = "task_late"
"""The one step of a task that is late."""
MOST_AMOUNT = 10_000_000
LONGEST_TASK = timedelta(days=365)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTask:
    """What is to be done, as somebody asks for it."""

    kind: TaskKind
    to: str
    """StaffMember.id."""
    words: str
    amount: int | None = None
    """Of a remedy."""
    until: date | None = None
    """None means by the policy."""
    tells_complainant: bool = False
    """Of a consult, whether they are thanked, told that we are sorry for the wait, and when we call."""


def asking(new: NewTask, *, actor: str, seen: int | None = None) -> Step:
    """Ask somebody to do something on the case until a day.

    Refused for nobody of ours, an amount beyond the actor's authority, a day that is over, a blocked script that goes
    to somebody without a say, and a case that is over (but for a remedy, which may be promised with its end).
    """
    missing = Refused("a task needs words: what is to be done, or answered", code="task-wordless")
    said = worded(new.words, missing=missing)

    def ask(at: CaseContext) -> None:
        member = _check(at, new, actor)
        task = CaseTask(
            id=at.hotline.ids.new_id(),
            ticket_id=at.ticket.id,
            kind=new.kind,
            asked_by=actor,
            assignee_id=member.id,
            words=said,
            amount=new.amount,
            asked_at=at.now,
            due_at=(due_at := _due_at(at, new)),
            next_step_at=due_at,
        )
        at.work.case_tasks.add(task)
        _tell(at, at.ticket, task, member=member, template=Template.STAFF_TASK, step="asked")
        if new.tells_complainant:
            _thank(at, at.ticket)

    amount = "" if new.amount is None else f", amount {new.amount}"
    after = f"{new.kind} for {new.to}{amount}: {said}"
    return Step(Decision(action=StaffAction.TASK_SET, actor=actor, after=after, seen=seen), ask)


def finishing(task_id: str, *, words: str, actor: str, seen: int | None = None) -> Step:
    """Note that a task is done, and what came of it. Whoever asked is told.

    Refused when it is done, or not of the case.
    """
    said = worded(words, missing=Refused("a finished task needs words: what came of it", code="task-wordless"))

    def end(at: CaseContext) -> None:
        task = at.work.case_tasks.lock(task_id)
        if task is None or task.ticket_id != at.ticket.id:
            raise Refused("this case has no such task", code="task-unknown")
        at.work.case_tasks.save(finish(task, by=actor, result=said, at=at.now))
        asker = find_member(at.work, at.policy, task.asked_by)
        if asker is not None and asker.id != actor:
            _tell(at, at.ticket, task, member=asker, template=Template.STAFF_TASK_DONE, step=TASK_DONE)

    return Step(Decision(action=StaffAction.TASK_DONE, actor=actor, after=said, seen=seen), end)


def move_tasks(context: Context, from_id: str, to_id: str) -> None:
    """Let what is still to be done go along when a case is joined into another."""
    for task in context.work.case_tasks.of_ticket(from_id):
        if is_task_open(task):
            context.work.case_tasks.save(replace(task, ticket_id=to_id))


def due_tasks(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of tasks whose day has come, and was not told."""
    return tuple(task.id for task in context.work.case_tasks.due(context.now, limit))


def look_at_task(hotline: Hotline, task_id: str) -> bool:
    """Tell once that a task is late, to its owner, a supervisor and whoever was to do it. Returns whether anything was
    done.

    What was asked about a case that is over needs no answer any more, but a remedy is owed all the same.
    """
    with hotline.unit_of_work() as work:
        task, context = work.case_tasks.lock(task_id), context_of(hotline, work)
        if task is None or task.next_step_at is None or task.next_step_at > context.now:
            return False
        ticket = ticket_of(work, task.ticket_id)
        if is_open(ticket) or task.kind is TaskKind.REMEDY:
            _alarm(context, ticket, task)
            work.case_tasks.save(tell_late(task, context.now))
        else:
            work.case_tasks.save(finish(task, by="worker", result="the case is over", at=context.now))
        work.commit()
        return True


def pass_over_task(hotline: Hotline, task_id: str) -> None:
    """Let a task that fell due stand late without telling anybody, since that was perhaps done already."""
    with hotline.unit_of_work() as work:
        task, now = work.case_tasks.lock(task_id), context_of(hotline, work).now
        if task is not None and task.next_step_at is not None and task.next_step_at <= now:
            work.case_tasks.save(tell_late(task, now))
            work.commit()


def _check(at: CaseContext, new: NewTask, actor: str) -> StaffMember:
    if not is_open(at.ticket) and new.kind is not TaskKind.REMEDY:
        raise Refused(f"the case is {at.ticket.status}; only an open case is worked on", code="case-over")
    member = find_member(at.work, at.policy, new.to)
    if member is None:
        raise Refused(f"nobody here goes by {new.to!r}: choose one of the list", code="member-unknown")
    if not may_have(at, at.ticket, member.id):
        raise Refused("the case is hidden from them: ask somebody else", code="about-them")
    if new.kind is TaskKind.BLOCKED and not has_say(at.work, at.policy, member.id):
        raise Refused("a blocked script goes to somebody with a say: choose a supervisor", code="task-say")
    if new.kind is TaskKind.DELEGATED and not has_say(at.work, at.policy, actor):
        raise Refused("a supervisor delegates a case: ask one, or consult a colleague", code="task-say")
    _check_amount(at, new, actor)
    return member


def _check_amount(at: CaseContext, new: NewTask, actor: str) -> None:
    if new.amount is None:
        return
    if new.kind is not TaskKind.REMEDY or not 0 < new.amount <= MOST_AMOUNT:
        raise Refused(f"an amount belongs to a remedy, and is 1 to {MOST_AMOUNT:,}", code="task-amount")
    rules = at.policy.tasks
    at.work.case_tasks.hold_amounts()
    most, before = rules.most_for(_roles_of(at, actor)), amount_promised(at.work, at.ticket)
    amount = before + new.amount
    if most is not None and amount > most:
        able = ", ".join(role.replace("_", " ") for role in rules.roles_for(amount)) or "nobody of the policy"
        said = f"{new.amount} beside {before} that were promised already" if before else str(new.amount)
        raise Refused(
            f"an amount of {said} is more than you may promise on one case ({most}): ask for it as a blocked script; "
            f"it may be promised by {able}",
            code="authority",
        )


def amount_promised(work: UnitOfWork, ticket: Ticket) -> int:
    """Return what was promised about a matter already, by anybody: on the case, joined ones, and parts split off."""
    return sum(task.amount or 0 for each in cases_of_matter(work, ticket) for task in work.case_tasks.of_ticket(each))


def _roles_of(context: Context, actor: str) -> frozenset[str]:
    account = context.work.staff.get(actor)
    known = (*(member for member in context.policy.staff if member.id == actor), account)
    return frozenset(str(member.role) for member in known if member is not None)


def _due_at(at: CaseContext, new: NewTask) -> datetime:
    rules: TaskRules = at.policy.tasks
    calendar = at.policy.calendar
    if new.until is not None:
        today = at.now.astimezone(ZoneInfo(calendar.zone)).date()
        if new.until > today + LONGEST_TASK:
            raise Refused("a task ends within a year: name an earlier day", code="task-past")
        due_at = datetime.combine(new.until, time(23, 59), tzinfo=ZoneInfo(calendar.zone))
        if due_at <= at.now:
            raise Refused("a task ends on a day to come: name a later one", code="task-past")
        return due_at
    if new.kind is TaskKind.REMEDY:
        return calendar.add_working_days(at.now, rules.remedy_days)
    return calendar.add_working_time(at.now, rules.within)


def _tell(
    context: Context, ticket: Ticket, task: CaseTask, *, member: StaffMember, template: Template, step: str
) -> None:
    slots = slots_of(context, ticket, None) | due_slots(context, ticket, task.due_at)
    key = purpose(TextKind.TASK, task.id, step, member.id)
    tell_member(context, ticket, member=member, draft=Draft(purpose=key, template=template, slots=slots))


def _thank(context: Context, ticket: Ticket) -> None:
    """Thank the complainant, apologise for the wait, and say when we call.

    That is the promised call, or one promised now.
    """
    promise = context.work.promises.open_of_ticket(ticket.id) or promise_anew(context, ticket)
    if promise is not None and promise.target != FIND_NUMBER:
        key = purpose(TextKind.WINDOW, promise.id, "thanks")
        text_complainant(context, ticket, template=Template.THANKS, promise=promise, key=key)


def _alarm(context: Context, ticket: Ticket, task: CaseTask) -> None:
    tell = partial(_tell, context, ticket, task, template=Template.STAFF_TASK_LATE, step=LATE)
    alarm = Alarm(
        kind=TextKind.TASK,
        verb=Verb.STEP_TAKEN,
        template=Template.STAFF_TASK_LATE,
        subject_id=task.id,
        step=DueStep(name=LATE, due_at=task.due_at, tell=(OWNER, Role.SUPERVISOR)),
        ticket=ticket,
        slots=slots_of(context, ticket, None) | due_slots(context, ticket, task.due_at),
    )
    assignee = find_member(context.work, context.policy, task.assignee_id)
    if take_step(context, alarm) and assignee is not None:
        tell(member=assignee)
