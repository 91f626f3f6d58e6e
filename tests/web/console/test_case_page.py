"""One case as a page: what staff read at its head, and in which words and language."""

import re

from tests.fakes_second_ear import FakeEar
from tests.service.lines import OTHER
from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import case_path, told
from voicebot.domain.call import CallEnd
from voicebot.service.answer.second_listening import listen_again
from voicebot.service.call.turn import end_call
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.web.console.access_book import ACCESS_BOOK


def test_a_missing_voice_has_a_sentence_in_place_of_a_player(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in()
    assert "<audio" in browser.get(case_path(ticket)).text
    console.line.audio.files.clear()
    page = browser.get(case_path(ticket)).text
    assert "<audio" not in page
    assert "The file of this voice is not to be found" in page
    assert "Hear the next word to check" not in page


def test_a_second_hearing_stands_beside_the_words_of_the_call(console: ConsoleDesk) -> None:
    ticket = told(console)
    console.line.use(second_ear=FakeEar("my parcel came cracked<i>"))
    assert listen_again(console.line.hotline) == 1
    browser = console.logged_in()
    page = browser.get(case_path(ticket)).text
    assert re.search(r"to check<span class=\"visually-hidden\">, namely <bdi lang=\"en[^>]*>broken", page)
    assert "namely" not in browser.get(f"{case_path(ticket)}/review").text, "each word says so itself there"
    assert "1 place is heard otherwise" in page
    assert "<del>broken</del>" in page
    assert "<ins>cracked&lt;i&gt;</ins>" in page


def test_a_silent_caller_and_one_who_refused_have_a_sentence_at_the_head(console: ConsoleDesk) -> None:
    line, browser = console.line, console.logged_in()
    silent = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    assert "The caller said nothing" in browser.get(case_path(line.ticket(silent))).text
    line.change_ticket(silent, recording_refused=True)
    page = browser.get(case_path(line.ticket(silent))).text
    assert "refused to be recorded: there is neither" in page
    assert page.index("refused to be recorded") < page.index("Before you call")
    assert "listen" not in browser.get("/console/cases").text


def test_a_call_that_is_still_on_the_line_is_called_neither_silent_nor_without_a_number(console: ConsoleDesk) -> None:
    line, browser = console.line, console.logged_in()
    ticket = line.ticket(line.ring("anonymous"))
    page = browser.get(case_path(ticket)).text
    assert "On the line now" in page
    assert not [words for words in ("said nothing", "no number to call", "No call is promised") if words in page]
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    page = browser.get(case_path(ticket)).text
    assert "There is no number to call back." in page
    assert "The caller said nothing: there is no voice to hear." in page
    assert not [words for words in ("On the line now", "Ask when you call", ": listen.") if words in page]


def test_old_words_are_shown_with_the_day_they_were_said(console: ConsoleDesk) -> None:
    ticket = told(console)
    console.line.step(days=3)
    page = console.logged_in().get(case_path(ticket)).text
    assert "a call Wed 18 Nov 2026, 11:00–13:00 EST, on Wed 18 Nov 2026, 10:00 EST, in these words" in page
    assert "Promised a call Wed 18 Nov 2026, 11:00–13:00 EST" in page


def test_a_text_carries_the_language_of_its_script_wherever_it_is_shown(console: ConsoleDesk) -> None:
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="Чайник течёт вторую неделю"))
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    browser = console.logged_in()
    write_note(console.line.hotline, ticket.case_number, text="הקומקום נבדק", actor="anna_ruiz")
    for page in (browser.get("/console/cases").text, browser.get(case_path(ticket)).text):
        shown = [tag for tag in re.findall(r"<[^<>]*>[^<>]*Чайник", page) if "<title" not in tag]
        assert shown
        assert all('lang="ru"' in tag and 'dir="auto"' in tag for tag in shown), shown
    noted = re.findall(r"<[^<>]*>[^<>]*הקומקום", page)
    assert noted
    assert all('lang="he"' in tag and 'dir="auto"' in tag for tag in noted), noted


def test_a_case_says_in_a_whole_sentence_how_it_came(console: ConsoleDesk) -> None:
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="the kettle leaks"))
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    browser = console.logged_in()
    assert ", by text message" in browser.get(case_path(ticket)).text
    assert ", by phone" in browser.get(case_path(told(console))).text


def test_a_case_that_a_colleague_has_open_says_so_to_both_and_not_of_oneself(console: ConsoleDesk) -> None:
    path = case_path(told(console))
    dan = console.logged_in("dan@firm.example", name="Dan Moss")
    olive = console.logged_in("olive@firm.example", name="Olive Ray")
    assert " is here" not in dan.get(path).text
    console.app.extensions[ACCESS_BOOK].flush()
    assert "Dan Moss is here" in olive.get(path).text
    console.app.extensions[ACCESS_BOOK].flush()
    assert "Olive Ray is here" in dan.get(path).text
    assert "Dan Moss is here" in olive.get("/console/").text
    console.line.step(minutes=2)
    assert " is here" not in olive.get(path).text


def test_what_a_colleague_did_last_is_news_and_what_one_did_oneself_is_not(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in(member_id="owner_1")
    assert 'data-seen="0" data-said=""' in browser.get(case_path(ticket)).text
    write_note(console.line.hotline, ticket.case_number, text="house number missing", actor="deputy_1")
    assert 'data-seen="1" data-said="10:00: Deputy wrote a note."' in browser.get(case_path(ticket)).text
    write_note(console.line.hotline, ticket.case_number, text="found it", actor="owner_1")
    assert 'data-seen="2" data-said=""' in browser.get(case_path(ticket)).text
