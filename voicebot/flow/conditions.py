"""Whether a named condition holds for a caller, and which branch of a link is taken.

Knows: the session's facts and slots. Must not know: nodes.
"""

from collections.abc import Callable

from voicebot.domain.case_number import is_valid
from voicebot.flow.condition_names import Condition
from voicebot.flow.nodes import Link
from voicebot.flow.offers import offer_meant
from voicebot.flow.session import PROOF_SLOT, PROVEN, FlowSession, Stands

_TWICE = 2


def _recording_undecided(session: FlowSession) -> bool:
    return not session.is_recorded and not session.is_recording_refused


def _own_words_asked(session: FlowSession) -> bool:
    speech = None if session.listen is None else session.listen.speech
    return speech is not None and speech.grammar is None


def _callback_number_known(session: FlowSession) -> bool:
    return session.facts.caller_number is not None or "callback_number" in session.slots


def _supervisor_promised(session: FlowSession) -> bool:
    return session.window is not None and session.slots.get("target") == "supervisor"


def _case_known(session: FlowSession) -> bool:
    return session.facts.known_case is not None and session.slots.get("matter") != "other"


def _known_call_promised(session: FlowSession) -> bool:
    known = session.facts.known_case
    return known is not None and known.window is not None


def _known_answer_due(session: FlowSession) -> bool:
    known = session.facts.known_case
    return known is not None and known.answer_by is not None and known.stands is Stands.OPEN


def _known_stands(session: FlowSession, stands: Stands) -> bool:
    known = session.facts.known_case
    return known is not None and known.stands is stands


def _owner_named(session: FlowSession) -> bool:
    known = session.facts.known_case
    return known is not None and bool(known.owner_role)


def _known_call_missed(session: FlowSession) -> bool:
    known = session.facts.known_case
    return known is not None and known.is_missed


def _standing_apart(session: FlowSession) -> bool:
    return bool(session.offers) and session.window is not None and session.window not in session.offers


def _case_unclaimed(session: FlowSession) -> bool:
    """A call that was kept apart has a case of its own, of which everything may be said."""
    return session.slots.get("matter") == "unclear" and session.slots.get("joined") != "no"


def _text_possible(session: FlowSession) -> bool:
    """Nobody is promised a text that the case they have holds back."""
    known = session.facts.known_case
    is_refused = known is not None and _case_known(session) and not known.may_text
    return session.facts.can_text and not is_refused


def _text_wanted(session: FlowSession) -> bool:
    return _text_possible(session) and session.slots.get("may_text") != "no"


def _step_back_possible(session: FlowSession) -> bool:
    return bool(session.trail) and not session.are_questions_over


def _pace_to_keep(session: FlowSession) -> bool:
    facts, is_wanted = session.facts, session.is_slow or session.is_patient
    return is_wanted and not facts.needs_time and facts.caller_number is not None and not facts.is_number_shared


CONDITIONS: dict[Condition, Callable[[FlowSession], bool]] = {
    Condition.IS_OVERFLOW: lambda session: session.facts.is_overflow,
    Condition.RECORDING_UNDECIDED: _recording_undecided,
    Condition.OWN_WORDS_ASKED: _own_words_asked,
    Condition.UNRECORDED: lambda session: not session.is_recorded,
    Condition.STORY_WANTED: lambda session: session.is_recorded and "story" not in session.slots,
    Condition.SUPERVISOR_ASKED: lambda session: session.supervisor_asks > 0,
    Condition.SUPERVISOR_PROMISED: _supervisor_promised,
    Condition.WINDOW_STANDING: lambda session: session.window is not None,
    Condition.CALLER_NUMBER_KNOWN: lambda session: session.facts.caller_number is not None,
    Condition.CALLBACK_NUMBER_KNOWN: _callback_number_known,
    Condition.NUMBER_LEFT_OPEN: lambda session: "number_left_open" in session.slots,
    Condition.TEXT_POSSIBLE: _text_possible,
    Condition.TEXT_WANTED: _text_wanted,
    Condition.CALL_OWED: lambda session: session.facts.is_call_owed,
    Condition.OWNER_IS_IN: lambda session: session.facts.is_owner_in,
    Condition.CASE_KNOWN: _case_known,
    Condition.KNOWN_CALL_PROMISED: _known_call_promised,
    Condition.KNOWN_ANSWER_DUE: _known_answer_due,
    Condition.MATTER_SAME: lambda session: _case_known(session) and session.slots.get("matter") in {"same", "unclear"},
    Condition.CASE_UNCLAIMED: _case_unclaimed,
    Condition.OWED_CALL_PROMISED: lambda session: session.facts.is_owed_call_promised,
    Condition.OWNER_NAMED: _owner_named,
    Condition.KNOWN_CALL_MISSED: _known_call_missed,
    Condition.KNOWN_ANSWERED: lambda session: _known_stands(session, Stands.ANSWERED),
    Condition.KNOWN_ENDED: lambda session: _known_stands(session, Stands.ENDED),
    Condition.CASE_NUMBER_RIGHT: lambda session: is_valid(session.slots.get("asked_case", "")),
    Condition.CASE_NUMBER_GIVEN: lambda session: "asked_case" in session.slots,
    Condition.CODE_GIVEN: lambda session: session.slots.get(PROOF_SLOT) == PROVEN,
    Condition.CODE_WRONG_TWICE: lambda session: session.wrong_codes >= _TWICE,
    Condition.CASE_UNOPENED: lambda session: "case_wanted" in session.slots,
    Condition.MOVE_WISHED: lambda session: session.slots.get("wish") == "move",
    Condition.END_WISHED: lambda session: session.slots.get("wish") == "end",
    Condition.STANDING_APART: _standing_apart,
    Condition.WINDOWS_OFFERED: lambda session: bool(session.offers),
    Condition.OFFER_CHOSEN: lambda session: offer_meant(session) is not None,
    Condition.CLOCK_OTHER: lambda session: session.facts.is_clock_other,
    Condition.QUESTION_LEFT: lambda session: bool(session.questions),
    Condition.STEP_BACK_POSSIBLE: _step_back_possible,
    Condition.PACE_TO_KEEP: _pace_to_keep,
    Condition.CLOSED: lambda session: session.facts.is_closed,
    Condition.NOTICE_TODAY: lambda session: bool(session.facts.notice),
    Condition.PERSON_RANG: lambda session: session.slots.get("person") == "rang",
    Condition.LINE_FLOODED: lambda session: session.facts.is_line_flooded,
}


def resolve(link: Link, session: FlowSession) -> tuple[str, int | None]:
    """Return the node that a link leads to for this caller, and the place of the branch taken, if it has branches."""
    if isinstance(link, str):
        return link, None
    for place, branch in enumerate(link):
        if branch.when is None or CONDITIONS[branch.when](session):
            return branch.go, place
    return link[-1].go, len(link) - 1
