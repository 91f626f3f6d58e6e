"""`voicebot call` on a terminal, over a real database."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import quick_yaml
from tests.cli.test_ticket import begins_at
from tests.service.callback.callers import a_case, calls_of
from tests.service.lines import Line
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.cli.staff_call import call
from voicebot.errors import Refused

__all__ = ["begins_at"]


def test_a_call_is_ordered_for_whoever_is_named(line: Line, tmp_path: Path) -> None:
    levels = tmp_path / "policy" / "service_levels.yaml"
    told = quick_yaml.load(levels.read_text())
    # The command takes the machine's clock, by which it may be night.
    told["callbacks"]["ring_hours"] = dict.fromkeys(told["callbacks"]["ring_hours"], "all day")
    levels.write_text(quick_yaml.dump(told))
    migrate_jobs(f"sqlite:///{tmp_path / 'voicebot.db'}")
    ticket = a_case(line)
    said = CliRunner().invoke(call, [ticket.case_number, "--by", "supervisor_1"], catch_exceptions=False)
    assert "The telephone rings in a moment" in said.output
    assert f"voicebot tickets called {ticket.case_number} --by supervisor_1" in said.output
    assert [each.member_id for each in calls_of(line, ticket)] == ["supervisor_1"]


def test_an_unknown_member_is_refused_with_a_sentence(line: Line) -> None:
    ticket = a_case(line)
    with pytest.raises(Refused, match="nobody goes by 'ghost'"):
        CliRunner().invoke(call, [ticket.case_number, "--by", "ghost"], catch_exceptions=False)
    assert calls_of(line, ticket) == []
