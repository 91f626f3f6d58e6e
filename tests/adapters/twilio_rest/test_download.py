"""A recording is fetched from the carrier alone, without end neither in size nor in time, by hostile servers tried."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import pairwise

import pytest
import requests
from urllib3 import HTTPResponse

from voicebot.adapters.twilio_rest.download import DownloadLimits, download_file, download_wav
from voicebot.errors import Unavailable
from voicebot.service.ports import FileTooLarge

WAV = b"RIFF" + (36).to_bytes(4, "little") + b"WAVE" + bytes(32)
LOGIN = ("AC" + "1" * 32, "the account's secret")
LIMITS = DownloadLimits(most_bytes=1_000_000, longest_s=2.0)

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def a_server(answer: Answer) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve on the loopback address; give its URL and the headers of every request."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer as the test says."""
            seen.append(dict(self.headers))
            self.close_connection = True
            try:
                answer(self)
            except OSError:
                """The client has gone, as it should."""

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def gives(body: bytes, **headers: str) -> Answer:
    """Answer with a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hands_on_to(location: str, status: int = 307) -> Answer:
    """Answer with a redirect."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_a_recording_that_the_carrier_gives_itself_is_fetched_with_our_login() -> None:
    with a_server(gives(WAV)) as (url, seen):
        assert download_wav(f"{url}/RE1.wav", LOGIN, LIMITS) == WAV
    assert seen[0]["Authorization"].startswith("Basic ")


def test_a_recording_in_pieces_of_unknown_number_is_fetched_whole() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (WAV[:10], WAV[10:]):
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    with a_server(answer) as (url, _):
        assert download_wav(f"{url}/RE1.wav", LOGIN, LIMITS) == WAV


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_carrier_handing_us_on_into_our_own_network_is_not_followed(status: int) -> None:
    with (
        a_server(gives(WAV)) as (inside, asked_inside),
        a_server(hands_on_to(f"{inside}/latest/meta-data", status)) as (url, _),
        pytest.raises(Unavailable, match="none of its own"),
    ):
        download_wav(f"{url}/RE1.wav", LOGIN, LIMITS)
    assert asked_inside == []


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/x.wav",
        "https://[::1]/x.wav",
        "https://[::ffff:127.0.0.1]/x.wav",
        "https://10.0.0.1/x.wav",
        "https://2130706433/x.wav",
        "https://localhost/x.wav",
        "http://media.twiliocdn.com/x.wav",
        "https://media.twiliocdn.com:8443/x.wav",
        "https://user@media.twiliocdn.com/x.wav",
        "https://twiliocdn.com.evil.example/x.wav",
        "https://eviltwiliocdn.com/x.wav",
        "https://ec2-203-0-113-5.compute-1.amazonaws.com/x.wav",
        "https://abc.execute-api.us-east-1.amazonaws.com/x.wav",
        "https://evils3.amazonaws.com/x.wav",
        "https://s3.amazonaws.com.evil.example/x.wav",
        "https://evil.example/.twilio.com",
        "https://evil.example#.twilio.com",
        "https://evil.example\\.twilio.com/x.wav",
        "file:///etc/passwd",
        "ftp://media.twiliocdn.com/x.wav",
        "//evil.example/x.wav",
        "https://[broken/x.wav",
        "/elsewhere.wav",
        "",
    ],
)
def test_no_address_but_the_carriers_storage_is_asked(location: str) -> None:
    with a_server(hands_on_to(location)) as (url, seen), pytest.raises(Unavailable):
        download_wav(f"{url}/RE1.wav", LOGIN, LIMITS)
    assert len(seen) == 1


MMS = "https://mms.twiliocdn.com/AC1/f?Expires=1&Signature=s"
MEDIA = "https://media.twiliocdn.com/AC1/f?x-amz-security-token=t"
PUBLIC = "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/f"
BUCKET = "https://com-twilio.s3.amazonaws.com/RE1.wav?X-Amz-Signature=1"

Net = Callable[..., list[tuple[str, bool]]]


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> Net:
    """Let hosts of the net answer from a table: where each hands on to, else with the file."""
    ask = requests.Session.send

    def answers(leads: dict[str, str]) -> list[tuple[str, bool]]:
        asked: list[tuple[str, bool]] = []

        def send(session: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
            address = str(request.url)
            asked.append((address, "Authorization" in request.headers))
            if not address.startswith("https://"):
                return ask(session, request, **options)  # type: ignore[arg-type]
            answer = requests.Response()
            answer.status_code = 307 if address in leads else 200
            answer.headers["Location"] = leads.get(address, "")
            answer.raw = HTTPResponse(BytesIO(WAV), preload_content=False)
            return answer

        monkeypatch.setattr(requests.Session, "send", send)
        return asked

    return answers


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize("chain", [(MMS,), (PUBLIC,), (BUCKET,), (MEDIA, PUBLIC), (MEDIA, PUBLIC, BUCKET)])
def test_the_carrier_s_own_ways_to_a_file_are_gone_without_our_login(net: Net, chain: tuple[str, ...]) -> None:
    asked = net(dict(pairwise(chain)))
    with a_server(hands_on_to(chain[0])) as (url, _):
        assert download_file(f"{url}/Media/ME1", LOGIN, LIMITS) == WAV
    assert asked == [(f"{url}/Media/ME1", True), *((address, False) for address in chain)]


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize("astray", ["http://127.0.0.1/", "https://10.0.0.1/", "https://evil.example/", f"{MMS}#x\\@h/"])
def test_a_second_redirect_is_looked_at_like_the_first(net: Net, astray: str) -> None:
    asked = net({MEDIA: astray})
    with a_server(hands_on_to(MEDIA)) as (url, _), pytest.raises(Unavailable, match="none of its own"):
        download_file(f"{url}/Media/ME1", LOGIN, LIMITS)
    assert [address for address, _ in asked] == [f"{url}/Media/ME1", MEDIA]


@pytest.mark.danger("SSRF")
def test_redirects_that_lead_round_in_a_circle_end(net: Net) -> None:
    asked = net({MEDIA: PUBLIC, PUBLIC: MEDIA})
    with a_server(hands_on_to(MEDIA)) as (url, _), pytest.raises(Unavailable, match="again and again"):
        download_file(f"{url}/Media/ME1", LOGIN, LIMITS)
    assert len(asked) == 4


@pytest.mark.danger("SSRF")
def test_a_body_without_end_is_left_at_the_limit() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(64 * 1024))

    with a_server(answer) as (url, _), pytest.raises(Unavailable, match="larger"):
        download_wav(f"{url}/RE1.wav", LOGIN, LIMITS)


@pytest.mark.danger("SSRF")
def test_the_body_of_a_redirect_is_never_read() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "https://10.0.0.1/")
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(64 * 1024))

    with a_server(answer) as (url, _), pytest.raises(Unavailable, match="none of its own"):
        download_wav(f"{url}/RE1.wav", LOGIN, LIMITS)


@pytest.mark.danger("SSRF")
def test_a_body_that_drips_is_left_after_a_while() -> None:
    is_over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not is_over.wait(0.05):
            handler.wfile.write(b"x")

    with a_server(answer) as (url, _):
        with pytest.raises(Unavailable, match="slowly"):
            download_wav(f"{url}/RE1.wav", LOGIN, DownloadLimits(most_bytes=1_000_000, longest_s=0.5))
        is_over.set()


@pytest.mark.danger("SSRF")
def test_a_packed_body_is_never_unpacked() -> None:
    bomb = gzip.compress(WAV + bytes(50_000_000))
    assert len(bomb) < LIMITS.most_bytes
    with a_server(gives(bomb, Content_Encoding="gzip")) as (url, _), pytest.raises(Unavailable, match="no whole WAV"):
        download_wav(f"{url}/RE1.wav", LOGIN, LIMITS)


def picture(body: bytes) -> Answer:
    """Answer with a picture."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_a_file_of_any_kind_is_fetched_with_our_login_and_unpacked_by_nobody() -> None:
    with a_server(picture(b"\xff\xd8\x1f\x8b")) as (url, seen):
        assert download_file(f"{url}/Media/ME1", LOGIN, LIMITS) == b"\xff\xd8\x1f\x8b"
    assert seen[0]["Accept-Encoding"] == "identity"
    assert seen[0]["Authorization"].startswith("Basic ")


def test_a_file_that_is_too_large_says_so() -> None:
    with a_server(picture(b"x" * 100)) as (url, _), pytest.raises(FileTooLarge):
        download_file(f"{url}/Media/ME1", LOGIN, DownloadLimits(most_bytes=99))


def test_a_file_that_is_handed_on_to_another_host_is_not_fetched() -> None:
    def astray(request: BaseHTTPRequestHandler) -> None:
        request.send_response(307)
        request.send_header("Location", "https://169.254.169.254/latest/meta-data")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with a_server(astray) as (url, seen), pytest.raises(Unavailable, match="none of its own"):
        download_file(f"{url}/Media/ME1", LOGIN, LIMITS)
    assert len(seen) == 1
