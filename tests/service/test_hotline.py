"""The two ways into the database: those who only read never take the one in which callers are answered."""

from collections.abc import Callable

import pytest

from tests.service.lines import Line
from voicebot.domain.staff import Role
from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.service.queries.answer_voice import voice_of
from voicebot.service.queries.call_timeline import view_calls
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.live_calls import list_live_calls
from voicebot.service.staff.accounts import NewAccount, add_account, all_accounts, find_account
from voicebot.service.staff.readers import seen_by

EMAIL = "anna@firm.example"
Read = Callable[[Hotline, str, str], object]
READS: dict[str, Read] = {
    "the list of cases": lambda hotline, _case, _answer: list_cases(hotline),
    "a case": lambda hotline, case, _answer: view_case(hotline, case),
    "a voice": voice_of,
    "the life of calls": lambda hotline, case, _answer: view_calls(hotline, case),
    "who is on the line": lambda hotline, _case, _answer: list_live_calls(hotline),
    "the accounts": lambda hotline, _case, _answer: all_accounts(hotline),
    "an account": lambda hotline, _case, _answer: find_account(hotline, EMAIL),
}


def nobody() -> UnitOfWork:
    raise Unavailable("somebody else is writing")


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_who_only_reads_leaves_the_way_of_callers_free(line_on_both: Line, read: Read) -> None:
    line = line_on_both
    told = line.told_call()
    line.ring("+12025550177", "CA2")
    case = line.ticket(told).case_number
    with line.work() as work:
        story = work.tickets.answers(told.call.ticket_id)[0]
    add_account(line.hotline, NewAccount(email=EMAIL, name="Anna Ruiz", role=Role.HANDLER), "a-hash")
    line.use(unit_of_work=nobody)
    assert read(line.hotline, case, story.id)


@pytest.mark.requirement("S3-09")
def test_whoever_a_case_is_about_sees_the_hotline_without_it(line: Line) -> None:
    told = line.told_call()
    line.change_ticket(told, about_id="owner_1")
    readers = [seen_by(line.hotline, lambda reader=reader: reader) for reader in ("owner_1", "deputy_1", "")]
    assert [list_cases(hotline).total for hotline in readers] == [0, 1, 1]
