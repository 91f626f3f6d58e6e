"""The web process for tests: the real application on a whole hotline, webhooks signed as the carrier signs them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from twilio.request_validator import RequestValidator
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.quick_app import with_compiled_parts
from tests.service.lines import CALLER, OWN, Line
from voicebot.web.app import WebOptions, create_app
from voicebot.web.resilience.call_event_writer import CALL_EVENT_WRITER, CallEventWriter
from voicebot.web.resilience.report_retry import ReportRetryQueue

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://hotline.example"
CALL_SID = "CA0123456789abcdef0123456789abcdef"
RECORDING_SID = "RE0123456789abcdef0123456789abcdef"
MESSAGE_SID = "SM0123456789abcdef0123456789abcdef"
STREAM_SID = "MZ0123456789abcdef0123456789abcdef"


def book_of(desk: "Desk") -> CallEventWriter:
    """Return where the application notes what it saw of calls."""
    book: CallEventWriter = desk.app.extensions[CALL_EVENT_WRITER]
    return book


def a_call_form(**changes: str) -> dict[str, str]:
    """Return the fields of a call's webhook."""
    return {
        "CallSid": CALL_SID,
        "From": CALLER,
        "To": OWN,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "NewField": "x",
    } | changes


class Desk:
    """The application, and somebody who asks it as the carrier does."""

    def __init__(self, line: Line, clips_dir: Path, **options: Any) -> None:
        self.line = line
        self.app: Flask = with_compiled_parts(
            create_app(
                line.hotline,
                WebOptions(auth_tokens=(TOKEN,), clips_dir=clips_dir, **{"resume_patience_s": 0.2} | options),
            )
        )
        self.client = self.app.test_client()

    def post(self, target: str, form: dict[str, str], *, signature: str | None = None, token: str = "") -> TestResponse:
        """Post a form, signed unless a signature is given; `token` names a request that may come again."""
        if signature is None:
            signature = str(RequestValidator(TOKEN).compute_signature(PUBLIC + target, form))
        headers = {"X-Twilio-Signature": signature} | ({"I-Twilio-Idempotency-Token": token} if token else {})
        return self.client.post(target, data=form, headers=headers)

    def twiml(self, target: str, form: dict[str, str] | None = None, *, token: str = "") -> str:
        """Post and return the TwiML; anything but an XML answer with status 200 fails."""
        response = self.post(target, a_call_form() if form is None else form, token=token)
        assert (response.status_code, response.mimetype) == (200, "text/xml")
        return response.text

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serve on a port of this machine, a thread for each request."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def a_socket(port: int, path: str, *, signature: str | None = None) -> Iterator[ClientConnection]:
    """Open a media socket, signed unless a signature is given."""
    if signature is None:
        signature = str(RequestValidator(TOKEN).compute_signature(f"wss://hotline.example{path}", {}))
    with connect(
        f"ws://127.0.0.1:{port}{path}", additional_headers={"X-Twilio-Signature": signature}, compression=None
    ) as socket:
        yield socket


def send(socket: ClientConnection, event: str, **parts: object) -> None:
    """Send one message of the stream."""
    socket.send(json.dumps({"event": event, "streamSid": STREAM_SID, **parts}))


def start(socket: ClientConnection, call_sid: str = CALL_SID) -> None:
    """Begin the stream."""
    socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
    send(socket, "start", sequenceNumber="1", start={"streamSid": STREAM_SID, "callSid": call_sid})


def close_code(socket: ClientConnection) -> int:
    """Read until the hotline closes the socket, and return its close code."""
    deadline = time.monotonic() + 5
    while socket.protocol.close_rcvd is None:
        assert time.monotonic() < deadline, "the socket was not closed"
        with suppress(TimeoutError, ConnectionClosed):
            socket.recv(timeout=0.05)
    return socket.protocol.close_rcvd.code


def heard_until_mark(socket: ClientConnection, name_ends: str) -> list[dict[str, Any]]:
    """Return what the hotline sends, up to the mark with that prompt key."""
    messages = []
    while True:
        message = json.loads(socket.recv(timeout=5))
        messages.append(message)
        if message["event"] == "mark" and message["mark"]["name"].endswith(name_ends):
            return messages


def until_nothing_is_owed(reports: ReportRetryQueue) -> None:
    """Wait, in real time, until every report that had to wait is written down."""
    deadline = time.monotonic() + 20
    while not reports.is_empty:
        assert time.monotonic() < deadline, "it is owed for ever"
        time.sleep(0.01)
