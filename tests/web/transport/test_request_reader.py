"""When a request is whole, whatever pieces it comes in, and what a stranger cannot make it hold."""

import io
from itertools import pairwise

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser
from hypothesis import given
from hypothesis import strategies as st

from voicebot.web.transport.request_reader import MAX_BODY_BYTES, MAX_HEAD_BYTES, Progress, RequestReader

POST = b"POST /twilio/voice?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nFrom=%2B"
CHUNKED = (
    b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nFrom=\r\n3;name=value\r\n%2B\r\n0\r\n\r\n"
)
TRAILED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n"
GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"


def _fed(*pieces: bytes) -> tuple[RequestReader, list[Progress]]:
    reader = RequestReader()
    return reader, [reader.feed(piece) for piece in pieces]


def _read_by_gunicorn(raw: bytes) -> tuple[str, bytes, bytes]:
    """Return what gunicorn reads from these bytes: address, body, and what it leaves over."""
    source = io.BytesIO(raw)
    parser = get_parser(Config(), iter(lambda: source.read(64), b""), ("127.0.0.1", 1))
    request = next(parser)
    body = request.body.read()
    return request.uri, body, parser.unreader.buf.getvalue() + source.read()


@pytest.mark.parametrize("request_bytes", [POST, CHUNKED, TRAILED, GET])
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_bytes: bytes) -> None:
    reader, progress = _fed(*(request_bytes[at : at + 1] for at in range(len(request_bytes))))
    assert progress == [Progress.PARTIAL] * (len(request_bytes) - 1) + [Progress.WHOLE]
    assert reader.take().raw == request_bytes


@given(cut=st.lists(st.integers(0, 400)), requests=st.lists(st.sampled_from([POST, CHUNKED, TRAILED, GET]), min_size=1))
def test_requests_come_out_as_they_went_in_and_gunicorn_agrees_where_each_ends(
    cut: list[int], requests: list[bytes]
) -> None:
    stream, reader, out = b"".join(requests), RequestReader(), []
    edges = [0, *sorted(cut), len(stream)]
    for begin, end in pairwise(edges):
        progress = reader.feed(stream[begin:end])
        while progress is Progress.WHOLE:
            out.append(reader.take())
            progress = reader.feed(b"")
    assert [request.raw for request in out] == requests
    for request in out:
        uri, _body, left = _read_by_gunicorn(request.raw)
        assert (uri, left) == (request.target, b"")


def test_what_is_known_before_parsing() -> None:
    reader, _ = _fed(POST)
    request = reader.take()
    assert (request.target, request.headers["host"], request.body) == ("/twilio/voice?a=1", "x", b"From=%2B")


@pytest.mark.parametrize(
    ("line", "target"),
    [
        (b"POST http://host/twilio/voice?a=%2F HTTP/1.1", "/twilio/voice?a=%2F"),
        (b"GET HTTPS://user@host:8443 HTTP/1.1", "/"),
        (b"GET http://[::1]?a=1 HTTP/1.1", "/?a=1"),
        (b"GET http:///x HTTP/1.1", "/x"),
        (b"GET /x?to=http://host/y HTTP/1.1", "/x?to=http://host/y"),
    ],
)
def test_a_whole_address_in_the_request_line_is_its_path(line: bytes, target: str) -> None:
    reader, progress = _fed(line + b"\r\nHost: x\r\n\r\n")
    request = reader.take()
    assert (progress, request.target) == ([Progress.WHOLE], target)
    assert _read_by_gunicorn(request.raw)[0] == target


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nX-A: " + b"a" * MAX_HEAD_BYTES,
        b"GET / HTTP/1.1\r\n" + b"X-A: a\r\n" * (MAX_HEAD_BYTES // 8) + b"\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1),
        b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * MAX_BODY_BYTES,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 2 * MAX_BODY_BYTES,
    ],
    ids=["head", "head at once", "length", "length of many digits", "chunk", "tiny chunks", "trailer"],
)
def test_what_is_too_big_is_refused_before_it_is_read(request_bytes: bytes) -> None:
    reader = RequestReader()
    progress = {reader.feed(request_bytes[at : at + 65536]) for at in range(0, len(request_bytes), 65536)}
    assert Progress.TOO_BIG in progress
    assert Progress.WHOLE not in progress


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nContent-Length: five\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 600,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    ],
    ids=["no line", "negative", "word", "coding", "chunk", "endless size", "both lengths"],
)
def test_what_makes_no_sense_is_handed_over_at_once_and_gunicorn_refuses_it(request_bytes: bytes) -> None:
    reader, progress = _fed(request_bytes)
    assert progress == [Progress.WHOLE]
    with pytest.raises(Exception, match=r".*") as refused:
        _read_by_gunicorn(reader.take().raw)
    assert type(refused.value).__module__.startswith("gunicorn.")


def test_who_waits_for_a_go_ahead_is_known_and_gunicorn_gives_none() -> None:
    reader, progress = _fed(POST[:-8].replace(b"Host: x", b"Host: x\r\nEXPECT: 100-Continue"))
    assert (progress, reader.wants_continue) == ([Progress.PARTIAL], True)
    assert reader.feed(b"From=%2B") is Progress.WHOLE
    assert b"xpect" not in reader.take().raw.lower()
    assert not reader.wants_continue


def test_an_empty_line_before_a_request_is_skipped() -> None:
    reader, _ = _fed(b"\r\n" + GET)
    assert reader.take().raw == GET
