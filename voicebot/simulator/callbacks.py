"""Posts status callbacks in the background. They come late, doubled or out of order, as the options say.

Source: Twilio, voice/api/call-resource and messaging/guides/outbound-message-status-in-status-callbacks: callbacks are
separate requests, may arrive out of order, and a lost one is not sent again.
Knows: the courier, the clock. Must not know: what a status means.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.courier import Courier, Unreachable


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback that was posted, or lost."""

    subject: str
    """Sid of the call, message or recording."""
    url: str
    form: Mapping[str, str]
    status: int | None
    """HTTP status of the answer, or None when nobody answered."""


class Callbacks:
    """The carrier's outgoing status callbacks."""

    def __init__(self, courier: Courier, clock: CarrierClock) -> None:
        self._courier = courier
        self._clock = clock
        self._count: Counter[str] = Counter()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every callback so far, in the order in which they were answered."""
        with self._lock:
            return tuple(self._deliveries)

    def send(
        self,
        subject: str,
        url: str,
        form: Mapping[str, str],
        *,
        method: str = "POST",
        delay_s: float = 0.0,
        token: str | None = None,
    ) -> None:
        """Post a callback about `subject` on its own thread, and `delay_s` comes before the options' lateness."""
        options = self._courier.options
        with self._lock:
            self._count[subject] += 1
            turn = self._turns[subject]
            is_held = options.callbacks_reordered and self._count[subject] % 2 == 1
        hold_s = options.reorder_hold_s if is_held else 0.0
        due_s = self._clock.elapsed_s() + delay_s + options.callbacks_late_s + hold_s

        def work() -> None:
            self._clock.sleep_until(due_s)
            with turn:  # one at a time, so that order changes only where an option says so
                for _ in range(2 if options.callbacks_doubled else 1):
                    self._post(subject, url, form, method=method, token=token)

        self._clock.spawn(f"callback-{subject}", work)

    def _post(self, subject: str, url: str, form: Mapping[str, str], *, method: str, token: str | None) -> None:
        try:
            status: int | None = self._courier.ask(url, form, method=method, token=token).status
        except Unreachable:
            status = None
        with self._lock:
            self._deliveries.append(Delivery(subject, url, dict(form), status))
