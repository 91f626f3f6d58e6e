"""Time, chance, and the definitions a hotline runs by, as ports.

Knows: flows and policies as values. Must not know: clocks, files.
"""

from datetime import datetime
from typing import Protocol

from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy


class Clock(Protocol):
    """The only source of now."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """The only source of ids and randomness."""

    def new_id(self) -> str:
        """Return a fresh id (32 hexadecimal digits)."""
        ...

    def new_token(self) -> str:
        """Return a fresh secret, fit for a URL, of at least 128 bits."""
        ...

    def random_digits(self, count: int) -> str:
        """Return so many decimal digits from a cryptographic source. The first may be 0."""
        ...


class FlowLibrary(Protocol):
    """Flows and policy as the folder has them now, and as any digest once had them."""

    def current_flow(self, name: str) -> Flow: ...
    def current_policy(self) -> Policy: ...
    def flow_from(self, body: str) -> Flow:
        """Rebuild a flow from the texts kept by `Definitions`."""
        ...

    def policy_from(self, body: str) -> Policy: ...
