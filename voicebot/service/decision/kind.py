"""Staff say what kind of case it is. That sets how long the decision may take.

Knows: decisions of staff, targets of the policy. Must not know: pages.
"""

from dataclasses import replace

from voicebot.domain.decision_term import DecisionTerm, TermState, is_term_over
from voicebot.errors import Refused
from voicebot.service.decision.late import make_late
from voicebot.service.decision.term import planned_anew
from voicebot.service.hotline import Context
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step


def being_of_kind(target: str, *, actor: str, seen: int | None = None) -> Step:
    """Give the decision of a case another target. Pauses and start stay as they were.

    A kind that is more urgent makes nobody late at once. The decision is due at the end of the next working day at the
    earliest. Refused for a target that the policy does not have, and where nothing is to be decided.
    """

    def change(at: CaseContext) -> None:
        _check(at, target)
        term = at.work.decision_terms.current_of(at.ticket.id)
        if term is None:
            raise Refused("nothing is to be decided in this case any more", code="case-over")
        at.work.decision_terms.save(planned_by(at, term, target))

    return Step(Decision(action=StaffAction.KIND_SET, actor=actor, after=target, seen=seen), change)


def planned_by(context: Context, term: DecisionTerm, target: str) -> DecisionTerm:
    """Return the term with another target, or the one that follows it where it has passed without a decision.

    One that waits goes on waiting, and knows when its kind was learned.
    """
    if is_term_over(term, context.now):
        term = make_late(context, term)
    running = replace(term, target=target, state=TermState.RUNNING)
    found = planned_anew(context, running, learned_at=context.now)
    if term.state is TermState.RUNNING:
        return found
    return replace(found, state=term.state, due_at=None, next_step_at=term.next_step_at)


def _check(context: Context, target: str) -> None:
    targets = context.policy.decisions.targets
    if target not in targets:
        raise Refused(
            f"{target!r} is no kind of case in service_levels.yaml: name one of {', '.join(sorted(targets))}",
            code="kind-unknown",
        )
