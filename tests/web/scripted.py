"""Both ends of a call's thread by script: a socket that gives what it was told to, a listening that says what came."""

import json
import threading

from simple_websocket import ConnectionClosed

from voicebot.flow.instructions import Wait
from voicebot.service.listening import Outcome
from voicebot.telephony.media_stream import SendClear, StreamCommand, StreamEvent


class ScriptedSocket:
    """A socket that gives what it was told to, then stays open until it is closed, or breaks."""

    def __init__(self, *messages: str | None, breaks: bool = False, backlog: int = 0) -> None:
        self.input_buffer: list[str | bytes] = ["x" * 60_000] * backlog
        self.sent: list[str] = []
        self.closed: list[int | None] = []
        self._messages = list(messages)
        self._breaks = breaks
        self._ended = threading.Event()

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Return the next message; after the last one wait for the end and raise as a closed socket does."""
        if self._messages:
            return self._messages.pop(0)
        if self._breaks:
            self._ended.set()
        assert self._ended.wait(5), "nobody closed the socket"
        raise ConnectionClosed(1006, "")

    def send(self, data: str) -> None:
        """Keep what is sent; a socket that has ended raises."""
        self._raise_if_ended()
        self.sent.append(json.loads(data)["event"])

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Keep the code; a socket that has ended raises."""
        self._raise_if_ended()
        self.closed.append(reason)
        self._ended.set()

    def _raise_if_ended(self) -> None:
        if self._ended.is_set():
            raise ConnectionClosed(1006, "")


class ScriptedListening:
    """Answers each event fed with the next outcome of a script."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self.begun: list[Wait] = []
        self.behind_s = 0.0
        self.fed: list[StreamEvent] = []
        self.is_closed = False

    def begin(self, wait: Wait, turn_number: int, locale: str, *, behind_s: float = 0.0) -> tuple[StreamCommand, ...]:
        """Note the wait, and how much audio waits meanwhile."""
        self.begun.append(wait)
        self.behind_s = behind_s
        return (SendClear(),)

    def arrived(self, event: StreamEvent) -> None:
        """Let it come."""

    def feed(self, event: StreamEvent) -> Outcome:
        """Return the next outcome."""
        self.fed.append(event)
        return self._outcomes.pop(0) if self._outcomes else Outcome()

    def close(self) -> None:
        """Note the end."""
        self.is_closed = True
