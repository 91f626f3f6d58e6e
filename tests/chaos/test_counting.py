"""The counts see what is lost or doubled: each thing is broken by hand once."""

from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.people import LONG_STORY
from tests.chaos.counting import Count, count
from tests.chaos.quarters import Quarters, open_quarters
from tests.chaos.report import differing, table
from tests.chaos.voices import pieces_said
from voicebot.simulator import sound
from voicebot.simulator.line import Happening, LineCall
from voicebot.speech.audio import silence, write_wav

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def breaks() -> dict[str, Callable[[Quarters], None]]:
    """What is broken, by the line of the report that must differ."""
    return {
        "tickets of them": lambda quarters: quarters.crowd.guests[0].call.__dict__.update(sid="CA" + "9" * 32),
        "seconds of voice heard and kept": _lose_every_voice,
        "texts sent twice": _send_again,
        "spool files left": lambda quarters: quarters.house.hotline.spool.append("nobody-1.ulaw", b"\xff"),
    }


def test_what_is_whole_differs_in_nothing_and_what_is_broken_is_named(
    open_house: OpenHouse, speech_dir: Path, breaks: dict[str, Callable[[Quarters], None]]
) -> None:
    quarters = open_quarters(open_house, speech_dir)
    with quarters.worker():
        quarters.crowd.ring("leaver")
        quarters.crowd.wait(120)
        quarters.house.await_calls_ended()
    counts = quarters.settle()
    assert differing(counts) == []
    assert [each.found for each in counts if each.what == "seconds of voice heard and kept"] > [5]
    seen: set[str] = set()
    for what, break_it in reversed(breaks.items()):
        break_it(quarters)
        seen.add(what)
        assert seen <= {each.what for each in count(quarters, quarters.crowd.guests) if each.differs}


def test_what_is_said_into_a_stream_that_vanished_is_not_asked_for(speech_dir: Path) -> None:
    call = LineCall("CA1", "", "")
    call.note(Happening.STREAM_OPENED)
    call.note(Happening.PROMPT_ENDED, "ask_story")
    call.caller_track += sound.load(speech_dir / LONG_STORY)
    call.note(Happening.STREAM_CLOSED)
    said = pieces_said(call, allowance_s=0)
    carried = pieces_said(call, allowance_s=0, vanished_at_s=5.0)
    assert 3 <= len(carried) <= 5 < len(said)
    assert said[: len(carried)] == carried


def test_a_table_marks_what_differs_and_says_what_is_allowed_and_why() -> None:
    counts = [
        Count("callers answered", 5, 4, allowance=1, why="no process lived"),
        Count("texts sent twice", 0, 1, ("SM1",)),
        Count("jobs stuck", 0, 0),
    ]
    lines = table(counts).splitlines()
    assert [line.endswith("DIFFERS") for line in lines] == [False, False, False, True, False, False]
    assert "allowed: 1, because no process lived" in lines[2]
    assert differing(counts) == ["texts sent twice: expected 0, found 1 (SM1)"]


def _lose_every_voice(quarters: Quarters) -> None:
    with quarters.work() as work:
        for ticket in work.tickets.all():
            for answer in work.tickets.answers(ticket.id):
                if answer.audio_key:
                    quarters.house.hotline.audio.put(answer.audio_key, write_wav(silence(1)))


def _send_again(quarters: Quarters) -> None:
    messages = quarters.carrier.ledger.messages
    first = next(iter(messages.values()))
    messages["SM again"] = copy(first)
