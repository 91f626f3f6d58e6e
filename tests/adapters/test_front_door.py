"""Our public address asked through real sockets: small servers that answer as hotlines, proxies and strangers do."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from voicebot.adapters.front_door import MOST_BODY_BYTES, PublicFrontDoor
from voicebot.service.ports.installation import DoorAnswer, DoorShut
from voicebot.telephony.signature import SignatureCheck, SignedRequest

TOKEN = "token"
Answer = tuple[int, dict[str, str], bytes]
Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve one answer to everything and return the address; requests go into `seen`."""
    with ExitStack() as stack:

        def serve_one(status: int, body: bytes = b"", seen: list[SignedRequest] | None = None, **headers: str) -> str:
            return stack.enter_context(_served((status, headers, body), [] if seen is None else seen))

        yield serve_one


@contextmanager
def _served(answer: Answer, seen: list[SignedRequest], context: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            signature = self.headers.get("X-Twilio-Signature", "")
            seen.append(SignedRequest(target=self.path, form=form, signature=signature))
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            if status != 101:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - the server looks for these names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_answer_is_told_with_our_mark_and_its_first_part_only(serve: Serve) -> None:
    door = PublicFrontDoor(serve(200, b"x" * 5000, X_Voicebot="1"), TOKEN)
    assert door.health() == DoorAnswer(status=200, body="x" * MOST_BODY_BYTES, mark="1")


def test_redirect_is_told_and_not_followed(serve: Serve) -> None:
    seen: list[SignedRequest] = []
    door = PublicFrontDoor(serve(301, b"", seen, Location="https://other.example/"), TOKEN)
    assert door.identity("0" * 32).location == "https://other.example/"
    assert [one.target for one in seen] == [f"/identity/{'0' * 32}"]


def test_signed_ping_verifies_as_the_hotline_verifies(serve: Serve) -> None:
    seen: list[SignedRequest] = []
    url = serve(204, b"", seen)
    assert PublicFrontDoor(url, TOKEN).signed_ping().status == 204
    assert SignatureCheck(public_url=url, tokens=(TOKEN,)).is_webhook_signed(seen[0])
    assert "%2F" in seen[0].target
    assert seen[0].form["Empty"] == ""


def test_signed_socket_verifies_and_unsigned_one_has_no_signature(serve: Serve) -> None:
    seen: list[SignedRequest] = []
    url = serve(403, b"Forbidden", seen, X_Voicebot="1")
    door = PublicFrontDoor(url, TOKEN)
    assert door.open_socket(is_signed=False) == DoorAnswer(status=403, body="Forbidden", mark="1")
    door.open_socket(is_signed=True)
    check = SignatureCheck(public_url=url, tokens=(TOKEN,))
    assert [check.is_socket_signed(one) for one in seen] == [False, True]
    assert seen[0].target != seen[1].target


def test_handshake_that_anybody_could_give_is_no_handshake(serve: Serve) -> None:
    url = serve(101, b"", Upgrade="websocket", Connection="Upgrade", Sec_WebSocket_Accept="c29tZXRoaW5n")
    with pytest.raises(DoorShut, match="wrong digest"):
        PublicFrontDoor(url, TOKEN).open_socket(is_signed=True)


def test_why_nobody_answered_at_our_address_is_told_in_plain_words() -> None:
    with pytest.raises(DoorShut, match="the connection was refused"):
        PublicFrontDoor("http://127.0.0.1:1", TOKEN).health()
    with pytest.raises(DoorShut, match="name is not known"):
        PublicFrontDoor("http://hotline.invalid", TOKEN).health()
    with pytest.raises(DoorShut, match="name is not known"):
        PublicFrontDoor("https://hotline.invalid", TOKEN).certificate_ends_at()


def test_an_address_that_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DoorShut, match="nobody answered in time"):
            PublicFrontDoor(url, TOKEN, timeout_s=0.2).health()


def test_address_without_tls_has_no_certificate(serve: Serve) -> None:
    assert PublicFrontDoor(serve(200), TOKEN).certificate_ends_at() is None


def test_certificate_is_read_when_it_is_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with _served((200, {}, b""), [], _context(certificate)) as url:
        ends_at = PublicFrontDoor(url, TOKEN).certificate_ends_at()
    assert ends_at is not None
    assert timedelta(days=29) < ends_at - datetime.now(UTC) <= timedelta(days=30)


def test_certificate_of_nobody_we_trust_is_told(certificate: Path) -> None:
    with _served((200, {}, b""), [], _context(certificate)) as url:
        with pytest.raises(DoorShut, match="certificate is not valid"):
            PublicFrontDoor(url, TOKEN).certificate_ends_at()
        with pytest.raises(DoorShut, match="certificate is not valid"):
            PublicFrontDoor(url, TOKEN).health()


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_signature_is_the_carriers_own(serve: Serve) -> None:
    seen: list[SignedRequest] = []
    url = serve(204, b"", seen)
    PublicFrontDoor(url, TOKEN).signed_ping()
    assert seen[0].signature == RequestValidator(TOKEN).compute_signature(url + seen[0].target, dict(seen[0].form))
