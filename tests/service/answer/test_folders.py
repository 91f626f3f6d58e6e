"""Two machines on one database: each voice is taken up, erased or called lost by the machine that holds it alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from structlog.testing import capture_logs

from tests.service.chaos import BOTH_IN_LONG
from tests.service.lines import CALLER, Line
from tests.service.recorded import SID
from tests.service.two_machines import A, B, TwoMachines, answers, heard_at, second_machine, states, work_off
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Answer, AnswerState, Ticket
from voicebot.errors import Refused
from voicebot.service.answer.folders import UNNAMED, give_up_folder, held_by_folders, settle_call, show_folder
from voicebot.service.background.jobs import run_job
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.recording_callback import note_stray_recording
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.upkeep.retention import erase_case
from voicebot.speech.audio import write_wav


@pytest.fixture
def machines(line_on_both: Line) -> tuple[Line, Line]:
    """Two machines on one database, PostgreSQL as in service, and SQLite."""
    return line_on_both, second_machine(line_on_both)


@pytest.mark.requirement("S0-11")
def test_a_voice_is_stored_by_the_machine_that_holds_it_whoever_gets_its_job(machines: tuple[Line, Line]) -> None:
    a, b = machines
    a.say(heard_at(a), "my parcel came broken")
    a.jobs.drain(lambda job, subject: run_job(b.hotline, job, subject))
    work_off(b)
    assert AnswerState.LOST not in states(a)
    assert [answer.spool_folder for answer in answers(a)] == [A]
    work_off(a)
    assert (states(a), a.spool.files, len(a.audio.files)) == ([AnswerState.DONE], {}, 1)


@pytest.mark.requirement("S0-11")
def test_what_a_machine_held_comes_when_it_is_back_however_late(machines: tuple[Line, Line]) -> None:
    a, b = machines
    answer = heard_at(a)
    a.spoken(answer, "my parcel came broken")
    work_off(b)
    b.step(days=4)
    work_off(b)
    assert states(b) == []
    work_off(a)
    assert a.ticket(answer).problem == "my parcel came broken"


@pytest.mark.requirement("S0-11")
@BOTH_IN_LONG
@pytest.mark.parametrize("is_given_up", [False, True], ids=["away", "given up"])
@pytest.mark.parametrize("is_answered", [False, True], ids=["half told", "answered"])
def test_spool_files_brought_to_another_machine_are_taken_up_there(
    machines: tuple[Line, Line], is_answered: bool, is_given_up: bool
) -> None:
    a, b = machines
    answer = heard_at(a)
    if is_answered:
        a.say(answer, "my parcel came broken")
    else:
        a.spoken(answer, "my parcel came broken")
    work_off(b)
    if is_given_up:
        give_up_folder(b.hotline, A, reason="its disk burnt", actor="me")
    b.spool.files.update(a.spool.files)
    work_off(b)
    assert b.ticket(answer).problem == "my parcel came broken"
    assert (states(b), b.spool.files) == ([AnswerState.DONE], {})


def test_only_the_machine_that_should_hold_a_voice_may_call_it_lost(machines: tuple[Line, Line]) -> None:
    a, b = machines
    a.say(heard_at(a), "my parcel came broken")
    a.jobs.waiting.clear()
    a.spool.files.clear()
    work_off(b)
    assert states(a) == [AnswerState.SPOOLED]
    work_off(a, minutes=1)
    assert states(a) == [AnswerState.LOST]


def test_an_answer_of_an_older_version_is_taken_up_where_its_file_is_and_lost_nowhere(
    machines: tuple[Line, Line],
) -> None:
    a, b = machines
    answer = a.say(heard_at(a), "my parcel came broken")
    with a.work() as work:
        (old,) = work.tickets.answers(answer.call.ticket_id)
        work.tickets.save_answer(_unnamed(old))
        work.commit()
    a.jobs.waiting.clear()
    work_off(b, minutes=2)
    assert states(a) == [AnswerState.SPOOLED]
    assert [(each.folder_id, each.voices) for each in held_by_folders(b.hotline) if each.voices] == [("", 1)]
    work_off(a, minutes=2)
    assert states(a) == [AnswerState.DONE]


def _unnamed(answer: Answer) -> Answer:
    return replace(answer, spool_folder=None)


def an_unnamed_answer(line: Line) -> CallAnswer:
    """Return a call whose answer is as an older version left it."""
    answer = line.say(heard_at(line), "my parcel came broken")
    with line.work() as work:
        (old,) = work.tickets.answers(answer.call.ticket_id)
        work.tickets.save_answer(_unnamed(old))
        work.folders.settle(answer.call.id, line.spool.folder_id)
        work.commit()
    line.jobs.waiting.clear()
    return answer


def looked_for(line: Line, *, hours: int) -> None:
    """Let a machine's worker look often enough."""
    for _ in range(4 * hours):
        line.step(minutes=15)
        line.sweep()


def test_where_there_was_ever_one_machine_an_old_answer_without_its_file_ends_as_lost(line_on_both: Line) -> None:
    answer = an_unnamed_answer(line_on_both)
    show_folder(line_on_both.hotline, "only")
    line_on_both.spool.files.clear()
    line_on_both.sweep()
    assert states(line_on_both) == [AnswerState.SPOOLED], "another machine may start a little later"
    looked_for(line_on_both, hours=5)
    assert states(line_on_both) == [AnswerState.LOST]
    assert "audio_lost" in line_on_both.verbs(answer.call.ticket_id)


def test_where_another_machine_is_known_an_old_answer_waits_until_somebody_gives_it_up(
    machines: tuple[Line, Line],
) -> None:
    a, b = machines
    answer = an_unnamed_answer(a)
    show_folder(a.hotline, "first")
    a.spool.files.clear()
    looked_for(b, hours=5)
    assert states(b) == [AnswerState.SPOOLED]
    assert give_up_folder(b.hotline, UNNAMED, reason="nobody has them", actor="me") == 1
    assert states(b) == [AnswerState.LOST]
    assert "audio_lost" in b.verbs(answer.call.ticket_id)
    assert not any(each.folder_id == "" for each in held_by_folders(b.hotline))


@pytest.mark.requirement("S0-11")
def test_a_machine_that_starts_late_after_an_upgrade_takes_back_what_was_called_lost(
    machines: tuple[Line, Line],
) -> None:
    a, b = machines
    answer = an_unnamed_answer(a)
    looked_for(b, hours=5)
    assert states(b) == [AnswerState.LOST]
    looked_for(a, hours=1)
    assert (a.ticket(answer).problem, states(a)) == ("my parcel came broken", [AnswerState.DONE])


@pytest.mark.requirement("S0-11")
def test_giving_up_unnamed_voices_spares_those_that_lie_here(machines: tuple[Line, Line]) -> None:
    a, _ = machines
    answer = an_unnamed_answer(a)
    assert give_up_folder(a.hotline, UNNAMED, reason="nobody has them", actor="me") == 0
    looked_for(a, hours=1)
    assert (a.ticket(answer).problem, states(a)) == ("my parcel came broken", [AnswerState.DONE])


@pytest.mark.requirement("S0-11")
def test_old_answers_that_lie_nowhere_hold_up_no_queue(line: Line) -> None:
    an_unnamed_answer(line)
    line.spool.files.clear()
    line.sweep()
    later = line.say(line.reach("ask_story", carrier_call_id="CA2"), "it never came")
    with line.work() as work:
        (first,) = work.tickets.spooled_in(line.spool.folder_id, 1, due_at=line.clock.now())
    assert first.call_id == later.call.id


def test_no_dead_machine_keeps_the_queue_of_a_living_one(machines: tuple[Line, Line]) -> None:
    a, b = machines
    a.say(heard_at(a), "one")
    b.say(heard_at(b, "CA2"), "two")
    a.jobs.waiting.clear()
    with b.work() as work:
        assert len(work.tickets.spooled_in(B, 1, due_at=b.clock.now())) == 1
        assert work.tickets.spooled_in(B, 1, due_at=b.clock.now())[0].spool_folder == B


# --- who has spoken ------------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("ended_by", [0, 1], ids=["same machine", "other machine"])
def test_who_spoke_before_everything_was_killed_is_told_that_it_is_safe(
    machines: tuple[Line, Line], ended_by: int
) -> None:
    answer = heard_at(machines[0])
    machines[0].spoken(answer, "my parcel came broken")
    end_call(machines[ended_by].hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    machines[ended_by].sweep()
    work_off(machines[ended_by], machines[0])
    machines[0].sweep()
    assert [sms.template for sms in machines[0].texts(answer)] == ["sms_call_cut_off"]
    assert machines[0].promise(answer.call.ticket_id).words


@pytest.mark.requirement("S0-11")
def test_a_machine_that_stays_away_holds_no_text_back_for_long(machines: tuple[Line, Line]) -> None:
    a, b = machines
    answer = heard_at(a)
    a.spoken(answer, "my parcel came broken")
    end_call(b.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    work_off(b, minutes=6)
    b.run_jobs()
    assert [sms.template for sms in b.texts(answer)] == ["sms_call_cut_off"], "nobody here knows that nothing was said"
    assert len(b.sender.to(CALLER)) == 1


def test_who_said_nothing_is_still_told_that_we_heard_nobody(machines: tuple[Line, Line]) -> None:
    a, b = machines
    answer = heard_at(a)
    end_call(b.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    work_off(b, a, minutes=3)
    assert [sms.template for sms in b.texts(answer)] == ["sms_silent_caller"]


@pytest.mark.requirement("S0-11")
def test_a_recording_that_reaches_another_machine_first_does_not_push_out_the_voice_held_here(
    machines: tuple[Line, Line],
) -> None:
    a, b = machines
    answer = heard_at(a)
    a.spoken(answer, "my parcel came")
    b.carrier.recordings[SID] = write_wav(b.recognisers.voice.says("call me", 1.0))
    note_stray_recording(b.hotline, "CA1", recording_sid=SID, is_available=True, length_s=1.0)
    end_call(b.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    b.run_jobs()
    work_off(b, a)
    assert sorted(a.ticket(answer).problem.splitlines()) == ["call me", "my parcel came"]
    assert a.spool.files == {}


# --- erasing -------------------------------------------------------------------------------------------------


def at_rest(line: Line, answer: CallAnswer) -> Ticket:
    """Let the complainant be called, and every text settle."""
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    work_off(line)
    line.run_jobs()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="promised a parcel", actor="owner_1")
    line.step(days=3)
    line.sweep()
    line.sweep()
    return line.ticket(answer)


@pytest.mark.requirement("S0-11")
def test_erasing_a_case_is_complete_when_every_machine_has_erased_what_it_held(machines: tuple[Line, Line]) -> None:
    a, b = machines
    answer = heard_at(a)
    a.spoken(answer, "my parcel came broken")
    ticket = at_rest(b, answer)
    assert erase_case(b.hotline, ticket.case_number, reason="asked by letter", actor="me") == (A,)
    assert "erased_on_request" not in b.verbs(ticket.id)
    assert [(each.folder_id, each.erasures) for each in held_by_folders(b.hotline)] == [(A, 1)]
    work_off(a, minutes=2)
    assert (a.spool.files, a.audio.files, states(a)) == ({}, {}, [])
    assert "voice_erased_in_folder" in b.verbs(ticket.id)
    assert erase_case(b.hotline, ticket.case_number, reason="asked by letter", actor="me") == ()
    assert "erased_on_request" in b.verbs(ticket.id)


def test_a_case_erased_on_its_own_machine_leaves_nothing_in_the_spool(machines: tuple[Line, Line]) -> None:
    a, _ = machines
    answer = heard_at(a)
    ticket = at_rest(a, answer)
    a.spoken(answer, "late")
    with a.work() as work:
        work.folders.heard(answer.call.id, A)
        work.commit()
    assert erase_case(a.hotline, ticket.case_number, reason="asked by letter", actor="me") == ()
    assert a.spool.files == {}


def test_who_refuses_to_be_recorded_on_one_machine_is_forgotten_on_the_other(machines: tuple[Line, Line]) -> None:
    a, b = machines
    answer = heard_at(a)
    a.say(answer, "my parcel came broken")
    resumed = resume_call(b.hotline, answer.call.id)
    assert resumed.call.stream_token is not None
    open_stream(b.hotline, answer.call.id, resumed.call.stream_token, "CA1")
    b.key(resumed, "8")
    work_off(b, a)
    assert (a.spool.files, a.audio.files) == ({}, {})
    assert set(states(a)) == {AnswerState.DESTROYED}


# --- a machine that is gone ----------------------------------------------------------------------------------


def test_what_a_machine_holds_is_shown_and_given_up_only_by_somebody_who_says_why(
    machines: tuple[Line, Line],
) -> None:
    a, b = machines
    show_folder(a.hotline, "first")
    show_folder(b.hotline, "second")
    answer = a.say(heard_at(a), "my parcel came broken")
    held = {each.folder_id: (each.host, each.voices, each.calls) for each in held_by_folders(b.hotline)}
    assert held == {A: ("first", 1, 1), B: ("second", 0, 0)}
    for folder, reason, code in ((A, " ", "reason-missing"), (B, "burnt", "folder-own"), ("x", "b", "folder-unknown")):
        with pytest.raises(Refused) as refused:
            give_up_folder(b.hotline, folder, reason=reason, actor="me")
        assert refused.value.code == code
    assert give_up_folder(b.hotline, A, reason="its disk burnt", actor="me") == 1
    assert states(a) == [AnswerState.LOST]
    assert "audio_lost" in b.verbs(answer.call.ticket_id)
    assert all(not (each.voices or each.calls) for each in held_by_folders(b.hotline))
    with pytest.raises(Refused, match="holds anything"):
        give_up_folder(b.hotline, UNNAMED, reason="long gone", actor="me")


def test_a_copied_disk_that_lives_beside_its_original_is_told_of_and_a_moved_one_is_not(line: Line) -> None:
    with capture_logs() as logs:
        show_folder(line.hotline, "first")
        line.step(seconds=5)
        show_folder(line.hotline, "first")
        line.step(minutes=2)
        show_folder(line.hotline, "second")
        assert logs == []
        line.step(seconds=5)
        show_folder(line.hotline, "first")
    assert [(entry["event"], entry["host"]) for entry in logs] == [("folder_id_shared", "second")]


@pytest.mark.requirement("S0-11")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("examples", [8, pytest.param(100, marks=pytest.mark.long)])
def test_no_voice_is_lost_between_two_machines_whatever_comes_in_whatever_order(
    migrated_file: Path, definitions: FlowFiles, tmp_path: Path, examples: int
) -> None:
    TwoMachines.migrated_file, TwoMachines.definitions, TwoMachines.folder = migrated_file, definitions, tmp_path
    run_state_machine_as_test(
        TwoMachines,
        settings=settings(
            max_examples=examples, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_call_is_settled_here_once_it_is_over_and_no_file_of_it_is_left(line: Line) -> None:
    answer, left = heard_at(line), []
    for step in (None, lambda: line.say(answer, "it broke"), line.spool.files.clear):
        if step is not None:
            step()
            end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
            line.step(minutes=1)
        settle_call(line.hotline, answer.call.id)
        with line.work() as work:
            left.append(list(work.folders.holders(answer.call.id, but="nobody")))
    assert left == [[A], [A], []], "the caller speaks, then a file lies here, then nothing does"


def test_a_worker_rests_while_a_caller_speaks_and_when_the_call_has_left_nothing(machines: tuple[Line, Line]) -> None:
    a, _ = machines
    answer = heard_at(a)
    while_speaking = _rounds(a)
    a.say(answer, "my parcel came broken")
    end_call(a.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    after_the_call = _rounds(a)
    a.step(minutes=6)
    later = _rounds(a)
    assert (while_speaking[-1], after_the_call[-1], later[-1]) == (0, 0, 0)
    with a.work() as work:
        assert work.folders.unsettled(A, 9) == []


def _rounds(line: Line) -> list[int]:
    """Return how much each of a few rounds of the worker's sweeps found; the last should find nothing."""
    found = []
    for _ in range(6):
        found.append(run_due(line.hotline))
        line.run_jobs()
    return found
