"""Stands before the carrier's API and sends every answer twice over the same connection, as broken proxies do."""

import http.client
import socketserver
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class EchoingProxy:
    """A proxy on loopback; close it."""

    def __init__(self, api_url: str) -> None:
        parts = urlsplit(api_url)

        class Handler(socketserver.StreamRequestHandler):
            """One connection: requests with a known length, each forwarded once and answered twice."""

            def handle(self) -> None:
                with suppress(ConnectionError):  # a client that notices the second answer drops the connection
                    self._answer_all()

            def _answer_all(self) -> None:
                while head := _head(self.rfile):
                    lines = head.decode("latin-1").split("\r\n")
                    method, target, _ = lines[0].split(" ")
                    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
                    size = int({name.lower(): value for name, value in headers.items()}.get("content-length", 0))
                    answer = _forward(parts.netloc, method, target, headers=headers, body=self.rfile.read(size))
                    self.wfile.write(answer + answer)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def _head(reader: object) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line: bytes = reader.readline()  # type: ignore[attr-defined]
        if not line:
            return b""
        head += line
    return head


def _forward(netloc: str, method: str, target: str, *, headers: dict[str, str], body: bytes) -> bytes:
    connection = http.client.HTTPConnection(netloc, timeout=60)
    connection.request(method, target, body=body or None, headers=headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    lines = [f"HTTP/1.1 {response.status} {response.reason}", f"Content-Type: {response.headers['Content-Type']}"]
    head = "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""])
    return head.encode() + content
