"""Looks, while a page is open, at what cannot be seen on the line: how the hotline is, its words, the case, texts.

It runs on a thread of its own, since a look at the database must never hold up the sound. Each thing is told when it
has changed.
Knows: where to look. Must not know: sockets, sound.
"""

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from voicebot.cli.demo.live_view import LiveView
from voicebot.cli.phone.case_facts import CaseFacts, CaseReader
from voicebot.cli.phone.hotline import HotlineFacts, HotlineProbe, HotlineState
from voicebot.simulator import LineCall, PretendCarrier

EVERY_S = 0.3
_PROBED_EVERY = 7
"""Looks between two questions how the hotline is, about two seconds."""

Tell = Callable[[dict[str, object]], None]


@dataclass(slots=True)
class Watch:
    """One page's looking. `call` is what is looked at, the newest one."""

    carrier: PretendCarrier
    facts: HotlineFacts
    probe: HotlineProbe
    tell: Tell
    call: LineCall | None = None
    _case: CaseFacts | None = None
    _of_call: str = ""
    _state: HotlineState | None = None
    _texts: set[str] = field(default_factory=set)
    _looks: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)
    _live_view: LiveView | None = None

    def run(self) -> None:
        """Look until `stop`."""
        self.begin()
        with CaseReader(self.facts.database_url) as reader:
            while True:
                self.look(reader)
                if self._is_over.wait(EVERY_S):
                    return

    def begin(self) -> None:
        """Pass over what earlier calls left."""
        self._texts = set(self.carrier.ledger.messages)
        if self.facts.live_view is not None:
            self._live_view = LiveView(self.facts.live_view)
            self._live_view.skip()

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()

    def look(self, reader: CaseReader) -> None:
        """Look once at everything."""
        if self._looks % _PROBED_EVERY == 0:
            self._look_at_hotline()
        self._looks += 1
        if self.call is not None:
            self._look_at_case(reader, self.call)
            self._look_at_words()
            self._look_at_texts(self.call.from_number)

    def _look_at_hotline(self) -> None:
        state = self.probe.state()
        if state != self._state:
            self._state = state
            self.tell({"type": "hotline", **asdict(state)})

    def _look_at_case(self, reader: CaseReader, call: LineCall) -> None:
        if self._of_call != call.sid:
            self._of_call, self._case = call.sid, None
        case = reader.read(call.sid)
        if case is not None and case != self._case:
            self._case = case
            self.tell(case.told())

    def _look_at_words(self) -> None:
        """Tell what was said and guessed in this call, once it is known which one it is."""
        if self._live_view is None or self._case is None:
            return
        for entry in self._live_view.entries():
            if entry["call"] == self._case.call_id:
                self.tell({"type": entry["kind"], "text": entry["text"]})

    def _look_at_texts(self, number: str) -> None:
        with self.carrier.ledger.lock:
            sent = list(self.carrier.ledger.messages.values())
        for text in sent:
            if text.sid not in self._texts and text.recipient == number:
                self._texts.add(text.sid)
                self.tell({"type": "text", "body": text.body})
