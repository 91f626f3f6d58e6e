"""What stands on the morning list: everything that management must know, by name, and nothing of a complainant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_drill, a_text_request, at
from tests.service.lines import AREA, CALLER, OTHER, SUPERVISOR, Line, a_late_task
from tests.service.watch.mornings import Mornings
from voicebot.domain.case_task import finish
from voicebot.domain.rota import ChangeKind
from voicebot.domain.watch_alarm import MorningRecord
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.rota import Stretch, add_change
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.watch.morning import (
    MorningList,
    MorningPart,
    exported,
    morning_text,
    said_not_sent,
    view_morning,
)

pytestmark = pytest.mark.requirement("D-07")


def part(made: MorningList, key: str) -> MorningPart:
    return next(each for each in made.parts if each.key == key)


def words(line: Line, key: str) -> list[str]:
    return [each.words for each in part(view_morning(line.hotline), key).lines]


def missed_case(line: Line) -> str:
    """Take a call whose promise breaks the same day; return the case as people write it."""
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at
    line.sweep()
    number = line.ticket(answer).case_number
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


def test_an_empty_hotline_has_an_empty_list_that_says_so(mornings_on_both: Mornings) -> None:
    text = morning_text(view_morning(mornings_on_both.line.hotline))
    assert "Promised calls that we missed: none" in text
    assert "Open for the longest: no case is open" in text


def test_a_miss_stands_by_the_name_of_its_owner_whatever_was_seen_or_said(mornings_on_both: Mornings) -> None:
    line = mornings_on_both.line
    case = missed_case(line)
    acknowledge(line.hotline, case, actor="owner_1")
    (said,) = words(line, "missed")
    assert said.startswith(f"{case}, First handler: missed Wed 18 Nov 2026")
    assert "NOT REACHED YET, 1 step taken" in said


def test_a_miss_that_was_made_good_stands_once_and_one_that_goes_on_stands_every_day(mornings: Mornings) -> None:
    line = mornings.line
    case = missed_case(line)
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    line.clock.at = at("Thursday 19 November 2026 08:30:00")
    assert "settled Wed 18 Nov" in words(line, "missed")[0]
    line.clock.at = at("Friday 20 November 2026 08:30:00")
    assert words(line, "missed") == []


def test_a_miss_on_friday_stands_on_mondays_list(mornings: Mornings) -> None:
    line = mornings.line
    line.clock.at = at("Friday 20 November 2026 10:00:00")
    case = missed_case(line)
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    line.clock.at = at("Monday 23 November 2026 08:30:00")
    assert words(line, "missed")[0].startswith(case)


def test_what_is_promised_for_today_is_at_risk_and_says_whose_owner_is_away(mornings: Mornings) -> None:
    line = mornings.line
    answer = line.told_call()
    window = line.promise(answer.call.ticket_id).window
    (said,) = words(line, "at_risk")
    assert "First handler: today " in said
    assert said.endswith(" EST")
    stretch = Stretch(staff_id="owner_1", begins_at=line.clock.now(), ends_at=window.closes_at)
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="supervisor_1")
    assert words(line, "at_risk")[0].endswith("; AWAY then: give it to somebody")
    line.clock.at = at("Tuesday 17 November 2026 12:00:00")
    assert words(line, "at_risk") == []


def test_the_oldest_cases_and_decisions_that_wait_stand_with_their_instants(mornings: Mornings) -> None:
    line = mornings.line
    first, second = line.told_call(), line.told_call("CA2", OTHER)
    cases = [line.ticket(each).case_number for each in (first, second)]
    made = view_morning(line.hotline)
    assert [each.case_number for each in part(made, "oldest").lines] == cases
    assert part(made, "oldest").lines[0].said == "opened Wed 18 Nov 2026, 10:00 EST"
    line.step(days=30)
    line.sweep()
    assert all(said.endswith("and is LATE") for said in words(line, "decisions"))
    assert len(words(line, "decisions")) == 2


def test_who_stopped_our_texts_or_has_no_address_is_named(mornings: Mornings) -> None:
    line = mornings.line
    mornings.change("escalation.yaml", '"+12025550164"', '""')
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=SUPERVISOR, is_out=True))
        work.commit()
    said = words(line, "channels")
    assert [each.partition(":")[0] for each in said] == ["Supervisor", "Second supervisor", "Legal counsel"]
    assert "answered STOP" in said[0]
    missed_case(line)
    line.step(hours=2)
    line.sweep()
    assert any("nobody of this step could be reached" in each for each in words(line, "untold"))


def test_no_number_and_no_word_of_a_complainant_stands_on_it(mornings: Mornings) -> None:
    missed_case(mornings.line)
    text = morning_text(view_morning(mornings.line.hotline)) + str(exported(view_morning(mornings.line.hotline)))
    for secret in (CALLER, CALLER[-4:], "parcel", "refund"):
        assert secret not in text


def test_a_list_that_is_too_long_says_that_there_is_more(mornings: Mornings) -> None:
    line = mornings.line
    for number in range(22):
        line.told_call(f"CA{number}", f"+1202555{2000 + 97 * number:04}")
    line.clock.at = at("Thursday 19 November 2026 18:00:00")
    made = view_morning(line.hotline)
    assert (made.count("at_risk"), len(part(made, "at_risk").lines)) == ("20+", 20)
    assert "- and more: see the console" in morning_text(made)


def test_days_without_a_list_are_said_and_told_of_in_the_next(mornings: Mornings) -> None:
    line = mornings.line
    then = at("Monday 16 November 2026 08:30:00")
    with line.work() as work:
        work.watch.add_list(MorningRecord(id="2026-11-16", since_at=then, made_at=then))
        work.commit()
    line.clock.at = at("Thursday 19 November 2026 08:30:00")
    made = view_morning(line.hotline)
    assert "No list was sent on Tue 17 Nov 2026, Wed 18 Nov 2026" in morning_text(made)
    assert (made.since_at, exported(made)["not_sent"]) == (then, ["2026-11-17", "2026-11-18"])


@pytest.mark.requirement("S2-05")
def test_tasks_that_are_late_stand_on_it_by_name_until_they_are_done(line: Line) -> None:
    task = a_late_task(line)
    line.clock.at = task.due_at - timedelta(minutes=1)
    assert lines_of(line, "tasks") == []
    line.clock.at = task.due_at
    (late,) = lines_of(line, "tasks")
    assert "Deputy: consult was due" in late
    assert task.words not in late
    with line.work() as work:
        work.case_tasks.save(finish(task, by="deputy_1", result="yes", at=line.clock.now()))
        work.commit()
    assert lines_of(line, "tasks") == []


def lines_of(line: Line, key: str) -> list[str]:
    made = view_morning(line.hotline)
    return [each.words for part in made.parts if part.key == key for each in part.lines]


def test_a_list_that_is_made_again_tells_of_the_same_time_and_of_no_list_that_was_left_out(line: Line) -> None:
    since = line.clock.at - timedelta(days=3)
    with line.work() as work:
        work.watch.add_list(MorningRecord(id="2026-11-18", since_at=since, made_at=line.clock.at))
        work.commit()
    made = view_morning(line.hotline)
    assert (made.since_at, said_not_sent(made)) == (since, "")


def test_who_wants_a_channel_that_cannot_bring_it_is_named_with_it(mornings: Mornings) -> None:
    line = mornings.line
    mornings.change("escalation.yaml", "tell_by: [chat]", "tell_by: [chat, text message]")
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=AREA, is_out=True))
        work.commit()
    (said,) = [each for each in words(line, "channels") if "gets no" in each]
    assert "gets no text message: answered STOP" in said


@pytest.mark.requirement("D-10")
def test_the_last_drill_stands_on_it_with_what_came_of_it(line: Line) -> None:
    ticket = line.ticket(line.ring())
    began_at, ends_at = line.clock.at, line.clock.at + timedelta(hours=2)
    drill = a_drill(ticket_id=ticket.id, began_at=began_at, ends_at=ends_at)
    with line.work() as work:
        work.watch.add_drill(drill)
        work.commit()
    (runs,) = lines_of(line, "drill")
    line.clock.at = ends_at
    (failed,) = lines_of(line, "drill")
    answered_at = began_at + timedelta(minutes=3)
    with line.work() as work:
        work.watch.save_drill(replace(drill, answered_at=answered_at, answered_by="supervisor_1", ended_at=answered_at))
        work.commit()
    (answered,) = lines_of(line, "drill")
    assert (runs.endswith(", and runs"), failed.endswith("NOBODY answered in time")) == (True, True)
    assert answered.startswith("Supervisor: began")
    assert answered.endswith("was reached after 3 min")
