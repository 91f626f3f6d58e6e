"""Requests that come when they come, each at an instant fixed in advance, whether those before it are answered or not.

What is measured runs from that instant to the end of the answer, so a queue counts in full, also where this program
itself is late. Connections are kept, as the carrier keeps its own.
Knows: HTTP, clocks. Must not know: what is asked.
"""

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

SENDERS = 96
"""Threads that send, since more requests than this are never under way at once, and who waits for a sender is late."""
GIVE_UP_S = 15.0
"""What the carrier waits for an answer (twilio.md 1.1)."""


@dataclass(frozen=True, slots=True)
class Request:
    """A POST."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Answers:
    """What came of a load."""

    seconds: list[float] = field(default_factory=list)
    """From the instant at which each request was due to its answer."""
    refused: int = 0
    """Answered by an error, a busy line, or not at all."""

    def at(self, percent: float) -> float:
        """Return this percentile in seconds."""
        return float(np.percentile(self.seconds, percent))


def arrivals(rate: float, seconds: float, *, seed: int = 7) -> list[float]:
    """Return instants from 0 on, as many a second on average and as irregular as callers are (a Poisson process)."""
    chance, at, found = random.Random(seed), 0.0, []
    while (at := at + chance.expovariate(rate)) < seconds:
        found.append(at)
    return found


def send_all(
    port: int, requests: Sequence[Request], due: Sequence[float], *, is_refusal: Callable[[int, bytes], bool]
) -> Answers:
    """Send each request at its instant and wait for all answers."""
    answers, lock, turn = Answers(), threading.Lock(), count()
    begins = time.monotonic() + 0.5

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_S)
        while (number := next(turn)) < len(due):
            time.sleep(max(0.0, begins + due[number] - time.monotonic()))
            is_refused = _is_refused(connection, requests[number], is_refusal)
            took_s = time.monotonic() - begins - due[number]
            with lock:
                answers.seconds.append(took_s)
                answers.refused += is_refused
        connection.close()

    threads = [threading.Thread(target=send, daemon=True) for _ in range(min(SENDERS, len(due)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _is_refused(
    connection: http.client.HTTPConnection, request: Request, is_refusal: Callable[[int, bytes], bool]
) -> bool:
    try:
        connection.request("POST", request.path, request.body, request.headers)
        answer = connection.getresponse()
        return is_refusal(answer.status, answer.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        return True
