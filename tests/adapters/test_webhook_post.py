"""Webhooks sent to a real HTTP server, which verifies them as receivers do, and answers as it should not."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.webhooks import a_webhook_delivery, a_webhook_endpoint
from voicebot.adapters.sealed_text import SealedText, webhook_lost
from voicebot.adapters.webhook_post import SECRET_BYTES, WebhookPost, addresses_of
from voicebot.domain.webhook import MOST_ANSWER_LENGTH, EndpointAnswer, WebhookEndpoint, with_new_secret

SEAL = SealedText("k" * 48, lost=webhook_lost)
PAGE = Path(__file__).resolve().parents[2] / "docs/webhooks.md"
BODY = '{"type":"case.opened","said":"\\u00e9"}'
DELIVERY = a_webhook_delivery(body=BODY)


def now() -> datetime:
    """Return this very instant, because receivers refuse what was signed five minutes before."""
    return datetime.now(UTC)


class Receiver(ThreadingHTTPServer):
    """Remembers what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.stopped = threading.Event()

    def endpoint(self, path: str, **changes: Any) -> WebhookEndpoint:
        return a_webhook_endpoint(url=f"http://127.0.0.1:{self.server_port}/{path}", **changes)


class Answers(BaseHTTPRequestHandler):
    """The path says what is answered."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append((self.path, dict(self.headers), body))
        getattr(self, f"_{self.path.strip('/').partition('?')[0]}")()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _good(self) -> None:
        self._say(200, b"thanks \xe2\x80\xae\xff")

    def _moved(self) -> None:
        self._say(307, Location="/good")

    def _busy(self) -> None:
        self._say(503, Retry_After="120")

    def _dated(self) -> None:
        self._say(429, Retry_After=(now() + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT"))

    def _odd(self) -> None:
        self._say(500, Retry_After="soon")

    def _absurd(self) -> None:
        self._say(200, Retry_After=f"Mon, {'9' * 30} Jan 2026 00:00:00 +{'9' * 30}")

    def _large(self) -> None:
        self._say(500, b"x" * 3_000_000)

    def _slow(self) -> None:
        while not self.server.stopped.wait(0.05):
            self.wfile.write(b"H")

    def _nonsense(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


def sent(endpoint: WebhookEndpoint, post: WebhookPost | None = None) -> EndpointAnswer:
    return (post or WebhookPost(SEAL)).send(endpoint, DELIVERY, now())


def test_what_arrives_is_verified_by_the_receivers_own_library(receiver: Receiver) -> None:
    secret = WebhookPost(SEAL).new_secret()
    answer = sent(receiver.endpoint("good?key=1", sealed_secret=secret.sealed))
    assert (answer.status, answer.is_taken, answer.words) == (200, True, "thanks [U+202E]\ufffd")
    path, headers, body = receiver.sent[-1]
    assert path == "/good?key=1"
    assert headers["webhook-id"] == DELIVERY.message_id
    assert Webhook(secret.text).verify(body, headers) == {"type": "case.opened", "said": "é"}
    assert (headers["Content-Type"], "Authorization" in headers) == ("application/json", False)


def test_the_example_of_the_page_verifies_what_arrives_and_nothing_else(
    receiver: Receiver,
) -> None:
    example = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec("\n".join(example), names)
    secret = WebhookPost(SEAL).new_secret()
    sent(receiver.endpoint("good", sealed_secret=secret.sealed))
    _, headers, body = receiver.sent[-1]
    assert names["read_event"](body, headers, secret.text)["type"] == "case.opened"
    with pytest.raises(WebhookVerificationError):
        names["read_event"](body.replace(b"opened", b"closed"), headers, secret.text)


def test_while_a_secret_is_replaced_both_sign(receiver: Receiver) -> None:
    old, new = WebhookPost(SEAL).new_secret(), WebhookPost(SEAL).new_secret()
    sent(with_new_secret(receiver.endpoint("good", sealed_secret=old.sealed), new.sealed, now()))
    _, headers, body = receiver.sent[-1]
    for secret in (old, new):
        Webhook(secret.text).verify(body, headers)


def test_after_the_key_was_changed_the_one_before_still_opens_and_then_is_not_needed(receiver: Receiver) -> None:
    before = WebhookPost(SEAL)
    secret = before.new_secret()
    between = WebhookPost(SealedText("n" * 48, "k" * 48, lost=webhook_lost))
    after = WebhookPost(SealedText("n" * 48, lost=webhook_lost))
    assert sent(receiver.endpoint("good", sealed_secret=secret.sealed), between).is_taken
    renewed = between.renewed(secret.sealed)
    assert between.renewed(renewed) == renewed
    assert sent(receiver.endpoint("good", sealed_secret=renewed), after).is_taken
    count = len(receiver.sent)
    lost = sent(receiver.endpoint("good", sealed_secret=secret.sealed), after)
    assert (lost.is_taken, "set the key of before as VOICEBOT_OLD_SECRET_KEYS" in lost.words) == (False, True)
    assert len(receiver.sent) == count, "nothing goes out unsigned"


def test_a_new_secret_signs_where_the_one_before_cannot_be_opened(receiver: Receiver) -> None:
    """A new secret is the cure that we name, so it must not take a day until it helps."""
    lost = WebhookPost(SEAL).new_secret()
    after = WebhookPost(SealedText("n" * 48, lost=webhook_lost))
    new = after.new_secret()
    cured = with_new_secret(receiver.endpoint("good", sealed_secret=lost.sealed), new.sealed, now())
    assert sent(cured, after).is_taken
    _, headers, body = receiver.sent[-1]
    Webhook(new.text).verify(body, headers)


def test_a_secret_from_before_there_was_a_seal_signs_and_is_sealed(receiver: Receiver) -> None:
    secret = WebhookPost(SEAL).new_secret().text
    sealed = WebhookPost(SEAL).renewed(secret)
    assert secret not in sealed
    for kept in (secret, sealed):
        assert sent(receiver.endpoint("good", sealed_secret=kept)).is_taken
        _, headers, body = receiver.sent[-1]
        Webhook(secret).verify(body, headers)


def test_each_secret_is_fresh_and_long_enough() -> None:
    first, second = WebhookPost(SEAL).new_secret().text, WebhookPost(SEAL).new_secret().text
    assert first != second
    assert first.startswith("whsec_")
    assert len(first) > SECRET_BYTES * 4 // 3


def test_a_redirect_is_an_answer_and_leads_nowhere(receiver: Receiver) -> None:
    count = len(receiver.sent)
    assert sent(receiver.endpoint("moved")).status == 307
    assert len(receiver.sent) == count + 1


@pytest.mark.parametrize(
    ("path", "asked"), [("busy", timedelta(minutes=2)), ("dated", timedelta(hours=1)), ("odd", None), ("absurd", None)]
)
def test_how_long_to_wait_is_read_in_both_forms(receiver: Receiver, path: str, asked: timedelta | None) -> None:
    wait = sent(receiver.endpoint(path)).retry_after
    assert wait == asked or (
        wait is not None and asked is not None and timedelta(0) <= asked - wait < timedelta(seconds=1)
    )


def test_of_a_large_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    assert sent(receiver.endpoint("large")).words == "x" * MOST_ANSWER_LENGTH


def test_who_answers_byte_by_byte_is_given_up_in_time(receiver: Receiver) -> None:
    begun = time.monotonic()
    answer = sent(receiver.endpoint("slow"), WebhookPost(SEAL, longest_s=0.3))
    assert (answer.status, answer.words) == (None, "no answer within 0.3 s")
    assert time.monotonic() - begun < 5


def test_what_is_no_http_is_told_without_its_words(receiver: Receiver) -> None:
    assert sent(receiver.endpoint("nonsense")).words == "no answer that HTTP allows (BadStatusLine)"
    assert sent(a_webhook_endpoint(url="http://127.0.0.1:1/")).words == "nothing listens there"


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("169.254.169.254",), ()])
def test_a_host_behind_which_any_address_is_not_public_is_not_asked(addresses: tuple[str, ...]) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> tuple[str, ...]:
        asked.append(host)
        return addresses

    answer = sent(a_webhook_endpoint(url="https://crm.example.com/"), WebhookPost(SEAL, resolve=resolve))
    assert answer.words == "its host leads to an address that webhooks may not go to"
    assert asked == ["crm.example.com"], "it is resolved once"


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver: Receiver) -> None:
    count = len(receiver.sent)
    endpoint = receiver.endpoint("good", id="by-name")
    named = a_webhook_endpoint(url=endpoint.url.replace("127.0.0.1", "localhost"))
    assert sent(named, WebhookPost(SEAL, resolve=lambda _host, _port: ("127.0.0.1",))).status == 200
    assert receiver.sent[count][1]["Host"].startswith("localhost:")


def test_an_address_that_cannot_be_reached_keeps_no_other_of_its_host_from_being_tried(receiver: Receiver) -> None:
    named = a_webhook_endpoint(url=receiver.endpoint("good").url.replace("127.0.0.1", "localhost"))
    for away in ("::1", "127.255.255.255"):
        assert sent(named, WebhookPost(SEAL, resolve=lambda _host, _port, away=away: (away, "127.0.0.1"))).status == 200


def test_this_machine_knows_itself_and_no_host_of_no_domain() -> None:
    assert "127.0.0.1" in addresses_of("localhost", 80)
    assert sent(a_webhook_endpoint(url="https://no-such-host.invalid/")).words == "no host of that name is known"
