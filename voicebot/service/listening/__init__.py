"""What one call hears and says over a media stream. Events of the stream go in, commands and flow events come out.

`CallListening` (`call_listening`) holds the call and its current wait. `question` plays one `Listen` and finds out what
ends it. `goodbye` plays the last words. They join parts that can be read alone:

- `playback`: the prompts under way and their marks. It tells when a question was asked to its end, and whether uncut.
- `keypad`: single keys and collected digits, with their timers.
- `ear`: gate, recogniser and transcript of one answer. `number_parts`: a number said in part and keyed in part.
- `answer_audio`: the answer's voice on its way to the spool. `arrivals`: it goes there before it is heard.
- `limits`: how long a wait lasts. `stream_clock`: the stream's own time. `outcome`: what is handed back.

No threads and no sockets, because the callers of `feed` and `arrived` own them. Every timer runs on stream time, so a
call can be replayed faster than it was spoken, and a late thread never cuts a caller short.

The end of a stream is judged here only as far as the stream can know. After a `stop` message the call is over, which is
`CallerHungUp`. After a socket that just closed the caller may still be there. The carrier then fetches the verb after
the stream. This is `CallResumed`, so that what was said is stored before anybody asks again. Both carry what had been
said. After our own `CloseStream` neither is reported. A socket that just closed during a `HangUp` reports nothing,
because no answer is lost, and a caller who is still there hears the goodbye again from its beginning.

Knows: the flow's waits, stream messages, speech. Must not know: threads, sockets, cases.
"""

from voicebot.service.listening.call_listening import CallListening
from voicebot.service.listening.outcome import Observer, Outcome

__all__ = ["CallListening", "Observer", "Outcome"]
