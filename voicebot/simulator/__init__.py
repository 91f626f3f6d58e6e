"""The pretend carrier: a telephone company on this machine, written apart from the hotline as its witness.

It signs and posts webhooks, plays TwiML, carries media streams, keeps Messages, Calls and Recordings behind the
real REST API, and lets scripted people ring, speak and press keys. It imports nothing of
the hotline's, so that it cannot share our mistakes, and it speaks only to loopback.

Primitives and how they meet:

- `PretendCarrier.ring(from_number, caller)` gives a `LineCall`: `.wait()`, `.transcript`, `.heard`, `.errors`,
  `.both_sides_wav(path)`; `.hang_up()`, `.press(keys)`, `.trouble_stream()` act from outside the script.
- `Caller` is a script of what a person does at which prompt; prompts are known by mark names `<turn>:<key>` on the
  stream and by `?prompt=<key>` in URLs of `<Play>`.
- `CarrierOptions` has one named option for each fact of Twilio's wire that nobody could confirm.
- Time is `PacedClock(pace)` (1.0 real, 8 eight times faster) or `SteppedClock(start)`, moved by hand.
- `carrier.serve_api()` gives the URL for the `twilio` client; `carrier.ledger` is what the API keeps, and where
  landlines, opted-out numbers and `Trouble` are ordered.

Reading order: carrier.py, twiml_player.py, stream.py, line.py.
"""

from voicebot.simulator.caller import (
    Caller,
    StreamTrouble,
    drop_stream,
    hang_up,
    press,
    rest,
    say_nothing,
    speak,
    trouble_stream,
)
from voicebot.simulator.carrier import InboundText, PretendCarrier
from voicebot.simulator.clock import PacedClock, SteppedClock
from voicebot.simulator.courier import NotLoopback
from voicebot.simulator.ledger import Message, MessagingService, NumberSettings, Recording, Trouble
from voicebot.simulator.line import Happening, LineCall, LineEvent
from voicebot.simulator.options import (
    AccountOptions,
    AfterClose,
    CarrierOptions,
    Deafness,
    RecordingCallback,
    Redelivery,
    Told,
)

__all__ = [
    "AccountOptions",
    "AfterClose",
    "Caller",
    "CarrierOptions",
    "Deafness",
    "Happening",
    "InboundText",
    "LineCall",
    "LineEvent",
    "Message",
    "MessagingService",
    "NotLoopback",
    "NumberSettings",
    "PacedClock",
    "PretendCarrier",
    "Recording",
    "RecordingCallback",
    "Redelivery",
    "SteppedClock",
    "StreamTrouble",
    "Told",
    "Trouble",
    "drop_stream",
    "hang_up",
    "press",
    "rest",
    "say_nothing",
    "speak",
    "trouble_stream",
]
