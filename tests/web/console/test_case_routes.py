"""The pages of cases: who may see them, what stands there, and the voice in stretches."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, text

from tests.builders import at
from tests.databases import url_of
from tests.service.lines import OTHER, OWNER
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.store import LOOK_TIMEOUT_S, open_engine
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.domain.picture import FileSent
from voicebot.domain.ticket import Answer, AnswerState, Ticket
from voicebot.service.call.turn import end_call
from voicebot.service.queries.case_list import list_cases
from voicebot.service.ticket.hand_over import take_over
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.speech.pcm_stream import PcmStream
from voicebot.web.console.access_book import ACCESS_BOOK

NOBODY = "/console/cases/482-719-305"


def told(console: ConsoleDesk, *call: str) -> Ticket:
    return console.line.ticket(console.line.told_call(*call))


def case_path(ticket: Ticket) -> str:
    return f"/console/cases/{written(ticket.case_number)}"


def answers(console: ConsoleDesk, ticket: Ticket) -> list[Answer]:
    with console.line.work() as work:
        return list(work.tickets.answers(ticket.id))


def change(console: ConsoleDesk, answer: Answer, **changes: object) -> None:
    with console.line.work() as work:
        work.tickets.save_answer(replace(answer, **changes))  # type: ignore[arg-type]
        work.commit()


def test_strangers_are_shown_to_the_login_and_hear_nothing(console: ConsoleDesk) -> None:
    ticket = told(console)
    stranger = console.browser()
    voice = f"{case_path(ticket)}/answers/{answers(console, ticket)[0].id}/audio"
    for path in ("/console/", case_path(ticket), NOBODY):
        assert stranger.get(path).headers["Location"].startswith("/console/login")
    assert stranger.get(voice).status_code == 401


def test_the_list_says_what_is_owed_and_how_far_away_it_is(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in()
    page = browser.get("/console/cases").text
    for words in (written(ticket.case_number), "in 3 h", "13:00 EST", "First handler", "my parcel came broken"):
        assert words in page
    assert ", opens 11:00, by" in page
    console.line.clock.at = at("Wednesday 18 November 2026 11:00:00")
    assert ", window open, by" in browser.get("/console/cases").text
    console.line.clock.at = at("Wednesday 18 November 2026 13:08:00")
    console.line.sweep()
    page = browser.get("/console/cases").text
    for words in ("8 min overdue", "1 miss", "promised call, missed", "new window from 14:00 EST"):
        assert words in page


def test_filters_show_mine_open_and_all_and_anything_else_is_open(console: ConsoleDesk) -> None:
    mine, other = told(console), told(console, "CA2", OTHER)
    browser = console.logged_in(member_id="deputy_1")
    take_over(console.line.hotline, mine.case_number, actor="deputy_1")
    seen = {show: browser.get(f"/console/cases?show={show}").text for show in ("mine", "open", "all", "<b>")}
    assert written(mine.case_number) in seen["mine"]
    assert written(other.case_number) not in seen["mine"]
    assert "1 open case of yours." in seen["mine"]
    assert "2 open cases." in seen["open"]
    assert "2 open cases." in seen["<b>"]
    assert "2 cases in all." in seen["all"]


def test_an_empty_list_tells_a_first_day_from_a_quiet_one(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert "No cases yet." in browser.get("/console/cases").text
    told(console)
    page = browser.get("/console/cases?show=mine").text
    assert "None of the open cases is yours." in page
    assert "No cases yet." not in page


def test_a_long_list_comes_in_pages_and_a_page_beyond_the_end_is_the_last(console: ConsoleDesk) -> None:
    for number in range(52):
        console.line.ring(f"+1202555{1000 + number:04}"[:12], f"CA{number}")
    browser = console.logged_in()
    first, second = (browser.get(f"/console/cases?page={page}").text for page in (1, 2))
    assert (first.count('class="case-line'), second.count('class="case-line')) == (50, 2)
    assert "Page 2 of 2" in second
    beyond = browser.get("/console/cases?show=open&page=99")
    assert beyond.headers["Location"] == "/console/cases?show=open&page=2"
    for strange in ("0", "-1", "x", "", "9" * 40, "１"):
        assert "Page 1 of 2" in browser.get(f"/console/cases?page={strange}").text
    assert list_cases(console.line.hotline).total == 52


def test_a_case_is_found_with_and_without_hyphens_and_stands_at_one_address(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in()
    assert browser.get(f"/console/cases/{ticket.case_number}").headers["Location"] == case_path(ticket)
    assert browser.get(case_path(ticket)).status_code == 200


@pytest.mark.parametrize("case", ["1", "482-719-305", "482-719-306", "..%2F..%2Fetc", "%00", "x" * 3000])
def test_what_is_no_case_is_a_page_that_says_so(console: ConsoleDesk, case: str) -> None:
    answer = console.logged_in().get(f"/console/cases/{case}")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_a_case_shows_promise_words_reasons_consent_and_texts_but_never_the_pin(console: ConsoleDesk) -> None:
    ticket = told(console)
    page = console.logged_in().get(case_path(ticket)).text
    for words in (
        "the window opens in 1 h",
        "That is our promise",
        "a refund please",
        "within 8 hours of working time",
        "Why this instant",
        "heard the notice to its end",
        "confirmation, to the complainant",
        "Code ****",
        'href="tel:+12025550143"',
    ):
        assert words in page
    assert f" {ticket.pin}" not in page


def test_what_was_written_is_labelled_as_written(console: ConsoleDesk) -> None:
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="my kettle leaks"))
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    page = console.logged_in().get(case_path(ticket)).text
    assert "In their own words" in page
    assert "Written by text message" in page
    assert "to hear it" not in page


def test_a_picture_is_saved_as_a_file_and_never_opened_here(console: ConsoleDesk) -> None:
    media_sid = "ME" + "0" * 32
    console.line.carrier.media[("SM1", media_sid)] = b"\xff\xd8<script>alert(1)</script>"
    files = (FileSent(kind="image/jpeg", media_sid=media_sid), FileSent(kind="image/jpeg", media_sid=None))
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="", files=files))
    console.line.run_jobs()
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    browser, path = console.logged_in(), f"{case_path(ticket)}/files/SM1-0"
    page = browser.get(case_path(ticket)).text
    assert "With it came 2 pictures (image/jpeg, 1 kB)" in page
    assert f'href="{path}" download' in page
    assert "its address names no file of the carrier" in page
    answer = browser.get(path)
    assert (answer.status_code, answer.data) == (200, b"\xff\xd8<script>alert(1)</script>")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{written(ticket.case_number)}-1.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"{case_path(ticket)}/files/SM1-1").status_code == 404
    assert browser.get(f"{case_path(told(console))}/files/SM1-0").status_code == 404


def test_a_file_that_is_no_picture_is_not_called_one_and_says_what_it_came_as(console: ConsoleDesk) -> None:
    media_sid = "ME" + "0" * 32
    console.line.carrier.media[("SM1", media_sid)] = b"<script>alert(1)</script>"
    files = (FileSent(kind="image/png", media_sid=media_sid),)
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="look", files=files))
    console.line.run_jobs()
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    browser, path = console.logged_in(), f"{case_path(ticket)}/files/SM1-0"
    page = browser.get(case_path(ticket)).text
    assert "With it came 1 file (application/octet-stream, 1 kB)" in page
    assert "sent as image/png" in page
    assert browser.get(path).headers["Content-Disposition"].endswith('-1.bin"')


def test_a_text_to_the_phone_that_rang_goes_to_the_complainant_though_another_is_to_be_called(
    console: ConsoleDesk,
) -> None:
    answer = console.line.told_call()
    console.line.change_ticket(answer, complainant_number=OTHER)
    page = console.logged_in().get(case_path(console.line.ticket(answer))).text
    assert "confirmation, to the complainant" in page


def test_a_promise_that_nobody_was_told_of_says_so(console: ConsoleDesk) -> None:
    ticket = console.line.ticket(console.line.ring())
    end_call(console.line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    page = console.logged_in().get(case_path(ticket)).text
    assert page.count("nobody has told the complainant") >= 2
    assert "not confirmed by the caller" not in page


def test_the_page_warns_when_the_owner_cannot_be_warned(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in()
    assert "No warning reaches them" not in browser.get(case_path(ticket)).text
    take_over(console.line.hotline, ticket.case_number, actor="anna_ruiz")
    page = browser.get(case_path(ticket)).text
    assert (
        "Anna Ruiz has no telephone in escalation.yaml. No warning reaches them; we tell First handler instead." in page
    )


def test_the_page_warns_of_an_owner_who_stopped_our_texts_until_they_start_them_again(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser, path = console.logged_in(), case_path(ticket)
    for sid, words, is_warned in (("SM1", "STOP", True), ("SM2", "START", False)):
        log_text(console.line.hotline, IncomingText(message_sid=sid, sender=OWNER, body=words))
        page = browser.get(path).text
        assert ("First handler answered STOP to our texts" in page) is is_warned
        assert ("No warning reaches them, and nobody is told in their place" in page) is is_warned


def test_a_voice_is_sent_whole_or_in_stretches_and_kept_by_nobody(console: ConsoleDesk) -> None:
    ticket = told(console)
    story = answers(console, ticket)[0]
    wav = PcmStream(console.line.audio.open(str(story.audio_key))).read()
    browser, path = console.logged_in(), f"{case_path(ticket)}/answers/{story.id}/audio"
    whole = browser.get(path)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, wav, "audio/wav")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "no-store"
    part = browser.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, wav[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(wav)}"
    assert browser.get(path, headers={"Range": "bytes=99999999-"}).status_code == 416


def test_a_voice_of_another_case_of_none_or_destroyed_is_not_there(console: ConsoleDesk) -> None:
    ticket, other = told(console), told(console, "CA2", OTHER)
    story = answers(console, ticket)[0]
    browser = console.logged_in()
    for path in (
        f"{case_path(other)}/answers/{story.id}/audio",
        f"{case_path(ticket)}/answers/..%2F..%2Fvoicebot.db/audio",
        f"{case_path(ticket)}/answers/none/audio",
        f"{NOBODY}/answers/{story.id}/audio",
    ):
        assert browser.get(path).status_code == 404
    change(console, story, audio_key=None, text="", words_json="[]", state=AnswerState.DESTROYED)
    assert browser.get(f"{case_path(ticket)}/answers/{story.id}/audio").status_code == 404
    assert "Destroyed: voice and words" in browser.get(case_path(ticket)).text


def test_a_voice_that_the_store_lost_is_a_fault_of_ours_and_not_of_the_page(console: ConsoleDesk) -> None:
    ticket = told(console)
    console.line.audio.files.clear()
    browser = console.logged_in()
    assert browser.get(f"{case_path(ticket)}/answers/{answers(console, ticket)[0].id}/audio").status_code == 503
    assert browser.get(case_path(ticket)).status_code == 200


def test_styles_and_scripts_are_ours_and_stand_in_no_page(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in()
    page = browser.get(case_path(ticket)).text
    assert "style=" not in page
    assert "<script>" not in page
    assert "//" not in "".join(part.split('"')[0] for part in page.split('src="')[1:])
    for name in (
        "bootstrap.min.css",
        "console.css",
        "theme.js",
        "listen.js",
        "actions.js",
        "draft.js",
        "refresh.js",
        "icon.svg",
    ):
        with console.browser().get(f"/console/static/{name}") as answer:
            assert answer.status_code == 200


def test_pages_are_served_while_somebody_else_is_writing(console: ConsoleDesk, tmp_path: Path) -> None:
    ticket = told(console)
    story = answers(console, ticket)[0]
    browser = console.logged_in()
    other = sqlite3.connect(tmp_path / "voicebot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = monotonic()
    for path in ("/console/", case_path(ticket), f"{case_path(ticket)}/answers/{story.id}/audio"):
        assert browser.get(path).status_code == 200
    assert monotonic() - began < 10, "a writer is waited for fifteen seconds"
    other.close()
    console.app.extensions[ACCESS_BOOK].flush()
    with console.line.work() as work:
        assert len(work.accesses.of_ticket(ticket.id)) == 2, "what was seen meanwhile is kept when the writer is done"


@pytest.mark.parametrize("migrated_engine", ["postgresql"], indirect=True)
def test_a_page_that_cannot_be_had_says_so_in_time(console_on_both: ConsoleDesk, migrated_engine: Engine) -> None:
    ticket, engine = told(console_on_both), open_engine(url_of(migrated_engine))
    browser = console_on_both.logged_in()
    with engine.begin() as other:
        other.execute(text("LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE"))
        for path in ("/console/", case_path(ticket)):
            began = monotonic()
            page = browser.get(path)
            assert monotonic() - began < LOOK_TIMEOUT_S + 5
            assert (page.status_code, page.mimetype, page.headers["Retry-After"]) == (503, "text/html", "10")
            assert "This cannot be done now" in page.text
            assert "To the list of cases" in page.text
    engine.dispose()
    assert browser.get("/console/").status_code == 200


def test_several_ranges_at_once_are_answered_whole(console: ConsoleDesk) -> None:
    ticket = told(console)
    voice = f"{case_path(ticket)}/answers/{answers(console, ticket)[0].id}/audio"
    answer = console.logged_in().get(voice, headers={"Range": "bytes=0-9,20-29"})
    assert (answer.status_code, answer.data[:4]) == (200, b"RIFF")
