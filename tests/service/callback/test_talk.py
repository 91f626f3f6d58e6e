"""The talk of a call back is recorded after its notice, or not at all, and never instead of the talk."""

import io
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes_outside import FakeCalls
from tests.service.callback.callers import CA, a_case, ordered, the_call, with_callbacks
from tests.service.callback.talks import RE, answered, case_of, consents, lost, over, reported, talk_of, two_voices
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCall, StaffCallState, TalkRecording
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Refused
from voicebot.service.background.sweeps import run_due
from voicebot.service.callback import hops
from voicebot.service.callback.talk import REPORTED_WITHIN, note_talk_recorded, record_talk
from voicebot.service.ports import CallRefused
from voicebot.service.queries.answer_voice import voice_of
from voicebot.service.upkeep.retention import erase_case, hold_case, lift_hold
from voicebot.speech.audio import read_sides


@pytest.fixture
def line(line_on_both: Line) -> Line:
    """The hotline, on either database."""
    return line_on_both


@pytest.fixture
def call(line: Line, tmp_path: Path) -> StaffCall:
    """A call that rings at the owner's, of a hotline that records these talks."""
    with_callbacks(line, tmp_path / "policy", record_talks=True)
    return ordered(line, a_case(line))


def test_nobody_is_recorded_and_nobody_told_so_unless_the_policy_says_it(line: Line) -> None:
    call = ordered(line, a_case(line))
    whisper = hops.greet(line.hotline, call.id, CA)
    connecting, asked = hops.accept(line.hotline, call.id, "1"), hops.announce(line.hotline, call.id)
    hops.agree(line.hotline, call.id, "8")
    line.run_jobs()
    assert isinstance(whisper, hops.Ask)
    assert isinstance(connecting, hops.Connect)
    assert "record" not in f"{whisper.words} {connecting.words} {asked.before} {asked.words}"
    assert (line.calls.recorded, consents(line, call), the_call(line, call.id).agreed) == ({}, [], True)


def test_both_are_told_before_the_recording_begins(line: Line, call: StaffCall) -> None:
    whisper = hops.greet(line.hotline, call.id, CA)
    connecting, asked = hops.accept(line.hotline, call.id, "1"), hops.announce(line.hotline, call.id)
    line.run_jobs()
    assert isinstance(whisper, hops.Ask)
    assert isinstance(connecting, hops.Connect)
    assert "The talk is recorded, unless they say no." in whisper.words
    assert connecting.words.endswith("The talk is recorded, unless they say no."), "no key cuts this short"
    assert asked.before.endswith("We record the talk, so that nothing is lost."), "nor this"
    assert "without a recording, press 8" in asked.words
    assert line.calls.recorded == {}, "the notice was not heard yet"
    hops.agree(line.hotline, call.id, "")
    line.run_jobs()
    assert (line.calls.recorded, consents(line, call)) == ({CA: [RE]}, ["recorded"])


@pytest.mark.parametrize("key", ["", "1", "5"])
def test_who_stays_on_the_line_or_keys_anything_else_is_recorded_once(line: Line, call: StaffCall, key: str) -> None:
    answered(line, call, key)
    assert hops.agree(line.hotline, call.id, "8") == hops.LetThrough(), "the same question, answered twice"
    line.run_jobs()
    run_due(line.hotline)
    assert (line.calls.recorded, consents(line, call)) == ({CA: [RE]}, ["recorded"])


def test_who_refuses_talks_unrecorded_and_the_case_says_so(line: Line, call: StaffCall) -> None:
    answered(line, call, "8")
    over(line, call)
    run_due(line.hotline)
    assert (line.calls.recorded, consents(line, call), talk_of(line, call)) == ({}, ["refused"], None)
    assert (the_call(line, call.id).recording, line.promise(call.ticket_id).state) == (TalkRecording.REFUSED, "kept")


def test_who_cannot_be_told_in_their_own_language_is_not_recorded(line: Line, call: StaffCall) -> None:
    ticket = case_of(line, call)
    with line.work() as work:
        work.tickets.save(replace(ticket, locale="hr"))
        work.commit()
    assert "record" not in answered(line, call).words
    line.run_jobs()
    assert (line.calls.recorded, the_call(line, call.id).recording) == ({}, TalkRecording.NONE)


def test_who_refused_to_be_recorded_when_they_rang_is_not_recorded_when_we_ring(line: Line, call: StaffCall) -> None:
    ticket = case_of(line, call)
    with line.work() as work:
        work.tickets.save(replace(ticket, recording_refused=True))
        work.commit()
    whisper = hops.greet(line.hotline, call.id, CA)
    assert isinstance(whisper, hops.Ask)
    assert "record" not in whisper.words + answered(line, call).words
    line.run_jobs()
    assert (line.calls.recorded, the_call(line, call.id).recording) == ({}, TalkRecording.NONE)


def test_recording_ends_before_the_member_is_asked_what_came_of_it(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.run_jobs()
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=30)
    line.run_jobs()
    assert (line.calls.stopped, the_call(line, call.id).state) == ([RE], StaffCallState.ASKING)


def test_policy_that_is_switched_on_during_a_call_records_nobody_who_was_not_told(line: Line, tmp_path: Path) -> None:
    call = ordered(line, a_case(line))
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    with_callbacks(line, tmp_path / "policy", record_talks=True)
    assert "record" not in hops.announce(line.hotline, call.id).words
    hops.agree(line.hotline, call.id, "")
    line.run_jobs()
    assert line.calls.recorded == {}


def test_worker_killed_after_the_carriers_answer_begins_no_second_recording(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.calls.record(CA, call.id)  # the carrier did it, and the worker died before it could write that down
    line.run_jobs()
    talk = talk_of(line, call)
    assert talk is not None
    assert (line.calls.recorded, talk.recording_sid) == ({CA: [RE]}, RE)


def test_carrier_that_is_away_is_asked_again_while_they_talk(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.calls.is_away = True
    line.run_jobs()
    line.calls.is_away = False
    run_due(line.hotline)
    assert line.calls.recorded == {CA: [RE]}


@pytest.mark.parametrize(
    ("is_away", "code", "why"),
    [
        (True, None, "the talk was over before the recording could begin"),
        (False, 21220, "the carrier refused to record (error 21220)"),
    ],
)
def test_talk_that_could_not_be_recorded_is_a_talk_and_the_case_says_why(
    line: Line, call: StaffCall, is_away: bool, code: int | None, why: str
) -> None:
    line.calls.refuses_to_record = code
    line.calls.is_away = is_away
    answered(line, call)
    line.run_jobs()
    over(line, call)
    line.calls.is_away = False
    run_due(line.hotline)
    assert (lost(line, call), line.promise(call.ticket_id).state) == ([f"talk_recording: {why}"], "kept")
    assert the_call(line, call.id).recording is TalkRecording.FAILED


def test_carrier_that_can_never_be_asked_about_a_talk_is_given_up_after_days(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.calls.is_away = True
    over(line, call)
    line.step(days=2)
    run_due(line.hotline)
    assert the_call(line, call.id).recording is TalkRecording.WANTED
    line.step(days=2)
    run_due(line.hotline)
    assert lost(line, call) == ["talk_recording: the carrier could not be asked for days"]
    assert the_call(line, call.id).recording is TalkRecording.FAILED


def test_report_that_outruns_our_own_note_loses_and_doubles_nothing(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.calls.record(CA, call.id)
    note_talk_recorded(line.hotline, call.id, recording_sid=RE, is_available=True)
    line.run_jobs()
    talk = talk_of(line, call)
    assert talk is not None
    assert (talk.recording_sid, talk.state, line.calls.recorded) == (RE, AnswerState.AWAITING_RECORDING, {CA: [RE]})


@pytest.mark.parametrize("key", ["8", ""])
def test_recording_that_nobody_agreed_to_is_deleted_at_the_carrier(line: Line, call: StaffCall, key: str) -> None:
    answered(line, call, key)
    line.run_jobs()
    other = f"RE{7:032x}"
    line.carrier.recordings[other] = b""
    note_talk_recorded(line.hotline, call.id, recording_sid=other, is_available=True)
    line.run_jobs()
    assert line.carrier.deleted == [other]


def test_recording_that_the_carrier_does_not_have_ends_in_a_sentence(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.run_jobs()
    over(line, call)
    for call_id in ("no such call", call.id, call.id):
        note_talk_recorded(line.hotline, call_id, recording_sid=RE, is_available=False)
    talk = talk_of(line, call)
    assert talk is not None
    assert (talk.state, lost(line, call)) == (AnswerState.LOST, ["talk_recording: the carrier has no recording"])


def voicemail(line: Line, call: StaffCall, *, key: str = "", detected: str = "machine_start") -> Answer:
    """Let a machine be recorded, for it was known as one too late. Return what stands on the case at the end."""
    answered(line, call, key)
    hops.detect(line.hotline, call.id, detected)
    line.run_jobs()
    line.carrier.recordings[RE] = two_voices()
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=30)
    hops.take_result(line.hotline, call.id, "2", is_last=False)
    line.run_jobs()
    return reported(line, call)


def test_nothing_stays_of_a_recording_of_a_machine(line: Line, call: StaffCall) -> None:
    """Nobody heard the notice."""
    talk = voicemail(line, call)
    assert (talk.state, talk.audio_key, talk.recording_sid) == (AnswerState.DESTROYED, None, None)
    assert (line.calls.stopped, line.carrier.deleted) == ([RE], [RE])
    assert the_call(line, call.id).recording is TalkRecording.MACHINE
    assert lost(line, call) == ["talk_recording: a machine picked up, and nobody heard the notice"]


def test_machine_that_is_known_before_the_recording_began_is_never_recorded(line: Line, call: StaffCall) -> None:
    answered(line, call)
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=30)
    hops.take_result(line.hotline, call.id, "2", is_last=False)
    line.run_jobs()
    run_due(line.hotline)
    assert (line.calls.recorded, talk_of(line, call)) == ({}, None)


@pytest.mark.parametrize(("key", "detected"), [("1", "machine_start"), ("", "human")])
def test_the_word_of_a_member_alone_destroys_no_recording(line: Line, call: StaffCall, key: str, detected: str) -> None:
    assert voicemail(line, call, key=key, detected=detected).state is AnswerState.DONE


def test_a_hold_keeps_the_recording_of_a_machine_too(line: Line, call: StaffCall) -> None:
    hold_case(line.hotline, case_of(line, call).case_number, reason="a court", actor="admin")
    assert voicemail(line, call).state is AnswerState.DONE


@pytest.fixture
def talk(line: Line, call: StaffCall) -> Answer:
    """The recording of a talk that is over, fetched."""
    answered(line, call)
    line.run_jobs()
    line.carrier.recordings[RE] = two_voices()
    over(line, call)
    return reported(line, call)


def test_both_voices_are_stored_and_the_carrier_keeps_none(line: Line, call: StaffCall, talk: Answer) -> None:
    assert talk.audio_key is not None
    assert (talk.state, talk.slot, talk.duration_s, talk.recording_sid) == (
        AnswerState.DONE,
        "talk_recording",
        1.0,
        None,
    )
    assert read_sides(line.audio.get(talk.audio_key)) == (b"\x80" * 8000, b"\xff" * 8000)
    assert line.carrier.deleted == [RE]
    assert reported(line, call) == talk, "told twice, stored once"


def test_staff_hear_both_sides(line: Line, call: StaffCall, talk: Answer) -> None:
    voice = voice_of(line.hotline, case_of(line, call).case_number, talk.id)
    with wave.open(io.BytesIO(voice.read())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 8000)


def test_talk_is_no_part_of_the_story(line: Line, call: StaffCall, talk: Answer) -> None:
    assert case_of(line, call).problem.count("\n") == 0


def test_recording_that_is_never_reported_is_asked_for_all_the_same(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.run_jobs()
    line.carrier.recordings[RE] = two_voices()
    over(line, call)
    line.step(minutes=3)
    run_due(line.hotline)
    line.run_jobs()
    talk = talk_of(line, call)
    assert talk is not None
    assert talk.state is AnswerState.DONE


def test_recording_that_never_comes_is_given_up_after_days_with_a_sentence(line: Line, call: StaffCall) -> None:
    answered(line, call)
    line.run_jobs()
    over(line, call)
    reported(line, call)
    line.step(days=4)
    run_due(line.hotline)
    talk = talk_of(line, call)
    assert talk is not None
    assert (talk.state, lost(line, call)) == (
        AnswerState.LOST,
        ["talk_recording: the carrier's recording could not be had"],
    )


def test_talk_goes_with_the_voices_of_its_case(line: Line, call: StaffCall, talk: Answer) -> None:
    ticket = case_of(line, call)
    hold_case(line.hotline, ticket.case_number, reason="a court", actor="admin")
    with pytest.raises(Refused):
        erase_case(line.hotline, ticket.case_number, reason="they asked", actor="admin")
    assert line.audio.exists(talk.audio_key or "")
    lift_hold(line.hotline, ticket.case_number, reason="over", actor="admin")
    line.step(days=3)
    line.sweep()
    line.sweep()
    erase_case(line.hotline, ticket.case_number, reason="they asked", actor="admin")
    gone = talk_of(line, call)
    assert gone is not None
    assert (gone.audio_key, line.audio.exists(talk.audio_key or "")) == (None, False)


def test_case_is_not_erased_while_a_recording_of_it_may_exist(line: Line, call: StaffCall) -> None:
    """It would come in afterwards, and stay."""
    answered(line, call)
    line.calls.record(CA, call.id)  # and the worker died before it could write that down
    line.calls.is_away = True
    over(line, call)
    line.step(days=3)
    line.sweep()
    line.sweep()
    with pytest.raises(Refused) as refused:
        erase_case(line.hotline, case_of(line, call).case_number, reason="they asked", actor="admin")
    assert refused.value.code == "case-not-at-rest"


def test_recording_that_turns_up_after_its_case_was_erased_is_deleted_at_the_carrier(
    line: Line, call: StaffCall
) -> None:
    line.calls.refuses_to_record = 20404  # it did record, though it said no
    answered(line, call)
    line.run_jobs()
    over(line, call)
    line.step(days=3)
    line.sweep()
    line.sweep()
    erase_case(line.hotline, case_of(line, call).case_number, reason="they asked", actor="admin")
    line.carrier.recordings[RE] = two_voices()
    note_talk_recorded(line.hotline, call.id, recording_sid=RE, is_available=True)
    line.run_jobs()
    assert (talk_of(line, call), line.carrier.deleted) == (None, [RE])


def test_recording_that_the_carrier_does_not_end_ends_with_the_call_and_is_still_asked_for(
    line: Line, call: StaffCall
) -> None:
    answered(line, call)
    line.run_jobs()
    line.calls.is_away = True
    over(line, call)
    talk = talk_of(line, call)
    assert talk is not None
    assert (line.calls.stopped, the_call(line, call.id).result) == ([], "reached")
    assert talk.not_before is not None
    assert talk.not_before <= line.clock.now() + REPORTED_WITHIN


def test_second_recording_of_one_talk_is_deleted_and_the_first_is_ended_after_it(line: Line, call: StaffCall) -> None:
    """Two workers began one each, and both died before they could write it down."""
    answered(line, call)
    line.calls.record(CA, call.id)
    line.calls.record(CA, call.id)
    first, second = line.calls.recorded[CA]
    line.carrier.recordings[second] = b""
    over(line, call)
    assert (line.carrier.deleted, set(line.calls.stopped)) == ([second], {first})


def test_a_job_about_a_call_of_nobody_or_a_talk_that_was_given_up_does_nothing(line: Line, call: StaffCall) -> None:
    answered(line, call)

    class Meanwhile(FakeCalls):
        """A carrier that refuses, and while it is asked the recording is given up by another worker."""

        def recordings_of(self, carrier_call_id: str) -> tuple[str, ...]:
            given_up = replace(the_call(line, call.id), recording=TalkRecording.FAILED)
            with line.work() as work:
                work.staff_calls.save(given_up)
                work.commit()
            raise CallRefused(20404)

    hotline = replace(line.hotline, calls=Meanwhile())
    record_talk(hotline, call.id)
    record_talk(hotline, "no such call")
    assert lost(line, call) == []
