"""Everything about a case as staff see it. It tells who owns it, what was promised and why at that instant, what was
done.

Read only. The same values feed the terminal and the console. The PIN is shown to nobody, because it is how the
complainant proves to be the one (it went by text alone). The store blots it out of whatever is only looked at.
Knows: which rows belong to a case. Must not know: tables, colours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from voicebot.domain.access import CaseAccess
from voicebot.domain.call import Call
from voicebot.domain.case_field import FieldEntry
from voicebot.domain.case_task import CaseTask
from voicebot.domain.consent import Consent
from voicebot.domain.decision_term import CURRENT_STATES, DecisionTerm
from voicebot.domain.escalation import OWNER, DueStep, StepTaken, climb_steps, people_to_tell
from voicebot.domain.heard import VoiceHeard
from voicebot.domain.instants import length, written_instant, written_stretch
from voicebot.domain.notice import NoticeState
from voicebot.domain.picture import Picture
from voicebot.domain.promise import FIND_NUMBER, Breach, Promise, PromiseState, WindowReason, owed
from voicebot.domain.review import ReviewEntry
from voicebot.domain.sms import Sms
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import Answer, HistoryEntry, Ticket
from voicebot.flow.policy import Policy
from voicebot.service.answer.keep import TEXT_SLOT
from voicebot.service.answer.shown import shown_text
from voicebot.service.answer.unheard import voices_unheard
from voicebot.service.history import OF_OWNERS
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.plan import step_ahead, steps_taken
from voicebot.service.lookup import find_ticket, ticket_of
from voicebot.service.outbox.channels import is_reachable, why_unreachable
from voicebot.service.outbox.purpose import is_of_case
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.climb_plan import climb_of, warnings_of
from voicebot.service.queries.category import CategoryView, category_of
from voicebot.service.queries.customer import CustomerView, customer_of, numbers_of
from voicebot.service.queries.deadline import Deadline, decision_deadlines, task_deadlines
from voicebot.service.queries.effort import Effort, effort_of
from voicebot.service.queries.lead_case import LeadView, lead_view
from voicebot.service.queries.presence import who_is_here
from voicebot.service.staff.absence import who_is_away
from voicebot.service.staff.decision import actions_of
from voicebot.service.staff.field_access import field_access
from voicebot.service.staff.members import find_member, member_name, member_names

UNTOLD = "nobody has told the complainant of this window: they do not wait for the call"
"""Of a promise without words. Its call was cut off or silent, and no text reached them."""


ERASED = "what was said was erased"
"""Of a talk whose words were let go. That it took place stays known."""


MOST_BESIDE = 5
"""Cases that are offered to be joined. Nearly always there is one."""


MOST_OTHERS = 5
"""Other cases of a number that are shown beside one. The search finds them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerView:
    """An answer, and how it came."""

    answer: Answer
    shown: str
    """Its text with what reviewers corrected."""
    reviews: tuple[ReviewEntry, ...]
    """What reviewers did with its words, in that order."""
    heard: tuple[VoiceHeard, ...]
    """Who has listened to it, first one first."""

    @property
    def is_written(self) -> bool:
        """Whether the complainant wrote it, and nobody heard it."""
        return self.answer.slot == TEXT_SLOT


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A whole case."""

    ticket: Ticket
    customer: CustomerView
    category: CategoryView
    owner: str
    owner_away_until: datetime | None
    """None while the owner is not away."""
    zone: str
    calls: tuple[Call, ...]
    effort: Effort
    """What the case has cost the complainant, with what was joined into it."""
    staff_calls: tuple[StaffCall, ...]
    """Calls that we made about it, oldest first."""
    consents: tuple[Consent, ...]
    """What each call heard about recording and allowed, call after call."""
    answers: tuple[AnswerView, ...]
    unheard: tuple[str, ...]
    """Ids of the answers that somebody has to listen to before the case ends."""
    promises: tuple[Promise, ...]
    breaches: tuple[Breach, ...]
    term: DecisionTerm | None
    """The time to decide that runs or waits. None when nothing is to be decided."""
    tasks: tuple[CaseTask, ...]
    """What is or was to be done, oldest first."""
    deadlines: tuple[Deadline, ...]
    steps: tuple[StepTaken, ...]
    texts: tuple[Sms, ...]
    pictures: tuple[Picture, ...]
    """Files that came with what the complainant wrote."""
    history: tuple[HistoryEntry, ...]
    accesses: tuple[CaseAccess, ...]
    """Who saw this case and heard its voices. For administrators."""
    actions_seen: int
    """How many actions of staff the history holds. What is decided on this view states it (staff/decision.py)."""
    names: Mapping[str, str]
    """How each staff id in this case is called."""
    why_owner_unreached: str
    """Why no warning reaches the owner, in words that follow their name, empty when one does."""
    told_for_owner: tuple[str, ...]
    """Names of those who are told in place of an owner who is not reached."""
    joined: tuple[str, ...]
    """Numbers of the cases that were joined into this one."""
    open_beside: tuple[Ticket, ...]
    """Other cases with the same number to call that go on, newest first."""
    here: Mapping[str, str]
    """Who of the staff has the case open, names by their ids."""
    others: tuple[Ticket, ...]
    """Other cases of their numbers, however they stand, newest first. One more than `MOST_OTHERS` when there are more.
    """
    lead: LeadView
    """How the case stands among many on one cause."""
    untold: tuple[str, ...]
    """One sentence for each of the staff whom something about this case could not be told, with the reason."""

    @property
    def fields_seen(self) -> int:
        """How many values stand or stood in fields, also in those that the reader may not read. What is written on
        this view states it (ticket/fields.py).
        """
        return len(self.customer.entries) + self.category.written


def view_case(hotline: Hotline, case: str) -> CaseView:
    """Return everything about a case. Raises: Refused when there is none of that number."""
    with hotline.look() as work:
        ticket, context = find_ticket(work, case), context_of(hotline, work)
        return _view(context, ticket)


def _view(context: Context, ticket: Ticket) -> CaseView:
    """Return everything about a case that is there."""
    work, key, answers = context.work, ticket.id, tuple(_answers(context.work, ticket.id))
    why_unreached, told_for_owner = _owner_unreached(context, ticket.owner_id)
    terms, tasks = work.decision_terms.of_ticket(key), work.case_tasks.of_ticket(key)
    calls, history, merged = work.calls.of_ticket(key), work.tickets.history(key), work.tickets.merged_into(key)
    fields, access = work.fields.of_ticket(key), field_access(context, ticket, work.reader)
    customer = customer_of(context, ticket, fields=fields, access=access, calls=calls, merged=merged)
    return CaseView(
        ticket=ticket,
        customer=customer,
        category=category_of(context, ticket, access, fields=fields, texts=_told(ticket, answers), history=history),
        owner=member_name(work, context.policy, ticket.owner_id),
        owner_away_until=who_is_away(context).get(ticket.owner_id),
        zone=context.policy.calendar.zone,
        calls=tuple(calls),
        effort=_effort(work, ticket, calls=calls, merged=merged),
        staff_calls=tuple(work.staff_calls.of_ticket(ticket.id)),
        consents=tuple(consent for call in calls for consent in work.calls.consents(call.id)),
        answers=answers,
        unheard=tuple(answer.id for answer in voices_unheard(work, ticket.id)),
        promises=tuple(map(promise_shown, work.promises.of_ticket(ticket.id))),
        breaches=tuple(work.promises.breaches_of_ticket(ticket.id)),
        term=next((term for term in terms if term.state in CURRENT_STATES), None),
        tasks=tuple(tasks),
        deadlines=_all_deadlines(context, ticket, terms=terms, tasks=tasks),
        steps=tuple(work.promises.steps(ticket.id)),
        texts=tuple(sms for sms in work.sms.of_ticket(ticket.id) if is_of_case(sms)),
        pictures=tuple(work.pictures.of_ticket(ticket.id)),
        history=tuple(history),
        accesses=tuple(work.accesses.of_ticket(ticket.id)),
        actions_seen=len(actions_of(history)),
        names=_names(work, context.policy, ticket=ticket, history=history, wrote=_wrote(fields, customer)),
        why_owner_unreached=why_unreached,
        told_for_owner=told_for_owner,
        joined=tuple(ticket_of(work, each).case_number for each in merged),
        open_beside=tuple(work.tickets.beside(ticket, MOST_BESIDE)),
        here=who_is_here(context, (ticket.id,)).get(ticket.id, {}),
        others=others_of(work, ticket, calls),
        lead=lead_view(work, ticket.id),
        untold=tuple(_untold(context, ticket.id)),
    )


def _wrote(fields: Sequence[FieldEntry], customer: CustomerView) -> frozenset[str]:
    """Return who wrote something down of the complainant."""
    return frozenset({entry.by for entry in fields} | {each.recorded_by for each in customer.adjustments})


def _told(ticket: Ticket, answers: Sequence[AnswerView]) -> Iterator[str]:
    """Yield what the complainant said and wrote."""
    yield from (ticket.problem, ticket.demand)
    yield from (each.shown for each in answers)


def _effort(work: UnitOfWork, ticket: Ticket, *, calls: Sequence[Call], merged: Sequence[str]) -> Effort:
    """Return what the case has cost the complainant, with the calls of ours about what was joined into it."""
    return effort_of(
        calls=calls,
        staff_calls=[call for each in (ticket.id, *merged) for call in work.staff_calls.of_ticket(each)],
        answers=work.tickets.answers(ticket.id),
        hand_offs=ticket.hand_offs,
    )


def others_of(work: UnitOfWork, ticket: Ticket, calls: Sequence[Call]) -> tuple[Ticket, ...]:
    """Return other cases of who has this one, by the number to call and by those that they rang from."""
    numbers = numbers_of(ticket, calls)
    return tuple(work.tickets.others_of(ticket, sorted(numbers), MOST_OTHERS + 1)) if numbers else ()


def _all_deadlines(
    context: Context, ticket: Ticket, *, terms: Sequence[DecisionTerm], tasks: Sequence[CaseTask]
) -> tuple[Deadline, ...]:
    due = (
        *_deadlines(context.work, context.policy, ticket),
        *decision_deadlines(context, terms),
        *task_deadlines(context, tasks),
    )
    return tuple(sorted(due, key=lambda each: each.at))


def _untold(context: Context, ticket_id: str) -> Iterator[str]:
    name = partial(member_name, context.work, context.policy)
    for notice in context.work.notices.of_ticket(ticket_id):
        if notice.state is NoticeState.UNTOLD:
            who = name(notice.member_id)
            yield f"{who} was not told ({notice.event.replace('_', ' ')}): {who} {notice.reason}."
    for message in context.work.staff_messages.of_ticket(ticket_id):
        if message.state is MessageState.FAILED and is_of_case(message):
            yield f"The {message.channel} to {name(message.member_id)} failed: {message.reason}."


def _names(
    work: UnitOfWork,
    policy: Policy,
    *,
    ticket: Ticket,
    history: Sequence[HistoryEntry],
    wrote: frozenset[str],
) -> Mapping[str, str]:
    steps = work.promises.steps(ticket.id)
    told = {staff_id for step in steps for staff_id in step.told.split(",")}
    ids = {ticket.owner_id, *filter(None, (ticket.offered_to, ticket.about_id))}
    ids |= {*(entry.actor for entry in history), *told}
    ids |= {call.member_id for call in work.staff_calls.of_ticket(ticket.id)}
    ids |= {who for task in work.case_tasks.of_ticket(ticket.id) for who in (task.asked_by, task.assignee_id)}
    ids |= {access.staff_id for access in work.accesses.of_ticket(ticket.id)}
    ids |= {entry.by for entry in work.reviews.of_ticket(ticket.id)}
    ids |= wrote
    ids |= {heard.by for heard in work.reviews.heard_of(ticket.id)}
    ids |= {owner for entry in history if entry.verb in OF_OWNERS for owner in (entry.before, entry.after)}
    return member_names(work, policy, sorted(ids))


def _owner_unreached(context: Context, owner_id: str) -> tuple[str, tuple[str, ...]]:
    """Return why no warning reaches the owner, and who is told in their place."""
    owner = find_member(context.work, context.policy, owner_id) or StaffMember(id=owner_id, name=owner_id, role="")
    why_not = why_unreachable(context, owner)
    if not why_not:
        return "", ()
    reaches = partial(is_reachable, context)
    people = people_to_tell((OWNER,), context.policy.staff, owner_id=owner_id, is_reachable=reaches)
    return why_not, tuple(member.name for member in people if reaches(member))


def promise_shown(promise: Promise) -> Promise:
    """Return a promise as staff may read it."""
    is_erased = promise.state is PromiseState.KEPT and promise.kept_reason is None
    reason = ERASED if is_erased else promise.kept_reason
    return replace(promise, kept_reason=reason)


def _answers(work: UnitOfWork, ticket_id: str) -> Iterator[AnswerView]:
    entries, heard = work.reviews.of_ticket(ticket_id), work.reviews.heard_of(ticket_id)
    for answer in work.tickets.answers(ticket_id):
        yield AnswerView(
            answer=answer,
            shown=shown_text(answer, entries),
            reviews=tuple(each for each in entries if each.answer_id == answer.id),
            heard=tuple(each for each in heard if each.answer_id == answer.id),
        )


def _deadlines(work: UnitOfWork, policy: Policy, ticket: Ticket) -> tuple[Deadline, ...]:
    """Return what is due next for each open promise and each climb."""
    promises = [promise for promise in work.promises.of_ticket(ticket.id) if promise.state is PromiseState.OPEN]
    found = [_call_deadline(promise) for promise in promises]
    found += [due for promise in promises for due in _warning_deadlines(work, policy, promise)]
    breaches = work.promises.breaches_of_ticket(ticket.id)
    for miss, breach in enumerate(breaches, start=1):
        if breach.ended_at is None and breach.next_step_at is not None:
            found += _step_deadlines(work, policy, breach=breach, miss=miss)
    return tuple(found)


def _call_deadline(promise: Promise) -> Deadline:
    why = WindowReason.model_validate_json(promise.why_json).lines() if promise.why_json != "{}" else ()
    is_internal = promise.target == FIND_NUMBER
    untold = () if promise.words or is_internal else (UNTOLD,)
    return Deadline(what=owed(promise.target), at=promise.window_closes_at, why=(*why, *untold))


def _warning_deadlines(work: UnitOfWork, policy: Policy, promise: Promise) -> list[Deadline]:
    taken = steps_taken(work, promise.ticket_id, promise.id)
    return [
        Deadline(what=f"warning {due.name}", at=due.due_at, why=(_share_of(promise, due),))
        for due in warnings_of(work, policy, promise)
        if due.name not in taken
    ]


def _share_of(promise: Promise, due: DueStep) -> str:
    share = (due.due_at - promise.window_opens_at) / (promise.window_closes_at - promise.window_opens_at)
    return f"{share:.0%} of the window has passed then; tells {', '.join(due.tell)}"


def _step_deadlines(work: UnitOfWork, policy: Policy, *, breach: Breach, miss: int) -> list[Deadline]:
    due = step_ahead(work, breach, climb_of(work, policy, breach))
    if due is None:
        return []
    return [Deadline(what=f"step {due.name}", at=due.due_at, why=_why_step(policy, breach, due=due, miss=miss))]


def _why_step(policy: Policy, breach: Breach, *, due: DueStep, miss: int) -> tuple[str, ...]:
    zone = policy.calendar.zone
    lines = [f"window closed without a call {written_instant(breach.at, zone)} (miss {miss})"]
    lines += _why_then(policy, breach, due=due, miss=miss)
    if breach.quiet_until is not None:
        lines.append(f"acknowledged: quiet until {written_instant(breach.quiet_until, zone)}")
    return (*lines, f"tells {', '.join(due.tell)}")


def _why_then(policy: Policy, breach: Breach, *, due: DueStep, miss: int) -> list[str]:
    """Explain the instant of a step by the policy in force, where that would plan it so."""
    planned = climb_steps(policy.ladder, breach.at, calendar=policy.calendar, miss=miss)
    at = next((step.due_at for step in planned if step.name == due.name), None)
    if at is None or due.due_at != max(at, breach.quiet_until or at):
        return ["as the policy stood when the window closed"]
    step = next(step for step in policy.ladder.steps if step.name == due.name)
    if step.at_once_from_miss is not None and miss >= step.at_once_from_miss:
        return [f"at once from miss {step.at_once_from_miss}"]
    zone = policy.calendar.zone
    closed = policy.calendar.closed_stretches(breach.at, due.due_at) if due.due_at > breach.at else ()
    stretches = [f"closed {written_stretch(c.begins_at, c.ends_at, zone)}: {c.why}" for c in closed]
    return [f"{length(step.after)} of working time after it", *stretches]
