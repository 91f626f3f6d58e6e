"""A term that passed without a decision. It is written once, with the term that follows it.

Knows: terms, the ladder's plan. Must not know: who is told, texts.
"""

from dataclasses import replace

from voicebot.domain.decision_term import AFTER_LATE, DecisionTerm, TermState, settle_term
from voicebot.domain.escalation import climb_steps
from voicebot.service.decision.term import begin_term, late_in_a_row
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ladder.plan import due_at, keep_plan, step_ahead
from voicebot.service.ports import UnitOfWork


def make_late(context: Context, term: DecisionTerm) -> DecisionTerm:
    """Write that a term is late, plan its climb, and return the term that follows at once.

    An older climb of the same case stops here, because the new one tells the same people and more. When they were told
    as often as the policy has it, there is no climb, and the case stays in the morning list.
    """
    work, policy = context.work, context.policy
    assert term.due_at is not None, "only a term that was due is late"
    late = settle_term(term, TermState.LATE, term.due_at)
    for earlier in late_terms(work, term.ticket_id):
        work.decision_terms.save(replace(earlier, next_step_at=None))
    miss = len(late_terms(work, term.ticket_id)) + 1
    is_told = late_in_a_row(work, term.ticket_id) < policy.late_decision.told_at_most
    plan = climb_steps(policy.late_decision, term.due_at, calendar=policy.calendar, miss=miss) if is_told else ()
    first = step_ahead(work, late, keep_plan(work, late.id, plan))
    work.decision_terms.save(replace(late, next_step_at=due_at(first)))
    after = term.due_at.isoformat()
    note_case(work, term.ticket_id, Verb.DECISION_LATE, at=context.now, actor="system", after=after)
    return begin_term(context, term.ticket_id, target=AFTER_LATE, attempt=term.attempt + 1)


def late_terms(work: UnitOfWork, ticket_id: str) -> tuple[DecisionTerm, ...]:
    """Return the terms of a case that passed without a decision, oldest first."""
    return tuple(term for term in work.decision_terms.of_ticket(ticket_id) if term.state is TermState.LATE)
