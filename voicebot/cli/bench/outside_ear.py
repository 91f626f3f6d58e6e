"""What a caller with a stop-watch finds. It is from the last voiced sample that they sent to the first one that they
hear.

The silence that clips begin and end with counts, and so does the way of every message, and nothing of ours is asked.
Knows: the two tracks of a pretend line. Must not know: the hotline.
"""

import numpy as np

from voicebot.simulator import Happening, LineCall
from voicebot.speech.audio import RATE_HZ, decode_mulaw

_FRAME = RATE_HZ // 50
_VOICED_DB = -45.0
"""In dB of full scale, because the clips lie at -20, the breath at their ends and the line's noise below this."""


def wait_after_s(call: LineCall, said: str) -> float | None:
    """Return the seconds of silence after the caller's words, named as the script names them, or None if none came."""
    ends = [event.at_s for event in call.transcript if (event.kind, event.detail) == (Happening.SPOKE, said)]
    if not ends:
        return None
    ended = last_voiced(bytes(call.caller_track[: round(max(ends) * RATE_HZ)]))
    first = _first_voiced(bytes(call.hotline_track[ended:]))
    return None if first is None else first / RATE_HZ


def _voiced(mulaw: bytes) -> list[int]:
    """Return the first samples of the frames that hold a voice."""
    samples = decode_mulaw(mulaw[: len(mulaw) // _FRAME * _FRAME]).astype(np.float64).reshape(-1, _FRAME) / 32768
    levels = 10 * np.log10((samples**2).mean(axis=1) + 1e-12)
    return [int(number) * _FRAME for number in np.flatnonzero(levels > _VOICED_DB)]


def last_voiced(mulaw: bytes) -> int:
    """Return how many samples there are up to the end of the last voiced frame, or all of them when none is voiced."""
    found = _voiced(mulaw)
    return found[-1] + _FRAME if found else len(mulaw)


def _first_voiced(mulaw: bytes) -> int | None:
    found = _voiced(mulaw)
    return found[0] if found else None
