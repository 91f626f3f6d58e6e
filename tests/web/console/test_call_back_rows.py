"""How far calls of ours have come, on the page of their case."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.domain.test_staff_call import a_staff_call
from tests.service.callback.callers import a_case, ordered, talk, with_callbacks
from tests.service.callback.test_rang_in import asked, taken, talked, waits_for_a_call
from tests.service.callback.test_talk import RE, answered, over, reported, two_voices
from tests.service.lines import Line
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.domain.staff_call import StaffCallKind, StaffCallState, TalkRecording
from voicebot.domain.ticket import Ticket
from voicebot.service.callback import hops
from voicebot.service.queries.case_view import view_case
from voicebot.web.console.call_back_rows import call_back_rows, under_way_said

STATES: list[tuple[dict[str, Any], str, str]] = [
    ({"state": StaffCallState.WAITING}, "rings Wed 18 Nov 2026, 10:00 EST", "A call is ordered: "),
    ({"state": StaffCallState.DIALLING}, "the telephone of First handler rings", "A call is under way: "),
    ({"state": StaffCallState.RINGING}, "the telephone of First handler rings", "A call is under way: "),
    ({"state": StaffCallState.TAKEN}, "First handler pressed 1; the complainant’s telephone rings", "under way"),
    ({"state": StaffCallState.TAKEN, "kind": StaffCallKind.RANG_IN}, "First handler talks with", "under way"),
    ({"state": StaffCallState.ASKING}, "the talk is over, and First handler is asked", "under way"),
    ({"state": StaffCallState.TAKEN, "kind": StaffCallKind.LADDER}, "First handler pressed 1", ""),
    ({"state": StaffCallState.ENDED, "result": "they did not press 1"}, "they did not press 1", ""),
    ({"state": StaffCallState.ENDED, "result": "busy"}, "the line was busy", ""),
]


@pytest.mark.parametrize(("changes", "how_far", "head"), STATES)
def test_each_state_is_said_in_words(line: Line, changes: dict[str, Any], how_far: str, head: str) -> None:
    ticket, now = a_case(line), line.clock.now()
    ended = now if changes["state"] is StaffCallState.ENDED else None
    facts = {"ordered_at": now, "state_at": now, "not_before": now, "ended_at": ended, "promise_id": None}
    with line.work() as work:
        work.staff_calls.add(a_staff_call(ticket_id=ticket.id, **facts | changes))
        work.commit()
    view = view_case(line.hotline, ticket.case_number)
    instants = Instants(zone=view.zone, now=now)
    ((_, _, said),) = call_back_rows(view, instants)
    assert how_far in said
    assert under_way_said(view, instants).startswith(head) or head in under_way_said(view, instants)
    assert bool(head) == bool(under_way_said(view, instants))


def page_of(console: ConsoleDesk, make: Callable[[Line], Ticket]) -> str:
    browser = console.logged_in()
    return browser.get(f"/console/cases/{written(make(console.line).case_number)}?machine=yes").text


def test_a_call_that_goes_on_heads_the_page(console: ConsoleDesk) -> None:
    def taken_up(line: Line) -> Ticket:
        ticket = a_case(line)
        call = ordered(line, ticket)
        hops.greet(line.hotline, call.id, line.calls.sid(1))
        hops.accept(line.hotline, call.id, "1")
        return ticket

    page = page_of(console, taken_up)
    assert "A call is under way: First handler pressed 1" in page
    assert "call back by First handler" in page


def test_a_talk_is_listed_with_its_length(console: ConsoleDesk) -> None:
    def spoken(line: Line) -> Ticket:
        ticket = a_case(line)
        talk(line, ordered(line, ticket), keyed="1")
        return ticket

    assert "they spoke with the complainant for 30 s" in page_of(console, spoken)


def test_who_rang_in_was_connected_and_not_recorded(console: ConsoleDesk) -> None:
    def rang_in(line: Line) -> Ticket:
        ticket = waits_for_a_call(line)
        answer = asked(line)
        taken(line, ticket)
        talked(line, answer)
        return ticket

    page = page_of(console, rang_in)
    assert "connected with whoever is responsible" in page
    assert "recorded, heard afterwards" not in page
    assert "The complainant rang in and asked for" in page


@pytest.mark.parametrize(
    ("recording", "said"),
    [
        (TalkRecording.REFUSED, "; not recorded, for they said no"),
        (TalkRecording.WANTED, "; the recording is about to begin"),
        (TalkRecording.FAILED, "; not recorded: the history says why"),
    ],
)
def test_a_talk_that_is_not_recorded_says_so(console: ConsoleDesk, recording: TalkRecording, said: str) -> None:
    def unrecorded(line: Line) -> Ticket:
        ticket = a_case(line)
        call = talk(line, ordered(line, ticket), keyed="1")
        with line.work() as work:
            work.staff_calls.save(replace(call, recording=recording))
            work.commit()
        return ticket

    assert said in page_of(console, unrecorded)


def test_a_recorded_talk_has_its_player_and_says_who_spoke(console: ConsoleDesk, tmp_path: Path) -> None:
    def recorded(line: Line) -> Ticket:
        with_callbacks(line, tmp_path / "policy", record_talks=True)
        ticket = a_case(line)
        call = ordered(line, ticket)
        answered(line, call)
        line.run_jobs()
        line.carrier.recordings[RE] = two_voices()
        over(line, call)
        reported(line, call)
        return ticket

    page = page_of(console, recorded)
    assert "The call back, recorded: First handler and the complainant, 1 s" in page
    assert "in both voices" in page
    assert "; recorded, after its notice" in page
    assert "before a talk (en, wording " in page
