"""Faults are told in the order of their places, each once, all at once."""

import pytest

from voicebot.errors import FlowFault
from voicebot.flow.faults import Issue, refuse

LATER = Issue("flow.yaml", 9, "a link to x", "name a node")
EARLIER = Issue("flow.yaml", 2, "no start", "name one")


def test_nothing_found_is_nothing_refused() -> None:
    refuse([])


def test_all_faults_come_in_one_message_by_line() -> None:
    with pytest.raises(FlowFault) as fault:
        refuse([LATER, EARLIER, LATER])
    assert str(fault.value) == "flow.yaml:2: no start; name one\nflow.yaml:9: a link to x; name a node"
