"""A telephone line for listening tests: the test says what comes in, the line notes what goes out."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.fakes import CodedVoice, FakePromptAudio, FakeRecognisers, FakeSpool
from voicebot.flow.events import FlowEvent
from voicebot.flow.instructions import HangUp, Listen, Prompt, Speech, Words
from voicebot.service.listening import CallListening
from voicebot.speech.audio import decode_mulaw, silence
from voicebot.telephony.media_stream import (
    KeyPressed,
    MarkReturned,
    MediaFrame,
    SendAudio,
    SendMark,
    StreamCommand,
    StreamEvent,
    StreamStopped,
)


def a_prompt(key: str, text: str = "one two three four five six seven eight nine ten") -> Prompt:
    """Build a prompt; `FakePromptAudio` says ten words a second."""
    return Prompt(key=key, locale="en", fragments=(Words(text=text),))


def a_story(**changes: Any) -> Listen:
    """Build the wait for the story, with script.md's timers."""
    speech = Speech(
        commands=("a supervisor",),
        end_silence_s=6,
        pause_after_s=3,
        pause_prompt=a_prompt("wait_story"),
        max_utterance_s=180,
        warn_after_s=150,
        warn_prompt=a_prompt("warn_story_limit"),
    )
    fields: dict[str, Any] = {
        "node": "ask_story",
        "prompts": (a_prompt("ask_story"),),
        "keys": ("#", "*", "0", "5", "8"),
        "speech": speech,
        "no_input_after_s": 7,
        "slot": "story",
        "store_audio": True,
    }
    return Listen(**(fields | changes))


def a_yes_no(**changes: Any) -> Listen:
    """Build a short question."""
    fields: dict[str, Any] = {
        "node": "confirm_number",
        "prompts": (a_prompt("confirm_number"),),
        "keys": ("1", "2", "0"),
        "speech": Speech(grammar=("yes", "no"), end_silence_s=0.5, max_utterance_s=20),
        "no_input_after_s": 6,
    }
    return Listen(**(fields | changes))


def a_notice(**changes: Any) -> Listen:
    """Build the recording notice: keys and the prompt's end, nothing else."""
    fields: dict[str, Any] = {
        "node": "say_recording_notice",
        "prompts": (a_prompt("say_recording_notice"),),
        "keys": ("8", "0"),
        "barge_in": False,
    }
    return Listen(**(fields | changes))


def a_notice_with_commands() -> Listen:
    """Build the notice, during which a person may be asked for."""
    commands = ("supervisor", "a supervisor")
    speech = Speech(grammar=(*commands, "[unk]"), commands=commands, is_only_commands=True, end_silence_s=0.0)
    return a_notice().model_copy(update={"speech": speech})


def a_greeted_line() -> "Line":
    """Build a line on which a prompt was heard to its end: it is known whether it sends our voice back."""
    line = Line()
    line.begin(a_notice(node="greet"), turn=0)
    line.quiet(1.3)
    line.marks()
    line.new()
    return line


class Line:
    """One call; `sent` is what went out as short words: `audio 1.0`, `mark 1:ask_story`, `SendClear`."""

    def __init__(self, *, fails_after_s: float | None = None, missing: frozenset[str] = frozenset()) -> None:
        self.voice = CodedVoice()
        self.recognisers = FakeRecognisers(self.voice, fails_after_s=fails_after_s)
        self.spool = FakeSpool()
        self.now_s = 0.0
        self.sent: list[str] = []
        self.seen: list[str] = []
        self.loudness: list[float] = []
        self.listening = CallListening(
            call_id="call",
            recognisers=self.recognisers,
            prompts=FakePromptAudio(missing=missing),
            spool=self.spool,
            observer=self,
        )

    # --- the caller's side ----------------------------------------------------------------------------------

    def begin(self, wait: Listen | HangUp, turn: int = 1, *, behind_s: float = 0.0) -> None:
        """Start a wait, perhaps while so many seconds of audio still wait to be fed."""
        self._note(self.listening.begin(wait, turn, "en", behind_s=behind_s))

    def asked(self, wait: Listen) -> None:
        """Start a wait and let its question be heard to its end."""
        self.begin(wait)
        self.quiet(1)
        assert self.marks() is None

    def says(self, words: str, seconds: float) -> FlowEvent | None:
        """Say words, as far as the wait lasts."""
        return self.hears(self.voice.says(words, seconds))

    def coughs(self, seconds: float = 0.4) -> FlowEvent | None:
        """Make a sound without words."""
        return self.hears(self.voice.noise(seconds))

    def quiet(self, seconds: float) -> FlowEvent | None:
        """Say nothing, as far as the wait lasts."""
        return self.hears(silence(seconds))

    def hears(self, audio: bytes, *, frame_bytes: int = 160) -> FlowEvent | None:
        """Send audio frame by frame until it, or the wait, ends."""
        for frame in _frames(audio, frame_bytes):
            event = self.feed(MediaFrame(frame, round(self.now_s * 1000)), seconds=len(frame) / 8000)
            if event is not None:
                return event
        return None

    def presses(self, keys: str) -> FlowEvent | None:
        """Press keys one after the other, the same one twice as fast as people can; return the last event."""
        event = None
        for before, key in pairwise(f" {keys}"):
            event = (self.quiet(0.1) if before == key else None) or event
            event = self.feed(KeyPressed(key)) or event
        return event

    def marks(self) -> FlowEvent | None:
        """Let the carrier return every mark that was sent."""
        event = None
        names = [word.removeprefix("mark ") for word in self.sent if word.startswith("mark ")]
        for name in names:
            event = self.feed(MarkReturned(name)) or event
        return event

    def feed_mark(self, name: str) -> FlowEvent | None:
        """Let the carrier return one mark."""
        return self.feed(MarkReturned(name))

    def stops(self, *, is_clean: bool) -> FlowEvent | None:
        """End the stream."""
        return self.feed(StreamStopped(is_clean=is_clean))

    def feed(self, event: StreamEvent, *, seconds: float = 0.0) -> FlowEvent | None:
        """Feed one event; the line's time goes on by so much."""
        self.now_s += seconds
        outcome = self.listening.feed(event)
        self._note(outcome.commands)
        return outcome.event

    def new(self) -> list[str]:
        """Return what was sent since last asked."""
        sent, self.sent = self.sent, []
        return sent

    def _note(self, commands: tuple[StreamCommand, ...]) -> None:
        self.sent += [_in_short(command) for command in commands]
        self.loudness += [_loudness(command.audio) for command in commands if isinstance(command, SendAudio)]

    @staticmethod
    def loudness_of_prompt() -> float:
        """Return how loud a prompt of `FakePromptAudio` is by itself."""
        return _loudness(FakePromptAudio().audio(a_prompt("any")))

    # --- the port Observer ----------------------------------------------------------------------------------

    def said(self, call_id: str, text: str) -> None:
        """Note what we began to say."""
        self.seen.append(f"we: {text}")

    def partial(self, call_id: str, text: str) -> None:
        """Note the words so far."""
        self.seen.append(f"caller: {text}")

    def key(self, call_id: str, key: str) -> None:
        """Note a key."""
        self.seen.append(f"key: {key}")


def _loudness(mulaw: bytes) -> float:
    return float(abs(decode_mulaw(mulaw).astype(float)).max())


def _in_short(command: StreamCommand) -> str:
    if isinstance(command, SendAudio):
        return f"audio {len(command.audio) / 8000:.1f}"
    if isinstance(command, SendMark):
        return f"mark {command.name}"
    return type(command).__name__


def _frames(audio: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(audio), size):
        yield audio[at : at + size]
