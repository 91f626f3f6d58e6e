"""The carrier's books against ours: nothing that it knows and we do not stays so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.service.books import PN, answers, connect, left, rang, tickets
from tests.service.lines import CALLER, OTHER, OWN, Line, with_rules
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.background.schedule import AGAIN_AFTER, run_tasks
from voicebot.service.call.turn import end_call
from voicebot.service.ports import KeptSettings
from voicebot.service.upkeep.number_setup import ConnectRequest, apply_plan, find_own_number, plan_connection
from voicebot.service.upkeep.reconcile import FIRST_LOOK, MARGIN, MOST_FAILURES, reconcile, run_reconcile

CURE = "run voicebot twilio reconcile --days 11: who rang then has no case"
RE1, RE2 = "RE" + "1" * 32, "RE" + "2" * 32


@pytest.fixture
def down(line: Line) -> Line:
    """A line whose number is connected, and which was away while people rang."""
    connect(line)
    return line


@pytest.mark.requirement("S0-11")
def test_everybody_who_rang_while_we_were_down_has_a_case(down: Line) -> None:
    rang(down, "CA1")
    rang(down, "CA2", OTHER, status="failed")
    rang(down, "CA3", OTHER, status="no-answer")
    books = reconcile(down.hotline)
    assert (books.calls_seen, books.cases_opened, books.calls_joined) == (3, 2, 1)
    assert len(tickets(down)) == 2


def test_run_twice_nothing_is_new(down: Line) -> None:
    rang(down, "CA1")
    left(down, RE1, "CA1")
    reconcile(down.hotline)
    down.listing.listed.clear()
    books = reconcile(down.hotline)
    assert (books.calls_seen, books.cases_opened, books.calls_joined, books.recordings_seen) == (1, 0, 0, 0)
    down.run_jobs()
    assert len(down.sender.sent) == 1


def test_repeated_calls_join_the_oldest_whatever_the_order_of_the_list(down: Line) -> None:
    rang(down, "CA1", ago_s=100)
    rang(down, "CA2", ago_s=300)
    reconcile(down.hotline)
    (ticket,) = tickets(down)
    with down.work() as work:
        assert [call.carrier_call_id for call in work.calls.of_ticket(ticket.id)] == ["CA2", "CA1"]


def test_a_call_that_goes_on_is_left_alone_until_it_is_over(down: Line) -> None:
    rang(down, "CA1", status="in-progress")
    left(down, RE1, "CA1")
    books = reconcile(down.hotline)
    assert (books.calls_going_on, books.cases_opened, books.recordings_left) == (1, 0, 1)
    assert tickets(down) == []
    assert down.carrier.deleted == []
    down.listing.calls.clear()
    rang(down, "CA1")
    assert reconcile(down.hotline).cases_opened == 1


def test_a_call_whose_end_nobody_told_us_ends(down: Line) -> None:
    answer = down.ring()
    rang(down, "CA1")
    assert reconcile(down.hotline).calls_ended == 1
    call = down.call(answer)
    assert (call.status, call.end) == (CallStatus.ENDED, CallEnd.CALLER_HUNG_UP)


# --- how far back ------------------------------------------------------------------------------------------


def test_the_first_run_looks_back_an_hour_and_later_ones_to_the_last(down: Line) -> None:
    run_tasks(down.hotline)
    first = down.clock.now()
    down.step(hours=2)
    run_tasks(down.hotline)
    assert down.listing.asked_since == [first - FIRST_LOOK, first - MARGIN]


def test_after_long_absence_it_looks_back_three_days_at_most(down: Line) -> None:
    run_tasks(down.hotline)
    down.step(days=10)
    with capture_logs() as logs:
        run_tasks(down.hotline)
    assert down.listing.asked_since[-1] == down.clock.now() - timedelta(days=3)
    assert [line for line in logs if line["event"] == "calls_too_old"] == [
        {"event": "calls_too_old", "log_level": "error", "days": 11, "cure": CURE}
    ]


def test_who_rang_after_a_clock_was_put_back_is_looked_for(down: Line) -> None:
    run_tasks(down.hotline)
    down.step(days=-400)
    reconcile(down.hotline)
    assert down.listing.asked_since[-1] == down.clock.now() - MARGIN


def test_told_to_it_looks_back_further(down: Line) -> None:
    reconcile(down.hotline, days=20)
    assert down.listing.asked_since == [down.clock.now() - timedelta(days=20)]


@pytest.mark.parametrize("days", [None, 20])
@pytest.mark.parametrize("values", ['{"voice_url": "https://demo.example/voice"}', '{"trunk_sid": "TK1"}'])
def test_who_rang_before_the_number_was_connected_is_not_our_caller(down: Line, days: int | None, values: str) -> None:
    connected_at = down.clock.now() - timedelta(hours=7)
    with down.work() as work:
        work.kept_numbers.add(KeptSettings(id="1", number_sid=PN, at=connected_at, values_json=values))
        work.commit()
    assert reconcile(down.hotline, days=days).since == connected_at


@pytest.mark.parametrize(
    "values",
    ['{"voice_fallback_url": ""}', '{"voice_url": "https://old-host.example/twilio/voice#rc=1"}'],
    ids=["a new fallback", "a new host of ours"],
)
def test_changing_a_connected_number_forgets_nobody_who_rang_before(down: Line, values: str) -> None:
    with down.work() as work:
        changed_at = down.clock.now() - timedelta(minutes=1)
        work.kept_numbers.add(KeptSettings(id="1", number_sid=PN, at=changed_at, values_json=values))
        work.commit()
    assert reconcile(down.hotline).since == down.clock.now() - FIRST_LOOK


def test_who_rang_while_somebody_had_put_the_number_back_by_hand_is_not_our_caller(line: Line) -> None:
    for _ in range(2):
        connect(line, voice_url="https://demo.example/voice")
        line.step(days=3)
        number = find_own_number(line.hotline)
        assert number is not None
        apply_plan(line.hotline, plan_connection(line.hotline, number, ConnectRequest()))
    assert reconcile(line.hotline).since == line.clock.now()


@pytest.mark.parametrize(
    "settings",
    [
        {"voice_url": ""},
        {"voice_url": "https://elsewhere.example/voice"},
        {"voice_url": "https://hotline.example.org/twilio/voice"},
        {"trunk_sid": "TK1"},
        {"voice_application_sid": "AP1"},
    ],
)
def test_calls_of_a_number_that_is_not_connected_are_not_ours(line: Line, settings: dict[str, str]) -> None:
    connect(line, **settings)
    rang(line, "CA1")
    left(line, RE1, "CA1")
    books = reconcile(line.hotline)
    assert (books.is_connected, books.calls_seen, books.recordings_foreign) == (False, 0, 1)
    assert tickets(line) == []
    assert line.carrier.deleted == []


# --- recordings --------------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-11")
def test_a_message_left_with_the_carrier_comes_home_with_its_call(down: Line) -> None:
    rang(down, "CA1")
    left(down, RE1, "CA1", "please call me")
    books = reconcile(down.hotline)
    assert (books.cases_opened, books.recordings_stored, books.recordings_deleted) == (1, 1, 1)
    (ticket,) = tickets(down)
    (answer,) = answers(down, ticket)
    assert answer.state is AnswerState.AWAITING_TRANSCRIPT
    assert answer.audio_key in down.audio.files
    assert down.carrier.deleted == [RE1]
    down.run_jobs()
    assert tickets(down)[0].problem == "please call me"


def test_a_recording_of_a_call_that_the_list_does_not_show_gets_its_case_first(down: Line) -> None:
    rang(down, "CA1", ago_s=2 * 3600)
    left(down, RE1, "CA1")
    books = reconcile(down.hotline)
    assert (books.calls_seen, books.cases_opened, books.recordings_stored) == (1, 1, 1)


def test_recordings_of_other_programmes_are_never_touched(down: Line) -> None:
    left(down, RE1, "CA9")
    left(down, RE2, "CA9", ago_s=2 * 3600)
    assert reconcile(down.hotline).recordings_foreign == 2
    assert down.carrier.deleted == []


def test_what_the_carrier_shall_never_have_is_deleted_there(down: Line) -> None:
    down.ring()
    end_call(down.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    left(down, RE1, "CA1", status="absent")
    assert reconcile(down.hotline).recordings_deleted == 1


def test_who_refused_recording_is_deleted_there_unheard_even_after_the_callback_failed(down: Line) -> None:
    notice = down.ring()
    down.key(notice, "8")
    end_call(down.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    left(down, RE1, "CA1")
    down.carrier.is_away = True
    books = reconcile(down.hotline)
    assert (books.recordings_deleted, books.recordings_left) == (0, 1)
    down.carrier.is_away = False
    assert reconcile(down.hotline).recordings_deleted == 1
    assert down.carrier.deleted == [RE1]
    assert down.audio.files == {}
    assert answers(down, down.ticket(notice)) == []


@pytest.mark.requirement("S0-11")
def test_two_at_the_carrier_of_one_call_both_come_home(down: Line) -> None:
    rang(down, "CA1")
    left(down, RE1, "CA1", "my name is Ann")
    left(down, RE2, "CA1", "the parcel came broken", ago_s=100)
    assert reconcile(down.hotline).recordings_stored == 2
    down.run_jobs()
    assert tickets(down)[0].problem == "my name is Ann\nthe parcel came broken"


# --- the carrier fails -------------------------------------------------------------------------------------


def test_a_carrier_that_is_away_is_asked_again_at_the_next_look(down: Line) -> None:
    rang(down, "CA1", CALLER)
    down.listing.is_away = True
    run_tasks(down.hotline)
    assert tickets(down) == []
    down.listing.is_away = False
    down.step(seconds=AGAIN_AFTER.total_seconds())
    run_tasks(down.hotline)
    assert len(tickets(down)) == 1


def test_a_list_that_breaks_off_in_the_middle_is_read_again_whole(down: Line) -> None:
    rang(down, "CA1")
    rang(down, "CA2", OTHER)
    down.listing.away_after = 1
    with pytest.raises(Unavailable):
        reconcile(down.hotline)
    down.listing.away_after = None
    assert reconcile(down.hotline).calls_seen == 2
    assert len(tickets(down)) == 2


def test_one_recording_that_cannot_be_had_does_not_stop_the_others(down: Line) -> None:
    rang(down, "CA1")
    left(down, RE1, "CA1", ago_s=250)
    left(down, RE2, "CA1")
    del down.carrier.recordings[RE1]
    books = reconcile(down.hotline)
    assert (books.recordings_stored, books.recordings_left) == (1, 1)
    (ticket,) = tickets(down)
    assert {answer.state for answer in answers(down, ticket)} == {
        AnswerState.AWAITING_RECORDING,
        AnswerState.AWAITING_TRANSCRIPT,
    }


def test_one_recording_whose_copy_there_cannot_be_deleted_is_counted_once(down: Line) -> None:
    left(down, RE1, rang(down, "CA1").carrier_call_id)
    down.carrier.cannot_delete = True
    assert reconcile(down.hotline).recordings_stored == 1


def test_one_call_that_cannot_be_taken_up_does_not_stop_the_others_and_is_tried_again(down: Line) -> None:
    rang(down, "CA1")
    rang(down, "CA2", OTHER)
    left(down, RE1, "CA2")
    down.listing.calls[0] = replace(down.listing.calls[0], caller=None)  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="1 of 2 calls"):
        reconcile(down.hotline)
    assert [ticket.complainant_number for ticket in tickets(down)] == [OTHER]
    assert down.carrier.deleted == [RE1]


def test_a_carrier_that_fails_on_one_after_the_other_is_away(down: Line) -> None:
    rang(down, "CA1")
    for count in range(MOST_FAILURES + 5):
        left(down, f"RE{count:032}", "CA1")
    down.carrier.is_away = True
    with pytest.raises(Unavailable):
        reconcile(down.hotline)


def test_our_number_is_looked_up_by_its_own_form(down: Line) -> None:
    down.numbers.numbers = []
    assert OWN not in [number.number for number in down.numbers.all()]
    assert not reconcile(down.hotline).is_connected


def test_the_task_looks_at_every_number_and_says_when_one_is_not_connected(line: Line) -> None:
    with_rules(line, more_numbers=frozenset({"+12025550101"}))
    with capture_logs() as log:
        run_reconcile(line.hotline)
    assert [entry["event"] for entry in log if entry["event"] in ("number_not_connected", "reconciled")] == [
        "number_not_connected",
        "reconciled",
    ]
