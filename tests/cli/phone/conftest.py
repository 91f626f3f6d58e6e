"""A page's socket that a test writes and reads, and the carriers and the stand-in hotline of the simulator's tests."""

import json
import time
from collections import deque
from typing import Any

from simple_websocket import ConnectionClosed

from tests.simulator.conftest import hotline, make_carrier

__all__ = ["hotline", "make_carrier"]


class FakePage:
    """The page's end of the socket: `says` what is in the list, keeps what it is told."""

    def __init__(self) -> None:
        self.says: deque[str | bytes] = deque()
        self.told: list[dict[str, Any]] = []
        self.heard = b""
        self.is_gone = False

    def say(self, type: str, **parts: object) -> None:
        """Let the page say something."""
        self.says.append(json.dumps({"type": type, **parts}))

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Return the next message. Raises: ConnectionClosed once the page is gone."""
        if self.says:
            return self.says.popleft()
        if self.is_gone:
            raise ConnectionClosed
        time.sleep(0.002)
        return None

    def send(self, data: str | bytes) -> None:
        """Keep what the page is told."""
        if isinstance(data, bytes):
            self.heard += data
        else:
            self.told.append(json.loads(data))

    def told_of(self, type: str) -> list[dict[str, Any]]:
        """Return what was told of one type."""
        return [each for each in self.told if each["type"] == type]
