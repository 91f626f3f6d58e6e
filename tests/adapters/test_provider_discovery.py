"""Where secrets may be sent. What a provider says of itself is tried in tests/web/console/test_provider_routes.py."""

import socket
import threading

import pytest

from voicebot.adapters.provider_discovery import discovered, is_safe_address, left_of
from voicebot.errors import Unavailable


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://login.example/realms/staff", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost/x", True),
        ("http://[::1]:1/x", True),
        ("http://login.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost@evil.example", False),
        ("ftp://login.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_secrets_go_over_https_or_stay_on_this_machine(address: str, is_safe: bool) -> None:
    assert is_safe_address(address) is is_safe


def test_who_answers_in_drops_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        left_of(0)()


def test_an_answer_that_is_none_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Unavailable, match="it does not answer as it should") as problem:
            discovered(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert problem.value.code == "sign-in-away"
