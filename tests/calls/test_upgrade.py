"""A hotline of an earlier release, brought forward with its cases in it: all there, readable, no old alarm rings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, func, select

from tests.adapters.store.samples import sample_of
from tests.builders import at
from tests.service.lines import FLOWS_DIR, OWN, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import is_migrated, migrate
from voicebot.domain.call import CallEnd
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState
from voicebot.flow.events import PromptsPlayed
from voicebot.service.call.turn import end_call, take_call_turn
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import view_case

WHEN_IT_WAS_TAKEN = at("Thursday 19 November 2026 01:40:26")
SENT_BEFORE = 100
"""Texts that the carrier had before: it gives no sid twice."""
LIVE = "CA5"
"""Of the sample's calls the one that lasts: its story is told, its voice lies in a spool that is not part of it."""


def counts(engine: Engine) -> dict[str, int]:
    """Count the rows of every table that is there."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in found.tables.items()
        }


@pytest.fixture
def old(database_url: str) -> Iterator[Engine]:
    """A database of the first schema, with six cases of one day."""
    engine = sample_of("0001", database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def line(old: Engine, tmp_path: Path) -> Line:
    """The hotline of today on it, at the instant the sample was taken."""
    migrate(old)
    line = Line(old, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy")), WHEN_IT_WAS_TAKEN)
    line.ids.skip(90_000)
    line.sender.sent = [("", "")] * SENT_BEFORE
    return line


MOVED = {"opt_outs": "text_wishes"}
"""Tables whose rows now stand in another one."""


def test_every_row_is_still_there(old: Engine) -> None:
    before = {MOVED.get(name, name): count for name, count in counts(old).items()}
    migrate(old)
    after = counts(old)
    assert is_migrated(old)
    assert {name: after[name] for name in before} == before
    assert min(before.values()) > 0, "the sample has a row in every table"


def test_who_wanted_no_texts_still_wants_none(line: Line) -> None:
    with line.work() as work:
        assert work.sms.opted_out("+12025550146", OWN)
        assert not work.sms.opted_out("+12025550147", OWN)


def test_every_case_can_be_read_whole(line: Line) -> None:
    with line.work() as work:
        tickets = work.tickets.all()
    views = [view_case(line.hotline, ticket.case_number) for ticket in tickets]
    assert len(views) == 6
    assert sum(len(view.answers) for view in views) == 8
    assert sum(len(view.breaches) for view in views) == 3
    assert sum(len(view.texts) for view in views) == 30
    assert {text.state for view in views for text in view.texts} >= {SmsState.WAITING, SmsState.DELIVERED}
    assert {promise.state for view in views for promise in view.promises} == {
        PromiseState.OPEN,
        PromiseState.KEPT,
        PromiseState.BREACHED,
    }


def test_no_old_miss_rings_again(line: Line) -> None:
    with line.work() as work:
        before = {sms.purpose for ticket in work.tickets.all() for sms in work.sms.of_ticket(ticket.id)}
        breaches = sum(len(work.promises.breaches_of_ticket(ticket.id)) for ticket in work.tickets.all())
    line.sweep()
    with line.work() as work:
        after = {sms.purpose for ticket in work.tickets.all() for sms in work.sms.of_ticket(ticket.id)}
        assert sum(len(work.promises.breaches_of_ticket(each.id)) for each in work.tickets.all()) == breaches
    assert after == before
    assert len(line.sender.sent) <= SENT_BEFORE + 1, "only the text that waited may leave"


def test_call_that_began_before_goes_on_by_the_policy_it_began_with(line: Line) -> None:
    with line.work() as work:
        call = work.calls.by_carrier_id(LIVE)
    assert call is not None
    answer = take_call_turn(line.hotline, call.id, call.turn_number, PromptsPlayed(uncut=True))
    assert answer.wait is not None
    end_call(line.hotline, LIVE, CallEnd.CALLER_HUNG_UP)
    with line.work() as work:
        assert work.promises.open_of_ticket(call.ticket_id) is not None


def test_hotline_goes_on_with_old_cases_and_new_ones(line: Line) -> None:
    with line.work() as work:
        used = {ticket.case_number for ticket in work.tickets.all()}
        (waiting, *_) = (
            ticket
            for ticket in work.tickets.all()
            if any(p.state is PromiseState.OPEN for p in work.promises.of_ticket(ticket.id))
        )
    kept = log_callback(line.hotline, waiting.case_number, reason="spoke to them", actor="owner_1")
    assert kept is not None
    assert kept.state is PromiseState.KEPT
    new = line.told_call("CA9", "+12025550199")
    assert line.ticket(new).case_number not in used
    for _ in range(30):
        line.step(hours=1)
        line.sweep()
    assert line.promise(new.call.ticket_id).state is PromiseState.BREACHED
    with line.work() as work:
        states = {answer.state for each in work.tickets.all() for answer in work.tickets.answers(each.id)}
    assert states == {AnswerState.DONE, AnswerState.LOST}, "of the live call's voice only the row was in the sample"
