"""One page's telephone. It dials, carries sound both ways, and tells the page what happens on the line.

The page's socket is read and written by one thread, at least 50 times a second. The line runs on a thread of the
carrier, and what it tells waits in a queue.
Knows: the page's messages, the carrier. Must not know: HTTP, the database.
"""

import contextlib
import json
import queue
from collections.abc import Callable
from typing import Protocol, assert_never

import numpy as np

from voicebot.cli.phone.messages import (
    WITHHELD,
    ChangeLine,
    Dial,
    HangUp,
    Message,
    Press,
    Quality,
    SayClip,
    Unreadable,
    read_message,
)
from voicebot.simulator import Handset, LineCall, LineEvent, PretendCarrier, sound
from voicebot.simulator.bad_line import BadLine
from voicebot.simulator.scripts import VOICES
from voicebot.simulator.sound import TICK_BYTES

TICK_S = 0.02
MOST_SOUND_BYTES = 16_000
"""In one message of the page, a second of PCM. More is none of ours."""


class PageSocket(Protocol):
    """The page's end, as the socket library offers it."""

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Return the next message, or None when none came in time."""
        ...

    def send(self, data: str | bytes) -> None:
        """Send a message."""
        ...


class Talk:
    """The telephone of one page, with at most one call at a time."""

    def __init__(
        self, carrier: PretendCarrier, socket: PageSocket, on_dialled: Callable[[LineCall], None] = lambda call: None
    ) -> None:
        self._carrier = carrier
        self._socket = socket
        self._on_dialled = on_dialled
        self._news: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        self._call: LineCall | None = None
        self._handset = Handset()
        self._line = BadLine(Quality().of_hotline())
        self._heard = 0
        """Bytes of the hotline's sound that the page has got."""
        self._documents = 0
        self._is_end_told = False

    def tell(self, news: dict[str, object]) -> None:
        """Let the page know something. Any thread may."""
        self._news.put(news)

    def turn(self) -> None:
        """Obey what the page says next, if anything, and send it what there is. Raises: what the socket raises."""
        message = self._socket.receive(timeout=TICK_S)
        if isinstance(message, str):
            self._obey_text(message)
        elif message:
            self._hear_page(message)
        if self._call is not None:
            self._tell_how_far(self._call)
            self._send_sound(self._call)
        self._send_news()

    def end(self) -> None:
        """Put the phone down, whatever is going on."""
        if self._call is not None:
            self._call.hang_up()

    def _obey_text(self, text: str) -> None:
        try:
            self._obey(read_message(text))
        except Unreadable as refused:
            self.tell({"type": "refused", "why": str(refused)})

    def _obey(self, message: Message) -> None:
        match message:
            case Dial():
                self._dial(message)
            case Press(keys=keys):
                self._on_call(lambda call: call.press(keys))
            case SayClip(name=name):
                self._on_call(lambda call: self._say_clip(name))
            case ChangeLine(quality=quality):
                self._set_quality(quality)
            case HangUp():
                self.end()
            case _ as never:
                assert_never(never)

    def _dial(self, dial: Dial) -> None:
        if self._is_calling():
            raise Unreadable("A call is under way: hang up first.")
        self._handset = Handset()
        self._set_quality(dial.quality)
        self._heard = self._documents = 0
        self._is_end_told = False
        self.tell({"type": "call", "state": "ringing"})
        self._call = self._carrier.ring(dial.number or WITHHELD, self._handset, observer=self._observe)
        self._on_dialled(self._call)

    def _is_calling(self) -> bool:
        return self._call is not None and not self._call.ended_by

    def _on_call(self, act: Callable[[LineCall], None]) -> None:
        if self._call is None or self._call.ended_by:
            raise Unreadable("No call is under way: dial first.")
        act(self._call)

    def _say_clip(self, name: str) -> None:
        file = VOICES / f"{name}.wav"
        if file.stem not in clip_words():
            raise Unreadable("There is no such clip: load the page again.")
        self._handset.say_clip(sound.load(file))

    def _set_quality(self, quality: Quality) -> None:
        self._handset.set_quality(quality.of_caller())
        self._line = BadLine(quality.of_hotline(), seed=1)

    def _hear_page(self, pcm: bytes) -> None:
        if self._is_calling() and len(pcm) <= MOST_SOUND_BYTES and len(pcm) % 2 == 0:
            self._handset.put_audio(sound.to_mulaw(np.frombuffer(pcm, dtype="<i2").astype(np.int16)))

    def _observe(self, event: LineEvent) -> None:
        told = {"type": "event", "at_s": event.at_s, "kind": event.kind.value, "detail": event.detail}
        self.tell(told | ({"code": event.code} if event.code else {}))

    def _tell_how_far(self, call: LineCall) -> None:
        """Tell of the documents that came since the last look, the first of which answers the call, and of its end."""
        ended_by = call.ended_by
        for text in call.documents[self._documents :]:
            if self._documents == 0:
                self.tell({"type": "call", "state": "answered"})
            self.tell({"type": "twiml", "at_s": round(call.duration_s, 2), "text": text})
            self._documents += 1
        if ended_by and not self._is_end_told:
            self._is_end_told = True
            self.tell({"type": "call", "state": "ended", "by": ended_by})

    def _send_news(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._socket.send(json.dumps(self._news.get_nowait()))

    def _send_sound(self, call: LineCall) -> None:
        """Send the hotline's sound that came since the last look, in whole ticks."""
        track = call.hotline_track
        end = len(track) // TICK_BYTES * TICK_BYTES
        if end > self._heard:
            coming = bytes(track[self._heard : end])
            ticks = (coming[at : at + TICK_BYTES] for at in range(0, len(coming), TICK_BYTES))
            heard = b"".join(self._line.carry(tick) for tick in ticks)
            self._heard = end
            self._socket.send(sound.to_pcm(heard).astype("<i2").tobytes())


def clip_words() -> dict[str, str]:
    """Return the words of each recorded clip, by name, in the order in which a call needs them."""
    manifest = json.loads((VOICES / "manifest.json").read_text())
    parts = {clip["file"].removesuffix(".wav"): clip["parts"] for clip in manifest["clips"]}
    return {name: " ".join(part for part in said if isinstance(part, str)) for name, said in parts.items()}
