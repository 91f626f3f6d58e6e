"""Lets one page at a time hold the phone, because one person has one telephone.

A second page is told so. It may take the phone over, whereupon the first is told that, and its call ends.
Knows: talks, watches. Must not know: HTTP.
"""

import json
import threading
from dataclasses import dataclass, field

from voicebot.cli.phone.hotline import HotlineFacts, HotlineProbe
from voicebot.cli.phone.talk import PageSocket, Talk, clip_words
from voicebot.cli.phone.watch import Watch
from voicebot.simulator import LineCall, PretendCarrier

_HANDED_OVER_S = 2.0
"""Within so much the page that held the phone has let go, or its socket is gone anyway."""


@dataclass
class Desk:
    """The phone, and which page holds it."""

    carrier: PretendCarrier
    facts: HotlineFacts
    probe: HotlineProbe
    is_own: bool
    """Whether the hotline is the phone's own, in a folder of its own."""
    _holder: threading.Event | None = None
    _free: threading.Condition = field(default_factory=threading.Condition)

    def serve(self, socket: PageSocket, *, takes_over: bool) -> None:
        """Carry one page's telephone until the page goes or loses it. Raises: what the socket raises."""
        is_taken = self._take(takes_over=takes_over)
        if is_taken is None:
            _dismiss(socket, "busy")
            return
        try:
            self._carry(socket, is_taken)
        finally:
            self._let_go(is_taken)
        _dismiss(socket, "taken")

    def _take(self, *, takes_over: bool) -> threading.Event | None:
        """Return what tells this page that it lost the phone, or None when another page holds it."""
        with self._free:
            if self._holder is not None:
                if not takes_over:
                    return None
                self._holder.set()
                self._free.wait_for(lambda: self._holder is None, _HANDED_OVER_S)
            self._holder = threading.Event()
            return self._holder

    def _let_go(self, is_taken: threading.Event) -> None:
        with self._free:
            if self._holder is is_taken:
                self._holder = None
                self._free.notify_all()

    def _carry(self, socket: PageSocket, is_taken: threading.Event) -> None:
        talk = Talk(self.carrier, socket, on_dialled=lambda call: _look_at(watch, call))
        watch = Watch(self.carrier, self.facts, self.probe, talk.tell)
        thread = threading.Thread(target=watch.run, name="phone-watch", daemon=True)
        socket.send(json.dumps(self._introduction()))
        thread.start()
        try:
            while not is_taken.is_set():
                talk.turn()
        finally:
            talk.end()
            watch.stop()
            thread.join()

    def _introduction(self) -> dict[str, object]:
        return {
            "type": "hello",
            "number": self.facts.number,
            "clips": [{"name": name, "words": words} for name, words in clip_words().items()],
            "shows_words": self.facts.live_view is not None,
            "is_own": self.is_own,
            "flows": str(self.facts.flows_dir),
        }


def _dismiss(socket: PageSocket, why: str) -> None:
    """Tell the page why it has no phone, and wait until it closes.

    Werkzeug writes more onto a socket that we close ourselves, and browsers then drop what came before.
    """
    socket.send(json.dumps({"type": why}))
    while socket.receive(timeout=_HANDED_OVER_S) is not None:
        pass


def _look_at(watch: Watch, call: LineCall) -> None:
    watch.call = call
