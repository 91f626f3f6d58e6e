"""What becomes of the time to decide when cases are joined, taken apart or split. No case gains or loses time by it.

A joined case brings its clock along where that is the sooner one. What is taken apart again goes by the clock that its
own history tells of. A part that is split off keeps the clock of the case it comes from, but not from before its words
were said. Pauses go along as lines of the history, since a clock is found from nothing else.
Knows: terms, history. Must not know: which answers and calls go along.
Source: complaints.md section 3 (clocks kept through every change of hands), D-08.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.decision_term import AFTER_LATE, STANDARD, DecisionTerm, TermState
from voicebot.domain.ticket import Ticket
from voicebot.service.decision.term import PAUSE_LINES, planned_anew
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context


def carry_into(context: Context, own: Ticket, into: Ticket) -> None:
    """Let the case that goes on be decided by the sooner of both instants. A wait of the other case is over."""
    terms = context.work.decision_terms
    brought, standing = terms.current_of(own.id), terms.current_of(into.id)
    if brought is not None and brought.state is TermState.WAITING:
        note_case(context.work, own.id, Verb.WAITING_ENDED, at=context.now, actor="system")
    if brought is None or standing is None or brought.due_at is None or standing.due_at is None:
        return
    if brought.due_at < standing.due_at:
        _copy_pauses(context, own.id, into.id, since=brought.started_at)
        terms.save(_like(context, standing, brought, started_at=brought.started_at))


def carry_to_part(context: Context, source: Ticket, part: Ticket) -> None:
    """Give a part that was split off the clock of the case it comes from. `part.opened_at` is when its words were said.

    Of a case that waits it runs, because nobody said that we wait for anything in that part.
    """
    terms = context.work.decision_terms
    running, own = terms.current_of(source.id), terms.current_of(part.id)
    if running is None or own is None:
        return
    _copy_pauses(context, source.id, part.id, since=part.opened_at)
    if running.state is TermState.WAITING:
        note_case(context.work, part.id, Verb.WAITING_ENDED, at=context.now, actor="system")
    started_at = max(running.started_at, part.opened_at)
    terms.save(replace(_like(context, own, running, started_at=started_at), attempt=running.attempt))


def go_by_own_history(context: Context, ticket: Ticket, *, besides: Ticket) -> None:
    """Set the clock of a case that was joined with another as its own history has it, with the pauses of both.

    Nobody is late at once by it. The decision is due at the end of the next working day at the earliest.
    """
    terms = context.work.decision_terms
    current = terms.current_of(ticket.id)
    if current is None or current.state is TermState.WAITING:
        return
    started_at, target = _own_clock(context, ticket)
    _copy_pauses(context, besides.id, ticket.id, since=started_at)
    other = terms.current_of(besides.id)
    if other is not None and other.state is TermState.WAITING:
        note_case(context.work, ticket.id, Verb.WAITING_ENDED, at=context.now, actor="system")
    anew = replace(current, started_at=started_at, target=target, why_json="{}")
    terms.save(planned_anew(context, anew, learned_at=context.now))


def _like(context: Context, term: DecisionTerm, other: DecisionTerm, *, started_at: datetime) -> DecisionTerm:
    """Return a term that runs by the clock of another one."""
    like = replace(term, started_at=started_at, target=other.target, why_json=other.why_json)
    return planned_anew(context, like)


def _own_clock(context: Context, ticket: Ticket) -> tuple[datetime, str]:
    """Return since when, and by what kind, the case is to be decided, as its own history tells it."""
    started_at, kind, target = ticket.opened_at, STANDARD, STANDARD
    for line in context.work.tickets.history(ticket.id):
        if line.verb == Verb.CASE_REOPENED:
            started_at, target = line.at, kind
        elif line.verb == Verb.DECISION_LATE:
            started_at, target = line.at, AFTER_LATE
        elif line.verb == Verb.DECISION_KIND_SET:
            kind = target = line.after
    return started_at, target


def _copy_pauses(context: Context, source_id: str, to_id: str, *, since: datetime) -> None:
    """Write the waits of one case into the history of another, with their own instants. Each is written once."""
    history = context.work.tickets.history
    there = {(line.at, line.verb) for line in history(to_id)}
    for line in history(source_id):
        if line.verb in PAUSE_LINES and line.at > since and (line.at, line.verb) not in there:
            note_case(context.work, to_id, Verb(line.verb), at=line.at, actor=line.actor, after=line.after)
