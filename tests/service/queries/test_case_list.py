"""The list of cases: by what is owed, in one query, whatever cases hold."""

from tests.builders import at
from tests.service.lines import OTHER, Line
from voicebot.domain.access import Seen
from voicebot.domain.case_number import written
from voicebot.service.ports import CaseQuery
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_list import case_after, cases_from, list_cases
from voicebot.service.queries.presence import note_presence
from voicebot.service.ticket.hand_over import take_over

THIRD = "+12025550178"


def following(line: Line, case: str) -> str | None:
    """Return what comes after a case for its owner."""
    return case_after(line.hotline, case, member_id="owner_1")


def test_cases_stand_in_the_order_of_what_is_owed(line: Line) -> None:
    late = line.told_call()
    line.step(hours=1)
    later = line.told_call("CA2", OTHER)
    quiet = line.told_call("CA3", THIRD)
    log_callback(line.hotline, line.ticket(quiet).case_number, reason="spoke", actor="owner_1")
    lines = list_cases(line.hotline).lines
    assert [each.case for each in lines] == [written(line.ticket(each).case_number) for each in (late, later, quiet)]
    assert (lines[0].deadline, lines[0].deadline_at) == ("call standard", at("Wednesday 18 November 2026 13:00:00"))
    assert lines[0].told_at == at("Wednesday 18 November 2026 12:00:00")
    assert (lines[2].deadline, lines[2].deadline_at) == ("", None)
    assert lines[2].called_at == line.clock.now()


def test_of_two_calls_due_together_the_one_missed_before_stands_first_until_somebody_was_reached(line: Line) -> None:
    missed = line.told_call()
    case = line.ticket(missed).case_number
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    line.told_call("CA2", OTHER)
    (first, second) = list_cases(line.hotline).lines
    assert (first.case, first.is_missed, first.misses) == (written(case), True, 1)
    assert (first.deadline, first.deadline_at) == ("call after a miss", line.clock.now())
    assert first.window_opens_at is not None
    assert not second.is_missed
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    after = list_cases(line.hotline).lines[1]
    assert (after.case, after.is_missed, after.misses, after.deadline) == (written(case), False, 1, "")


def test_a_second_miss_counts_and_the_first_missed_window_is_what_is_overdue(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    line.clock.at = at("Wednesday 18 November 2026 16:00:00")
    breach_if_closed(line.hotline, line.promise(answer.call.ticket_id).id)
    (row,) = list_cases(line.hotline).lines
    assert (row.misses, row.deadline_at) == (2, at("Wednesday 18 November 2026 13:00:00"))


def test_a_list_can_be_of_one_owner_and_of_open_cases_only(line: Line) -> None:
    mine, other = line.told_call(), line.told_call("CA2", OTHER)
    take_over(line.hotline, line.ticket(mine).case_number, actor="deputy_1")
    (row,) = list_cases(line.hotline, CaseQuery(owner_id="deputy_1")).lines
    assert (row.case, row.owner, row.owner_id) == (written(line.ticket(mine).case_number), "Deputy", "deputy_1")
    line.change_ticket(other, status="closed")
    assert [row.case for row in list_cases(line.hotline, CaseQuery(is_open=True)).lines] == [row.case]
    assert list_cases(line.hotline).total == 2


def test_a_page_is_a_stretch_of_the_list_and_knows_the_whole(line: Line) -> None:
    for number in range(3):
        line.told_call(f"CA{number}", f"+1202555018{number}")
    whole = list_cases(line.hotline).lines
    page = list_cases(line.hotline, CaseQuery(limit=2, offset=1))
    assert (page.lines, page.total) == (whole[1:], 3)
    assert cases_from(line.hotline, CaseQuery(limit=2, offset=1)) == page.lines


def test_a_line_has_the_first_words_and_who_asked_for_a_supervisor(line: Line) -> None:
    line.change_ticket(line.told_call(), problem="word " * 100, supervisor_asked_at=line.clock.now())
    (row,) = list_cases(line.hotline).lines
    assert row.problem == ("word " * 100)[:160]
    assert row.is_supervisor_asked


def test_after_the_last_open_case_comes_the_first_and_after_one_alone_none(line: Line) -> None:
    first = line.told_call()
    case = written(line.ticket(first).case_number)
    assert following(line, case) is None
    line.step(hours=1)
    second = written(line.ticket(line.told_call("CA2", OTHER)).case_number)
    assert (following(line, case), following(line, second)) == (second, case)
    assert following(line, "482-719-305") == case, "one that is not in the list leads to its head"


def test_the_next_case_is_a_call_of_the_first_screen_in_its_order_that_no_colleague_has_open(line: Line) -> None:
    line.clock.at = at("Wednesday 18 November 2026 09:00:00")
    missed = line.told_call()
    line.clock.at = at("Wednesday 18 November 2026 12:30:00")
    line.sweep()
    later = line.told_call("CA2", OTHER)
    taken = line.told_call("CA3", THIRD)
    first, second, third = (written(line.ticket(each).case_number) for each in (missed, later, taken))
    note_presence(line.hotline, Seen(case=third, at=line.clock.now(), staff_id="deputy_1"))
    assert (following(line, third), following(line, first), following(line, second)) == (first, second, first)
    assert case_after(line.hotline, first, member_id="deputy_1") == second
    assert case_after(line.hotline, second, member_id="deputy_1") == third
