"""Media sockets are reset, stall and burst, vanish, end within a frame, read nothing: while callers talk."""

from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.chaos.crowd import Guest, Mishap
from tests.chaos.faults import TROUBLES
from tests.chaos.quarters import open_quarters
from tests.chaos.report import differing
from voicebot.simulator.caller import StreamTrouble
from voicebot.simulator.line import Happening

pytestmark = pytest.mark.heavy


@pytest.mark.requirement("S0-11")
def test_whatever_networks_do_to_a_stream_nobody_is_lost_and_no_word_of_theirs(
    open_house: OpenHouse, speech_dir: Path
) -> None:
    quarters = open_quarters(open_house, speech_dir)
    with quarters.worker():
        for number, trouble in enumerate(TROUBLES):
            kind, prompt, at_s = ("keys", "ask_remedy", 0.2) if number % 2 else ("leaver", "ask_story", 5.0)
            quarters.crowd.ring(kind, Mishap(trouble=trouble, at_s=at_s, prompt=prompt))
        quarters.crowd.wait(170)
        quarters.house.await_calls_ended()
    dropped = {guest.mishap.trouble.kind for guest in quarters.crowd.guests if _was_dropped(guest)}
    assert dropped == {StreamTrouble.RESET, StreamTrouble.HALF_FRAME, StreamTrouble.CUT}, "each met a stream"
    assert differing(quarters.settle()) == []


def _was_dropped(guest: Guest) -> bool:
    closed = (event.detail for event in guest.call.transcript if event.kind is Happening.STREAM_CLOSED)
    return "the network dropped it" in closed
