"""HTTP and media sockets in front of the use cases. Nothing is decided here.

`app` makes the Flask application, `server` is gunicorn's configuration, and `draining` its worker, which lets calls end
before the process does. `gunicorn_start` loads all of it and starts gunicorn. `transport` holds connections and
threads, below Flask. `guard` refuses every route that does not state who may ask. `carrier` is what the carrier asks of
us, that is webhooks, media sockets and clips. `console` is what staff see in a browser, behind a login of its own.
`api` is what other programs ask, each with a token.
`status` tells how this process is. `resilience` is what is done when something else fails or hangs. `counters` holds
what operators count.

Start with `carrier/voice.py`, then `carrier/media.py`.
"""
