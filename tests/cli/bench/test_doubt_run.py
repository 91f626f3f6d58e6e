"""How many wrong words the marks catch."""

from dataclasses import replace

import pytest

from voicebot.cli.bench.doubt_run import Marked, count_errors, count_marks
from voicebot.cli.bench.heard_clips import HeardClip
from voicebot.domain.doubt import Doubt
from voicebot.domain.utterance import Word
from voicebot.speech.word_errors import WordErrors


def a_clip(spoken: str, heard: str) -> HeardClip:
    parts = [part.partition(":") for part in heard.split()]
    words = tuple(Word(text=text, start_s=0, end_s=1, confidence=float(sure or 1)) for text, _, sure in parts)
    return HeardClip(group="", is_to_tune=True, mulaw=b"", spoken=tuple(spoken.split()), words=words)


CLIPS = (a_clip("my kettle did not break", "my cattle:0.5 did:0.9 not break"), a_clip("the shop boy", "the shot boy"))


def test_words_are_counted_over_all_clips_before_anything_is_divided() -> None:
    found = count_marks(CLIPS, {Doubt.UNSURE})
    assert found == Marked(words=8, wrong=2, marked=1, caught=1)
    assert (found.share_caught, found.share_marked, found.precision) == (0.5, 0.125, 1.0)


def test_each_kind_of_mark_can_be_counted_alone_and_with_the_others() -> None:
    assert count_marks(CLIPS, {Doubt.WEIGHTY}) == Marked(words=8, wrong=2, marked=1, caught=0)
    assert count_marks(CLIPS, set(Doubt)).precision == pytest.approx(1 / 2)


def test_after_a_second_hearing_marks_and_errors_are_those_of_both() -> None:
    clips = [replace(CLIPS[1], again=a_clip("", "The shop boy!").words)]
    assert count_marks(clips, {Doubt.UNSURE}) == Marked(words=3, wrong=1, marked=1, caught=1)
    assert count_errors(clips) == (WordErrors(1, 3), WordErrors(0, 3))


def test_without_words_every_share_is_nought() -> None:
    nothing = count_marks((), set(Doubt))
    assert (nothing.share_caught, nothing.share_marked, nothing.precision) == (0, 0, 0)
