"""Unsigned requests at a steady rate: `python -m tests.fuzz.flood PORT RATE SECONDS` prints what was answered.

A process of its own, so that it takes no turn from the hotline's interpreter. Every kind of door is tried: webhooks
with and without a signature that is wrong, the socket's handshake, pages that do not exist.
"""

import asyncio
import json
import sys
import time
from collections import Counter

CONNECTIONS = 32
FORM = b"CallSid=CA0123456789abcdef0123456789abcdef&From=%2B12025550199&To=%2B12025550100&CallStatus=ringing"
DOORS = [
    (b"POST", b"/twilio/voice", b"X-Twilio-Signature: bm8=\r\n"),
    (b"POST", b"/twilio/voice/status", b""),
    (b"POST", b"/twilio/sms", b"X-Twilio-Signature: bm8=\r\n"),
    (b"POST", b"/twilio/sms/status", b""),
    (
        b"GET",
        b"/twilio/media/x/y",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n",
    ),
    (b"GET", b"/no/such/page", b""),
]


def requests() -> list[bytes]:
    """Return one request for each door."""
    whole = []
    for method, path, more in DOORS:
        body = FORM if method == b"POST" else b""
        head = b"%s %s HTTP/1.1\r\nHost: hotline\r\n%s" % (method, path, more)
        kind = b"Content-Type: application/x-www-form-urlencoded\r\n" if body else b""
        whole.append(head + kind + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    return whole


class Flood:
    """So many requests a second over a few connections, and what came back."""

    def __init__(self, port: int, rate: float) -> None:
        self._port = port
        self._pause_s = CONNECTIONS / rate
        self.answers: Counter[str] = Counter()

    async def run(self, seconds: float) -> None:
        """Flood for so long."""
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._keep_asking(number, until) for number in range(CONNECTIONS)))

    async def _keep_asking(self, number: int, until: float) -> None:
        while time.monotonic() < until:
            try:
                await self._ask_on_one_connection(number, until)
            except (OSError, asyncio.IncompleteReadError):
                self.answers["broken"] += 1

    async def _ask_on_one_connection(self, number: int, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            due = time.monotonic()
            for request in requests() * 10_000:
                if time.monotonic() >= until:
                    return
                writer.write(request)
                is_open = await self._read_answer(reader)
                if not is_open:
                    return
                due = max(due + self._pause_s, time.monotonic() - 1)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
        finally:
            writer.close()

    async def _read_answer(self, reader: asyncio.StreamReader) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        self.answers[head.split(" ", 2)[1]] += 1
        for line in head.split("\r\n"):
            if line.startswith("content-length:"):
                await reader.readexactly(int(line.partition(":")[2]))
        return "connection: close" not in head


def main() -> None:
    """Flood, then print a line of JSON: answers by status."""
    port, rate, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    flood = Flood(port, rate)
    asyncio.run(flood.run(seconds))
    print(json.dumps(flood.answers))


if __name__ == "__main__":
    main()
