"""The buffer of a stream: audio and marks in order."""

from voicebot.simulator.playback import Playback
from voicebot.simulator.sound import SILENCE


def test_ticks_join_small_pieces_and_stop_at_a_mark() -> None:
    playback = Playback()
    for piece in (b"a" * 100, b"b" * 100):
        playback.add_audio(piece)
    playback.add_mark("one")
    playback.add_audio(b"c" * 160)
    assert playback.waiting_bytes == 360
    assert playback.take_tick() == b"a" * 100 + b"b" * 60
    assert (playback.take_marks(), playback.next_mark) == ([], "one")
    assert playback.take_tick() == b"b" * 40 + SILENCE * 120
    assert playback.take_marks() == ["one"]
    assert playback.take_tick() == b"c" * 160
    assert (playback.take_tick(), playback.next_mark, playback.has_audio) == (SILENCE * 160, None, False)


def test_clear_returns_marks_and_leaves_nothing() -> None:
    playback = Playback()
    playback.add_audio(b"a" * 500)
    playback.add_mark("one")
    playback.add_audio(b"")
    playback.add_mark("two")
    assert (playback.clear(), playback.waiting_bytes, playback.take_marks()) == (["one", "two"], 0, [])
