"""`voicebot tickets` on a terminal, over a real database."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.builders import at
from tests.service.lines import OTHER, Line
from voicebot.cli import main
from voicebot.cli.ticket import tickets
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.picture import FileSent
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.call.turn import end_call
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.inbound_text import IncomingText, log_text


@pytest.fixture
def begins_at() -> datetime:
    """Cases are told of by their instants."""
    return at("Wednesday 18 November 2026 10:00:00")


def run(*words: str) -> str:
    result = CliRunner().invoke(tickets, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_empty_list_says_when_cases_will_appear(line: Line) -> None:
    assert "No cases yet" in run()
    assert "No cases yet" in run("--all")
    assert json.loads(run("--json")) == []
    assert line.jobs_waiting == []


def test_the_list_names_case_owner_and_what_is_due_next(line: Line) -> None:
    case = written(line.ticket(line.told_call()).case_number)
    listed = run("--all")
    assert case in listed
    assert "First handler" in listed
    assert "Call the complainant" in listed
    (row,) = json.loads(run("--json"))
    assert " ".join(row) == (
        "case status channel locale owner owner_id opened_at problem deadline deadline_at window_opens_at is_missed "
        "told_at called_at is_supervisor_asked is_listen_first misses repeats category"
    ), "scripts read these"
    assert (row["case"], row["misses"]) == (case, 0)


def test_without_a_word_the_lanes_of_today_are_shown_in_their_words(line: Line) -> None:
    """Who works at a terminal sees the same calls first as who works at a page."""
    case = written(line.ticket(line.told_call()).case_number)
    other = line.ticket(line.told_call("CA2", OTHER))
    act(line.hotline, other.case_number, dismissing(kind=NotComplaint.PRAISE, words="thanks", actor="owner_1"))
    shown = run()
    assert "0 Call now, 1 Missed, 0 Opens later today" in shown
    for words in (case, "overdue", "no new window", "a refund please", "…0143", "First handler"):
        assert words in shown
    assert written(other.case_number) not in shown
    assert written(other.case_number) in run("--all")
    assert case not in run("--mine")


def test_a_case_is_shown_whole_and_says_why_each_instant(line: Line) -> None:
    answer = line.told_call()
    ticket = line.ticket(answer)
    shown = run("show", ticket.case_number)
    for words in (
        "my parcel came broken",
        "a refund please",
        "within 8 hours of working time",
        "To check",
        "confirmation",
        "answered the recording notice",
        "What would put it right",
        "That is our promise",
    ):
        assert words in shown
    assert set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", shown)) <= {"owner_1"}, "names of the house are for scripts"
    assert f"Code {ticket.pin}" not in shown
    assert json.loads(run("show", "--json", ticket.case_number))["ticket"]["pin"] == "****"


def test_what_was_written_is_not_shown_as_something_heard(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="my kettle leaks"))
    (row,) = json.loads(run("--json"))
    shown = run("show", row["case"])
    assert "written by text" in shown
    assert "none: written" in shown


def test_pictures_are_told_by_number_kind_and_size(line: Line) -> None:
    files = (FileSent(kind="image/jpeg", media_sid="ME" + "0" * 32),)
    line.carrier.media[("SM1", "ME" + "0" * 32)] = b"\xff\xd8" + b"x" * 119_998
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="see this", files=files))
    line.run_jobs()
    (row,) = json.loads(run("--json"))
    assert "1 picture (image/jpeg, 120 kB)" in " ".join(run("show", row["case"]).split())
    assert json.loads(run("show", "--json", row["case"]))["pictures"][0]["kind"] == "image/jpeg"


def test_a_promise_that_nobody_was_told_of_says_so(line: Line) -> None:
    answer = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    shown = " ".join(run("show", line.ticket(answer).case_number).replace("│", " ").split())
    assert "nobody has told the complainant" in shown
    assert "not confirmed by the caller" not in shown


@pytest.mark.requirement("S2-21")
def test_a_call_is_logged_with_its_reason(line: Line) -> None:
    answer = line.told_call()
    case = written(line.ticket(answer).case_number)
    assert "the promise is kept" in run(
        "called", case, "--next", "stands", "--reason", "spoke to her", "--by", "owner_1"
    )
    assert "spoke to her" in run("show", case)
    assert run("called", case, "--next", "stands", "--reason", "again", "--second").startswith("Logged.")


def test_a_voicemail_is_logged_as_a_try(line: Line) -> None:
    case = written(line.ticket(line.told_call()).case_number)
    assert "still waits for a talk" in run("called", case, "--next", "stands", "--outcome", "voicemail")
    assert "tried to call the complainant" in " ".join(run("show", case).split())


def test_a_case_is_acknowledged(line: Line) -> None:
    case = written(line.ticket(line.told_call()).case_number)
    assert "only a logged call ends it" in run("acknowledge", case)
    assert "seen" in run("--all")


def test_a_case_that_shows_every_kind_of_row(line: Line) -> None:
    answer = line.key(line.ring("anonymous"), "0")
    line.change_ticket(answer, may_text=False, recording_refused=True)
    shown = run("show", line.ticket(answer).case_number)
    assert "none: listen for one in the answers" in shown
    assert "asked for a supervisor" in shown
    assert "Decide what we do" in shown


def test_a_case_on_which_nothing_is_due_says_so(line: Line) -> None:
    case = written(line.ticket(line.told_call()).case_number)
    assert "no promise is open" not in run("show", case)
    act(line.hotline, case, dismissing(kind=NotComplaint.PRANK, words="a child at play", actor="owner_1"))
    assert "no promise is open, no time to decide is running and no ladder is being climbed" in run("show", case)


@pytest.mark.parametrize(
    "words", [("show", "123"), ("called", "123", "--next", "stands", "--reason", "x"), ("acknowledge", "123")]
)
def test_a_wrong_case_number_is_refused_in_one_sentence(line: Line, words: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="nine digits"):
        CliRunner().invoke(tickets, words, catch_exceptions=False)
    assert line.jobs_waiting == []


@pytest.mark.parametrize("words", [("tickets",), ("tickets", "show", "482-719-305"), ("calls", "live")])
def test_where_nothing_was_ever_stored_the_place_looked_at_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Settings come from the folder in which one stands: another one is the usual reason."""
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "")
    told = CliRunner().invoke(main, words).stderr
    assert f"{tmp_path / 'new' / 'voicebot.db'} is not migrated" in told
    assert ".env" in told


def test_words_of_a_promise_stand_with_the_day_they_were_said(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    line.step(days=3)
    assert "(said Wed 18 Nov 2026, 10:00:00 EST)" in run("show", case)


def test_who_looks_at_a_case_in_the_terminal_is_kept_too(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert "Who saw it" not in run("show", case)
    assert "Who saw it" in run("show", case)
    assert [access["kind"] for access in json.loads(run("show", case, "--json"))["accesses"]] == ["terminal"]
