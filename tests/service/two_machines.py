"""Two machines of one hotline in tests: a spool of their own each, all else shared; and what may happen to both."""

from copy import copy
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.databases import copy_of
from tests.fakes import FakeSpool
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import Line
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.service.answer.folders import held_by_folders
from voicebot.service.answer.keep import spool_name
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import end_call
from voicebot.speech.audio import read_wav

A, B = "folder-1", "folder-2"


def second_machine(line: Line) -> Line:
    """Return another machine of the same hotline: a spool of its own, all else shared."""
    other = copy(line)
    other.use(spool=FakeSpool(B))
    return other


def heard_at(machine: Line, carrier_call_id: str = "CA1") -> CallAnswer:
    """Let a call be heard on a machine, up to the story."""
    answer = machine.ring(carrier_call_id=carrier_call_id)
    assert answer.call.stream_token is not None
    open_stream(machine.hotline, answer.call.id, answer.call.stream_token, carrier_call_id)
    return machine.go_to(answer, "ask_story")


def answers(line: Line) -> list[Answer]:
    """Return every answer of every case."""
    with line.work() as work:
        return [answer for ticket in work.tickets.all() for answer in work.tickets.answers(ticket.id)]


def states(line: Line) -> list[AnswerState]:
    """Return how far each answer has come."""
    return [answer.state for answer in answers(line)]


def work_off(*machines: Line, minutes: int = 12) -> None:
    """Let time pass in which the workers of these machines look again and again, less often after two minutes."""
    for pause_s in (30,) * (2 * min(minutes, 2)) + (60,) * (minutes - 2):
        for machine in machines:
            run_due(machine.hotline)
        machines[0].step(seconds=pause_s)


class TwoMachines(RuleBasedStateMachine):
    """Calls move between two machines that are killed, swept, and get each other's jobs, in any order."""

    migrated_file: Path
    definitions: FlowFiles
    folder: Path
    runs = 0

    @initialize()
    def begin(self) -> None:
        """Open a database for this run."""
        TwoMachines.runs += 1
        self.engine = copy_of(self.migrated_file, self.folder / f"run-{TwoMachines.runs}.db")
        first = Line(self.engine, self.definitions, WEDNESDAY_TEN)
        self.machines = (first, second_machine(first))
        self.calls: list[CallAnswer] = []
        self.said: list[bytes] = []

    @rule(machine=st.integers(0, 1))
    def ring(self, machine: int) -> None:
        """Let a call be heard on a machine."""
        if len(self.calls) < 3:
            self.calls.append(heard_at(self.machines[machine], f"CA{len(self.calls)}"))

    @rule(machine=st.integers(0, 1), call=st.integers(0, 2), is_kept=st.booleans())
    def speak(self, machine: int, call: int, is_kept: bool) -> None:
        """Say something on the stream; `is_kept` False: the process dies before the turn is stored."""
        if call >= len(self.calls):
            return
        line, answer = self.machines[machine], self.calls[call]
        with line.work() as work:
            heard = {folder for folder in (A, B) if answer.call.id in work.folders.unsettled(folder, 9)}
        name = spool_name(answer.call.id, answer.turn_number)
        is_spoken = any(name in each.spool.files for each in self.machines)
        if line.spool.folder_id not in heard or line.call(answer).ended_at is not None or is_spoken:
            return
        words = f"word{len(self.said)}"
        before = set(line.spool.files)
        if is_kept:
            self.calls[call] = line.say(answer, words)
        else:
            line.spoken(answer, words)
        self.said += [line.spool.files[new] for new in set(line.spool.files) - before]

    @rule(machine=st.integers(0, 1), call=st.integers(0, 2))
    def move(self, machine: int, call: int) -> None:
        """Break the stream; another one is opened on some machine."""
        if call < len(self.calls):
            line, answer = self.machines[machine], self.calls[call]
            resumed = resume_call(line.hotline, answer.call.id)
            self.calls[call] = resumed
            token = resumed.call.stream_token
            if token is not None:
                open_stream(line.hotline, answer.call.id, token, answer.call.carrier_call_id)

    @rule(machine=st.integers(0, 1), call=st.integers(0, 2))
    def hang_up(self, machine: int, call: int) -> None:
        """Let a machine hear of the end."""
        if call < len(self.calls):
            end_call(self.machines[machine].hotline, f"CA{call}", CallEnd.CALLER_HUNG_UP)

    @rule(machine=st.integers(0, 1))
    def sweep(self, machine: int) -> None:
        """Let a worker look."""
        run_due(self.machines[machine].hotline)

    @rule(machine=st.integers(0, 1))
    def run_jobs(self, machine: int) -> None:
        """Let a worker get every job."""
        self.machines[machine].run_jobs()

    @rule(seconds=st.sampled_from([5, 31, 61, 400]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.machines[0].step(seconds=seconds)

    def teardown(self) -> None:
        """Let both work off; then every voice is in the store, and nobody who spoke was told that we heard nobody."""
        if not hasattr(self, "machines"):
            return
        work_off(*self.machines, minutes=15)
        first = self.machines[0]
        stored = [read_wav(wav) for wav in first.audio.files.values()]
        assert sorted(self.said) == sorted(stored)
        assert AnswerState.LOST not in states(first)
        assert [machine.spool.files for machine in self.machines] == [{}, {}]
        assert all(not (each.voices or each.calls) for each in held_by_folders(first.hotline))
        self.engine.dispose()
