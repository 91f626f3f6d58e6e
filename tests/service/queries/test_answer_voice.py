"""The voice of an answer: only by its own case, only while it is kept."""

import wave
from dataclasses import replace
from io import BytesIO

import pytest

from tests.fakes_outside import FakeAudioStore
from tests.service.lines import OTHER, Line
from voicebot.domain.ticket import Answer
from voicebot.errors import Refused, Unavailable
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.queries.answer_voice import missing_voices, voice_of
from voicebot.speech.audio import decode_mulaw, pcm_bytes, read_wav


def story_of(line: Line, answer: CallAnswer) -> Answer:
    with line.work() as work:
        return work.tickets.answers(answer.call.ticket_id)[0]


def test_the_voice_of_an_answer_is_what_the_store_keeps_as_every_player_takes_it(line: Line) -> None:
    told = line.told_call()
    story = story_of(line, told)
    assert story.audio_key is not None
    kept = read_wav(line.audio.files[story.audio_key])
    with wave.open(BytesIO(voice_of(line.hotline, line.ticket(told).case_number, story.id).read())) as wav:
        assert (wav.getsampwidth(), wav.getnchannels(), wav.getframerate()) == (2, 1, 8000)
        assert wav.readframes(wav.getnframes()) == pcm_bytes(decode_mulaw(kept))


def test_a_card_s_number_is_not_heard(line: Line) -> None:
    told = line.reach("ask_story")
    told = line.say(told, "pay it to 4242 4242 4242 4242 please do", seconds=4.0)
    line.run_jobs()
    story = story_of(line, told)
    kept = read_wav(line.audio.files[str(story.audio_key)])
    heard = read_wav(voice_of(line.hotline, line.ticket(told).case_number, story.id).read())
    begin, end = round((1.2 - 0.15) * 8000), round((2.7 + 0.15) * 8000)
    assert heard[begin:end] == b"\xff" * (end - begin) != kept[begin:end]
    assert (heard[:begin], heard[end:]) == (kept[:begin], kept[end:])


def test_a_file_that_is_no_sound_is_refused(line: Line) -> None:
    told = line.told_call()
    story = story_of(line, told)
    line.audio.files[str(story.audio_key)] = b"no sound"
    with pytest.raises(Refused, match="no sound file"):
        voice_of(line.hotline, line.ticket(told).case_number, story.id)


def test_a_voice_whose_file_is_gone_is_missing_and_nothing_is_while_the_store_is_away(line: Line) -> None:
    story = story_of(line, line.told_call())
    assert missing_voices(line.hotline, [story, replace(story, audio_key=None)]) == frozenset()
    line.audio.files.clear()
    assert missing_voices(line.hotline, [story, replace(story, audio_key=None)]) == {story.id}
    line.use(audio=_Away())
    assert missing_voices(line.hotline, [story]) == frozenset()


class _Away(FakeAudioStore):
    """A store that cannot be asked."""

    def exists(self, key: str) -> bool:
        """Refuse."""
        raise Unavailable(f"{key}: the store is away")


def test_an_answer_of_another_case_is_none_of_this_one(line: Line) -> None:
    told, other = line.told_call(), line.told_call("CA2", OTHER)
    with pytest.raises(Refused, match="no such answer"):
        voice_of(line.hotline, line.ticket(other).case_number, story_of(line, told).id)


@pytest.mark.danger("path traversal")
@pytest.mark.parametrize("answer_id", ["", "no-such", "../../voicebot.db", "%2e%2e/x", "' or 1=1"])
def test_what_is_no_id_of_ours_never_reaches_the_store(line: Line, answer_id: str) -> None:
    case = line.ticket(line.told_call()).case_number
    with pytest.raises(Refused):
        voice_of(line.hotline, case, answer_id)


def test_a_voice_that_is_gone_is_refused_and_one_the_store_lost_is_a_fault(line: Line) -> None:
    told = line.told_call()
    case, story = line.ticket(told).case_number, story_of(line, told)
    line.audio.files.clear()
    with pytest.raises(Unavailable):
        voice_of(line.hotline, case, story.id)
    with line.work() as work:
        work.tickets.save_answer(replace(story, audio_key=None))
        work.commit()
    with pytest.raises(Refused, match="no voice is kept"):
        voice_of(line.hotline, case, story.id)
