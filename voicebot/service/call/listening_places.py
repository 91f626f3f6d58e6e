"""Who holds a place at the recognisers of this process. Each recogniser takes memory and time, so places are few.

The last places go to nobody who holds one already, so one telephone that rings again and again leaves places to others.
A call whose stream was replaced may hold two for a moment. It does not stand in its own way.
Knows: seats, the rule of who may sit. Must not know: recognisers, what is heard.
"""

import threading

from voicebot.domain.budget import WITHHELD, may_take_place
from voicebot.service.hotline import Hotline
from voicebot.service.ports import Places, Seat


def seat_of(hotline: Hotline, caller_number: str | None, call_id: str = "") -> Seat:
    """Return for whom a listening place is asked."""
    others = hotline.flows.current_policy().limits.calls.places_for_others
    return Seat(holder=caller_number or WITHHELD, call_id=call_id, for_others=others)


class ListeningPlaces:
    """A bounded number of places, safe to be asked by many threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._taken: list[Seat] = []

    def reserve(self, seat: Seat) -> bool:
        """Take a place. False when this caller gets none."""
        with self._lock:
            is_free = self._has_room(seat)
            if is_free:
                self._taken.append(seat)
            return is_free

    def release(self, seat: Seat) -> None:
        """Give the place back that was taken with the same seat."""
        with self._lock:
            if seat not in self._taken:
                raise AssertionError("a place was given back that nobody had taken")
            self._taken.remove(seat)

    def has_room(self, seat: Seat) -> bool:
        """Tell whether this caller would get a place now."""
        with self._lock:
            return self._has_room(seat)

    def places(self) -> Places:
        """Return places taken and allowed."""
        with self._lock:
            return Places(len(self._taken), self.limit)

    def _has_room(self, seat: Seat) -> bool:
        own = [each for each in self._taken if each.holder == seat.holder and each.call_id != seat.call_id]
        taken = len(self._taken)
        return may_take_place(limit=self.limit, taken=taken, own=len(own), for_others=seat.for_others)
