"""What was sent, and what came back of it."""

from voicebot.service.listening.playback import MARK_MARGIN_S, Playback
from voicebot.telephony.media_stream import SendAudio, SendClear, SendMark

SECOND = b"\x90" * 8000


def _playing(*marks: str) -> Playback:
    playback = Playback()
    for mark in marks:
        playback.play(mark, SECOND, at_s=10.0)
    return playback


def test_prompt_is_audio_and_its_mark() -> None:
    assert Playback().play("1:a", SECOND, at_s=0) == (SendAudio(SECOND), SendMark("1:a"))


def test_prompt_without_sound_is_only_its_mark() -> None:
    assert Playback().play("1:a", b"", at_s=0) == (SendMark("1:a"),)


def test_all_is_heard_uncut_when_the_last_mark_is_back() -> None:
    playback = _playing("1:a", "1:b")
    assert playback.is_playing
    playback.mark_returned("1:a")
    assert (playback.is_playing, playback.is_uncut) == (True, False)
    playback.mark_returned("1:b")
    assert (playback.is_playing, playback.is_uncut) == (False, True)


def test_later_mark_stands_for_an_earlier_one_that_was_lost() -> None:
    playback = _playing("1:a", "1:b")
    playback.mark_returned("1:b")
    assert not playback.is_playing


def test_marks_of_others_change_nothing() -> None:
    playback = _playing("2:a")
    playback.mark_returned("1:a")
    assert playback.is_playing


def test_marks_that_come_back_after_a_cut_do_not_make_it_heard() -> None:
    playback = _playing("1:a")
    assert playback.stop() == (SendClear(),)
    playback.mark_returned("1:a")
    assert (playback.is_playing, playback.is_uncut) == (False, False)


def test_nothing_is_cut_when_nothing_plays() -> None:
    playback = _playing("1:a")
    playback.mark_returned("1:a")
    assert playback.stop() == ()
    assert playback.is_uncut


def test_lost_marks_are_waited_for_until_well_after_the_end() -> None:
    playback = _playing("1:a", "1:b")
    playback.give_up_on_marks(12 + MARK_MARGIN_S - 0.01)
    assert playback.is_playing
    playback.give_up_on_marks(12 + MARK_MARGIN_S)
    assert (playback.is_playing, playback.is_uncut) == (False, False)
    playback.give_up_on_marks(100)


def test_what_is_played_after_a_cut_ends_on_its_own_time() -> None:
    playback = _playing("1:a", "1:b")
    playback.stop()
    playback.play("1:c", SECOND, at_s=10.5)
    playback.give_up_on_marks(11.5 + MARK_MARGIN_S)
    assert not playback.is_playing
