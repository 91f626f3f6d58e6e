"""Somebody asks to be erased: nothing of them stays on cases merged into theirs, and nothing is said that is not so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fakes_second_ear import FakeEar
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, FLOWS_DIR, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.review import Span
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused
from voicebot.service.answer.second_listening import listen_again
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_words import as_text, words_of_case
from voicebot.service.queries.search import find_cases
from voicebot.service.ticket.review import Reviewed, correct
from voicebot.service.upkeep.retention import erase_case, hold_case

WHY = "she asked us to"


@pytest.fixture
def line(migrated_engine: Engine, tmp_path: Path) -> Line:
    """A hotline on each database."""
    return Line(migrated_engine, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "policy")), WEDNESDAY_TEN)


@pytest.fixture
def told(line: Line) -> CallAnswer:
    """A case at rest: told, joined by a call without a word, called back."""
    told = line.told_call("CA1")
    silent = line.ring(CALLER, "CA2")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    for _ in range(2):
        line.step(seconds=36)
        line.sweep()
    assert line.ticket(silent).status is TicketStatus.MERGED
    log_callback(line.hotline, line.ticket(told).case_number, reason="a new parcel", actor="owner_1")
    line.step(days=3)
    line.sweep()
    line.sweep()
    return told


def merged_id(line: Line) -> str:
    """Return the id of the merged case."""
    with line.work() as work:
        return next(ticket.id for ticket in work.tickets.all() if ticket.status is TicketStatus.MERGED)


def number_of_merged(line: Line) -> tuple[str | None, str]:
    """Return what tells of a person in the merged case."""
    found = merged_id(line)
    with line.work() as work:
        merged = work.tickets.get(found)
    assert merged is not None
    return merged.complainant_number, merged.pin


def test_nothing_of_the_person_stays_on_cases_merged_into_theirs(line: Line, told: CallAnswer) -> None:
    erase_case(line.hotline, line.ticket(told).case_number, reason=WHY, actor="owner_1")
    assert (line.ticket(told).complainant_number, number_of_merged(line)) == (None, (None, "----"))
    merged = merged_id(line)
    with line.work() as work:
        assert {entry.after for entry in work.tickets.history(merged)} == {""}
    assert line.verbs(told.call.ticket_id)[-1] == "erased_on_request"


def test_hold_on_a_merged_case_keeps_all_of_it(line: Line, told: CallAnswer) -> None:
    found = merged_id(line)
    with line.work() as work:
        merged = work.tickets.get(found)
        assert merged is not None
        work.tickets.save(replace(merged, merged_into=None))
        work.commit()
    hold_case(line.hotline, merged.case_number, reason="asked by the court", actor="quality_1")
    with line.work() as work:
        work.tickets.save(merged)
        work.commit()
    with pytest.raises(Refused, match="hold"):
        erase_case(line.hotline, line.ticket(told).case_number, reason=WHY, actor="owner_1")
    assert line.ticket(told).problem


class MeanwhileStore:
    """An audio store; something happens before its first voice is deleted."""

    def __init__(self, line: Line, happens: Callable[[], object]) -> None:
        self._store, self._happens = line.audio, happens

    def delete(self, key: str) -> None:
        """Let it happen, then delete."""
        self._happens()
        self._store.delete(key)


def test_hold_laid_meanwhile_stops_it_and_nothing_is_said_to_be_erased(line: Line, told: CallAnswer) -> None:
    case = line.ticket(told).case_number
    held = MeanwhileStore(line, lambda: hold_case(line.hotline, case, reason="asked by the court", actor="quality_1"))
    with pytest.raises(Refused, match="meanwhile"):
        erase_case(replace(line.hotline, audio=held), case, reason=WHY, actor="owner_1")  # type: ignore[arg-type]
    assert "erased_on_request" not in line.verbs(told.call.ticket_id)
    assert line.ticket(told).problem


def test_nothing_stays_of_what_reviewers_wrote_and_a_second_ear_heard(line: Line, told: CallAnswer) -> None:
    case = line.ticket(told).case_number
    line.use(second_ear=FakeEar("my giraffe came cracked"))
    assert listen_again(line.hotline) == 1
    with line.work() as work:
        (story, _remedy) = work.tickets.answers(told.call.ticket_id)
    what = Reviewed(answer_id=story.id, span=Span(first=1, end=2), actor="owner_1")
    correct(line.hotline, case, what, text="zebra", why="the walrus said so")
    assert [len(find_cases(line.hotline, word).cases) for word in ("zebra", "walrus")] == [1, 1]
    assert "zebra" in as_text(words_of_case(line.hotline, case))
    erase_case(line.hotline, case, reason=WHY, actor="supervisor_1")
    assert [len(find_cases(line.hotline, word).cases) for word in ("zebra", "walrus", "giraffe")] == [0, 0, 0]
    with line.work() as work:
        left = (work.reviews.of_ticket(told.call.ticket_id), work.tickets.answers(told.call.ticket_id))
        assert work.reviews.heard_of(told.call.ticket_id) == []
    taken = as_text(words_of_case(line.hotline, case))
    assert [word for word in ("zebra", "walrus", "giraffe", "parcel") if word in repr(left) + taken] == []
    assert listen_again(line.hotline) == 0
