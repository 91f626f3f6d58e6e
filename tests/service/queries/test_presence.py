"""Who is here: told to the others for a minute after the last look, and cheap to note."""

from dataclasses import replace

from sqlalchemy import event

from tests.service.lines import Line
from voicebot.domain.access import Seen
from voicebot.domain.ticket import Ticket
from voicebot.errors import Unavailable
from voicebot.service.hotline import context_of
from voicebot.service.ports import Lane, UnitOfWork
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.presence import note_presence, who_is_here
from voicebot.service.queries.today import TodayAsk, view_today


def look(line: Line, case: Ticket, member_id: str) -> None:
    note_presence(line.hotline, Seen(case=case.case_number, at=line.clock.now(), staff_id=member_id))


def here(line: Line, case: Ticket) -> dict[str, str]:
    with line.work() as work:
        return dict(who_is_here(context_of(line.hotline, work), [case.id]).get(case.id, {}))


def test_somebody_is_here_for_a_minute_after_their_last_look(line: Line) -> None:
    case = line.ticket(line.told_call())
    look(line, case, "deputy_1")
    line.step(seconds=40)
    look(line, case, "deputy_1")
    line.step(seconds=59)
    assert here(line, case) == {"deputy_1": "Deputy"}
    assert view_case(line.hotline, case.case_number).here == {"deputy_1": "Deputy"}
    line.step(seconds=1)
    assert here(line, case) == {}


def test_a_look_right_after_another_writes_nothing(line: Line) -> None:
    case = line.ticket(line.told_call())
    look(line, case, "deputy_1")
    written: list[str] = []
    event.listen(line.engine, "before_cursor_execute", lambda _c, _cur, said, *_: written.append(said))
    line.step(seconds=10)
    look(line, case, "deputy_1")
    assert written == []


def test_a_row_says_who_else_is_there_and_the_next_call_is_another_one(line: Line) -> None:
    first, second = line.ticket(line.told_call()), line.ticket(line.told_call("CA2", "+12025550177"))
    look(line, first, "deputy_1")
    mine = view_today(line.hotline, TodayAsk(member_id="owner_1"))
    theirs = view_today(line.hotline, TodayAsk(member_id="deputy_1"))
    later = next(view for view in mine.lanes if view.lane is Lane.LATER)
    assert [row.here for row in later.rows] == [("Deputy",), ()]
    cards = [seen.next_call.row.ticket_id for seen in (mine, theirs) if seen.next_call is not None]
    assert cards == [second.id, first.id]


def test_a_database_that_takes_no_writes_keeps_nobody_from_the_page(line: Line) -> None:
    case = line.ticket(line.told_call())

    def away() -> UnitOfWork:
        raise Unavailable("the database takes no writes")

    seen = Seen(case=case.case_number, at=line.clock.now(), staff_id="deputy_1")
    note_presence(replace(line.hotline, unit_of_work=away), seen)
    assert here(line, case) == {}
