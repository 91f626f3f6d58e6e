"""What there is to do now: lanes, the next call with what to know before it, what was kept and what happened today."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import at
from tests.service.lines import OTHER, Line
from voicebot.domain.promise import CallOutcome
from voicebot.domain.ticket import Ticket
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.history import Verb
from voicebot.service.ports import Lane
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.today import Today, TodayAsk, view_today
from voicebot.service.staff.absence import go_away
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.hand_over import take_over

THIRD = "+12025550178"
OPEN, CLOSED = "Wednesday 18 November 2026 11:30:00", "Wednesday 18 November 2026 13:00:00"
"""The window of a call at ten is from eleven to one."""


def today(line: Line, **ask: Any) -> Today:
    return view_today(line.hotline, TodayAsk(**{"member_id": "owner_1", **ask}))


def rows(seen: Today) -> dict[Lane, list[str]]:
    return {view.lane: [row.case_number for row in view.rows] for view in seen.lanes if view.rows}


def number(line: Line, answer: CallAnswer) -> str:
    return line.ticket(answer).case_number


def told(line: Line, *call: str) -> Ticket:
    return line.ticket(line.told_call(*call))


def test_a_case_goes_from_lane_to_lane_with_the_clock_until_somebody_was_reached(line_on_both: Line) -> None:
    line = line_on_both
    case = number(line, line.told_call())
    assert rows(today(line)) == {Lane.LATER: [case]}
    line.clock.at = at(OPEN)
    assert rows(today(line)) == {Lane.CALL_NOW: [case]}
    line.clock.at = at(CLOSED)
    before_the_sweep = rows(today(line))
    line.sweep()
    assert before_the_sweep == rows(today(line)) == {Lane.MISSED: [case]}
    line.clock.at = at("Wednesday 18 November 2026 15:00:00")
    second = today(line)
    assert rows(second) == {Lane.CALL_NOW: [case]}
    assert second.lanes[0].rows[0].window.missed_at == at(CLOSED)
    assert (second.kept, second.promised) == (0, 1)
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    after = today(line)
    assert (rows(after), after.kept, after.promised) == ({}, 1, 2)


def test_what_waits_for_who_is_away_waits_for_those_with_a_say_and_nobody_else(line: Line) -> None:
    ticket = told(line)
    with line.work() as work:
        work.tickets.save(replace(ticket, offered_to="deputy_1"))
        work.commit()
    for member_id, waits in (("deputy_1", [ticket.case_number]), ("supervisor_1", None)):
        assert rows(today(line, member_id=member_id)).get(Lane.MINE) == waits
    go_away(line.hotline, "deputy_1", until=line.clock.now() + timedelta(hours=2), actor="deputy_1")
    seen = today(line, member_id="supervisor_1")
    (row,) = next(view.rows for view in seen.lanes if view.lane is Lane.MINE)
    assert (row.waits_for, seen.names["deputy_1"]) == ("deputy_1", "Deputy")
    assert Lane.MINE not in rows(today(line))
    line.step(hours=2)
    assert Lane.MINE not in rows(today(line, member_id="supervisor_1"))


@pytest.mark.requirement("D-04")
def test_the_next_call_has_the_promise_in_its_words_the_demand_and_the_voice(line: Line) -> None:
    answer = line.told_call()
    line.run_jobs()
    line.clock.at = at(OPEN)
    log_callback(line.hotline, number(line, answer), reason="", actor="owner_1", outcome=CallOutcome.BUSY)
    card = today(line).next_call
    assert card is not None
    assert card.promise == line.promise(answer.call.ticket_id)
    assert card.row.demand == "a refund please"
    assert (card.row.tries, card.tries_asked) == (1, line.policy.endings.tries)
    with line.work() as work:
        (story, *_) = work.tickets.answers(answer.call.ticket_id)
    assert card.voice == story


def test_the_next_call_shows_no_pin_though_an_older_version_kept_it_with_the_promise(line: Line) -> None:
    case = told(line)
    promise = line.promise(case.id)
    with line.work() as work:
        work.promises.save(replace(promise, words=f"We call today. Code {case.pin}."))
        work.commit()
    card = today(line).next_call
    assert card is not None
    assert card.promise is not None
    assert card.promise.words == "We call today. Code ****."


def test_after_a_miss_the_next_call_names_the_new_promise_and_without_one_what_was_missed(line: Line) -> None:
    case = told(line)
    line.clock.at = at(CLOSED)
    missed = today(line).next_call
    assert missed is not None
    assert (missed.lane, missed.promise) == (Lane.MISSED, line.promise(case.id))
    line.sweep()
    card = today(line).next_call
    assert card is not None
    assert card.promise == line.promise(case.id)
    assert card.promise.attempt == 2


def test_a_call_put_aside_lets_the_next_one_come_and_stays_in_its_lane(line: Line) -> None:
    first, second = told(line), told(line, "CA2", OTHER)
    line.clock.at = at(OPEN)
    seen = today(line, aside=frozenset({f"{first.case_number[:3]}-{first.case_number[3:6]}-{first.case_number[6:]}"}))
    assert seen.next_call is not None
    assert seen.next_call.row.case_number == second.case_number
    assert rows(seen) == {Lane.CALL_NOW: [first.case_number, second.case_number]}
    assert today(line, aside=frozenset({first.case_number, second.case_number, "what"})).next_call is None


def test_the_screen_knows_how_many_speak_with_us_at_this_moment(line: Line) -> None:
    line.ring()
    speaking = today(line).on_line
    told(line, "CA2", OTHER)
    assert (speaking, today(line).on_line) == (1, 1)


def test_lanes_can_be_mine_and_one_lane_can_be_paged(line: Line) -> None:
    mine, other = told(line), told(line, "CA2", OTHER)
    take_over(line.hotline, mine.case_number, actor="deputy_1")
    assert rows(today(line, member_id="deputy_1", is_mine_only=True)) == {Lane.LATER: [mine.case_number]}
    alone = today(line, lane=Lane.CALL_NOW)
    assert (rows(alone), [view.count for view in alone.lanes]) == ({}, [0, 0, 2, 0, 0, 0])
    assert rows(today(line, lane=Lane.LATER)) == {Lane.LATER: [mine.case_number, other.case_number]}
    assert rows(today(line, lane=Lane.LATER, page=2)) == {}


def test_the_log_tells_who_came_who_was_reached_what_was_missed_and_noted_with_names(line: Line) -> None:
    assert today(line).is_first
    case = told(line)
    line.clock.at = at(CLOSED)
    line.sweep()
    write_note(line.hotline, case.case_number, text="house number missing", actor="deputy_1")
    log_callback(line.hotline, case.case_number, reason="spoke", actor="owner_1")
    seen = today(line)
    assert [entry.verb for entry in seen.log] == [
        Verb.COMPLAINANT_CALLED,
        Verb.NOTE_WRITTEN,
        Verb.PROMISE_BROKEN,
        Verb.TICKET_OPENED,
    ]
    assert seen.names["deputy_1"] == "Deputy"
    line.step(days=1)
    later = today(line)
    assert (later.log, later.promised, later.is_first) == ((), 0, False)
