"""What one call hears and says over a media stream: events of the stream in, commands and flow events out.

`CallListening` (call_listening.py) joins four parts, each of which can be read alone:

- `playback`: the prompts under way and their marks; when a question was asked to its end, and whether uncut;
- `keypad`: single keys and collected digits, with their timers;
- `ear`: gate, recogniser and transcript of one answer;
- `answer_audio`: the answer's voice on its way to the spool.

No threads and no sockets: the caller of `feed` owns both. Every timer runs on stream time, so a call can be
replayed faster than it was spoken, and a late thread never cuts a caller short.

What a stream's end means is decided here only as far as the stream can know. After a `stop` message the call
is over: `CallerHungUp`. After a socket that just closed the caller may still be there, and if so the carrier
fetches the verb after the stream: `CallResumed`, so that what was said is stored before anybody asks again.
Both carry what had been said; after our own `CloseStream` neither is reported. A socket that just closed during a
`HangUp` reports nothing: no answer is lost, and whoever is still there fetches the goodbye and hears it whole.
"""

from voicebot.service.listening.call_listening import CallListening
from voicebot.service.listening.outcome import Observer, Outcome

__all__ = ["CallListening", "Observer", "Outcome"]
