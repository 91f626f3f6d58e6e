"""A session as it is stored and read."""

import pytest
from pydantic import ValidationError

from tests.builders import call_facts
from voicebot.flow.session import (
    FlowSession,
    KnownCase,
    read_session,
    with_case_apart,
    with_case_opened,
    with_code_refused,
)


def test_a_session_is_read_as_it_was_stored_and_each_by_itself() -> None:
    first = FlowSession(flow="complaint", flow_digest="1", locale="en", node="ask_story", facts=call_facts())
    second = first.model_copy(update={"node": "ask_remedy", "slots": {"story": "4"}})
    for session in (first, second, first):
        assert read_session(session.model_dump_json()) == session


@pytest.mark.parametrize("stored", ["", "{}"])
def test_what_was_erased_is_no_session(stored: str) -> None:
    with pytest.raises(ValidationError):
        read_session(stored)


ASKED = FlowSession(
    flow="complaint", flow_digest="1", locale="en", node="try_code", facts=call_facts(),
    slots={"asked_case": "482719300", "asked_code": "8558"},
)  # fmt: skip


def test_a_case_that_its_code_opened_is_theirs_and_the_code_is_forgotten() -> None:
    case = KnownCase(case_id="case-1")
    opened = with_case_opened(ASKED, case, is_proven=True, can_text=False)
    assert opened.slots == {"asked_case": "482719300", "matter": "same", "code": "given"}
    assert (opened.facts.known_case, opened.facts.can_text) == (case, False)
    by_telephone = with_case_opened(ASKED, case, is_proven=False, can_text=False)
    assert ("code" in by_telephone.slots, by_telephone.facts.can_text) == (False, True)


def test_a_code_that_opened_nothing_is_counted_and_one_that_was_not_tried_is_not() -> None:
    refused = with_code_refused(ASKED)
    assert (refused.wrong_codes, refused.slots) == (1, {"asked_case": "482719300"})
    assert with_code_refused(refused).wrong_codes == 1


def test_the_code_of_one_case_proves_nothing_of_another() -> None:
    """Whoever feigns a number gives the code of a case of their own, steps back, and names a case of that number."""
    own = with_case_opened(ASKED, KnownCase(case_id="own"), is_proven=True, can_text=True)
    other = with_case_opened(own, KnownCase(case_id="other"), is_proven=False, can_text=True)
    assert "code" not in other.slots


def test_a_call_that_joined_no_case_speaks_of_its_own_whatever_was_proven() -> None:
    apart = with_case_apart(with_case_opened(ASKED, KnownCase(case_id="own"), is_proven=True, can_text=True))
    assert (apart.facts.known_case, apart.slots.get("code"), apart.slots["joined"]) == (None, None, "no")


def test_over_what_is_done_no_step_leads_back() -> None:
    barred = ASKED.model_copy(update={"trail": ("ask_story",)}).without_steps()
    assert (barred.trail, barred.is_step_barred) == ((), True)
