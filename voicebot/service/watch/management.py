"""What waits for management: cases with somebody who has a say, promised supervisors, tasks, second opinions, misses.

Whoever complains to the top is answered by the top: what came there stands in one list, with the name of the person for
whom it waits, until it is done. The list is made afresh whenever somebody asks.
Knows: who has a say, names of people, instants as staff read them. Must not know: pages, the terminal.
Source: complaints.md S1-08 (an executive's queue with a named delegate), S3-09, S4-01, S4-06.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.instants import Instants
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import CaseLine, CaseQuery
from voicebot.service.staff.members import has_say, member_name
from voicebot.service.staff.rota import rota_of
from voicebot.service.watch.morning import (
    MOST_SHOWN,
    LineWords,
    MorningLine,
    MorningPart,
    exported_parts,
    part_of,
    text_of_parts,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagementQueue:
    """Everything that waits for somebody with a say."""

    made_at: datetime
    zone: str
    parts: tuple[MorningPart, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not any(part.lines for part in self.parts)


def view_queue(hotline: Hotline) -> ManagementQueue:
    """Return what waits for management now. Reads only."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        return ManagementQueue(
            made_at=context.now, zone=context.policy.calendar.zone, parts=tuple(_parts(context, MOST_SHOWN + 1))
        )


def queue_text(queue: ManagementQueue) -> str:
    """Return the list as plain text, for the terminal."""
    at = Instants(zone=queue.zone, now=queue.made_at)
    return "\n".join((f"What waits for management, {at.said(queue.made_at)}", *text_of_parts(queue.parts))) + "\n"


def exported_queue(queue: ManagementQueue) -> dict[str, object]:
    """Return the list for programs. Instants in UTC."""
    return {"made": queue.made_at, **exported_parts(queue.parts)}


def _parts(context: Context, most: int) -> Iterator[MorningPart]:
    at = Instants(zone=context.policy.calendar.zone, now=context.now)
    words = LineWords(context, at)
    yield part_of("tasks", "Asked of somebody with a say", "nothing is asked", list(_tasks(context, at, most)))
    yield part_of("supervisor", "A supervisor is promised", "none is", list(_promised(context, at, most)))
    yield part_of("cases", "Cases that lie with somebody who has a say", "none", list(_cases(context, at, most)))
    yield part_of("about", "Cases about one of the staff, who does not see them", "none", list(_about(context, most)))
    waits = "asks a second person to confirm that we cannot help"
    refusals = context.work.morning.decisions(context.now, most).refusals
    yield part_of("refusals", "A second person is needed", "none is", [words.waiting(each, waits) for each in refusals])
    missed = [each for each in context.work.morning.missed(context.now, most) if each.steps and each.ended_at is None]
    yield part_of(
        "missed", "Missed calls that were told and are not made good", "none", list(map(words.missed, missed))
    )


def _tasks(context: Context, at: Instants, most: int) -> Iterator[MorningLine]:
    """Yield what is asked of somebody with a say: a script that blocks, a remedy beyond an authority, a question."""
    work, policy = context.work, context.policy
    asked = [task for task in work.case_tasks.waiting() if has_say(work, policy, task.assignee_id)]
    for task in asked[:most]:
        amount = "" if task.amount is None else f", amount {task.amount}"
        late = " and is LATE" if task.due_at <= context.now else ""
        by = member_name(work, policy, task.asked_by)
        yield MorningLine(
            case_number=ticket_of(work, task.ticket_id).case_number,
            who=member_name(work, policy, task.assignee_id),
            said=f"{task.kind}{amount}, asked by {by}, due {at.said(task.due_at)}{late}: {task.words}",
        )


def _promised(context: Context, at: Instants, most: int) -> Iterator[MorningLine]:
    for case in context.work.cases.page(CaseQuery(is_supervisor_owed=True, limit=most), context.now):
        assert case.window_opens_at is not None, "who is owed a supervisor has a promise that is open"
        assert case.window_closes_at is not None, "a window has two ends"
        yield _line(context, case, at.window(case.window_opens_at, case.window_closes_at))


def _cases(context: Context, at: Instants, most: int) -> Iterator[MorningLine]:
    """Yield open cases of people with a say, the most urgent of each first."""
    work, policy = context.work, context.policy
    people = rota_of(work, policy, now=context.now).people
    left = most
    for owner_id in (person.id for person in people if has_say(work, policy, person.id)):
        for case in (
            work.cases.page(CaseQuery(is_open=True, owner_id=owner_id, limit=left), context.now) if left else ()
        ):
            left -= 1
            yield _line(context, case, f"opened {at.said(case.opened_at)}{_next(case, at)}")


def _about(context: Context, most: int) -> Iterator[MorningLine]:
    """Yield cases that somebody hid from one of the staff, so that nobody does it unseen."""
    work, policy = context.work, context.policy
    for ticket in work.tickets.about_staff(most):
        said = [each for each in work.tickets.history(ticket.id) if each.verb == Verb.CASE_ABOUT_SAID]
        by = f", said by {member_name(work, policy, said[-1].actor)}" if said else ""
        about = member_name(work, policy, ticket.about_id or "")
        who = member_name(work, policy, ticket.owner_id)
        yield MorningLine(case_number=ticket.case_number, who=who, said=f"about {about}{by}: look whether it is so")


def _next(case: CaseLine, at: Instants) -> str:
    following = case.next_date
    return "" if following is None else f", next: {following.kind} {at.said(following.at)}"


def _line(context: Context, case: CaseLine, said: str) -> MorningLine:
    return MorningLine(
        case_number=case.case_number, who=member_name(context.work, context.policy, case.owner_id), said=said
    )
