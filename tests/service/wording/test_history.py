"""Lines of the history in words: windows on the company's clock, people by their names, staff word for word."""

from tests.builders import MONDAY_TEN, a_history_entry
from voicebot.domain.instants import Instants
from voicebot.service.wording.history import detail_said

INSTANTS = Instants(zone="America/New_York", now=MONDAY_TEN)
NAMES = {"owner_1": "First handler", "deputy_1": "Deputy"}


def test_a_window_in_the_history_stands_on_the_companys_clock() -> None:
    entry = a_history_entry(verb="promise_made", after="2026-03-02T14:00:00+00:00/2026-03-02T16:00:00+00:00")
    assert detail_said(entry, INSTANTS, {}) == "today 09:00–11:00 EST"


def test_people_in_the_history_have_names_and_staff_are_quoted_word_for_word() -> None:
    step = a_history_entry(verb="step_taken", after="second_supervisor: told owner_1, deputy_1")
    assert detail_said(step, INSTANTS, NAMES) == "second supervisor: told First handler, Deputy"
    note = a_history_entry(verb="note_written", after="owner_1 said may_text")
    assert detail_said(note, INSTANTS, NAMES) == "owner_1 said may_text"
    taken = a_history_entry(verb="ticket_taken_over", before="owner_1", after="deputy_1")
    assert detail_said(taken, INSTANTS, NAMES) == "from First handler"
    given = a_history_entry(verb="ticket_given", before="owner_1", after="deputy_1")
    assert detail_said(given, INSTANTS, NAMES) == "from First handler to Deputy"
    kinds = a_history_entry(verb="category_set", after="price_rise")
    assert detail_said(kinds, INSTANTS, NAMES) == "none → price rise"


def test_an_answer_in_the_history_is_said_and_a_try_has_its_outcome_in_words() -> None:
    kept = a_history_entry(verb="answer_kept", after="may_text=yes (not confirmed by the caller)")
    assert detail_said(kept, INSTANTS, {}) == "texts: yes (not confirmed by the caller)"
    tried = a_history_entry(verb="complainant_tried", after="somebody_else: her son, at_home")
    joined = a_history_entry(verb="case_merged", after="177763172, not 123456789")
    assert detail_said(joined, INSTANTS, {}) == "177-763-172, not 123456789"
    assert detail_said(tried, INSTANTS, {}) == "somebody else answered: her son, at_home"
