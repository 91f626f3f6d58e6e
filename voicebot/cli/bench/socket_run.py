"""A benchmark's calls through the real thing, through webhooks, media sockets and database, and rung by the pretend
carrier.

The web process runs alone (no worker), so its CPU is what calls cost. Each caller tells their programme as the story,
ends it with `#`, says a short remedy that is ended by silence, says yes to closed questions, and hangs up. Latency is
read off the line itself, that is from the last tick of the remedy (or the key) to the first tick of the hotline's next
sound.
Knows: the pretend carrier, the web process, the store. Must not know: how a number is shown.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.job_queue import open_jobs
from voicebot.adapters.store import open_engine, open_store
from voicebot.cli.bench.caller_lines import Programme
from voicebot.cli.bench.outside_ear import wait_after_s
from voicebot.cli.bench.process_meter import MemoryWatch, cpu_s, memory_bytes
from voicebot.cli.bench.web_process import web_process
from voicebot.cli.demo.sandbox import FICTION, HOTLINE, Sandbox, set_up
from voicebot.config import Settings
from voicebot.errors import Unavailable
from voicebot.flow.nodes import ListenNode
from voicebot.simulator import Caller, Happening, LineCall, PretendCarrier, hang_up, press, rest
from voicebot.simulator.caller import Speak
from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import MULAW_SILENCE, RATE_HZ, duration_s, read_wav
from voicebot.speech.word_errors import WordErrors, word_errors

_BETWEEN_CALLS_S = 0.37
"""Calls that begin together would also end together, and hide nothing so well as a queue."""
_FIRST_CALLER = 10
"""Last two digits of the first caller's number, while the hotline's own ends in 00."""
_TAIL_BYTES = RATE_HZ * 8 // 100
"""The breath that clips end with, and cut off here, so that the clip's end is the end of speech."""
_REMEDY = read_wav((VOICES / "remedy_heard.wav").read_bytes())[:-_TAIL_BYTES]
_REMEDY_WORDS = "i only want to be heard"
_YES = read_wav((VOICES / "yes.wav").read_bytes())
_CLOSED = ("confirm_number", "announce_text")
"""Closed questions that each caller answers by voice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SocketRun:
    """What was measured."""

    calls: tuple[LineCall, ...]
    web_cpu_s: float
    """Of the web process, from the first ring to the last hang-up."""
    bytes_per_call: float
    """Largest memory of the web process while calls were live, less what it had before, per call."""
    errors: WordErrors
    """Of the stories as they stand on the tickets."""
    after_key_s: tuple[float, ...]
    """From the key that ends the story to the hotline's next sound."""
    after_speech_s: tuple[float, ...]
    """From the end of the remedy to the hotline's next sound, less the endpoint's silence."""
    after_yes_s: tuple[float, ...]
    """By an outside ear, that is from the last voiced sample of a "yes" to the hotline's next, less the node's end
    silence.
    """

    @property
    def audio_s(self) -> float:
        """Seconds of caller's audio carried, silence included."""
        return sum(call.duration_s for call in self.calls)


def run_calls(programmes: list[Programme], *, folder: Path, settings: Settings) -> SocketRun:
    """Ring once for each programme, in real time. Raises: Unavailable when the web process does not come up."""
    sandbox = set_up(folder)
    silence_s, closed = _end_silence_s(settings), _closed_silences_s(settings)
    web = {"VOICEBOT_MAX_RECOGNISERS": str(len(programmes)), "VOICEBOT_LOG_LEVEL": "WARNING"}
    with web_process(sandbox, web) as process, _carrier(sandbox) as carrier:
        before_bytes, before_s = memory_bytes(process.pid), cpu_s(process.pid)
        with MemoryWatch(process.pid) as memory:
            calls = _ring_all(carrier, programmes)
        used_s = cpu_s(process.pid) - before_s
    return SocketRun(
        calls=tuple(calls),
        web_cpu_s=used_s,
        bytes_per_call=(memory.largest_bytes - before_bytes) / len(calls),
        errors=_story_errors(sandbox, calls, programmes),
        after_key_s=tuple(_gap_s(call, Happening.PRESSED, "#") for call in calls),
        after_speech_s=tuple(_gap_s(call, Happening.SPOKE, "remedy") - silence_s for call in calls),
        after_yes_s=tuple(wait for call in calls for wait in _closed_waits_s(call, closed)),
    )


def whole_lines(run: SocketRun, stories: list[Programme]) -> list[Programme]:
    """Return what came over each line from answer to hang-up.

    They are story, remedy, and the caller's silence while we talk.
    """
    return [_line(call, story) for call, story in zip(run.calls, stories, strict=True)]


def _line(call: LineCall, story: Programme) -> Programme:
    answered = [event.detail for event in call.transcript if event.kind is Happening.SPOKE and event.detail in _CLOSED]
    spoken_s = story.seconds - story.paused_s + duration_s(_REMEDY) + duration_s(_YES) * len(answered)
    words = " ".join([story.words, _REMEDY_WORDS, *("yes" for _ in answered)])
    return Programme(bytes(call.caller_track), words, call.duration_s - spoken_s)


def _closed_silences_s(settings: Settings) -> dict[str, float]:
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(settings.flow)
    nodes = {name: flow.nodes[name] for name in _CLOSED}
    return {name: node.end_silence_s for name, node in nodes.items() if isinstance(node, ListenNode)}


def _closed_waits_s(call: LineCall, silences_s: dict[str, float]) -> list[float]:
    waits = {name: wait_after_s(call, name) for name in silences_s}
    return [wait - silences_s[name] for name, wait in waits.items() if wait is not None]


def _end_silence_s(settings: Settings) -> float:
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(settings.flow)
    node = flow.nodes["ask_remedy"]
    assert isinstance(node, ListenNode), "the remedy is asked for"
    assert node.open is not None, "and answered in free words"
    return node.open.end_silence_s


@contextmanager
def _carrier(sandbox: Sandbox) -> Iterator[PretendCarrier]:
    with PretendCarrier(sandbox.account_sid, sandbox.auth_token, HOTLINE, sandbox.hotline_url) as carrier:
        carrier.serve_api(sandbox.api_port)
        yield carrier


def _ring_all(carrier: PretendCarrier, programmes: list[Programme]) -> list[LineCall]:
    calls = []
    for number, programme in enumerate(programmes, start=_FIRST_CALLER):
        calls.append(carrier.ring(f"{FICTION}{number:02}", _caller(programme)))
        time.sleep(_BETWEEN_CALLS_S)
    longest_s = max(programme.seconds for programme in programmes)
    return [call.wait(longest_s + 120) for call in calls]


def _caller(programme: Programme) -> Caller:
    return (
        Caller()
        .after("ask_story", Speak(programme.mulaw, "story"), press("#"))
        .after("ask_remedy", Speak(_REMEDY, "remedy"))
        .after("confirm_number", rest(0.3), Speak(_YES, "confirm_number"))
        .after("announce_text", rest(0.3), Speak(_YES, "announce_text"))
        .after("choose_window", press("1"))
        .after("confirm_promise", hang_up())
        .when_nothing_matches(hang_up(), after_s=60)
    )


def _gap_s(call: LineCall, kind: Happening, detail: str) -> float:
    """Return the seconds from the last such event to the first sound of the hotline after it."""
    found = [event.at_s for event in call.transcript if (event.kind, event.detail) == (kind, detail)]
    if not found:
        raise Unavailable(
            f"measuring: a call ended before its caller could say everything; it heard {', '.join(call.heard)}",
            code="bench",
        )
    at_s = max(found)
    after = bytes(call.hotline_track[round(at_s * RATE_HZ) :])
    return (len(after) - len(after.lstrip(MULAW_SILENCE))) / RATE_HZ


def _story_errors(sandbox: Sandbox, calls: list[LineCall], programmes: list[Programme]) -> WordErrors:
    engine = open_engine(sandbox.database_url)
    errors = WordErrors()
    with open_store(engine, open_jobs(engine))() as work:
        for call, programme in zip(calls, programmes, strict=True):
            stored = work.calls.by_carrier_id(call.sid)
            assert stored is not None, "a call that was answered is stored"
            texts = [answer.text for answer in work.tickets.answers(stored.ticket_id) if answer.slot == "story"]
            errors += word_errors(programme.words, " ".join(texts))
    engine.dispose()
    return errors
