"""The carrier's wire and nothing behind it: Twilio's forms, TwiML, sockets and signatures, to and from our values.

How the parts meet: `signature.py` says whether a request is Twilio's; `webhooks.py` turns its form fields into
values and flow events; `twiml.py` turns a wait of the flow (`Listen`, `HangUp`) into the XML that Twilio plays, with
the addresses of `urls.py`; `media_stream.py` reads and writes the messages of a media socket and holds their order.
Nothing here opens a socket, reads a clock or stores anything: text in, values out, and the other way round.

Of the `twilio` package only its TwiML builder and its request validator are used here. Twilio's own spelling
(`CallSid`, `SpeechResult`) ends on this floor. Facts about the wire: twilio.md 1, with their sources.
"""
