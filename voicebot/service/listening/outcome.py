"""What listening hands back, and what it needs around it.

Knows: ports and value types. Must not know: how listening works.
"""

from dataclasses import dataclass
from typing import Protocol

from voicebot.flow.events import FlowEvent
from voicebot.service.listening.arrivals import Arrivals
from voicebot.service.ports import PromptAudio, Recognisers, Spool
from voicebot.speech.echo import EchoCanceller
from voicebot.speech.energy_gate import EnergyGate
from voicebot.telephony.media_stream import StreamCommand


class Observer(Protocol):
    """Somebody who watches a call live, such as the demo's terminal. Nothing of this is ever logged."""

    def said(self, call_id: str, text: str) -> None:
        """We begin to say these words."""
        ...

    def partial(self, call_id: str, text: str) -> None:
        """The caller's words so far in this answer. They may still move."""
        ...

    def key(self, call_id: str, key: str) -> None:
        """The caller pressed a key."""
        ...


class NobodyWatches:
    """The observer in production."""

    def said(self, call_id: str, text: str) -> None:
        """Do nothing."""

    def partial(self, call_id: str, text: str) -> None:
        """Do nothing."""

    def key(self, call_id: str, key: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one stream event led to."""

    commands: tuple[StreamCommand, ...] = ()
    """To be sent now, in this order, before `event` is acted on."""
    event: FlowEvent | None = None
    """The end of this wait. Take the turn, then `begin` the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListeningContext:
    """What every wait of one call shares."""

    call_id: str
    recognisers: Recognisers
    prompts: PromptAudio
    spool: Spool
    arrivals: Arrivals
    gate: EnergyGate
    echo: EchoCanceller
    observer: Observer
