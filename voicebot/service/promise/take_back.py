"""A talk that was logged by mistake is taken back by a line of its own. The line of the talk stays, and counts no more.

What the talk kept is owed again. A promise whose window still runs is open as before, with the warnings that are left.
One whose window has closed meanwhile is missed, and the miss is told and climbed like any other. A climb that the talk
ended goes on where it was. Where another window was promised since, that one stands, and what the talk kept counts as
moved, or as missed.
It is the last talk that is taken back, by whoever logged it or somebody with a say, and none that a call of ours shows.
Texts that went out stay as they are, and an offer to a second person that the talk ended is not made again.
Knows: talks in the history, promises, climbs. Must not know: pages.
Source: complaints.md D-03 (what is kept rests on talks that were).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from voicebot.domain.promise import Promise, PromiseState, is_overdue, unkept
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import HistoryEntry, is_open
from voicebot.errors import Refused
from voicebot.service.history import Verb, standing
from voicebot.service.ladder.plan import due_at
from voicebot.service.promise.breach import break_promise
from voicebot.service.promise.climb_plan import first_step, plan_warning
from voicebot.service.promise.make import set_aside
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded
from voicebot.service.staff.members import has_say

_ENDS = frozenset(
    {
        Verb.CASE_ANSWERED,
        Verb.CASE_CLOSED,
        Verb.CASE_DISMISSED,
        Verb.CASE_REOPENED,
        Verb.CASE_SPLIT,
        Verb.CASE_TAKEN_IN,
        Verb.CASE_TAKEN_OUT,
    }
)
"""What rests on all that was before it. What a talk kept before it is owed no more."""


def last_talk(history: Sequence[HistoryEntry]) -> HistoryEntry | None:
    """Return the talk of a case that can be taken back, or None where none was logged since it last began to go on."""
    lines = [entry for entry in standing(history) if entry.verb in {Verb.COMPLAINANT_CALLED, *_ENDS}]
    return lines[-1] if lines and lines[-1].verb == Verb.COMPLAINANT_CALLED else None


def is_shown_by_call(talk: HistoryEntry, calls: Iterable[StaffCall]) -> bool:
    """Tell whether a call of ours shows a talk of its case, so that it was none by mistake."""
    return any(call.ended_at == talk.at for call in calls)


def taking_back(*, words: str, actor: str, seen: int | None = None) -> Step:
    """Take back the last talk of a case, in words that say what was wrong.

    Refused without words, where there is no such talk, to others than who logged it without a say, and for a talk that
    a call of ours shows.
    """
    said = worded(words, missing=Refused("taking a talk back needs words: what was wrong", code="talk-wordless"))
    taken: list[HistoryEntry] = []

    def take_back(at: CaseContext) -> None:
        talk = last_talk(at.work.tickets.history(at.ticket.id)) if is_open(at.ticket) else None
        if talk is None:
            raise Refused(
                "no talk is logged that could be taken back: of a case that has ended, or was joined or split since, "
                "open it again or promise another call",
                code="talk-none",
            )
        _refuse(at, talk, actor)
        _climb_on(at, talk)
        for promise in at.work.promises.of_ticket(at.ticket.id):
            if promise.state is PromiseState.KEPT and promise.settled_at == talk.at:
                _owe_again(at, promise)
        taken.append(talk)

    decision = Decision(action=StaffAction.TALK_TAKEN_BACK, actor=actor, after=said, seen=seen)
    return Step(decision, take_back, before=lambda _ticket: taken[0].at.isoformat())


def _refuse(at: CaseContext, talk: HistoryEntry, actor: str) -> None:
    """Raise Refused where this talk is not this person's to take back."""
    if is_shown_by_call(talk, at.work.staff_calls.of_ticket(at.ticket.id)):
        raise Refused("a call of ours shows that talk, so it was none by mistake", code="talk-shown")
    if actor != talk.actor and not has_say(at.work, at.policy, actor):
        raise Refused("somebody else logged that talk: they take it back, or a supervisor does", code="talk-of-another")


def _climb_on(at: CaseContext, talk: HistoryEntry) -> None:
    """Let climbs that the talk ended go on. The newest of the case alone has a next step, as before.

    Where another window was missed since the talk, that is one which the talk has not ended.
    """
    breaches = at.work.promises.breaches_of_ticket(at.ticket.id)
    newest = max(breaches, key=lambda breach: breach.at, default=None)
    for breach in (each for each in breaches if each.ended_at == talk.at):
        going_on = replace(breach, ended_at=None)
        step = first_step(at.work, at.policy, going_on) if breach is newest else None
        at.work.promises.save_breach(replace(going_on, next_step_at=due_at(step)))


def _owe_again(at: CaseContext, promise: Promise) -> None:
    work = at.work
    work.promises.lock(promise.id)
    if any(breach.promise_id == promise.id for breach in work.promises.breaches_of_ticket(promise.ticket_id)):
        work.promises.save(unkept(promise, was_missed=True))
        return
    owed, standing_now = unkept(promise), work.promises.open_of_ticket(promise.ticket_id)
    if is_overdue(owed, at.now):
        break_promise(at, owed)
    elif standing_now is not None:
        set_aside(work, owed, now=at.now)
    else:
        work.promises.save(owed)
        plan_warning(work, at.policy, owed)
