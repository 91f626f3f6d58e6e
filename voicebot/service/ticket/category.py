"""Staff say what kind of complaint a case holds. That sets by when it is decided and called, who is told, and
who has it.

Nobody waits longer by it. A date that the complainant may know never moves back, and a call whose time was told stays
where it is. Dates that nobody was told are planned by the kind. What stands in fields of another kind stays there.
Knows: decisions of staff, kinds of the policy, promises, the time to decide. Must not know: pages.
Source: complaints.md section 3, S0-09 (management and the lawyer are told), V-08 (a machine never decides it).
"""

from dataclasses import replace

from voicebot.domain.call import CallStatus
from voicebot.domain.category import Category
from voicebot.domain.decision_term import AFTER_LATE, STANDARD, DecisionTerm, is_term_over
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.ticket import Ticket, is_open
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.decision.kind import planned_by
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.notice import write_notice
from voicebot.service.promise.make import PromiseRequest, first_window, make_promise
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step
from voicebot.service.ticket.about import taken_from_barred
from voicebot.service.ticket.route import routed
from voicebot.service.ticket.spike import note_many_of_kind


def categorising(category: str, *, actor: str, seen: int | None = None) -> Step:
    """Say what kind of complaint a case holds, by the id of the kind. Empty text takes back what was said.

    Refused for a kind that the policy does not have, for the one that the case has already, and where nobody who may
    see such a case could look after it.
    """

    def change(at: CaseContext) -> None:
        found = _known(at.policy, category)
        if category == at.ticket.category:
            raise Refused("the case is of that kind already, so nothing was changed", code="category-same")
        ticket = replace(at.ticket, category=category)
        at.work.tickets.save(ticket)
        ticket = routed(at, ticket, before=at.policy.categories.get(at.ticket.category), now=found, actor=actor)
        ticket = taken_from_barred(at, ticket)
        if is_open(ticket):
            _plan_decision(at, found, actor=actor)
            _hasten_call(at, ticket, found)
        note_many_of_kind(at, ticket)
        if found is not None and found.tell:
            write_notice(at, ticket, NoticeEvent.CATEGORY_SET, step=category, by=actor)

    decision = Decision(action=StaffAction.CATEGORISED, actor=actor, after=category, seen=seen)
    return Step(decision, change, before=lambda ticket: ticket.category)


def _known(policy: Policy, category: str) -> Category | None:
    if category and category not in policy.categories:
        raise Refused(
            f"{category!r} is no kind of complaint in categories.yaml: name one of "
            f"{', '.join(policy.categories) or 'none, for there is no such file'}",
            code="category-unknown",
        )
    return policy.categories.get(category)


def _plan_decision(at: CaseContext, category: Category | None, *, actor: str) -> None:
    """Plan the decision by the kind, unless that would move back a date that somebody was told, or set by hand."""
    term = at.work.decision_terms.current_of(at.ticket.id)
    if term is None or is_term_over(term, at.now):
        return
    target = _decision_target(category)
    before = _decision_target(at.policy.categories.get(at.ticket.category))
    planned = planned_by(at, term, target)
    is_set_by_hand = term.target not in (before, STANDARD)
    if _is_later(at.policy, planned, term) and (is_set_by_hand or _may_be_known(at, term)):
        return
    at.work.decision_terms.save(planned)
    if target != term.target:
        note_case(at.work, term.ticket_id, Verb.DECISION_KIND_SET, at=at.now, actor=actor, after=target)


def _decision_target(category: Category | None) -> str:
    return STANDARD if category is None else category.decision_target


def _is_later(policy: Policy, planned: DecisionTerm, term: DecisionTerm) -> bool:
    if planned.due_at is not None and term.due_at is not None:
        return planned.due_at > term.due_at
    return policy.decisions.working_days(planned.target) > policy.decisions.working_days(term.target)


def _may_be_known(context: Context, term: DecisionTerm) -> bool:
    """Tell whether the complainant may know by when we decide. A letter, a text or a later call of theirs says it."""
    texts = context.work.sms.of_ticket(term.ticket_id)
    calls = context.work.calls.of_ticket(term.ticket_id)
    return (
        term.target == AFTER_LATE
        or any(sms.template == Template.STATUS_DECISION for sms in texts)
        or any(call.started_at > term.started_at for call in calls)
    )


def _hasten_call(at: CaseContext, ticket: Ticket, category: Category | None) -> None:
    """Promise the call sooner where the kind wants it and nobody was told a time, as after a call that broke off."""
    standing = at.work.promises.open_of_ticket(ticket.id)
    if category is None or category.callback_target not in at.policy.targets or standing is None:
        return
    is_on_the_line = any(call.status is CallStatus.LIVE for call in at.work.calls.of_ticket(ticket.id))
    if standing.words or standing.is_silent or standing.target == FIND_NUMBER or is_on_the_line:
        return
    request = PromiseRequest(ticket=ticket, target=category.callback_target)
    sooner = first_window(at, request)
    if sooner is not None and sooner.closes_at < standing.window_closes_at:
        make_promise(at, request)
