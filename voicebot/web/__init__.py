"""The roof towards the carrier: HTTP and media sockets in front of the use cases, and nothing decided here.

How the parts meet: `app.py` makes the Flask application; `guards.py` refuses every route that does not state how it
is guarded, and checks signatures; `voice.py` and `sms.py` turn webhooks into use cases and answers into TwiML;
`media.py` and `stream_talk.py` move frames between a socket and `service/listening`, one thread per call;
`resumes.py` sees to it that a call is fetched again after our own close; `recordings.py` takes the callbacks of
recordings; `clips.py` serves recorded words; `faults.py` turns whatever goes wrong inside a call into a spoken
apology, never into a 500; `counters.py` holds what operators count; `server.py` is gunicorn's configuration.
`console/` is what staff see in a browser, behind a login of its own.
Start with `voice.py`, then `media.py`.
"""
