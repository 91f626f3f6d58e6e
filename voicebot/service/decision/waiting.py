"""Waiting for the complainant. It is the only pause of a decision clock, and it has an end that brings the case back.

Knows: decisions of staff, terms. Must not know: pages, what the worker does at the end of a wait (watch.py).
Source: complaints.md D-02; section 3 (pauses derived from the history).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from voicebot.domain.decision_term import DecisionTerm, TermState, is_term_over, run_again, wait
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.decision.late import late_terms, make_late
from voicebot.service.decision.term import planned_anew
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ladder.plan import due_at, kept_plan, step_ahead
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded


def waiting_for(what: str, *, until: date, actor: str, seen: int | None = None) -> Step:
    """Pause the decision clock until work begins on a day. `what` is what the complainant is to send or say.

    Refused for a day that is over or beyond the hard stop, and where nothing is to be decided or we wait already.
    """
    said = worded(
        what, missing=Refused("waiting needs words: what the complainant is to send or say", code="waiting-wordless")
    )

    def pause(at: CaseContext) -> None:
        _wait(at, at.ticket, until, now=at.now)

    after = f"until {until.isoformat()}: {said}"
    return Step(Decision(action=StaffAction.WAITS, actor=actor, after=after, seen=seen), pause)


def waiting_no_longer(*, actor: str, seen: int | None = None) -> Step:
    """Let the clock run again. Refused when we do not wait."""

    def run(at: CaseContext) -> None:
        term = at.work.decision_terms.current_of(at.ticket.id)
        if term is None or term.state is not TermState.WAITING:
            raise Refused("we do not wait for the complainant of this case", code="waiting-not")
        go_on(at, term, waited_until=at.now)

    return Step(Decision(action=StaffAction.GOES_ON, actor=actor, seen=seen), run)


def end_wait_for_words(context: Context, ticket_id: str) -> None:
    """Let the clock run again because the complainant has come back with words. One that runs stays as it is."""
    term, now = context.work.decision_terms.current_of(ticket_id), context.now
    if term is not None and term.state is TermState.WAITING:
        note_case(context.work, ticket_id, Verb.WAITING_ENDED, at=now, actor="caller")
        go_on(context, term, waited_until=now)


def go_on(context: Context, term: DecisionTerm, *, waited_until: datetime) -> DecisionTerm:
    """Save a term that runs again after its wait, with every pause summed. Its climbs go on."""
    going_on = planned_anew(context, run_again(term), waited_until=waited_until)
    context.work.decision_terms.save(going_on)
    quiet_climbs(context, term.ticket_id, until=waited_until)
    return going_on


def quiet_climbs(context: Context, ticket_id: str, *, until: datetime, but: Collection[str] = ()) -> None:
    """Let no step of a late decision be taken before an instant. An earlier one takes back a later one.

    `but` names climbs that go on.
    """
    for late in (each for each in late_terms(context.work, ticket_id) if each.id not in but):
        plan = kept_plan(context.work, late.id)
        if late.ended_at is None and late.next_step_at is not None and plan is not None:
            quiet = replace(late, quiet_until=until)
            context.work.decision_terms.save(replace(quiet, next_step_at=due_at(step_ahead(context.work, quiet, plan))))


def _wait(context: Context, ticket: Ticket, until: date, *, now: datetime) -> None:
    term = context.work.decision_terms.current_of(ticket.id)
    if term is None:
        raise Refused("nothing is to be decided in this case, so there is nothing to wait with", code="waiting-not")
    if is_term_over(term, now):
        term = make_late(context, term)
    back_at = _back_at(context, until, now=now)
    context.work.decision_terms.save(wait(term, back_at))
    quiet_climbs(context, ticket.id, until=back_at)


def _back_at(context: Context, until: date, *, now: datetime) -> datetime:
    """Return when work begins on a day, or on the next one on which somebody works."""
    calendar = context.policy.calendar
    at = calendar.next_opening(datetime.combine(until, time(), tzinfo=ZoneInfo(calendar.zone)))
    if at <= now:
        raise Refused("waiting ends on a day to come: name a later one", code="waiting-past")
    return at
