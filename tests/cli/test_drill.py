"""`voicebot drill` on a terminal, over a real database."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.builders import a_drill
from tests.service.lines import Line
from voicebot.cli import main
from voicebot.cli.drill import drill

pytestmark = pytest.mark.requirement("D-10")


def test_before_the_first_drill_it_says_so(line: Line) -> None:
    assert "No drill has begun yet." in CliRunner().invoke(drill, catch_exceptions=False).stdout
    refused = CliRunner().invoke(main, ["drill", "--answer"])
    assert (refused.exit_code, "no drill is running" in refused.output) == (1, True)


def test_a_drill_is_shown_and_answered(line: Line) -> None:
    now = line.clock.now()
    ticket_id = line.told_call().call.ticket_id
    with line.work() as work:
        work.watch.add_drill(a_drill(ticket_id=ticket_id, began_at=now, ends_at=now + timedelta(hours=2)))
        work.commit()
    assert "It runs until somebody answers" in CliRunner().invoke(drill, catch_exceptions=False).stdout
    told = CliRunner().invoke(drill, ["--answer", "--by", "deputy_1"], catch_exceptions=False).stdout
    assert "Deputy was reached after" in told
