"""Named conditions as a table, and the branch that is taken."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import call_facts
from voicebot.flow.condition_names import Condition
from voicebot.flow.conditions import CONDITIONS, resolve
from voicebot.flow.instructions import Listen, Speech
from voicebot.flow.nodes import Branch
from voicebot.flow.session import CallFacts, FlowSession, KnownCase, SpokenWindow, Stands

WINDOW = SpokenWindow(
    opens_at=datetime(2026, 11, 24, 9, tzinfo=UTC), closes_at=datetime(2026, 11, 24, 11, tzinfo=UTC), zone="UTC"
)
LATER = WINDOW.model_copy(update={"opens_at": WINDOW.closes_at})
WITHHELD = call_facts(caller_number=None, can_text=False)
KNOWN = call_facts(known_case=KnownCase())


def _known(**what: Any) -> CallFacts:
    return call_facts(known_case=KnownCase(**what))


def _session(**changes: Any) -> FlowSession:
    session = FlowSession(flow="small", flow_digest="x", locale="en", node="ask", facts=call_facts())
    return session.model_copy(update=changes)


def _asked(grammar: tuple[str, ...] | None) -> Listen:
    return Listen(node="ask", speech=Speech(grammar=grammar, end_silence_s=1))


HOLDS: dict[Condition, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    Condition.IS_OVERFLOW: ([{"facts": call_facts(is_overflow=True)}], [{}]),
    Condition.RECORDING_UNDECIDED: ([{}], [{"is_recorded": True}, {"is_recording_refused": True}]),
    Condition.OWN_WORDS_ASKED: ([{"listen": _asked(None)}], [{}, {"listen": _asked(("yes", "[unk]"))}]),
    Condition.UNRECORDED: ([{}, {"is_recording_refused": True}], [{"is_recorded": True}]),
    Condition.STORY_WANTED: ([{"is_recorded": True}], [{}, {"is_recorded": True, "slots": {"story": "said"}}]),
    Condition.SUPERVISOR_ASKED: ([{"supervisor_asks": 1}], [{}]),
    Condition.SUPERVISOR_PROMISED: (
        [{"window": WINDOW, "slots": {"target": "supervisor"}}],
        [{}, {"window": WINDOW, "slots": {"target": "standard"}}, {"slots": {"target": "supervisor"}}],
    ),
    Condition.WINDOW_STANDING: ([{"window": WINDOW}], [{}]),
    Condition.CALLER_NUMBER_KNOWN: ([{}], [{"facts": WITHHELD}]),
    Condition.CALLBACK_NUMBER_KNOWN: (
        [{}, {"facts": WITHHELD, "slots": {"callback_number": "+12025550199"}}],
        [{"facts": WITHHELD}],
    ),
    Condition.NUMBER_LEFT_OPEN: ([{"slots": {"number_left_open": "yes"}}], [{}]),
    Condition.TEXT_POSSIBLE: ([{}, {"slots": {"may_text": "no"}}], [{"facts": WITHHELD}]),
    Condition.TEXT_WANTED: (
        [{}, {"slots": {"may_text": "yes"}}],
        [{"slots": {"may_text": "no"}}, {"facts": WITHHELD, "slots": {"may_text": "yes"}}],
    ),
    Condition.QUESTION_LEFT: ([{"questions": ("branch",)}], [{}, {"question": "branch"}]),
    Condition.STEP_BACK_POSSIBLE: (
        [{"trail": ("ask_story",)}],
        [{}, {"trail": ("ask_story",), "are_questions_over": True}],
    ),
    Condition.PACE_TO_KEEP: (
        [{"is_slow": True}, {"is_patient": True}],
        [
            {},
            *(
                {"is_slow": True, "facts": facts}
                for facts in (call_facts(needs_time=True), call_facts(is_number_shared=True), WITHHELD)
            ),
        ],
    ),
    Condition.PERSON_RANG: ([{"slots": {"person": "rang"}}], [{}, {"slots": {"person": "out"}}]),
    Condition.CLOSED: ([{"facts": call_facts(is_closed=True)}], [{}]),
    Condition.NOTICE_TODAY: ([{"facts": call_facts(notice="Closed on Monday.")}], [{}]),
    Condition.OWNER_IS_IN: ([{"facts": call_facts(is_owner_in=True)}], [{"facts": call_facts(is_call_owed=True)}]),
    Condition.CALL_OWED: ([{"facts": call_facts(is_call_owed=True)}], [{}]),
    Condition.CASE_KNOWN: (
        [{"facts": KNOWN}, {"facts": KNOWN, "slots": {"matter": "same"}}],
        [{}, {"facts": KNOWN, "slots": {"matter": "other"}}],
    ),
    Condition.KNOWN_CALL_PROMISED: (
        [{"facts": call_facts(known_case=KnownCase(window=WINDOW))}],
        [{}, {"facts": KNOWN}],
    ),
    Condition.KNOWN_ANSWER_DUE: (
        [{"facts": call_facts(known_case=KnownCase(answer_by=WINDOW.opens_at))}],
        [{}, {"facts": KNOWN}, {"facts": _known(answer_by=WINDOW.opens_at, stands=Stands.ANSWERED)}],
    ),
    Condition.MATTER_SAME: (
        [{"facts": KNOWN, "slots": {"matter": matter}} for matter in ("same", "unclear")],
        [{"slots": {"matter": "same"}}, {"facts": KNOWN}, {"facts": KNOWN, "slots": {"matter": "other"}}],
    ),
    Condition.CASE_UNCLAIMED: (
        [{"slots": {"matter": "unclear"}}, {"slots": {"matter": "unclear", "joined": "yes"}}],
        [{}, {"slots": {"matter": "same"}}, {"slots": {"matter": "unclear", "joined": "no"}}],
    ),
    Condition.OWED_CALL_PROMISED: (
        [{"facts": call_facts(is_call_owed=True, is_owed_call_promised=True)}],
        [{}, {"facts": call_facts(is_call_owed=True)}],
    ),
    Condition.OWNER_NAMED: ([{"facts": _known(owner_role="supervisor")}], [{}, {"facts": KNOWN}]),
    Condition.KNOWN_CALL_MISSED: ([{"facts": _known(is_missed=True)}], [{}, {"facts": KNOWN}]),
    Condition.KNOWN_ANSWERED: ([{"facts": _known(stands=Stands.ANSWERED)}], [{}, {"facts": KNOWN}]),
    Condition.KNOWN_ENDED: ([{"facts": _known(stands=Stands.ENDED)}], [{}, {"facts": KNOWN}]),
    Condition.CASE_NUMBER_RIGHT: (
        [{"slots": {"asked_case": "482719300"}}],
        [{}, {"slots": {"asked_case": "482719305"}}, {"slots": {"asked_case": "48271930"}}],
    ),
    Condition.CASE_NUMBER_GIVEN: ([{"slots": {"asked_case": "4"}}], [{}]),
    Condition.CODE_GIVEN: ([{"slots": {"code": "given"}}], [{}]),
    Condition.CODE_WRONG_TWICE: ([{"wrong_codes": 2}], [{}, {"wrong_codes": 1}]),
    Condition.CASE_UNOPENED: ([{"slots": {"case_wanted": "without_number"}}], [{}]),
    Condition.MOVE_WISHED: ([{"slots": {"wish": "move"}}], [{}, {"slots": {"wish": "end"}}]),
    Condition.END_WISHED: ([{"slots": {"wish": "end"}}], [{}, {"slots": {"wish": "move"}}]),
    Condition.STANDING_APART: (
        [{"offers": (LATER,), "window": WINDOW}],
        [{}, {"window": WINDOW}, {"offers": (WINDOW, LATER), "window": WINDOW}, {"offers": (LATER,)}],
    ),
    Condition.WINDOWS_OFFERED: ([{"offers": (WINDOW, WINDOW)}], [{}, {"window": WINDOW}]),
    Condition.OFFER_CHOSEN: (
        [{"offers": (WINDOW,), "slots": {"window": "first"}}],
        [{}, {"offers": (WINDOW,), "slots": {"window": "second"}}],
    ),
    Condition.CLOCK_OTHER: ([{"facts": call_facts(is_clock_other=True)}], [{}]),
    Condition.LINE_FLOODED: ([{"facts": call_facts(is_line_flooded=True)}], [{}]),
}


@pytest.mark.parametrize("condition", Condition)
def test_each_condition_holds_for_its_sessions_and_fails_for_the_others(condition: Condition) -> None:
    holds, fails = HOLDS[condition]
    assert [CONDITIONS[condition](_session(**changes)) for changes in holds] == [True] * len(holds)
    assert [CONDITIONS[condition](_session(**changes)) for changes in fails] == [False] * len(fails)


def test_a_plain_link_has_no_branch() -> None:
    assert resolve("ask_story", _session()) == ("ask_story", None)


def test_the_first_branch_that_holds_is_taken() -> None:
    link = (
        Branch(when=Condition.SUPERVISOR_ASKED, go="a"),
        Branch(when=Condition.TEXT_POSSIBLE, go="b"),
        Branch(go="c"),
    )
    assert resolve(link, _session()) == ("b", 1)
    assert resolve(link, _session(facts=WITHHELD)) == ("c", 2)


def test_without_a_branch_that_holds_the_last_is_taken() -> None:
    assert resolve((Branch(when=Condition.SUPERVISOR_ASKED, go="a"),), _session()) == ("a", 0)
