"""The pretend carrier in a process of its own, so that drawing the terminal never disturbs the line's 20 ms.

The parent orders over a pipe and reads news from it, and when the parent is gone, the pipe ends and so does the child.
Knows: the simulator. Must not know: the service.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from voicebot.cli.demo.sandbox import HOTLINE, Sandbox
from voicebot.simulator.caller import Caller
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.line import LineEvent
from voicebot.simulator.phone import Phone

LONGEST_CALL_S = 240.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The carrier's REST API is open."""


@dataclass(frozen=True, slots=True)
class CallFinished:
    """The call is over and its recording is written, and `trouble` is empty when all went well."""

    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something happened on the leg of somebody whom the hotline rang."""

    number: str
    event: LineEvent


News = Ready | LineEvent | Overheard | CallFinished


class CarrierProcess:
    """The parent's end."""

    def __init__(
        self, sandbox: Sandbox, callers: Mapping[str, Caller], phones: Mapping[str, Phone] | None = None
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, self._childs_end = context.Pipe()
        self._process = context.Process(
            target=carry, args=(sandbox, dict(callers), dict(phones or {}), self._childs_end), daemon=True
        )

    def start(self) -> None:
        """Start the carrier, whereupon `Ready` comes as news."""
        self._process.start()
        self._childs_end.close()

    def ring(self, number: str) -> None:
        """Let the caller of that number ring the hotline."""
        self._pipe.send(number)

    def news(self) -> list[News]:
        """Return what happened since the last look."""
        return self.await_news(0.0)

    def await_news(self, limit_s: float) -> list[News]:
        """Wait for news, but not longer than `limit_s` seconds, and return all there is."""
        found: list[News] = []
        try:
            while self._pipe.poll(0.0 if found else limit_s):
                found.append(self._pipe.recv())
        except (EOFError, OSError):
            return found
        return found

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.is_alive()

    def stop(self) -> None:
        """End the carrier."""
        self._pipe.close()
        if self._process.pid is None:
            return
        self._process.join(5.0)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def carry(
    sandbox: Sandbox, callers: dict[str, Caller], phones: dict[str, Phone], pipe: "Connection[News, str]"
) -> None:
    """Run the carrier until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to act on
    lock = threading.Lock()

    def tell(news: News) -> None:
        with lock:
            pipe.send(news)

    with PretendCarrier(sandbox.account_sid, sandbox.auth_token, HOTLINE, sandbox.hotline_url) as carrier:
        carrier.phones |= {number: replace(phone, observer=_as_of(number, tell)) for number, phone in phones.items()}
        carrier.serve_api(sandbox.api_port)
        tell(Ready())
        try:
            while number := pipe.recv():
                call = carrier.ring(number, callers[number], observer=tell)
                try:
                    call.wait(LONGEST_CALL_S)
                except Exception as problem:  # noqa: BLE001 - whatever failed in the simulator, the parent must tell
                    tell(CallFinished(f"{type(problem).__name__}: {problem}"))
                else:
                    call.both_sides_wav(sandbox.recording_of(number))
                    tell(CallFinished())
        except (EOFError, OSError):
            return


def _as_of(number: str, tell: Callable[[News], None]) -> Callable[[LineEvent], None]:
    return lambda event: tell(Overheard(number, event))
