"""Many cases on one cause, at the terminal."""

import pytest

from tests.cli.test_ticket import begins_at, run
from tests.service.lines import Line
from voicebot.domain.case_number import written

__all__ = ["begins_at"]


@pytest.mark.requirement("D-06")
def test_a_case_follows_and_an_update_is_seen_before_it_is_sent(line: Line) -> None:
    lead = line.ticket(line.told_call()).case_number
    call = line.told_call("CA2", "+12025550152")
    other = line.ticket(call).case_number
    assert "It follows that case now" in run("follow", other, lead, "--reason", "branch G", "--by", "owner_1")
    assert f"follows │ {written(lead)}" in " ".join(run("show", other).split())
    assert f"followed by │ {written(other)}" in " ".join(run("show", lead).split())
    line.change_ticket(call, may_text=False)
    seen = run("update", lead, "Branch G\x1b is open.")
    assert "Branch G[U+001B] is open." in seen
    assert f"not {written(other)}: no texts: not wanted" in seen
    assert "send it with --send-to 1." in seen
    assert "On its way to 1" in run("update", lead, "Branch G is open.", "--send-to", "1", "--by", "owner_1")
    assert "It follows none now." in run("follow-none", other, "--by", "owner_1")
