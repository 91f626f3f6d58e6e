"""Who saw a case and heard its voices is kept, once an hour, until nothing is left to be seen."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from structlog.testing import capture_logs

from tests.service.lines import OTHER, Line
from tests.statements import statements_of
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.retention import RetentionClass
from voicebot.domain.ticket import Ticket
from voicebot.errors import Unavailable
from voicebot.service.ports import UnitOfWork
from voicebot.service.queries.access import keep_access, looked_at
from voicebot.service.queries.case_view import view_case


def see(line: Line, ticket: Ticket, actor: str, answer_id: str | None = None) -> None:
    kind = AccessKind.VOICE if answer_id else AccessKind.PAGE
    keep_access(line.hotline, a_look(line, ticket, actor, kind=kind, answer_id=answer_id))


def a_look(line: Line, ticket: Ticket, actor: str, **details: Any) -> Seen:
    return Seen(case=ticket.case_number, at=line.clock.now(), staff_id=actor, **details)


def kept(line: Line, ticket: Ticket) -> list[tuple[str, str, str | None]]:
    view = view_case(line.hotline, ticket.case_number)
    return [(access.staff_id, access.kind.value, access.answer_id) for access in view.accesses]


def test_each_member_page_and_voice_is_kept_with_its_instant(line_on_both: Line) -> None:
    line = line_on_both
    ticket = line.ticket(line.told_call())
    see(line, ticket, "anna")
    see(line, ticket, "anna", "a1")
    see(line, ticket, "anna", "a2")
    see(line, ticket, "bela")
    assert kept(line, ticket) == [
        ("anna", "page", None),
        ("anna", "voice", "a1"),
        ("anna", "voice", "a2"),
        ("bela", "page", None),
    ]
    access = view_case(line.hotline, ticket.case_number).accesses[0]
    assert (access.at, access.kind) == (line.clock.now(), AccessKind.PAGE)


def test_an_open_page_and_a_voice_in_stretches_are_one_access_an_hour(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    for _ in range(180):
        see(line, ticket, "anna")
        see(line, ticket, "anna", "a1")
        line.step(seconds=20)
    assert len(kept(line, ticket)) == 2
    see(line, ticket, "anna")
    assert len(kept(line, ticket)) == 3


def test_who_saw_a_case_goes_with_its_words_and_not_before(line_on_both: Line) -> None:
    line = line_on_both
    ticket = line.ticket(line.told_call())
    see(line, ticket, "anna")
    for kind in RetentionClass:
        is_words = kind is RetentionClass.WORDS
        with line.work() as work:
            work.retention.erase(ticket.id, kind, line.clock.now())
            assert bool(work.accesses.of_ticket(ticket.id)) is not is_words
            if not is_words:
                continue
            assert work.retention.count(ticket.id, kind) == 0


def test_a_database_that_takes_no_writes_holds_nobody_up_and_the_log_has_it(line: Line) -> None:
    ticket = line.ticket(line.told_call())

    def away() -> AbstractContextManager[UnitOfWork]:
        raise Unavailable("the database is away")

    line.use(unit_of_work=away)
    with capture_logs() as lines:
        see(line, ticket, "anna", "a1")
    (told,) = lines
    assert (told["event"], told["staff"], told["answer"]) == ("access_not_kept", "anna", "a1")


def test_what_a_search_showed_is_kept_for_each_case_by_one_look_and_one_write(line: Line) -> None:
    tickets = [line.ticket(line.told_call()), line.ticket(line.told_call("CA2", OTHER))]
    looks = [a_look(line, each, "anna", kind=AccessKind.FOUND) for each in tickets]
    hotline = replace(line.hotline, look=line.hotline.unit_of_work)
    with statements_of(line.engine) as sent:
        keep_access(hotline, *looks)
        keep_access(hotline, *looks)
    assert [each.split()[0] for each in sent] == [*["SELECT"] * 3, "INSERT", *["SELECT"] * 3]
    assert [kept(line, each) for each in tickets] == [[("anna", "found", None)]] * 2


def test_who_looked_is_exported_with_names(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    keep_access(line.hotline, a_look(line, ticket, "owner_1", kind=AccessKind.EXPORT))
    (row,) = looked_at(view_case(line.hotline, ticket.case_number))
    assert (row["who"], row["name"], row["what"]) == ("owner_1", "First handler", "export")
    assert row["at"] == line.clock.now().isoformat()
