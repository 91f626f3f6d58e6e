"""A way to a PostgreSQL server that can fall silent with every connection open, as a server does that is stopped."""

import socket
import threading
from contextlib import suppress
from typing import Self

from sqlalchemy import make_url

_LONGEST_S = 15.0


class Freezer:
    """Passes everything on until it is told to freeze; connections still open then, and nothing comes back."""

    def __init__(self, database_url: str) -> None:
        self._there = make_url(database_url)
        self._flows = threading.Event()
        self._flows.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._take_in, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._flows.set()
        for each in (self._door, *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def url(self) -> str:
        """The database's URL by this way."""
        here = self._there.difference_update_query(["host"]).set(host="127.0.0.1", port=self._door.getsockname()[1])
        return here.render_as_string(hide_password=False)

    def freeze(self) -> None:
        """Say nothing more."""
        self._flows.clear()

    def thaw(self) -> None:
        """Go on where it stood."""
        self._flows.set()

    def _take_in(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._door.accept()
                self._sockets.append(ours)
                theirs = self._ring()
                self._sockets.append(theirs)
                for one, other in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _ring(self) -> socket.socket:
        host, port = self._there.host or self._there.query.get("host", "127.0.0.1"), self._there.port or 5432
        if str(host).startswith("/"):
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(f"{host}/.s.PGSQL.{port}")
            return theirs
        return socket.create_connection((str(host), port))

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                self._flows.wait(_LONGEST_S)
                other.sendall(said)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
