"""What staff see is noted beside the pages."""

import threading

from structlog.testing import capture_logs

from tests.service.lines import OTHER
from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import answers, case_path, told
from voicebot.domain.case_number import written
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


def test_who_opened_a_case_and_fetched_a_voice_is_shown_to_who_may_read_it(console: ConsoleDesk) -> None:
    ticket = told(console)
    handler = console.logged_in()
    voice = f"{case_path(ticket)}/answers/{answers(console, ticket)[0].id}/audio"
    assert "Looked at by" not in handler.get(case_path(ticket)).text
    for stretch in ("bytes=0-99", "bytes=100-199", "bytes=200-"):
        assert handler.get(voice, headers={"Range": stretch}).status_code == 206
    handler.get(case_path(ticket))
    console.app.extensions[ACCESS_BOOK].flush()
    for role in (Role.ADMINISTRATOR, Role.MANAGEMENT, Role.AUDITOR):
        page = console.logged_in(f"{role}@firm.example", name="Boss", role=role).get(case_path(ticket)).text
        assert page.count("Anna Ruiz opened the case") == 1
        assert page.count("Anna Ruiz fetched the voice") == 1


def test_a_search_and_words_taken_along_are_looks_apart_from_the_history(console: ConsoleDesk) -> None:
    ticket = told(console)
    handler, auditor = console.logged_in(), console.logged_in("aud@firm.example", name="Aud", role=Role.AUDITOR)
    before = len(console.line.verbs(ticket.id))
    assert written(ticket.case_number) in handler.get("/console/search?q=parcel").text
    for path in ("words.txt", "words"):
        assert handler.get(f"{case_path(ticket)}/{path}").status_code == 200
    console.app.extensions[ACCESS_BOOK].flush()
    page = auditor.get(case_path(ticket)).text
    assert page.count("Anna Ruiz read words of it in a search") == page.count("Anna Ruiz took its words along") == 1
    assert len(console.line.verbs(ticket.id)) == before
    assert auditor.get(f"{case_path(told(console, 'CA2', OTHER))}/looks.csv").status_code == 200
    rows = auditor.get(f"{case_path(ticket)}/looks.csv").text.splitlines()
    assert rows[0] == "case,at,who,name,what,answer"
    assert [row.split(",")[3:5] for row in rows[1:3]] == [["Anna Ruiz", "found"], ["Anna Ruiz", "export"]]


def test_who_only_reads_a_case_keeps_nobody_else_from_it(console: ConsoleDesk) -> None:
    ticket = told(console)
    auditor, handler = console.logged_in("aud@firm.example", name="Aud", role=Role.AUDITOR), console.logged_in()
    auditor.get(case_path(ticket))
    console.app.extensions[ACCESS_BOOK].flush()
    assert "Aud is here" not in handler.get(case_path(ticket)).text


def test_who_is_not_let_in_leaves_no_trace_of_having_seen(console: ConsoleDesk) -> None:
    ticket = told(console)
    console.browser().get(case_path(ticket))
    console.app.extensions[ACCESS_BOOK].flush()
    with console.line.work() as work:
        assert work.accesses.of_ticket(ticket.id) == []
