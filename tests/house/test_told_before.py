"""What is put back of a told call is what it leaves when it is played."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import at
from tests.databases import ReusedPostgres, copy_of, everything_stored, on_lent
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles

NOW = at("Wednesday 18 November 2026 10:00:00")


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> FlowFiles:
    return FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path_factory.mktemp("policy")))


@pytest.fixture
def lines(migrated_file: Path, flows: FlowFiles, tmp_path: Path) -> tuple[Line, Line]:
    first, second = (Line(copy_of(migrated_file, tmp_path / f"{name}.db"), flows, NOW) for name in ("first", "second"))
    return first, second


class _Lent(Line):
    def close(self) -> None:
        self.engine.dispose()


def _left_on(line: Line) -> tuple[object, ...]:
    kept = (line.ids.new_id(), line.ids.random_digits(9), line.sender.sent, line.spool.files, line.audio.files)
    return (*kept, line.jobs.waiting, line.clock.at, line.recognisers.taken, everything_stored(line.engine))


def test_what_is_put_back_is_what_is_played(lines: tuple[Line, Line], migrated_file: Path, tmp_path: Path) -> None:
    answers = [line.told_call() for line in lines]
    third = Line(copy_of(migrated_file, tmp_path / "third.db"), lines[0].hotline.flows, NOW)
    answers.append(third._tell("CA1", "+12025550143", is_heard=True))
    told = [_left_on(line) for line in (*lines, third)]
    assert told[0] == told[1] == told[2]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0] is answers[1], "the second was put back"


def test_on_postgresql_what_is_put_back_is_what_is_played(reused_postgres: ReusedPostgres, flows: FlowFiles) -> None:
    told, answers = [], []
    for play in (Line.told_call, Line.told_call, lambda line: line._tell("CA1", CALLER, is_heard=True)):
        with reused_postgres.lent() as url, closing(_Lent(on_lent(url), flows, NOW)) as line:
            answers.append(play(line))
            assert line.told_call("CA2", OTHER).call.id != answers[-1].call.id
            line.settle()
            told.append(_left_on(line))
    assert told[0] == told[1] == told[2]
    assert answers[0] is answers[1], "the second was put back"
    assert answers[0] == answers[2]


def test_a_hotline_goes_on_from_what_was_put_back(lines: tuple[Line, Line]) -> None:
    for line in lines:
        first = line.told_call()
        second = line.told_call("CA2", OTHER)
        assert line.ticket(first).case_number != line.ticket(second).case_number
        line.settle()
        assert len(line.texts(second)) == 1
    assert _left_on(lines[0]) == _left_on(lines[1])


def test_a_call_is_played_where_anything_was_different_before(lines: tuple[Line, Line]) -> None:
    before = lines[0].told_call()
    lines[1].step(hours=1)
    assert lines[1].call(lines[1].told_call()).started_at > lines[0].call(before).started_at
