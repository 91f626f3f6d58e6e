"""One call as the carrier holds it. It has line time in ticks of 20 ms, both sides' sound, and what happened when.

`LineCall` is what tests and the demo hold. They wait for it, read its transcript, keep its sound. `Line` is what the
verbs use. Each tick moves the caller on and adds to both tracks. A call that ends, or that the REST API sends
elsewhere, leaves the running verb by an exception.

Knows: the person, the clock. Must not know: TwiML, sockets, HTTP.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from voicebot.simulator import sound
from voicebot.simulator.caller import Caller, TroubleStream, drop_stream
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.options import CarrierOptions
from voicebot.simulator.person import Lives, Moment, Person
from voicebot.simulator.sound import SILENT_TICK, TICK_S

_LATE_S = 1.0
"""Carrier seconds a line may lag before it stops catching up (a webhook took its time, so the line just waited)."""


class Happening(StrEnum):
    """The kinds of line in a transcript."""

    RANG = "rang"
    FETCHED = "fetched"
    """A TwiML document came, where detail is method, path and status."""
    PROMPT_STARTED = "prompt_started"
    PROMPT_ENDED = "prompt_ended"
    PROMPT_CUT = "prompt_cut"
    SAID = "said"
    """Words of a `<Say>`."""
    SPEAKS = "caller_speaks"
    SPOKE = "caller_spoke"
    PRESSED = "caller_pressed"
    KEY_LOST = "key_lost"
    STREAM_OPENED = "stream_opened"
    STREAM_CLOSED = "stream_closed"
    CLEARED = "cleared"
    DIALLED = "dialled"
    """`<Dial>` rings somebody, where detail is the sid of the new leg."""
    BRIDGED = "bridged"
    """Two legs were connected, where detail is the sid of the other one."""
    ANSWERED_BY = "answered_by"
    """Machine detection has settled, where detail is its word."""
    RECORDING = "recording"
    """A recording of the call began, where detail is its sid."""
    RECORDED = "recorded"
    """A recording was kept, where detail is its sid."""
    ERROR = "error"
    """What Twilio would put in its error log, where `code` is its number."""
    ENDED = "ended"
    """Detail is caller, hotline or carrier."""


@dataclass(frozen=True, slots=True)
class LineEvent:
    """One line of a call's transcript."""

    at_s: float
    """Seconds of line time since the call was answered."""
    kind: Happening
    detail: str = ""
    code: int | None = None


Observer = Callable[[LineEvent], None]
Spoken = Callable[[str, str], None]


class CallOver(Exception):
    """The call ended, where `by` is caller, hotline or carrier."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class SentElsewhere(Exception):
    """The REST API gave the live call other instructions, either a URL, or TwiML inline."""

    def __init__(self, *, url: str = "", method: str = "POST", twiml: str = "") -> None:
        super().__init__(url or "inline TwiML")
        self.url, self.method, self.twiml = url, method, twiml


def lived(life: Callable[[], None]) -> tuple[str, Exception | None]:
    """Live through a leg, and return who ended it, and what failed inside the simulator if anything did."""
    try:
        life()
    except CallOver as over:
        return over.by, None
    except Exception as error:  # noqa: BLE001 - whatever it is, the test that waits must see it
        return "carrier", error
    return "hotline", None


@dataclass
class LineCall:
    """A call to (or from) the hotline, as an observer sees it."""

    sid: str
    from_number: str
    to_number: str
    direction: str = "inbound"
    """inbound, outbound-api, or outbound-dial for a leg that a `<Dial>` rang."""
    parent_sid: str = ""
    """The call whose `<Dial>` rang this leg."""
    keys_played: list[tuple[int, str]] = field(default_factory=list)
    """Keys of `<Play digits>`, each with the length of `hotline_track` at which it was pressed."""
    documents: list[str] = field(default_factory=list)
    """The TwiML that the call was given, in order, each before its `FETCHED`."""
    forwarded_from: str = ""
    observer: Observer | None = None
    status: str = "ringing"
    """Twilio's word, one of queued, ringing, in-progress, completed, busy, no-answer, failed, canceled."""
    answered_by: str = ""
    """Machine detection's word, once it is known."""
    queue_s: float = 0.0
    """How long it waited for its turn, as calls are started one after another."""
    most_s: float = 0.0
    """Longest length by its `TimeLimit`. 0 means the carrier's own."""
    ended_by: str = ""
    """caller, hotline or carrier. Empty while the call lasts."""
    caller_track: bytearray = field(default_factory=bytearray)
    hotline_track: bytearray = field(default_factory=bytearray)
    _events: list[LineEvent] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _fault: BaseException | None = None
    _orders: "queue.SimpleQueue[Moment | Exception]" = field(default_factory=queue.SimpleQueue)

    @property
    def transcript(self) -> tuple[LineEvent, ...]:
        """What happened so far, in order."""
        return tuple(self._events)

    @property
    def duration_s(self) -> float:
        """Seconds of line time so far."""
        return len(self.caller_track) / sound.RATE_HZ

    @property
    def heard(self) -> tuple[str, ...]:
        """Keys of the prompts heard to their end, in order."""
        return tuple(event.detail for event in self._events if event.kind is Happening.PROMPT_ENDED)

    @property
    def errors(self) -> tuple[LineEvent, ...]:
        """What Twilio's error log would show, but for the 31921 that every intended close leaves there."""
        return tuple(event for event in self._events if event.kind is Happening.ERROR and event.code != 31921)

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self._over.is_set()

    def wait(self, timeout_s: float = 120.0) -> "LineCall":
        """Wait for the end, in real seconds, and return the call itself.

        Raises: TimeoutError, and whatever failed inside the simulator.
        """
        if not self._over.wait(timeout_s):
            raise TimeoutError(
                f"the call was not over after {timeout_s:.0f} s; heard: {', '.join(self.heard) or 'nothing'}"
            )
        if self._fault is not None:
            raise self._fault
        return self

    def hang_up(self) -> None:
        """Put the caller's phone down, from outside the script."""
        self._orders.put(Moment(hangs_up=True))

    def press(self, keys: str) -> None:
        """Press keys, from outside the script."""
        self._orders.put(Moment(keys=keys))

    def trouble_stream(self, trouble: TroubleStream | None = None) -> None:
        """Trouble the media stream, from outside the script. It cuts its TCP connection unless told otherwise."""
        self._orders.put(Moment(stream_trouble=trouble or drop_stream()))

    def both_sides_wav(self, path: str | Path) -> Path:
        """Write the call as one stereo WAV, with the caller left and the hotline right."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(sound.pcm_wav(bytes(self.caller_track), bytes(self.hotline_track)))
        return target

    def note(self, kind: Happening, detail: str = "", code: int | None = None) -> None:
        """Add a line to the transcript (used by the simulator)."""
        event = LineEvent(round(self.duration_s, 2), kind, detail, code)
        self._events.append(event)
        if self.observer is not None:
            self.observer(event)

    def order(self, what: Exception) -> None:
        """Leave an instruction for the running verb (used by the REST API)."""
        self._orders.put(what)

    def finish(self, *, status: str, by: str, fault: BaseException | None = None) -> None:
        """Close the book on the call (used by the simulator)."""
        self.status, self.ended_by, self._fault = status, by, fault
        self.note(Happening.ENDED, by)

    def announce_end(self) -> None:
        """Release those who wait (used by the simulator, last)."""
        self._over.set()

    def next_order(self) -> Moment | Exception | None:
        """Take the oldest instruction from outside (used by the simulator)."""
        try:
            return self._orders.get_nowait()
        except queue.Empty:
            return None


class Line:
    """The wire of one call while it lasts, which is used by one thread."""

    def __init__(
        self, call: LineCall, caller: "Caller | Lives", *, clock: CarrierClock, options: CarrierOptions
    ) -> None:
        self.call = call
        self.options = options
        self.typed_ahead = ""
        self._clock = clock
        self._next_s = clock.elapsed_s()
        self._person: Lives = Person(caller, self._tell) if isinstance(caller, Caller) else caller
        self._prompt = ""
        self.on_spoken: Spoken | None = None
        """Who else hears what the person says, who is told `speaks` or `spoke`, and the label of the clip."""

    @property
    def at_s(self) -> float:
        """Seconds of line time."""
        return self.call.duration_s

    def tick(self, outbound: bytes = SILENT_TICK, *, may_speak: bool = False) -> Moment:
        """Let 20 ms pass with this sound from the hotline and return what the caller did in it.

        Raises: CallOver, SentElsewhere, CarrierClosed.
        """
        self._await_next_tick()
        moment = self._with_orders(self._person.step(self.at_s, may_speak=may_speak))
        self.call.caller_track += moment.audio
        self.call.hotline_track += outbound
        if moment.hangs_up:
            raise CallOver("caller")
        if self.at_s > (self.call.most_s or self.options.max_call_s):
            raise CallOver("carrier")
        return moment

    def pass_time(self, seconds: float) -> None:
        """Let time pass while nothing listens, where keys pressed meanwhile are lost or kept, as the options say."""
        for _ in range(round(seconds / TICK_S)):
            self.lose(self.tick().keys)

    def lose(self, keys: str) -> None:
        """Lose keys that nothing collects, or keep them for the next Gather."""
        if keys and self.options.lose_keys_outside_gather:
            self.call.note(Happening.KEY_LOST, keys)
        elif keys:
            self.typed_ahead += keys

    def take_typed_ahead(self) -> str:
        """Return keys kept from before, once."""
        keys, self.typed_ahead = self.typed_ahead, ""
        return keys

    def prompt_starts(self, key: str, at_s: float | None = None) -> None:
        """Tell the caller that a prompt is playing, where pieces with the same key are one prompt."""
        if key == self._prompt:
            return
        self.prompt_ends()
        self._prompt = key
        self.call.note(Happening.PROMPT_STARTED, key)
        self._person.hears_start(key, self.at_s if at_s is None else at_s)

    def prompt_ends(self) -> None:
        """Tell the caller that the prompt, if any, was played to its end."""
        if self._prompt:
            key, self._prompt = self._prompt, ""
            self.call.note(Happening.PROMPT_ENDED, key)
            self._person.hears_end(key, self.at_s)

    def prompt_cut(self) -> None:
        """Tell the caller that the prompt, if any, stopped in the middle."""
        if self._prompt:
            self.call.note(Happening.PROMPT_CUT, self._prompt)
            self._prompt = ""
            self._person.hears_cut(self.at_s)

    def _await_next_tick(self) -> None:
        self._next_s += TICK_S
        lag_s = self._clock.elapsed_s() - self._next_s
        if lag_s > _LATE_S:
            self._next_s += lag_s
        self._clock.sleep_until(self._next_s)

    def _with_orders(self, moment: Moment) -> Moment:
        while (order := self.call.next_order()) is not None:
            if isinstance(order, Exception):
                raise order
            for key in order.keys:
                self._tell("presses", key)
            moment.keys += order.keys
            moment.hangs_up |= order.hangs_up
            moment.stream_trouble = order.stream_trouble or moment.stream_trouble
        return moment

    def _tell(self, what: str, detail: str) -> None:
        kinds = {"speaks": Happening.SPEAKS, "spoke": Happening.SPOKE, "presses": Happening.PRESSED}
        self.call.note(kinds[what], detail)
        if self.on_spoken is not None and what != "presses":
            self.on_spoken(what, detail)
