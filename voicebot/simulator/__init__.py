"""The pretend carrier, that is a telephone company on this machine, written apart from the hotline as its witness.

It signs and posts webhooks, plays TwiML and carries media streams. It keeps Messages, Calls and Recordings behind the
real REST API. Scripted people ring, speak and press keys. It imports nothing of the hotline, so that it cannot share
our mistakes, and it speaks only to loopback.

Its primitives and how they meet:

- `PretendCarrier.ring(from_number, caller)` gives a `LineCall`, with `.wait()`, `.transcript`, `.heard`, `.errors`,
  `.both_sides_wav(path)`. From outside the script act `.hang_up()`, `.press(keys)` and `.trouble_stream()`.
- `Caller` is a script of what a person does at which prompt. Prompts are known by mark names `<turn>:<key>` on the
  stream and by `?prompt=<key>` in URLs of `<Play>`.
- `carrier.phones[number] = picked_up_by(Caller(), after_s=2)` is who picks up when the hotline rings somebody, or else
  `busy`, `rings_out`, `not_in_service` and `voicemail(greeting)`. `carrier.ledger.calls_to(number)` are those calls.
- `Handset` is a phone that a living person holds, with sound put in from outside, on a line as bad as `LineQuality`
  says. It rings like a `Caller`.
- `CarrierOptions` has one named option for each fact of Twilio's wire that nobody could confirm.
- Time is `PacedClock(pace)` (1.0 real, 8 eight times faster) or `SteppedClock(start)`, moved by hand.
- `carrier.serve_api()` gives the URL for the `twilio` client. `carrier.ledger` is what the API keeps, while landlines,
  opted-out numbers and `Trouble` are set there.

Its modules, in reading order:

- A call: `carrier` rings, `line` holds the call and its time, `call_context` is what each verb needs of it.
  `caller` is a script, `person` plays it, `scripts` are ready ones. `handset` is a living person's, `bad_line` what the
  line does to sound. `sound` is audio, `clock` time, `options` the named
  options.
- A call that the hotline orders: `phone` is who is rung, `outbound` places it, `called_leg` rings and tells.
  `own_number` joins one that rings the hotline itself.
- TwiML: `twiml_document` reads it, `twiml_player` executes it, `twiml_dial` (with `bridge`), `twiml_gather` and
  `twiml_record` are its longer verbs.
- The stream: `stream` is the carrier's side of it, `playback` what the caller has not heard yet, `stream_messages` the
  messages, `wire` the network and its faults.
- Requests: `forms` are their fields, `courier` signs and carries them, `callbacks` posts what became of things.
- REST: `ledger` is what is kept. `rest_api` serves it, `rest_answers` is shared by its parts in `rest_account`,
  `rest_calls`, `rest_messages`, `rest_media`, `rest_numbers`, `rest_recordings`, `rest_services`.
  `call_recording` records a live call for the API.
"""

from voicebot.simulator.bad_line import LineQuality, Noise
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
from voicebot.simulator.handset import Handset
from voicebot.simulator.ledger import Message, MessagingService, NumberSettings, Recording, Trouble
from voicebot.simulator.line import Happening, LineCall, LineEvent
from voicebot.simulator.options import (
    AccountOptions,
    AfterClose,
    AfterFailedWhisper,
    CarrierOptions,
    Deafness,
    RecordingCallback,
    Redelivery,
    Told,
)
from voicebot.simulator.phone import Phone, busy, not_in_service, picked_up_by, rings_out, voicemail

__all__ = [
    "AccountOptions",
    "AfterClose",
    "AfterFailedWhisper",
    "Caller",
    "CarrierOptions",
    "Deafness",
    "Handset",
    "Happening",
    "InboundText",
    "LineCall",
    "LineEvent",
    "LineQuality",
    "Message",
    "MessagingService",
    "Noise",
    "NotLoopback",
    "NumberSettings",
    "PacedClock",
    "Phone",
    "PretendCarrier",
    "Recording",
    "RecordingCallback",
    "Redelivery",
    "SteppedClock",
    "StreamTrouble",
    "Told",
    "Trouble",
    "busy",
    "drop_stream",
    "hang_up",
    "not_in_service",
    "picked_up_by",
    "press",
    "rest",
    "rings_out",
    "say_nothing",
    "speak",
    "trouble_stream",
    "voicemail",
]
