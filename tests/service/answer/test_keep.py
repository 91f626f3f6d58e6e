"""What a caller said, as kept: once a turn, only where they agreed, and gone when they say so."""

import pytest

from tests.service.lines import CALLER, Line
from tests.service.recorded import SID, answers, recorded
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import WORDS, Utterance
from voicebot.flow.events import CallerHungUp, FinishedBy, KeysPressed, UtteranceHeard
from voicebot.service.answer.keep import (
    BESIDE_TURNS,
    audio_key_of,
    has_spooled_voice,
    is_empty,
    keep_message,
    recorded_id,
    spool_name,
    turn_of_spool,
)
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.speech.audio import silence, write_wav


def leave_message(line: Line, answer: CallAnswer, words: str, *, sid: str = SID) -> None:
    """Leave a message by the carrier's fixed words: our flow is out of order."""
    line.carrier.recordings[sid] = write_wav(line.recognisers.voice.says(words, 2.0))
    with line.work() as work:
        call = work.calls.lock(answer.call.id)
        assert call is not None
        context = call_context_of(context_of(line.hotline, work), call)
        keep_message(context, Utterance(recording_sid=sid, duration_s=2.0), turn_number=answer.turn_number)
        work.commit()
    line.run_jobs()


def test_words_times_and_confidence_are_kept_as_they_were_heard(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel came broken")
    with line.work() as work:
        (answer,) = work.tickets.answers(story.call.ticket_id)
    words = WORDS.validate_json(answer.words_json)
    assert [word.text for word in words] == ["my", "parcel", "came", "broken"]
    assert (answer.slot, answer.turn_number, answer.state) == ("story", story.turn_number, AnswerState.SPOOLED)
    assert answer.spool_name == spool_name(story.call.id, story.turn_number)


def test_what_was_said_before_the_notice_was_heard_is_never_kept(line: Line) -> None:
    notice = line.ring()
    name = spool_name(notice.call.id, 0)
    line.spool.append(name, b"voice")
    line.tell(notice, CallerHungUp(utterance=Utterance(text="hello", spool_name=name)))
    assert line.spool.files == {}
    with line.work() as work:
        assert work.tickets.answers(notice.call.ticket_id) == []


def test_words_without_a_voice_are_not_kept_before_the_notice_was_heard_either(line: Line) -> None:
    notice = line.ring()
    line.tell(notice, CallerHungUp(utterance=Utterance(text="hello")))
    assert answers(line, notice) == []


def test_a_turn_has_one_answer(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "first words")
    line.tell(story, UtteranceHeard(utterance=Utterance(text="second words"), finished_by=FinishedBy.KEY))
    assert line.ticket(story).problem == "first words"


def test_what_was_said_before_a_key_is_kept(line: Line) -> None:
    story = line.reach("ask_story")
    line.tell(story, KeysPressed(keys="0", utterance=line.spoken(story, "this is about")))
    assert line.ticket(story).problem == "this is about"


def test_an_utterance_without_voice_or_word_is_not_kept(line: Line) -> None:
    story = line.reach("ask_story")
    assert is_empty(Utterance())
    line.tell(story, CallerHungUp(utterance=Utterance()))
    with line.work() as work:
        assert work.tickets.answers(story.call.ticket_id) == []


def test_words_without_voice_are_done_at_once(line: Line) -> None:
    story = line.reach("ask_story")
    line.tell(story, UtteranceHeard(utterance=Utterance(text="only words"), finished_by=FinishedBy.SILENCE))
    with line.work() as work:
        (answer,) = work.tickets.answers(story.call.ticket_id)
    assert answer.state is AnswerState.DONE


# --- recordings of the carrier -----------------------------------------------------------------------------


def test_a_recording_is_one_answer_however_often_it_is_told_of(line: Line) -> None:
    story = line.reach("ask_story")
    for _ in range(2):
        recorded(line, story)
    line.run_jobs()
    (answer,) = answers(line, story)
    assert (answer.id, answer.state) == (recorded_id(SID), AnswerState.DONE)
    assert line.audio.exists(audio_key_of(answer)), "the voice can be listened to"
    assert line.ticket(story).problem == "my parcel came broken"


@pytest.mark.requirement("S0-11")
def test_a_message_left_while_the_flow_is_out_of_order_is_what_happened(line: Line) -> None:
    notice = line.ring()
    leave_message(line, notice, "please call me")
    assert line.ticket(notice).problem == "please call me"


def test_a_message_to_a_turn_that_has_its_answer_pushes_nothing_out(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel came broken")
    leave_message(line, story, "and it was a present")
    leave_message(line, story, "call after six", sid="RE" + "2" * 32)
    assert [answer.turn_number for answer in answers(line, story)] == [
        story.turn_number,
        BESIDE_TURNS,
        BESIDE_TURNS + 1,
    ]
    assert line.ticket(story).problem == "my parcel came broken\nand it was a present\ncall after six"


def test_a_message_waits_for_no_voice_that_another_machine_may_bring(line: Line) -> None:
    story = line.reach("ask_story")
    with line.work() as work:
        work.folders.heard(story.call.id, "another")
        work.commit()
    leave_message(line, story, "please call me")
    assert [answer.turn_number for answer in answers(line, story)] == [BESIDE_TURNS]


def test_who_refused_to_be_recorded_leaves_no_message(line: Line) -> None:
    notice = line.ring()
    line.key(notice, "8")
    leave_message(line, notice, "please call me")
    assert answers(line, notice) == []


# --- destroyed at the caller's request ---------------------------------------------------------------------


def test_who_refuses_in_the_middle_of_a_call_leaves_neither_voice_nor_words(line: Line) -> None:
    story = line.reach("ask_story")
    remedy = line.say(story, "my parcel came broken")
    line.run_jobs()
    assert line.audio.files
    number = line.say(remedy, "a refund please")
    assert line.spool.files, "the second voice has not left the spool yet"
    line.key(number, "8")
    line.run_jobs()
    assert (line.audio.files, line.spool.files) == ({}, {})
    kept = answers(line, story)
    assert [(answer.text, answer.state) for answer in kept] == [("", AnswerState.DESTROYED)] * 2
    assert (line.ticket(story).problem, line.ticket(story).demand) == ("", "")


def test_a_recording_of_who_refused_is_deleted_at_the_carrier_too(line: Line) -> None:
    story = line.reach("ask_story")
    remedy = line.tell(
        story, UtteranceHeard(utterance=Utterance(recording_sid=SID, duration_s=2.0), finished_by=FinishedBy.KEY)
    )
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("my parcel", 2.0))
    line.key(remedy, "8")
    line.run_jobs()
    assert line.carrier.deleted == [SID]
    assert [answer.state for answer in answers(line, story)] == [AnswerState.DESTROYED]


def test_what_they_wrote_stays_when_they_refuse_to_be_recorded(line: Line) -> None:
    remedy = line.say(line.reach("ask_story"), "my parcel came broken")
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="it was a present"))
    line.key(remedy, "8")
    assert line.ticket(remedy).problem == "it was a present"


# --- files in the spool ------------------------------------------------------------------------------------


def test_the_name_of_a_spool_file_tells_its_turn() -> None:
    assert turn_of_spool(spool_name("call-7", 12)) == 12


def test_a_wait_that_broke_off_holds_a_voice_when_its_spool_has_more_than_a_cough(line: Line) -> None:
    story = line.reach("ask_story")
    name = spool_name(story.call.id, story.turn_number)

    def has_voice() -> bool:
        return has_spooled_voice(line.hotline, story.call.id, story.turn_number)

    assert not has_voice(), "there is no file"
    line.spool.append(name, silence(3.0))
    assert not has_voice(), "a spool keeps silence as well"
    line.spool.append(name, line.recognisers.voice.says("my parcel came broken", 2.0))
    assert has_voice()
