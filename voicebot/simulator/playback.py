"""What the hotline has sent on a stream and the caller has not heard yet, that is audio and marks in order.

Source: Twilio, voice/media-streams/websocket-messages: a mark comes back when the audio before it was played; `clear`
empties the buffer and sends the remaining marks back.
Knows: bytes, names. Must not know: sockets, time.
"""

from collections import deque

from voicebot.simulator.sound import SILENCE, TICK_BYTES


class Playback:
    """A queue of audio and marks, consumed tick by tick."""

    def __init__(self) -> None:
        self._items: deque[bytes | str] = deque()
        self._marks: deque[str] = deque()

    @property
    def next_mark(self) -> str | None:
        """The name of the mark that ends what is playing now, once it is known."""
        return self._marks[0] if self._marks else None

    @property
    def waiting_bytes(self) -> int:
        """Audio not played yet."""
        return sum(len(item) for item in self._items if isinstance(item, bytes))

    @property
    def has_audio(self) -> bool:
        """Whether anything is to be played before the next mark."""
        return bool(self._items) and isinstance(self._items[0], bytes)

    def add_audio(self, audio: bytes) -> None:
        """Queue audio of any size."""
        if audio:
            self._items.append(audio)

    def add_mark(self, name: str) -> None:
        """Queue a mark behind what is queued already."""
        self._items.append(name)
        self._marks.append(name)

    def take_marks(self) -> list[str]:
        """Return the marks that nothing precedes any more."""
        reached: list[str] = []
        while self._items and isinstance(self._items[0], str):
            reached.append(str(self._items.popleft()))
            self._marks.popleft()
        return reached

    def take_tick(self) -> bytes:
        """Return the next 20 ms, never beyond a mark, but silence where nothing is queued."""
        piece = b""
        while self.has_audio and len(piece) < TICK_BYTES:
            head = bytes(self._items.popleft())  # type: ignore[arg-type]
            need = TICK_BYTES - len(piece)
            piece += head[:need]
            if len(head) > need:
                self._items.appendleft(head[need:])
        return piece.ljust(TICK_BYTES, SILENCE)

    def clear(self) -> list[str]:
        """Empty everything and return the marks that were waiting."""
        marks = list(self._marks)
        self._items.clear()
        self._marks.clear()
        return marks
