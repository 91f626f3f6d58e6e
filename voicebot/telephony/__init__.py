"""Twilio's forms, TwiML, sockets and signatures, translated to and from our values.

- A request comes in: `signature` says whether it is Twilio's, `addressee` whether it is meant for this hotline.
- Its form: `webhooks` turns fields about calls into values and flow events, `text_webhooks` those about texts.
  `form_fields` reads single fields.
- The answer: `twiml` turns a wait of the flow (`Listen`, `HangUp`) into the XML that Twilio plays. `urls` builds the
  addresses in it. `static_words` is the answer that needs no database.
- Calls that we make: `staff_call_twiml` is what is said on them, `staff_call_webhooks` reads what comes back.
  `canary_twiml` is what our test call does on its own leg.
- The stream: `media_stream` reads and writes the messages of a media socket and holds their order.
- `identity` proves that whoever answers at our public address is this installation.

Nothing here opens a socket, reads a clock or stores anything. Of the `twilio` package only the TwiML builder and the
request validator are used. Twilio's own spelling (`CallSid`, `SpeechResult`) ends on this floor. Facts about the wire
come from twilio.md 1, with their sources.
"""
