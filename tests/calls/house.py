"""A whole hotline in one process, rung by the pretend carrier: real web server, sockets, Vosk, flow, clips, database.

Time is the carrier's: while calls last it runs as fast as the hotline can follow, and is stepped afterwards, so
that a promise of hours is missed in a moment. The worker's sweeps are called by hand.
"""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from werkzeug.serving import make_server

from tests.calls.patient_clock import PatientClock, WaitedForRecognisers, waited_for_app, waited_for_store
from tests.fakes import FakeJobs
from tests.quick_app import with_compiled_parts
from voicebot.adapters.store import open_engine, open_reader, open_store
from voicebot.bootstrap import build_hotline, clips_dir
from voicebot.config import Settings
from voicebot.domain.call import Call
from voicebot.domain.sms import Sms
from voicebot.domain.ticket import Answer, Ticket
from voicebot.service.background.sweeps import run_due
from voicebot.service.hotline import Hotline
from voicebot.service.ports import Recognisers, UnitOfWork
from voicebot.simulator.caller import Caller
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.ledger import Message
from voicebot.simulator.line import LineCall
from voicebot.simulator.options import CarrierOptions
from voicebot.web.app import WebOptions, create_app
from voicebot.web.carrier.media import LISTENING_BEHIND

ACCOUNT, TOKEN = "AC" + "1" * 32, "a token of the pretend carrier"
HOTLINE_NUMBER = "+12025550100"
CALLER_NUMBER = "+12025550143"
WEDNESDAY_TEN = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, the zone of the default policy."""
PACE = 40.0
"""No call reaches it: the clock waits for the hotline (patient_clock.py)."""
MOST_BEHIND_S = 0.06
"""Audio that the hotline has not listened to yet; with more of it time stands still."""
PATIENCE_S = 60.0


class HouseClock:
    """The carrier's instant, moved on by hand between calls."""

    def __init__(self, carrier_clock: CarrierClock) -> None:
        self._carrier_clock = carrier_clock
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the carrier's instant plus what was stepped."""
        return self._carrier_clock.now() + self._ahead

    def step(self, amount: timedelta) -> None:
        """Move on."""
        self._ahead += amount


class House:
    """One hotline and its carrier."""

    def __init__(
        self,
        *,
        folder: Path,
        database_url: str,
        policy_dir: Path,
        recognisers: Recognisers,
        options: CarrierOptions | None = None,
        fitted: Callable[[Hotline], Hotline] = lambda whole: whole,
    ) -> None:
        """Open for calls on a free loopback port; `fitted` may put something around the hotline's ports.

        The database is one that is migrated.
        """
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        carrier_clock = PatientClock(PACE, start=WEDNESDAY_TEN)
        self.clock = HouseClock(carrier_clock)
        self.carrier = PretendCarrier(
            ACCOUNT, TOKEN, HOTLINE_NUMBER, self.url, clock=carrier_clock, options=options or CarrierOptions()
        )
        settings = self._settings(folder, database_url, policy_dir)
        self.engine, self.reader = open_engine(database_url), open_reader(database_url, statement_timeout_ms=0)
        self.jobs = FakeJobs()
        self.hotline = fitted(
            replace(
                build_hotline(settings),
                unit_of_work=waited_for_store(open_store(self.engine, self.jobs.on), carrier_clock),
                look=open_store(self.reader, self.jobs.on),
                clock=self.clock,
                recognisers=WaitedForRecognisers(recognisers, carrier_clock),
            )
        )
        self.app = with_compiled_parts(
            create_app(
                self.hotline, WebOptions(auth_tokens=(TOKEN,), clips_dir=clips_dir(settings), resume_patience_s=2.0)
            )
        )
        behind_s = self.app.extensions[LISTENING_BEHIND]
        carrier_clock.wait_while(lambda: behind_s() > MOST_BEHIND_S)
        self.app.wsgi_app = waited_for_app(self.app.wsgi_app, carrier_clock)  # type: ignore[method-assign]
        self.open_web()

    def _settings(self, folder: Path, database_url: str, policy_dir: Path) -> Settings:
        return Settings(
            _env_file=None,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_phone_number=HOTLINE_NUMBER,
            twilio_api_url=self.carrier.serve_api(),
            public_url=self.url,
            database_url=database_url,
            data_dir=folder,
            policy_dir=policy_dir,
            gate_exceptions="+1202555",
            port=self.port,
        )

    def close(self) -> None:
        """End calls, server and database."""
        self.carrier.close()
        self.close_web()
        self.engine.dispose()
        self.reader.dispose()

    def open_web(self) -> None:
        """Let the web process answer."""
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close_web(self) -> None:
        """Let nobody answer; doing it twice is doing it once."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)

    # --- actions -------------------------------------------------------------------------------------------

    def ring(self, caller: Caller, number: str = CALLER_NUMBER) -> LineCall:
        """Ring, wait for the end of the call, and do what is due then."""
        call = self.carrier.ring(number, caller).wait(PATIENCE_S * 2)
        self.await_calls_ended()
        self.wait_for(nobody_is_heard, "the last words to be decoded")
        # So long the text that a call leaves may wait for its last words.
        self.step(seconds=5)
        return call

    def work_off(self) -> None:
        """Run the worker's sweeps until nothing is due now, and let the carrier's receipts come in."""
        for _ in range(20):
            if run_due(self.hotline) == 0:
                return
        raise AssertionError("the sweeps find the same things due over and over")

    def step(self, **amount: float) -> None:
        """Step the clock (`step(hours=2)`), then do what is due."""
        self.clock.step(timedelta(**amount))
        self.work_off()

    def await_calls_ended(self) -> None:
        """Wait until the hotline has noticed the end of every call."""
        self.wait_for(lambda: all(call.ended_at is not None for call in self.calls()), "the calls to be ended here too")

    def wait_for(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait in real time, with an end."""
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, f"waited {PATIENCE_S:.0f} s for {what}"
            time.sleep(0.05)

    # --- what is there now -------------------------------------------------------------------------------

    def work(self) -> UnitOfWork:
        """Open a unit of work."""
        return self.hotline.unit_of_work()

    def tickets(self) -> list[Ticket]:
        """Return every ticket."""
        with self.work() as work:
            return list(work.tickets.all())

    def the_ticket(self) -> Ticket:
        """Return the only ticket."""
        (ticket,) = self.tickets()
        return ticket

    def calls(self) -> list[Call]:
        """Return every call."""
        with self.work() as work:
            return [call for ticket in work.tickets.all() for call in work.calls.of_ticket(ticket.id)]

    def answers(self, ticket: Ticket) -> dict[str, Answer]:
        """Return a case's answers by slot; the last one of a slot counts."""
        with self.work() as work:
            return {answer.slot: answer for answer in work.tickets.answers(ticket.id)}

    def outbox(self, ticket: Ticket) -> list[Sms]:
        """Return the texts of a case."""
        with self.work() as work:
            return list(work.sms.of_ticket(ticket.id))

    def texts_to(self, number: str) -> list[Message]:
        """Return what the carrier was given for a number."""
        return self.carrier.ledger.texts_to(number)


def nobody_is_heard() -> bool:
    """Tell whether no thread of a call is at work any more: a decoder may lag behind the end of its call."""
    return not any(thread.name.startswith("call-") for thread in threading.enumerate())


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
