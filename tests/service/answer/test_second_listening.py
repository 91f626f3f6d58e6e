"""Voices that are listened to again, after the call and never in a call's way."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes_outside import FakeAudioStore
from tests.fakes_second_ear import FakeEar
from tests.service.lines import Line
from voicebot.domain.call import CallEnd
from voicebot.domain.retention import RetentionClass
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import NOBODY, WORDS
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.answer.keep import destroy_answers
from voicebot.service.answer.second_listening import MOST_LISTENINGS, TURN, TURN_LASTS, listen_again
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of
from voicebot.speech.audio import write_wav


@pytest.fixture
def ear(line: Line) -> FakeEar:
    ear = FakeEar()
    line.use(second_ear=ear)
    return ear


@pytest.fixture
def told(line: Line, ear: FakeEar) -> CallAnswer:
    """A call that is over, its voices stored: story and remedy."""
    told = line.told_call()
    line.run_jobs()
    return told


def answers_of(line: Line, told: CallAnswer) -> list[Answer]:
    with line.work() as work:
        return list(work.tickets.answers(told.call.ticket_id))


def test_second_words_stand_beside_those_of_the_call(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    before = answers_of(line, told)
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]
    for was, now in zip(before, answers_of(line, told), strict=True):
        assert (now.text, now.words_json) == (was.text, was.words_json)
        assert [word.text for word in WORDS.validate_json(now.second_words_json)] == ear.words.split()
        assert (now.second_by, now.second_tries) == ("fake", 1)
    assert len(ear.heard) == 2


def test_nothing_is_listened_to_without_an_ear_or_while_anybody_is_on_the_line(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    line.use(second_ear=None)
    assert listen_again(line.hotline) == 0
    line.use(second_ear=ear)
    line.ring("+12025550177", "CA2")
    assert listen_again(line.hotline) == 0
    assert ear.heard == []


def test_a_call_that_begins_stops_it_and_it_is_taken_again_without_counting_as_a_failure(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    ear.meanwhile = lambda: line.ring("+12025550177", "CA2")
    assert listen_again(line.hotline) == 0
    assert [(answer.second_by, answer.second_tries) for answer in answers_of(line, told)] == [(None, 0)] * 2
    ear.meanwhile = lambda: None
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    assert listen_again(line.hotline) == 1


def test_audio_that_breaks_the_ear_is_tried_after_the_others_and_not_for_ever(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    ear.fault = Unavailable("listening again: the recogniser ended", code="second-ear")
    for _ in range(2 * MOST_LISTENINGS):
        with pytest.raises(Unavailable):
            listen_again(line.hotline)
    assert [answer.second_tries for answer in answers_of(line, told)] == [MOST_LISTENINGS] * 2
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]
    assert [answer.second_by for answer in answers_of(line, told)] == [NOBODY] * 2
    assert len(ear.heard) == 2 * MOST_LISTENINGS


def test_a_model_that_is_missing_counts_against_no_audio(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    ear.fault = SettingFault("listening again: there is no model", code="second-model")
    for _ in range(MOST_LISTENINGS + 1):
        with pytest.raises(SettingFault):
            listen_again(line.hotline)
    ear.fault = None
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]


def test_a_language_that_the_ear_does_not_know_is_settled(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    ear.languages = ()
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]
    assert ear.heard == []


def destroy_all(line: Line, told: CallAnswer) -> None:
    with line.work() as work:
        call = work.calls.lock(told.call.id)
        assert call is not None
        destroy_answers(call_context_of(context_of(line.hotline, work), call))
        work.commit()


def test_a_destroyed_voice_is_never_listened_to_and_its_second_words_go_too(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    assert listen_again(line.hotline) == 1
    destroy_all(line, told)
    assert listen_again(line.hotline) == 0
    assert len(ear.heard) == 1
    assert {(answer.state, answer.second_words_json) for answer in answers_of(line, told)} == {
        (AnswerState.DESTROYED, "[]")
    }


def test_words_of_a_voice_destroyed_meanwhile_are_not_brought_back(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    ear.meanwhile = lambda: destroy_all(line, told)
    assert listen_again(line.hotline) == 0
    assert {answer.second_words_json for answer in answers_of(line, told)} == {"[]"}


class SlowStore(FakeAudioStore):
    """A store in which something happens before a file has come."""

    happens: Callable[[], None]

    def get(self, key: str) -> bytes:
        """Return what was kept when it was asked for."""
        wav = super().get(key)
        self.happens()
        return wav


def test_a_voice_destroyed_while_it_is_fetched_is_not_listened_to(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    store = SlowStore()
    store.files, store.happens = line.audio.files, lambda: destroy_all(line, told)
    line.use(audio=store)
    assert listen_again(line.hotline) == 0
    assert ear.heard == []


def test_words_of_a_case_whose_words_were_erased_are_not_brought_back(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    def erase() -> None:
        with line.work() as work:
            work.retention.erase(told.call.ticket_id, RetentionClass.WORDS, line.clock.now())
            work.commit()

    ear.meanwhile = erase
    assert [listen_again(line.hotline) for _ in range(3)] == [0, 0, 0]
    assert len(ear.heard) == 1
    assert {(answer.text, answer.second_words_json) for answer in answers_of(line, told)} == {("", "[]")}


def test_a_store_that_is_away_gives_up_no_voice(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    there = line.hotline.audio
    line.use(audio=FakeAudioStore())
    for _ in range(3 * MOST_LISTENINGS):
        with pytest.raises(Unavailable):
            listen_again(line.hotline)
    line.use(audio=there)
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]
    assert {answer.second_by for answer in answers_of(line, told)} == {"fake"}


@pytest.mark.parametrize(("wav", "by", "heard"), [(b"RIFF no voice", NOBODY, 0), (write_wav(b""), "fake", 0)])
def test_a_file_without_sound_is_settled_and_nothing_is_started_for_it(
    line: Line, ear: FakeEar, told: CallAnswer, wav: bytes, by: str, heard: int
) -> None:
    for answer in answers_of(line, told):
        assert answer.audio_key is not None
        line.hotline.audio.put(answer.audio_key, wav)
    assert [listen_again(line.hotline) for _ in range(3)] == [1, 1, 0]
    assert {answer.second_by for answer in answers_of(line, told)} == {by}
    assert len(ear.heard) == heard


def test_a_worker_that_stops_gives_the_voice_back_uncounted(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    for _ in range(MOST_LISTENINGS + 1):
        assert listen_again(line.hotline, lambda: False) == 0
    assert {(answer.second_by, answer.second_tries) for answer in answers_of(line, told)} == {(None, 0)}


def test_a_database_that_is_away_meanwhile_stops_it_as_a_call_does(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    def away() -> bool:
        raise Unavailable("the database is away")

    assert listen_again(line.hotline, away) == 0
    assert {answer.second_tries for answer in answers_of(line, told)} == {0}


def take_turn(line: Line) -> None:
    """Another worker begins to listen."""
    with line.work() as work:
        work.schedule.save(replace(work.schedule.lock(TURN), not_before=line.clock.now() + TURN_LASTS))
        work.commit()


def test_one_worker_at_a_time_listens_and_a_killed_one_is_followed(line: Line, ear: FakeEar, told: CallAnswer) -> None:
    second: list[int] = []
    ear.meanwhile = lambda: second.append(listen_again(line.hotline)) if len(ear.heard) == 1 else None
    assert listen_again(line.hotline) == 1
    assert (second, len(ear.heard)) == ([0], 1)
    take_turn(line)
    assert listen_again(line.hotline) == 0
    line.clock.step(TURN_LASTS)
    assert listen_again(line.hotline) == 1


def test_a_worker_that_hung_too_long_stops_and_leaves_the_turn_to_the_one_that_took_it(
    line: Line, ear: FakeEar, told: CallAnswer
) -> None:
    def hang() -> None:
        line.clock.step(2 * TURN_LASTS)
        take_turn(line)

    ear.meanwhile = hang
    assert listen_again(line.hotline) == 0
    assert {(answer.second_by, answer.second_tries) for answer in answers_of(line, told)} == {(None, 0)}
    assert listen_again(line.hotline) == 0
    assert len(ear.heard) == 1, "the other one still listens, and two at once would slow calls down"


def test_who_refused_to_be_recorded_is_never_listened_to(line: Line, ear: FakeEar) -> None:
    line.key(line.say(line.reach("ask_story"), "my parcel came broken"), "8")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    assert listen_again(line.hotline) == 0
    assert ear.heard == []
