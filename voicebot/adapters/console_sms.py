"""Texts on a terminal instead of a telephone, for development without a carrier's account.

Knows: a text stream. Must not know: the carrier.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TextIO

from voicebot.domain.phone import redacted


class ConsoleSms:
    """Fulfils `service.ports.SmsSender` by writing, so every text counts as delivered."""

    def __init__(self, stream: TextIO, new_id: Callable[[], str]) -> None:
        self._stream = stream
        self._new_id = new_id

    def send(self, recipient: str, body: str) -> str:
        """Write the text and return a made-up sid."""
        self._stream.write(f"SMS to {redacted(recipient)}: {body}\n")
        self._stream.flush()
        return f"SM{self._new_id()}"

    def find(self, recipient: str, body: str, since: datetime) -> tuple[str, ...]:
        """Return nothing, since writing is never uncertain."""
        return ()

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return delivered."""
        return ("delivered", None)
