"""The demo in its acts. They say what is waited for, for how long, and what is shown meanwhile.

Every wait has an end and names what it waited for, and nothing here sleeps longer than a blink.
Knows: all of the demo's parts. Must not know: how they do it.
"""

import math
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never

from voicebot.cli.demo.call_back import calling, listening, run_as_staff, wrapping_up
from voicebot.cli.demo.carrier_process import CallFinished, CarrierProcess, News, Overheard, Ready
from voicebot.cli.demo.case_reader import Case, CaseReader
from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.live_view import LiveView
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.sandbox import Sandbox
from voicebot.cli.demo.screen import Screen
from voicebot.domain.case_number import written
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import TicketStatus
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
_WRAPPED_UP_S = 20.0
_UNSETTLED = {SmsState.WAITING, SmsState.SENDING, SmsState.QUEUED, SmsState.SENT}


_UNKEYED = "say"
"""Stands for the key of words that the carrier's own voice reads out, since the words themselves come as well."""
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
    """The demo could not go on, and the message says what it waited for."""

    code = "demo"


@dataclass
class Told:
    """One of the two cases, with whose it is, what is known of it."""

    number: str
    teller: Storyteller
    case: Case | None = None

    @property
    def name(self) -> str:
        """Return how the demo calls the caller."""
        return self.teller.caller


@dataclass
class Play:
    """One performance."""

    sandbox: Sandbox
    screen: Screen
    hotline: HotlineProcess
    carrier: CarrierProcess
    case_reader: CaseReader
    ada: Told
    """Tells what happened, is called back, and the case is wrapped up."""
    ben: Told
    """Wants no recording, and nobody calls."""
    live_view: LiveView
    watch: Watch = field(default_factory=Watch)
    run_as_staff: Callable[[Sandbox, Sequence[str]], str] = run_as_staff
    partials: int = 0
    _on_stage: Told | None = None
    """Whose case is told, while the other's lines wait, so that nobody has to follow two stories at once."""
    _is_carrier_ready: bool = False
    _call: CallFinished | None = None
    _read_at: float = -math.inf
    _guess: str = ""

    def run(self) -> None:
        """Play all acts. Raises: DemoFailed."""
        self._raise_curtain()
        self._ring(self.ben, "Ben rings the complaints line: he wants no recording, and answers by the keys")
        self._ring(self.ada, "Ada rings, too, and tells what happened; meanwhile nobody calls Ben back")
        self._let_the_window_close()
        self._climb()
        self._call_back()
        self._wrap_up()

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

    def _ring(self, who: Told, heading: str) -> None:
        self.screen.heading(heading)
        if self._on_stage is None:
            self.screen.start_clock()
        self._on_stage, self._call = who, None
        self.carrier.ring(who.number)
        self._wait(
            f"the call of {who.name} to end", _CALL_S, lambda: self._call is not None, moving=lambda: self._guess
        )
        assert self._call is not None
        if self._call.trouble:
            raise DemoFailed(f"playing the call: {self._call.trouble}")
        self._read(at_once=True)
        self._wait(
            f"a promise to {who.name}",
            _TEXTS_S,
            lambda: who.case is not None and who.case.promise is not None,
            moving=lambda: "",
        )

    def _let_the_window_close(self) -> None:
        self._on_stage = self.ben
        assert self.ben.case is not None
        assert self.ben.case.promise is not None
        closes_at = self.ben.case.promise.window_closes_at
        if self.watch.now() < closes_at:
            self.screen.heading("Ben's promise stands, and nobody calls back")
        self._wait(
            "the promised window to close",
            (closes_at - self.watch.now()).total_seconds() + 1,
            lambda: self.watch.now() >= closes_at,
            moving=lambda: self._countdown("the promised window closes", closes_at),
        )

    def _climb(self) -> None:
        self.screen.heading("Ben's window has closed, the promise is broken, and the miss climbs the ladder")
        self._wait(
            "the missed promise to be noticed",
            _NOTICED_S,
            lambda: bool(self.ben.case and self.ben.case.breaches),
            moving=lambda: "",
        )
        self._wait("the ladder to be climbed", _LADDER_S, self._is_climbed, moving=self._next_step)
        self._let_texts_arrive(self.ben)

    def _call_back(self) -> None:
        self._on_stage = self.ada
        self.screen.heading(
            "The owner calls Ada back when he has heard her: key 1 connects them, and the promise is kept"
        )
        self._as_staff(listening)
        self._as_staff(calling)
        self._wait("the complainant to be called back", _CALL_BACK_S, self._is_called_back, moving=lambda: "")

    def _wrap_up(self) -> None:
        self.screen.heading("What was agreed is written on the case, and Ada has it as a text")
        self._as_staff(wrapping_up)
        self._wait("the case to be wrapped up", _WRAPPED_UP_S, self._is_wrapped_up, moving=lambda: "")
        self._let_texts_arrive(self.ada)

    def _as_staff(self, command_about: Callable[[str], Sequence[str]]) -> None:
        assert self.ada.case is not None
        command = command_about(written(self.ada.case.ticket.case_number))
        self.screen.line("demo", shlex.join(("voicebot", *command)))
        refusal = self.run_as_staff(self.sandbox, command)
        if refusal:
            raise DemoFailed(f"the command was refused: {refusal}")

    def _let_texts_arrive(self, told: Told) -> None:
        def are_settled() -> bool:
            return told.case is not None and not any(sms.state in _UNSETTLED for sms in told.case.texts)

        self._wait("the texts to arrive", _TEXTS_S, are_settled, moving=lambda: "texts are on their way")
        self.screen.settle()

    def _is_called_back(self) -> bool:
        return bool(self.ada.case and self.ada.case.calls_back and self.ada.case.calls_back[-1].ended_at is not None)

    def _is_wrapped_up(self) -> bool:
        return self.ada.case is not None and self.ada.case.ticket.status is TicketStatus.ANSWERED

    def _is_climbed(self) -> bool:
        return bool(self.ben.case and self.ben.case.breaches and self.ben.case.breaches[0].next_step_at is None)

    def _next_step(self) -> str:
        at = self.ben.case.breaches[0].next_step_at if self.ben.case and self.ben.case.breaches else None
        return "" if at is None else self._countdown("the next step of the ladder", at)

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
        if not self.sandbox.database.exists():
            return
        for told in (self.ben, self.ada):
            told.case = self.case_reader.read(told.number) or told.case
        if self._on_stage is not None and self._on_stage.case is not None:
            for line in self._on_stage.teller.news(self._on_stage.case):
                self.screen.line(line.who, line.text)

    def _hear(self, news: News) -> None:
        match news:
            case Ready():
                self._is_carrier_ready = True
            case CallFinished():
                self._call = news
            case LineEvent():
                self._hear_line(news)
            case Overheard():
                self._overhear(self.ada.teller.name_of(news.number), news.event)
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

    def _overhear(self, name: str, event: LineEvent) -> None:
        """Tell what is said to somebody whom the hotline rang, and what they press."""
        if event.kind is Happening.SAID:
            self.screen.line("hotline", f"to {name}: {event.detail}")
        elif event.kind is Happening.PRESSED:
            self.screen.line("keys", f"{name}: {event.detail}")

    def _words_of(self, prompt: str) -> str:
        self._read(at_once=True)
        case = None if self._on_stage is None else self._on_stage.case
        return case.prompts.get(prompt, prompt) if case else prompt

    def _countdown(self, what: str, at: datetime) -> str:
        left_s = max(0, math.ceil((at - self.watch.now()).total_seconds()))
        return f"{what} in {left_s // 60}:{left_s % 60:02d}; nobody calls"
