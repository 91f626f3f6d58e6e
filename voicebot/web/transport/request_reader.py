"""Collects the bytes of one HTTP/1.1 request until it is whole, so that no thread has to wait for a slow sender.

It only finds where a request ends, and gunicorn's parser judges it. What cannot be framed is called whole at the end of
its head, and the parser then refuses it, since it never sees a byte beyond what is handed over, so the two cannot
disagree on where the next request begins. An absolute address in the request line becomes its path here, for everybody.
Source: RFC 9112, 3.2.2 (absolute form), 6.3 (length of a body), 7.1 (chunks); RFC 9110, 10.1.1 (100-continue).
Knows: bytes. Must not know: sockets, routes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

MAX_HEAD_BYTES = 64 * 1024
"""Ours and the carrier's heads are below 4 kB, while gunicorn limits each field to 8 kB."""
MAX_BODY_BYTES = 256 * 1024
"""No webhook of the carrier and no form of the console comes near, so a larger body is not read.

Nothing is uploaded.
"""
MAX_CHUNKED_BYTES = 2 * MAX_BODY_BYTES
"""A chunked body with its sizes between, where many tiny chunks cost more than they carry."""

_END = b"\r\n\r\n"
_ABSOLUTE = re.compile(rb"([A-Z]+) [A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*([^\s]*) ")
_LENGTH = re.compile(rb"[0-9]{1,12}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_MOST_CHUNK_LINE = 512
_MOST_REQUEST_LINE = 8 * 1024
"""Gunicorn's own limit is half of it."""
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


class Progress(Enum):
    """How far a request has come."""

    PARTIAL = auto()
    WHOLE = auto()
    TOO_BIG = auto()


@dataclass(frozen=True, slots=True)
class WholeRequest:
    """One request as it came, and what must be known of it before it is parsed."""

    raw: bytes
    target: str
    """Path and query, exactly as sent. It is empty when the request line makes no sense."""
    headers: Mapping[str, str]
    """Names in lower case, where of a name that comes twice the last value."""
    body: bytes
    """As sent, that is with the sizes of its chunks, if it has any."""


class RequestReader:
    """Takes bytes as they come."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._begin()

    def _begin(self) -> None:
        self._searched = 0
        self._head_bytes = 0
        self._headers: dict[str, str] = {}
        self._length: int | None = 0
        """Bytes of the body, or None while chunks are counted."""
        self._chunk_at = 0
        self.wants_continue = False
        """The sender waits for `100 Continue` before it sends its body, so whoever tells it so sets this to False."""

    def __len__(self) -> int:
        return len(self._bytes)

    @property
    def target(self) -> str:
        """Path and query that are being sent, empty while nobody can tell."""
        return _target(bytes(self._bytes[:_MOST_REQUEST_LINE]))

    def feed(self, data: bytes) -> Progress:
        """Take bytes and tell how far the request has come."""
        self._bytes += data
        if not self._head_bytes:
            self._find_head()
        if not self._head_bytes:
            return Progress.TOO_BIG if len(self._bytes) > MAX_HEAD_BYTES else Progress.PARTIAL
        return self._body_progress()

    def take(self) -> WholeRequest:
        """Return the whole request, while bytes behind it stay for the next one."""
        end = self._head_bytes + (self._length or 0)
        head, body = bytes(self._bytes[: self._head_bytes]), bytes(self._bytes[self._head_bytes : end])
        request = WholeRequest(raw=head + body, target=_target(head), headers=self._headers, body=body)
        del self._bytes[:end]
        self._begin()
        return request

    def _find_head(self) -> None:
        if self._bytes[:2] == b"\r\n":  # RFC 9112, 2.2: one empty line before a request is ignored
            del self._bytes[:2]
        at = self._bytes.find(_END, max(0, self._searched - len(_END)))
        self._searched = len(self._bytes)
        if at < 0 or at > MAX_HEAD_BYTES:
            return
        head = bytes(self._bytes[: at + len(_END)])
        plain = _EXPECT.sub(b"", _ABSOLUTE.sub(_as_path, head, count=1), count=1)
        self.wants_continue = _EXPECT.search(head) is not None
        self._bytes[: len(head)] = plain
        self._head_bytes = self._chunk_at = len(plain)
        self._headers = _headers(plain)
        self._length = _body_length(plain, self._headers)

    def _body_progress(self) -> Progress:
        if self._length is None:
            return self._chunked_progress()
        if self._length > MAX_BODY_BYTES:
            return Progress.TOO_BIG
        return Progress.WHOLE if len(self._bytes) >= self._head_bytes + self._length else Progress.PARTIAL

    def _chunked_progress(self) -> Progress:
        """Walk over the chunks that are there, where what is no chunk ends the walk, for the parser to refuse."""
        while True:
            line = _CHUNK_SIZE.match(self._bytes, self._chunk_at)
            if line is None:
                is_short = len(self._bytes) - self._chunk_at < _MOST_CHUNK_LINE
                if is_short and self._bytes.find(b"\n", self._chunk_at) < 0:
                    return self._more_chunks()
                return self._chunks_end_at(len(self._bytes))
            size = int(line[1], 16)
            if size == 0:
                return self._trailer_progress(line.end())
            after = line.end() + size + 2
            if len(self._bytes) < after:
                return Progress.TOO_BIG if size > MAX_BODY_BYTES else self._more_chunks()
            self._chunk_at = after

    def _trailer_progress(self, at: int) -> Progress:
        if self._bytes[at : at + 2] == b"\r\n":
            return self._chunks_end_at(at + 2)
        end = self._bytes.find(_END, at)
        return self._more_chunks() if end < 0 else self._chunks_end_at(end + len(_END))

    def _more_chunks(self) -> Progress:
        is_too_big = len(self._bytes) - self._head_bytes > MAX_CHUNKED_BYTES
        return Progress.TOO_BIG if is_too_big else Progress.PARTIAL

    def _chunks_end_at(self, end: int) -> Progress:
        self._length = end - self._head_bytes
        return Progress.WHOLE if self._length <= MAX_CHUNKED_BYTES else Progress.TOO_BIG


def _as_path(line: re.Match[bytes]) -> bytes:
    path = line[2] if line[2].startswith(b"/") else b"/" + line[2]
    return line[1] + b" " + path + b" "


def _target(head: bytes) -> str:
    words = head.partition(b"\r\n")[0].split(b" ")
    return words[1].decode("latin-1") if len(words) == 3 else ""


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower().decode("latin-1"): value.strip(b" \t").decode("latin-1") for name, _, value in lines if name}


def _body_length(head: bytes, headers: Mapping[str, str]) -> int | None:
    """Return the length of the body, which is None for chunks, 0 also where the parser will refuse the request."""
    if "transfer-encoding" in headers:
        return None if "chunked" in headers["transfer-encoding"].lower() else 0
    length = headers.get("content-length", "0").encode("latin-1")
    if _LENGTH.fullmatch(length):
        return int(length)
    return MAX_BODY_BYTES + 1 if length.isdigit() else 0
