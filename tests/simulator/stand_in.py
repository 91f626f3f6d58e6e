"""A small hotline of the tests' own, whose answers and streams each test writes; it checks every signature."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed, Server
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import WSGIRequestHandler, make_server

from voicebot.simulator import sound

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "token-of-the-tests"
NUMBER = "+15035550100"
CALLER = "+15035550123"


@dataclass(frozen=True)
class Seen:
    """One request that reached the hotline."""

    method: str
    path: str
    query: str
    form: dict[str, str]
    headers: dict[str, str]
    is_signed: bool
    at: float


@dataclass
class Answer:
    """What the hotline answers; `wait_s` real seconds later."""

    body: str | bytes
    status: int = 200
    content_type: str = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0


class HotlineStream:
    """The hotline's side of one media stream."""

    def __init__(self, socket_: Server) -> None:
        self.socket = socket_
        self.messages: list[dict[str, Any]] = []
        self.sid = ""

    def receive(self) -> dict[str, Any]:
        """Return the next message and keep it."""
        message = json.loads(self.socket.receive())
        self.messages.append(message)
        self.sid = message.get("streamSid", self.sid)
        return message

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Receive until such a message comes."""
        while True:
            message = self.receive()
            if is_it(message):
                return message

    def until_event(self, event: str) -> dict[str, Any]:
        """Receive until this event comes."""
        return self.until(lambda message: message["event"] == event)

    def until_mark(self, name: str) -> None:
        """Receive until the mark comes back."""
        self.until(lambda message: message["event"] == "mark" and message["mark"]["name"] == name)

    def listen(self, seconds: float) -> None:
        """Receive so many seconds of the caller's sound."""
        need = round(seconds * 8000)
        while need > 0:
            need -= len(payload(self.until_event("media")))

    def send(self, event: str, **part: Any) -> None:
        """Send one message."""
        self.socket.send(json.dumps({"event": event, "streamSid": self.sid, **part}))

    def play(self, seconds: float, mark: str = "") -> None:
        """Send a tone, and a mark behind it."""
        audio = sound.tone(500) * round(seconds / 0.02)
        self.send("media", media={"payload": base64.b64encode(audio).decode()})
        if mark:
            self.send("mark", mark={"name": mark})

    def clear(self) -> None:
        """Stop what is playing."""
        self.send("clear")

    def abort(self) -> None:
        """Lose the TCP connection without a close frame."""
        self.socket.sock.shutdown(socket.SHUT_RDWR)

    def of(self, event: str) -> list[dict[str, Any]]:
        """Return the messages of one event so far."""
        return [message for message in self.messages if message["event"] == event]


def payload(message: dict[str, Any]) -> bytes:
    """Return the sound in a media message."""
    return base64.b64decode(message["media"]["payload"])


class StandIn:
    """The hotline on loopback; close it."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.streams: list[HotlineStream] = []
        self.public_url = ""
        self.on_stream: Callable[[HotlineStream], None] = lambda stream: stream.until_event("stop")
        self._answers: dict[str, list[Answer]] = {}
        self._lock = threading.Lock()
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.public_url = self.url
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def answers(self, path: str, *answers: str | Answer) -> None:
        """Set what a path answers, in turn; the last stays. A text is the inside of a <Response>."""
        self._answers[path] = [
            answer if isinstance(answer, Answer) else Answer(f"<Response>{answer}</Response>") for answer in answers
        ]

    def serves_clip(self, path: str, seconds: float, *, cache_control: str = "") -> None:
        """Serve a tone as a WAV clip."""
        wav = sound.pcm_wav(sound.tone(500) * round(seconds / 0.02))
        self.answers(path, Answer(wav, content_type="audio/wav", headers={"Cache-Control": cache_control}))

    def to(self, path: str) -> list[Seen]:
        """Return the requests to a path."""
        with self._lock:
            return [seen for seen in self.requests if seen.path == path]

    def await_requests(self, path: str, count: int = 1, timeout_s: float = 5.0) -> list[Seen]:
        """Wait, in real time, for so many requests to a path and return them."""
        deadline = time.monotonic() + timeout_s
        while len(self.to(path)) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        found = self.to(path)
        assert len(found) >= count, f"{len(found)} requests to {path}, not {count}"
        return found

    def stream_twiml(self, path: str = "/media/1", *, extra: str = "", after: str = "<Hangup/>") -> str:
        """Return TwiML that opens a stream to this hotline, and what follows it."""
        base = self.public_url.replace("http", "ws", 1)
        return f'<Connect><Stream url="{base}{path}">{extra}</Stream></Connect>{after}'

    def _app(self) -> Flask:
        app = Flask("stand-in")
        sock = Sock(app)

        @sock.route("/media/<name>")
        def media(socket_: Server, name: str) -> None:
            self._see()
            stream = HotlineStream(socket_)
            self.streams.append(stream)
            try:
                stream.until_event("start")
                self.on_stream(stream)
            except (ConnectionClosed, OSError):
                return

        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])
        return app

    def _answer(self, path: str) -> Response:
        self._see()
        waiting = self._answers.get(f"/{path}", [Answer("", status=404)])
        with self._lock:
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        time.sleep(answer.wait_s)
        response = Response(answer.body, status=answer.status, content_type=answer.content_type)
        response.headers.update(answer.headers)
        return response

    def _see(self) -> None:
        base = self.public_url
        if request.headers.get("Upgrade", "").lower() == "websocket":
            base = base.replace("http", "ws", 1)
        query = request.query_string.decode()
        url = f"{base}{request.path}" + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature", "")
        is_signed = RequestValidator(TOKEN).validate(url, request.form, signature)
        seen = Seen(
            request.method,
            request.path,
            query,
            request.form.to_dict(),
            dict(request.headers),
            is_signed,
            time.monotonic(),
        )
        with self._lock:
            self.requests.append(seen)


def client_of(url: str, *, token: str = TOKEN) -> Client:
    """Twilio's client, sent to another host; no retries, so that each error shows."""
    client = Client(ACCOUNT, token, http_client=TwilioHttpClient(timeout=10, max_retries=0))
    client.api.base_url = url
    return client


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""
