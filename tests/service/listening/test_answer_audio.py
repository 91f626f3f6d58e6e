"""An answer's voice on its way to the spool."""

from tests.fakes import FakeSpool
from voicebot.domain.utterance import Hypothesis, Word
from voicebot.service.listening.answer_audio import AnswerAudio, utterance_of
from voicebot.speech.audio import silence
from voicebot.speech.transcript import Transcript


def _second(mark: int) -> bytes:
    return bytes([mark]) * 8000


def test_nothing_is_stored_before_the_start() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    audio.take(_second(1))
    assert spool.files == {}
    assert audio.duration_s == 0


def test_half_a_second_before_the_start_is_stored_and_everything_after_it() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    for at in range(0, 16000, 160):
        audio.take((_second(1) + _second(2))[at : at + 160])
    audio.start()
    audio.start()
    audio.take(_second(3))
    assert spool.files["call-1.ulaw"] == bytes([2]) * 4000 + _second(3)
    assert (audio.starts_at, audio.duration_s) == (1.5, 1.5)


def test_the_first_sound_begins_the_storing_by_itself() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    audio.take(_second(1))
    audio.take(_second(2), has_sound=True)
    assert spool.files["call-1.ulaw"].endswith(_second(2))


def test_start_before_any_audio_stores_from_the_first_byte() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    audio.start()
    assert spool.files == {}
    audio.take(b"")
    audio.take(_second(1))
    assert spool.files["call-1.ulaw"] == _second(1)
    assert audio.starts_at == 0


def test_pre_roll_is_never_shorter_than_half_a_second_when_frames_are_long() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    for _ in range(3):
        audio.take(_second(1))
    audio.start()
    assert len(spool.files["call-1.ulaw"]) == 8000
    assert audio.starts_at == 2


def test_discarding_deletes_what_was_stored() -> None:
    spool = FakeSpool()
    audio = AnswerAudio(spool, "call-1.ulaw")
    audio.discard()
    audio.start()
    audio.take(_second(1))
    audio.discard()
    assert spool.files == {}
    assert audio.duration_s == 0


def test_words_have_their_place_in_the_audio_that_was_stored() -> None:
    transcript = Transcript()
    transcript.add(Hypothesis(text="yes", words=(Word(text="yes", start_s=1.0, end_s=1.5, confidence=1),)))
    audio = AnswerAudio(FakeSpool(), "name")
    audio.take(silence(0.5))
    audio.take(silence(0.5))
    audio.start()
    audio.take(silence(1.0))
    stored = utterance_of(transcript, audio, heard_at=float)
    assert (stored.spool_name, stored.duration_s, stored.words[0].start_s) == ("name", 1.5, 0.5)
    unstored = utterance_of(transcript, None, heard_at=float)
    assert (unstored.spool_name, unstored.duration_s, unstored.words[0].start_s) == (None, 0.0, 1.0)
