"""The terms of a case. Each is begun with it, planned from its start and pauses, and ended with it.

A due instant is never moved. `planned_anew` finds it anew from the start of the term and the history's pauses, by the
amounts the term began with. So whatever changes, no pause is lost.
Knows: terms, history, when the worker looks next. Must not know: who is told what.
Source: complaints.md section 3 (pauses derived from the history, kept through every change).
"""

from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from voicebot.domain.decision_term import (
    AFTER_LATE,
    CURRENT_STATES,
    STANDARD,
    DecisionReason,
    DecisionTerm,
    Pause,
    TermState,
    find_due,
    kept_rules,
    pauses_in,
    settle_term,
    share_passed,
)
from voicebot.domain.escalation import DueStep, next_warning
from voicebot.domain.ticket import Ticket, is_open
from voicebot.service.history import Verb
from voicebot.service.hotline import Context
from voicebot.service.ladder.plan import kept_plan, steps_taken
from voicebot.service.ports import UnitOfWork

PAUSE_LINES: dict[str, bool] = {Verb.WAITING_BEGUN: True, Verb.WAITING_ENDED: False}
"""Lines of the history by which pauses are counted, by whether one begins."""


def begin_term(
    context: Context,
    ticket_id: str,
    *,
    target: str = STANDARD,
    started_at: datetime | None = None,
    attempt: int = 1,
) -> DecisionTerm:
    """Start the clock of a case now, or at an instant that is known already."""
    term = DecisionTerm(
        id=context.hotline.ids.new_id(),
        ticket_id=ticket_id,
        attempt=attempt,
        target=target,
        state=TermState.RUNNING,
        started_at=started_at or context.now,
    )
    term = _planned(context, term, ())
    term = _looked_at_next(term, next_warning(_warnings(context, term), taken=()))
    context.work.decision_terms.add(term)
    return term


def follow_case(context: Context, ticket: Ticket) -> DecisionTerm | None:
    """Bring the clock in line with where a case stands. There is one term while it is open, none when it is not.

    Whoever changes the status of a case calls this. Done twice, it changes nothing more. A case that is open again gets
    a new term from now, by the kind of case it is, for the old one would be late at once.
    """
    if not is_open(ticket):
        end_terms(context, ticket.id)
        return None
    current = context.work.decision_terms.current_of(ticket.id)
    if current is not None:
        return current
    earlier = context.work.decision_terms.of_ticket(ticket.id)
    attempt = max((term.attempt for term in earlier), default=0) + 1
    target = next((term.target for term in reversed(earlier) if term.target != AFTER_LATE), STANDARD)
    return begin_term(context, ticket.id, target=target, attempt=attempt)


def end_terms(context: Context, ticket_id: str) -> None:
    """End the clock of a case that was decided or is over, and every climb of a late decision."""
    current = context.work.decision_terms.current_of(ticket_id)
    if current is not None:
        context.work.decision_terms.save(settle_term(current, TermState.DECIDED, context.now))
    for term in context.work.decision_terms.of_ticket(ticket_id):
        if term.state is TermState.LATE and term.ended_at is None:
            context.work.decision_terms.save(replace(term, ended_at=context.now, next_step_at=None))


def late_in_a_row(work: UnitOfWork, ticket_id: str) -> int:
    """Return how many terms of a case passed one after the other since something was last decided in it."""
    ended = (term for term in reversed(work.decision_terms.of_ticket(ticket_id)) if term.state not in CURRENT_STATES)
    return sum(1 for _ in takewhile(lambda term: term.state is TermState.LATE, ended))


def planned_anew(
    context: Context, term: DecisionTerm, *, waited_until: datetime | None = None, learned_at: datetime | None = None
) -> DecisionTerm:
    """Return a running term with its due instant found anew from the history's pauses.

    `waited_until` ends the pause that lasts, `learned_at` is when its kind was learned, if these are what changes.
    Warnings whose share passed meanwhile are not given after the fact.
    """
    pauses = pauses_of(context.work, term, waited_until)
    found = _planned(context, term, pauses, learned_at=learned_at or _learned_at(term))
    ahead = [warning for warning in warnings_of(context, found) if warning.due_at > context.now]
    taken = steps_taken(context.work, term.ticket_id, warned_as(term))
    return _looked_at_next(found, next_warning(ahead, taken=taken))


def looked_at_next(context: Context, term: DecisionTerm) -> DecisionTerm:
    """Return a running term that the worker looks at when its next warning is due, or the decision is."""
    taken = steps_taken(context.work, term.ticket_id, warned_as(term))
    return _looked_at_next(term, next_warning(warnings_of(context, term), taken=taken))


def warnings_of(context: Context, term: DecisionTerm) -> tuple[DueStep, ...]:
    """Return the warnings about a running term.

    They stay as they were kept with the first one given, until its due instant changes.
    """
    kept = kept_plan(context.work, plan_key(term))
    return _warnings(context, term) if kept is None else kept


def pauses_of(work: UnitOfWork, term: DecisionTerm, waited_until: datetime | None = None) -> tuple[Pause, ...]:
    """Return the times since the start of a term in which we waited for the complainant.

    `waited_until` ends the last of them, where the history does not say so yet.
    """
    history = work.tickets.history(term.ticket_id)
    lines = [(entry.at, PAUSE_LINES[entry.verb]) for entry in history if entry.verb in PAUSE_LINES]
    lines.sort(key=lambda line: line[0])
    if waited_until is not None:
        lines.append((waited_until, False))
    return pauses_in(lines, term.started_at)


def warned_as(term: DecisionTerm) -> str:
    """Return the subject of the warnings about a term. Its own id is that of its climb."""
    return f"{term.id}.due"


def plan_key(term: DecisionTerm) -> str:
    """Return under what the warnings of a term are kept, since another due instant has warnings of its own."""
    assert term.due_at is not None, "only a term that runs is warned about"
    return f"{term.id}.{term.due_at:%Y%m%d%H%M%S}"


def _planned(
    context: Context, term: DecisionTerm, pauses: tuple[Pause, ...], *, learned_at: datetime | None = None
) -> DecisionTerm:
    policy = context.policy
    reason = find_due(
        policy.calendar,
        kept_rules(policy.decisions, term.why_json, term.target),
        target=term.target,
        started_at=term.started_at,
        pauses=pauses,
        learned_at=learned_at,
    )
    return replace(term, due_at=reason.due_at, why_json=reason.model_dump_json())


def _looked_at_next(term: DecisionTerm, warning: DueStep | None) -> DecisionTerm:
    assert term.due_at is not None, "a term that runs is due some time"
    return replace(term, next_step_at=term.due_at if warning is None else min(warning.due_at, term.due_at))


def _warnings(context: Context, term: DecisionTerm) -> tuple[DueStep, ...]:
    """Return the warnings about a term, or none when all were told so often that the morning list has to do."""
    # The first term has none before it: a case is opened without asking.
    told = late_in_a_row(context.work, term.ticket_id) if term.attempt > 1 else 0
    if told >= context.policy.late_decision.told_at_most:
        return ()
    reason = DecisionReason.model_validate_json(term.why_json)
    calendar = context.policy.calendar
    warnings = (
        DueStep(
            name=step.name, due_at=share_passed(calendar, reason, step.at_percent), tell=step.tell, rings=step.rings
        )
        for step in context.policy.late_decision.warnings
    )
    return tuple(sorted(warnings, key=lambda warning: warning.due_at))


def _learned_at(term: DecisionTerm) -> datetime | None:
    return None if term.why_json == "{}" else DecisionReason.model_validate_json(term.why_json).learned_at
