"""The demo in its acts: what is waited for, for how long, and what is shown meanwhile.

Every wait has an end and names what it waited for; nothing here sleeps longer than a blink.
Knows: all of the demo's parts. Must not know: how they do it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never

from voicebot.cli.demo.call_back import OWNER, order_call
from voicebot.cli.demo.carrier_process import CallFinished, CarrierProcess, News, Ready
from voicebot.cli.demo.case_reader import Case, CaseReader
from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.live_view import LiveView
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.sandbox import Sandbox
from voicebot.cli.demo.screen import Screen
from voicebot.domain.case_number import written
from voicebot.domain.sms import SmsState
from voicebot.errors import VoicebotError
from voicebot.simulator.line import Happening, LineEvent

_READING_S = 0.4
"""Between two looks into the case_reader."""
_START_S = 90.0
"""Migrations and the speech model on a slow machine."""
_CALL_S = 210.0
_NOTICED_S = 20.0
_LADDER_S = 60.0
_TEXTS_S = 30.0
_CALL_BACK_S = 90.0
_UNSETTLED = {SmsState.WAITING, SmsState.SENDING, SmsState.QUEUED, SmsState.SENT}


_UNKEYED = "say"
"""Stands for the key of words that the carrier's own voice reads out: the words themselves come as well."""
_OWN_CLOSE = 31921
"""Every stream that we close on purpose leaves this in Twilio's error log."""


class Watch:
    """The demo's sense of time."""

    def seconds(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def blink(self) -> None:
        """Let a tenth of a second pass."""
        time.sleep(0.1)


class DemoFailed(VoicebotError):
    """The demo could not go on; the message says what it waited for."""

    code = "demo"


@dataclass
class Play:
    """One performance."""

    sandbox: Sandbox
    screen: Screen
    hotline: HotlineProcess
    carrier: CarrierProcess
    case_reader: CaseReader
    teller: Storyteller
    live_view: LiveView
    watch: Watch = field(default_factory=Watch)
    order_call: Callable[[Sandbox, str], str] = order_call
    case: Case | None = None
    partials: int = 0
    _is_carrier_ready: bool = False
    _call: CallFinished | None = None
    _read_at: float = -math.inf
    _guess: str = ""

    def run(self) -> None:
        """Play all acts. Raises: DemoFailed."""
        self._raise_curtain()
        self._ring()
        self._let_the_window_close()
        self._climb()
        self._call_back()

    def _raise_curtain(self) -> None:
        self.screen.heading("The service starts on this machine, beside a pretend telephone carrier")
        self.carrier.start()
        self._wait(
            "the pretend carrier to open its API",
            _START_S,
            lambda: self._is_carrier_ready,
            moving=lambda: "the carrier starts",
        )
        self.hotline.start()
        self._wait(
            "the service to answer on its health page",
            _START_S,
            self.hotline.is_ready,
            moving=lambda: "voicebot serve: migrates its database, loads the speech model",
        )
        self.screen.line("demo", f"voicebot serve answers on {self.sandbox.hotline_url}")

    def _ring(self) -> None:
        self.screen.heading("Somebody rings the complaints line")
        self.screen.start_clock()
        self.carrier.ring()
        self._wait("the call to end", _CALL_S, lambda: self._call is not None, moving=lambda: self._guess)
        assert self._call is not None
        if self._call.trouble:
            raise DemoFailed(f"playing the call: {self._call.trouble}")
        self._read(at_once=True)

    def _let_the_window_close(self) -> None:
        self._wait("a promise to the caller", _TEXTS_S, lambda: self._closes_at() is not None, moving=lambda: "")
        self.screen.heading("The promise stands, and nobody calls back")
        closes_at = self._closes_at()
        assert closes_at is not None
        self._wait(
            "the promised window to close",
            (closes_at - self.watch.now()).total_seconds() + 1,
            lambda: self.watch.now() >= closes_at,
            moving=lambda: self._countdown("the promised window closes", closes_at),
        )

    def _climb(self) -> None:
        self.screen.heading("The window has closed, the promise is broken, and the miss climbs the ladder")
        self._wait(
            "the missed promise to be noticed",
            _NOTICED_S,
            lambda: bool(self.case and self.case.breaches),
            moving=lambda: "",
        )
        self._wait("the ladder to be climbed", _LADDER_S, self._is_climbed, moving=self._next_step)
        self._wait("the texts to arrive", _TEXTS_S, self._are_texts_settled, moving=lambda: "texts are on their way")
        self.screen.settle()

    def _call_back(self) -> None:
        assert self.case is not None
        number = written(self.case.ticket.case_number)
        self.screen.heading("The owner calls back from the case, and keeps the promise made with the apology")
        self.screen.line("demo", f"voicebot call {number} --by {OWNER}")
        refusal = self.order_call(self.sandbox, number)
        if refusal:
            raise DemoFailed(f"calling back: {refusal}")
        self._wait("the complainant to be called back", _CALL_BACK_S, self._is_called_back, moving=lambda: "")

    def _is_called_back(self) -> bool:
        return bool(self.case and self.case.calls_back and self.case.calls_back[-1].ended_at is not None)

    def _closes_at(self) -> datetime | None:
        return self.case.promise.window_closes_at if self.case and self.case.promise else None

    def _is_climbed(self) -> bool:
        return bool(self.case and self.case.breaches and self.case.breaches[0].next_step_at is None)

    def _next_step(self) -> str:
        at = self.case.breaches[0].next_step_at if self.case and self.case.breaches else None
        return "" if at is None else self._countdown("the next step of the ladder", at)

    def _are_texts_settled(self) -> bool:
        return self.case is not None and not any(sms.state in _UNSETTLED for sms in self.case.texts)

    def _wait(self, what: str, limit_s: float, is_done: Callable[[], bool], *, moving: Callable[[], str]) -> None:
        deadline = self.watch.seconds() + limit_s
        while not is_done():
            if self.watch.seconds() > deadline:
                raise DemoFailed(f"waited {limit_s:.0f} s for {what}, in vain")
            self._look()
            self.screen.moving(moving())
            self.watch.blink()
        self._look()

    def _look(self) -> None:
        for news in self.carrier.news():
            self._hear(news)
        for guess in self.live_view.partials():
            self.partials += 1
            self._guess = f"caller: {guess} …"
        self._read()
        self._check_processes()

    def _check_processes(self) -> None:
        if not self.carrier.is_alive():
            raise DemoFailed("the pretend carrier ended too early")
        if self.hotline.was_started and not self.hotline.is_alive():
            raise DemoFailed("the service ended too early")

    def _read(self, *, at_once: bool = False) -> None:
        if not at_once and self.watch.seconds() - self._read_at < _READING_S:
            return
        self._read_at = self.watch.seconds()
        case = self.case_reader.read() if self.sandbox.database.exists() else None
        if case is None:
            return
        self.case = case
        for line in self.teller.news(case):
            self.screen.line(line.who, line.text)

    def _hear(self, news: News) -> None:
        match news:
            case Ready():
                self._is_carrier_ready = True
            case CallFinished():
                self._call = news
            case LineEvent():
                self._hear_line(news)
            case _ as never:
                assert_never(never)

    def _hear_line(self, event: LineEvent) -> None:
        match event.kind:
            case Happening.PROMPT_STARTED if event.detail != _UNKEYED:
                self._guess = ""
                self.screen.line("hotline", self._words_of(event.detail))
            case Happening.SAID:
                self.screen.line("hotline", event.detail)
            case Happening.SPEAKS:
                self._guess = "caller: …"
            case Happening.PRESSED:
                self.screen.line("keys", event.detail)
            case Happening.ENDED:
                self._guess = ""
                self.screen.line("demo", f"the call ends ({event.detail} hung up)")
            case Happening.ERROR if event.code != _OWN_CLOSE:
                self.screen.line("demo", f"the carrier notes error {event.code}: {event.detail}")
            case _:
                pass

    def _words_of(self, prompt: str) -> str:
        self._read(at_once=True)
        return self.case.prompts.get(prompt, prompt) if self.case else prompt

    def _countdown(self, what: str, at: datetime) -> str:
        left_s = max(0, math.ceil((at - self.watch.now()).total_seconds()))
        return f"{what} in {left_s // 60}:{left_s % 60:02d}; nobody calls"
