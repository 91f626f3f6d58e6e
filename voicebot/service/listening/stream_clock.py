"""The stream's own time, from the timestamps of inbound audio.

Carriers send silence while the caller is silent, so audio is the clock. Timestamps may jump ahead (lost
frames), stand still or go back. The time never goes back, and always goes on with the audio.
Knows: media frames. Must not know: timers.
"""

from voicebot.speech.audio import duration_s
from voicebot.telephony.media_stream import MediaFrame

_LARGEST_GAP_S = 30.0
"""A timestamp further ahead than any outage a call survives is nonsense and would end every timer at once."""


class StreamClock:
    """Seconds since the stream began."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def heard(self, frame: MediaFrame) -> None:
        """Take a frame. The time is now the end of it."""
        length_s = duration_s(frame.audio)
        begins_s = frame.timestamp_ms / 1000
        is_plausible = self.now_s <= begins_s <= self.now_s + _LARGEST_GAP_S
        self.now_s = (begins_s if is_plausible else self.now_s) + length_s
