"""A call that the account makes to its own number, with two legs, each a call of its own with its own sid.

The ordered leg rings the hotline. There a second leg comes in like any other call, from the number that the order
names, and asks the number's own voice address. What one leg plays the other one says, and the keys of a `<Play digits>`
are pressed on it. When one leg ends, so does the other.
Source: Twilio, voice/api/call-resource (Direction of either leg), voice/twiml/play (digits).
Knows: two lines. Must not know: what is said on them.
"""

from voicebot.simulator.call_context import Exchange, OutboundOrder
from voicebot.simulator.called_leg import CalledLeg
from voicebot.simulator.line import CallOver, LineCall
from voicebot.simulator.outbound import carry_out
from voicebot.simulator.person import Lives, Moment
from voicebot.simulator.sound import SILENCE, TICK_BYTES

_MOST_BEHIND = 250 * TICK_BYTES
"""A leg that waited for a webhook hears the other one later. So much later (5 s) it misses what came meanwhile."""


class FarLeg:
    """The other leg as a line lives with it (`person.Lives`), so that what it plays is what is said here."""

    def __init__(self, leg: LineCall) -> None:
        self._leg = leg
        self._position = len(leg.hotline_track)
        self._keys = 0

    def hears_start(self, key: str, at_s: float) -> None:
        """Notice nothing, since a leg knows sound alone."""

    def hears_end(self, key: str, at_s: float) -> None:
        """Notice nothing."""

    def hears_cut(self, at_s: float) -> None:
        """Notice nothing."""

    def step(self, at_s: float, *, may_speak: bool) -> Moment:
        """Return the next 20 ms of the other leg, and it hangs up when that one is over."""
        track = self._leg.hotline_track
        if len(track) - self._position > _MOST_BEHIND:
            self._position = len(track) - TICK_BYTES
        piece = bytes(track[self._position : self._position + TICK_BYTES])
        self._position += len(piece)
        return Moment(audio=piece.ljust(TICK_BYTES, SILENCE), keys=self._next_keys(), hangs_up=bool(self._leg.ended_by))

    def _next_keys(self) -> str:
        """Return the keys that were pressed before what is heard by now."""
        coming = self._leg.keys_played[self._keys :]
        pressed = "".join(key for position, key in coming if position <= self._position)
        self._keys += len(pressed)
        return pressed


class OwnLeg(CalledLeg):
    """The ordered leg, which the hotline itself answers."""

    def who_answers(self) -> Lives:
        """Return the leg that came in."""
        return FarLeg(self._incoming)

    def _await_answer(self) -> None:
        """Wait until the leg that comes in is answered, refused or over. Raises: CallOver."""
        self._incoming = self.exchange.ring_from(self.call)
        ends_s = self._clock.elapsed_s() + self._ringing.timeout_s
        try:
            while self._incoming.status == "ringing" and not self._incoming.ended_by:
                if self._clock.elapsed_s() >= ends_s:
                    self.call.status = "no-answer"
                    self._incoming.hang_up()
                    return
                self._look_again(self._clock.elapsed_s() + 0.1)
        except CallOver:
            self._incoming.hang_up()
            raise
        if self._incoming.status in {"busy", "no-answer"}:
            self.call.status = self._incoming.status


def place_to_own(call: LineCall, order: OutboundOrder, *, exchange: Exchange, starts_s: float) -> None:
    """Carry out an order that rings the hotline itself, which runs on the call's own thread."""
    carry_out(OwnLeg(call, order.ringing, exchange), order, exchange=exchange, starts_s=starts_s)
