"""Voice that has come and is not heard yet: stored at once where it belongs to an answer, and nowhere else."""

from collections.abc import Sequence

import pytest

from tests.service.listening.line import Line, a_story, a_yes_no
from voicebot.flow.events import CallerHungUp, FlowEvent, HearingFailed, KeysPressed, NoInput, UtteranceHeard
from voicebot.flow.instructions import Listen
from voicebot.service.listening.arrivals import Arrivals
from voicebot.speech.audio import silence
from voicebot.telephony.media_stream import KeyPressed, MediaFrame, StreamEvent, StreamStopped

NAME = "call-1.ulaw"


def _frames(audio: bytes) -> list[StreamEvent]:
    return [MediaFrame(audio[at : at + 160], at // 8) for at in range(0, len(audio), 160)]


def _voice(line: Line, seconds: float) -> list[StreamEvent]:
    return _frames(line.voice.says("my parcel was broken", seconds))


def _a_line_at(wait: Listen) -> Line:
    line = Line()
    line.asked(wait)
    return line


def _arrive(line: Line, events: Sequence[StreamEvent]) -> None:
    for event in events:
        line.listening.arrived(event)


def _heed(line: Line, events: Sequence[StreamEvent]) -> FlowEvent | None:
    """Feed events until the wait ends."""
    return next((ended for event in events if (ended := line.feed(event)) is not None), None)


def test_what_comes_into_an_answer_is_stored_before_anybody_hears_it() -> None:
    line = _a_line_at(a_story())
    events = _voice(line, 3.0)
    before = line.spool.files.get(NAME, b"")
    _arrive(line, events[:100])
    _heed(line, events[:1])
    _arrive(line, events[100:])
    assert line.spool.files[NAME] == before + line.voice.says("my parcel was broken", 3.0)


def test_what_comes_before_an_answer_began_is_stored_with_its_first_sound() -> None:
    line = Line()
    line.begin(a_story())
    quiet, voice = _frames(silence(0.2)), _voice(line, 2.0)
    _arrive(line, [*quiet, *voice])
    _heed(line, quiet)
    assert line.spool.files == {}
    _heed(line, voice[:8])
    assert line.spool.files[NAME].endswith(line.voice.says("my parcel was broken", 2.0))


def test_nothing_is_stored_ahead_where_no_voice_is_kept() -> None:
    line = _a_line_at(a_story(store_audio=False))
    events = _voice(line, 2.0)
    _arrive(line, events)
    _heed(line, events[:50])
    assert line.spool.files == {}


def test_nothing_is_stored_ahead_behind_a_key_until_the_key_is_heeded() -> None:
    line = _a_line_at(a_story(keys=("8",)))
    first, more = _voice(line, 2.0), _voice(line, 2.0)
    events: list[StreamEvent] = [*first, KeyPressed("9"), *more]
    before = len(line.spool.files.get(NAME, b""))
    _arrive(line, events)
    _heed(line, events[:100])
    assert len(line.spool.files[NAME]) == before + 16000
    _heed(line, events[100:102])
    assert len(line.spool.files[NAME]) == before + 32000, "the key meant nothing: the answer goes on"


@pytest.mark.parametrize(
    ("wait", "script", "ends_as"),
    [
        (a_story(), "says quiet quiet quiet quiet quiet quiet quiet quiet says", UtteranceHeard),
        (a_story(), "says # says", UtteranceHeard),
        (a_story(), "says 8 says", KeysPressed),
        (a_story(), "8 says", KeysPressed),
        (a_story(), "quiet quiet quiet quiet quiet says", NoInput),
        (a_story(), "says stop", CallerHungUp),
        (a_yes_no(store_audio=True), "says quiet says says", UtteranceHeard),
    ],
)
def test_an_answer_begins_and_ends_where_it_would_if_it_had_been_heard_at_once(
    wait: Listen, script: str, ends_as: type[FlowEvent]
) -> None:
    line, late = _a_line_at(wait), _a_line_at(wait)
    events, coming = ([event for word in script.split() for event in _events(at, word)] for at in (line, late))
    _arrive(late, coming)
    ended = _heed(line, events)
    assert isinstance(ended, ends_as)
    assert _heed(late, coming) == ended
    assert late.spool.files == line.spool.files


def _events(line: Line, word: str) -> list[StreamEvent]:
    match word:
        case "says":
            return _voice(line, 2.0)
        case "quiet":
            return _frames(silence(2.0))
        case "stop":
            return [StreamStopped(is_clean=True)]
        case _:
            return [KeyPressed(word)]


def test_a_disk_that_gets_full_is_told_where_it_refused_and_all_before_it_counts() -> None:
    line = _a_line_at(a_story())
    events = _voice(line, 2.0)
    before = len(line.spool.files.get(NAME, b""))
    _arrive(line, events[:25])
    _heed(line, events[:5])
    line.spool.is_full = True
    _arrive(line, events[25:50])
    line.spool.is_full = False
    _arrive(line, events[50:])
    assert _heed(line, events[5:25]) is None
    failed = _heed(line, events[25:])
    assert isinstance(failed, HearingFailed)
    assert failed.utterance is not None
    assert len(line.spool.files[NAME]) == before + 25 * 160
    assert failed.utterance.duration_s == pytest.approx(len(line.spool.files[NAME]) / 8000)


def test_what_waits_when_an_answer_ends_is_the_next_one_s() -> None:
    line = _a_line_at(a_story())
    events = [*_voice(line, 2.0), KeyPressed("#"), *_voice(line, 2.0)]
    _arrive(line, events)
    assert isinstance(_heed(line, events[:101]), UtteranceHeard)
    line.begin(a_story(), 2)
    _heed(line, events[101:110])
    assert len(line.spool.files["call-2.ulaw"]) == 16000


def test_audio_that_never_came_is_taken_all_the_same() -> None:
    arrivals, stored = Arrivals(), list[bytes]()
    arrivals.taken()
    arrivals.follow(lambda audio: stored.append(audio) is None)
    arrivals.came(b"a")
    arrivals.stop()
    arrivals.came(b"b")
    assert stored == [b"a"]
