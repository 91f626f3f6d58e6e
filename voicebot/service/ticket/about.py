"""Staff say whom of the staff a case complains about. From then on it is not there for that person.

The same holds for those who may not see the kind of a case. What lay with them goes to somebody else in the same
moment: the case itself, what is to be done on it, and calls that wait to be dialled. A case is about nobody again when
staff say so. Where nobody else could look after it, it stays where it is, and the refusal says why.

Whoever supervises or manages is told that it was said, but for the one who was named. So nobody hides a case from
another one unseen, and who sees it may say otherwise. Where nobody with a say would be left who sees it, it is refused.
Knows: owners, tasks, decisions of staff. Must not know: pages, what a reader is shown (domain/about.py).
Source: complaints.md S3-09.
"""

from dataclasses import replace

from voicebot.domain.case_task import is_task_open
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.staff_call import StaffCallState, end_of_call
from voicebot.domain.ticket import Ticket, is_open
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ladder.duty import allowed
from voicebot.service.outbox.notice import write_notice
from voicebot.service.staff.assignment import choose_owner
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step
from voicebot.service.staff.members import SYSTEM, find_member, has_say, management_of
from voicebot.service.staff.readers import barred
from voicebot.service.ticket.hand_over import pass_to

WHY_CALL_ENDED = "the case is hidden from who was to call"


def complaining_about(staff_id: str, *, actor: str, seen: int | None = None) -> Step:
    """Say whom the case is about. Empty means nobody.

    Refused for nobody of ours, and where nobody else could look after the case.
    """

    def say(at: CaseContext) -> None:
        if staff_id and find_member(at.work, at.policy, staff_id) is None:
            raise Refused(f"nobody here goes by {staff_id!r}: choose one of the list", code="member-unknown")
        keep_from(at, at.ticket, staff_id or None, by=actor)

    return Step(Decision(action=StaffAction.ABOUT_SAID, actor=actor, after=staff_id, seen=seen), say)


def keep_from(context: Context, ticket: Ticket, about_id: str | None, *, by: str = "") -> Ticket:
    """Write whom a case is about, and take from them what lay with them. `by` is who said it.

    Raises: Refused when nobody else is left to look after it, or nobody with a say to see it.
    """
    if about_id is not None:
        _refuse_unseen(context, about_id)
    told = replace(ticket, about_id=about_id)
    context.work.tickets.save(told)
    if about_id is not None:
        write_notice(context, told, NoticeEvent.ABOUT_SAID, step=about_id, by=by)
    return taken_from_barred(context, told)


def taken_from_barred(context: Context, ticket: Ticket) -> Ticket:
    """Take from those who may not see a case what lies with them. Raises: Refused when nobody else is left."""
    out = barred(context, ticket)
    if not out:
        return ticket
    if ticket.offered_to in out:
        ticket = replace(ticket, offered_to=None)
        context.work.tickets.save(ticket)
    if ticket.owner_id in out:
        ticket = _given_to_another(context, ticket)
    for task in context.work.case_tasks.of_ticket(ticket.id):
        if is_task_open(task) and task.assignee_id in out:
            context.work.case_tasks.save(replace(task, assignee_id=ticket.owner_id))
    for call in context.work.staff_calls.under_way((ticket.id,)):
        if call.state is StaffCallState.WAITING and call.member_id in out:
            context.work.staff_calls.save(end_of_call(call, WHY_CALL_ENDED, context.now))
    return ticket


def _refuse_unseen(context: Context, about_id: str) -> None:
    """Hide no case from the only one who has a say, since then a word of anybody would take it out of their hands."""
    work, policy = context.work, context.policy
    others = {person.id for person in (*policy.staff, *work.staff.all())} - {about_id}
    if not any(has_say(work, policy, person) for person in sorted(others)):
        raise Refused(
            "nobody else with a say would see this case: add a login of a supervisor or of management, then say whom "
            "it is about",
            code="nobody-left",
        )


def _given_to_another(context: Context, ticket: Ticket) -> Ticket:
    work, policy, out = context.work, context.policy, barred(context, ticket)
    chosen = choose_owner(work, policy, locale=ticket.locale, now=context.now, besides=out)
    heir = chosen or next(iter(allowed(context, ticket, management_of(policy))), None)
    if heir is None and is_open(ticket):
        raise Refused(
            "nobody else could look after this case: put somebody with the role handler on the rota, then say it again",
            code="nobody-left",
        )
    if heir is None:
        return ticket
    verb, before = Verb.TICKET_GIVEN, ticket.owner_id
    note_case(work, ticket.id, verb, at=context.now, actor=SYSTEM, before=before, after=heir.id)
    return pass_to(context, ticket, heir.id, by=SYSTEM, knows=out)
