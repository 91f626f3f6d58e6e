"""What staff see is noted beside the pages."""

import threading

from structlog.testing import capture_logs

from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import answers, case_path, told
from voicebot.domain.staff import Role
from voicebot.web.console.access_book import ACCESS_BOOK, MOST_WAITING, AccessBook


def test_what_is_seen_is_written_in_its_order_with_its_instant(console: ConsoleDesk) -> None:
    line = console.line
    ticket = line.ticket(line.told_call())
    book = AccessBook(line.hotline)
    began = line.clock.now()
    for actor in ("anna", "bela", "carl"):
        book.note(ticket.case_number, actor=actor)
        line.step(minutes=1)
    book.flush()
    with line.work() as work:
        kept = work.accesses.of_ticket(ticket.id)
    assert [access.staff_id for access in kept] == ["anna", "bela", "carl"]
    assert kept[0].at == began


def test_a_case_that_is_not_there_ends_no_book(console: ConsoleDesk) -> None:
    line = console.line
    book = AccessBook(line.hotline)
    with capture_logs() as lines:
        book.note("482-719-305", actor="anna")
        book.flush()
    assert [each["event"] for each in lines] == ["access_not_kept"]
    ticket = line.ticket(line.told_call())
    book.note(ticket.case_number, actor="anna")
    book.flush()
    with line.work() as work:
        assert len(work.accesses.of_ticket(ticket.id)) == 1


def test_a_full_book_says_so_in_the_log(console: ConsoleDesk) -> None:
    book, go_on = AccessBook(console.line.hotline), threading.Event()
    book._writer.submit(go_on.wait)
    with capture_logs() as lines:
        for _ in range(MOST_WAITING + 1):
            book.note("482-719-305", actor="anna")
        assert [each["event"] for each in lines] == ["access_not_kept"]
        go_on.set()
        book.flush()


def test_who_opened_a_case_and_heard_a_voice_is_shown_to_administrators_only(console: ConsoleDesk) -> None:
    ticket = told(console)
    handler = console.logged_in()
    voice = f"{case_path(ticket)}/answers/{answers(console, ticket)[0].id}/audio"
    assert "Who saw it" not in handler.get(case_path(ticket)).text
    for stretch in ("bytes=0-99", "bytes=100-199", "bytes=200-"):
        assert handler.get(voice, headers={"Range": stretch}).status_code == 206
    handler.get(case_path(ticket))
    console.app.extensions[ACCESS_BOOK].flush()
    page = console.logged_in("boss@firm.example", name="Boss", role=Role.ADMINISTRATOR).get(case_path(ticket)).text
    assert page.count("Anna Ruiz opened the case") == 1
    assert page.count("Anna Ruiz heard the voice") == 1


def test_who_is_not_let_in_leaves_no_trace_of_having_seen(console: ConsoleDesk) -> None:
    ticket = told(console)
    console.browser().get(case_path(ticket))
    console.app.extensions[ACCESS_BOOK].flush()
    with console.line.work() as work:
        assert work.accesses.of_ticket(ticket.id) == []
