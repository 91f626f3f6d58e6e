"""Chat and push, posted to a service that really listens; its address is never told."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.builders import MONDAY_TEN
from voicebot.adapters.apprise_chat import AppriseChat
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.ports import Letter

LETTER = Letter(key="message-1", subject="Harbour: case 482-913-756", body="Please *ring* <now>", written_at=MONDAY_TEN)
SECRET = "TokenThatIsSecret"


class Service(HTTPServer):
    """A chat service: keeps what is posted, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taker)
        self.posted: list[tuple[str, dict[str, str]]] = []
        self.status = 200


class Taker(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that listens."""
    with Service() as opened:
        thread = threading.Thread(target=opened.serve_forever, daemon=True)
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def test_a_message_is_posted_as_it_was_written_to_the_chat_of_that_name(service: Service) -> None:
    chat = AppriseChat({"team": f"json://127.0.0.1:{service.server_port}/{SECRET}", "other": "json://127.0.0.1:1/x"})
    assert chat.names == {"team", "other"}
    chat.send("team", LETTER)
    ((path, posted),) = service.posted
    assert (path, posted["title"], posted["message"]) == (f"/{SECRET}", LETTER.subject, LETTER.body)


def test_what_a_service_does_not_take_is_tried_again_and_its_address_is_in_no_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat = AppriseChat({"team": f"json://127.0.0.1:{service.server_port}/{SECRET}"})
    service.status = 500
    with pytest.raises(Unavailable, match="posting to the chat team") as problem:
        chat.send("team", LETTER)
    told = "".join(f"{record.name} {record.getMessage()}" for record in caplog.records if record.name != "urllib3")
    assert SECRET not in str(problem.value)
    assert SECRET not in "".join(line for line in told.splitlines() if not line.startswith("urllib3"))


@pytest.mark.parametrize("url", [f"nonsense://{SECRET}", f"slack://{SECRET}", f"syslog://{SECRET}", "file:///tmp/x"])
def test_an_address_that_no_service_has_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingFault, match="does not know the address of team") as fault:
        AppriseChat({"team": url})
    assert fault.value.code == "chat-address"
    assert SECRET not in str(fault.value)
