"""Two legs connected, so that what one person says is what the other hears, in line time.

Source: Twilio, voice/twiml/dial: both parties talk until one hangs up.
Knows: two lines. Must not know: who dialled whom, TwiML.
"""

from collections import deque

from voicebot.simulator.line import Line
from voicebot.simulator.phone import BRIDGED
from voicebot.simulator.sound import SILENT_TICK


class Side:
    """One leg's end of the bridge, which is used by its own leg's thread."""

    def __init__(self) -> None:
        self.other: Side = self
        self.is_left = False
        """Whether this leg has gone."""
        self._coming: deque[bytes | tuple[str, str]] = deque()

    def carry(self, line: Line, *, limit_s: float) -> None:
        """Let this leg talk until the other has gone or the limit is over.

        Raises: CallOver, SentElsewhere, CarrierClosed, after leaving the bridge.
        """
        ends_s = line.at_s + limit_s
        line.on_spoken = lambda what, label: self.other._coming.append((what, label))
        line.prompt_starts(BRIDGED)
        line.prompt_ends()
        try:
            while not self.other.is_left and line.at_s < ends_s:
                moment = line.tick(self._next_tick(line), may_speak=True)
                self.other._coming.append(moment.audio)
                line.lose(moment.keys)
        finally:
            line.on_spoken = None
            line.prompt_cut()
            self.leave()

    def leave(self) -> None:
        """Go, and the other leg notices."""
        self.is_left = True

    def _next_tick(self, line: Line) -> bytes:
        """Return the next 20 ms from the other leg, where its words are announced on the way."""
        while self._coming:
            piece = self._coming.popleft()
            if isinstance(piece, bytes):
                return piece
            what, label = piece
            if what == "speaks":
                line.prompt_starts(label)
            else:
                line.prompt_ends()
        return SILENT_TICK


def bridge() -> tuple[Side, Side]:
    """Return the two ends of a new bridge."""
    one, two = Side(), Side()
    one.other, two.other = two, one
    return one, two
