"""Starts gunicorn with what it serves already loaded, so that a web process answers sooner.

`python -m voicebot.web.gunicorn_start` takes the same arguments as `python -m gunicorn`.
Knows: gunicorn's command. Must not know: settings, routes.
"""

from voicebot.loading import loaded


def main() -> None:
    """Load our application's modules, then hand over to gunicorn."""
    loaded("voicebot.web.server")
    loaded("gunicorn.app.wsgiapp").run(prog="gunicorn")


if __name__ == "__main__":
    main()
