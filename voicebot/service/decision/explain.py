"""Why a decision takes longer. Staff write it down for the complainant, and the letter that goes if the decision is
late tells it.

The letter is a text, and others may read the telephone. So the words are few, and say nothing of what it is about.
Knows: decisions of staff, history. Must not know: pages, the rest of the letter (letter.py).
"""

from voicebot.domain.decision_term import DecisionTerm
from voicebot.errors import Refused
from voicebot.service.history import Verb
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded

LONGEST_WHY = 80
"""In characters. The letter is then at most two parts of a text."""


def explaining(why: str, *, actor: str, seen: int | None = None) -> Step:
    """Write down why the decision takes longer. The next letter says so, with the new date.

    Refused where nothing is to be decided, and for words that are too many, or that say "complaint".
    """
    missing = Refused("a reason needs words: why the decision takes longer", code="delay-wordless")
    said = " ".join(worded(why, missing=missing).split())
    if len(said) > LONGEST_WHY:
        raise Refused(
            f"the reason has {len(said)} characters, and {LONGEST_WHY} is the most that a text has room for: cut it",
            code="delay-long",
        )
    if "complain" in said.lower():
        raise Refused(
            "others may read this telephone, and our texts never say that it is about a complaint: write it otherwise",
            code="delay-telling",
        )

    def explain(at: CaseContext) -> None:
        if at.work.decision_terms.current_of(at.ticket.id) is None:
            raise Refused("nothing is to be decided in this case any more", code="case-over")

    sentence = said if said[-1] in ".!?" else f"{said}."
    return Step(Decision(action=StaffAction.EXPLAINED, actor=actor, after=sentence, seen=seen), explain)


def reason_given(work: UnitOfWork, term: DecisionTerm) -> str:
    """Return the reason that was written down last since a term began, empty when none was."""
    lines = (entry for entry in reversed(work.tickets.history(term.ticket_id)) if entry.verb == Verb.DELAY_EXPLAINED)
    return next((entry.after for entry in lines if entry.at >= term.started_at), "")
