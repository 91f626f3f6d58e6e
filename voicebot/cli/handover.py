"""The hotline's open port, handed by a running `voicebot serve` to the one that is started beside it.

Both then accept from the same queue, so that no caller is refused while one takes over from the other, since the kernel
keeps a connection until somebody accepts it. Handed over a Unix socket without a file, to the same user only. Where
nobody hands it over, the port is opened anew, beside orphans of a `serve` that was killed (SO_REUSEPORT).
Source: unix(7): abstract sockets, SCM_RIGHTS, SO_PEERCRED; socket(7): SO_REUSEPORT.
Knows: sockets. Must not know: what is served.
"""

import os
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass

_AGAIN_S = 0.2
_PATIENCE_S = 5.0
_CREDENTIALS = struct.Struct("3i")
"""Process, user and group of the peer (struct ucred)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A listening socket."""

    listener: socket.socket
    shared_with: int | None
    """Process id of the `serve` that listens on it too, or None when the port was opened anew."""


def open_port(host: str, port: int) -> Port:
    """Take over the port from a running `serve`, or bind it, while who answers on it makes it listen (web/draining.py).

    Raises: OSError when it is taken or not ours.
    """
    taken = _take_over(host, port)
    if taken is None:
        taken = Port(_bound(host, port), None)
    os.set_inheritable(taken.listener.fileno(), True)
    return taken


def _bound(host: str, port: int) -> socket.socket:
    """Bind the port, at `::` for IPv4 too, where the machine has it."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def offer_port(listener: socket.socket, host: str, port: int) -> None:
    """Hand the socket to whoever asks for it, from now on until it is closed or this process ends."""
    threading.Thread(target=lambda: _offer(listener, host, port), name="handover", daemon=True).start()


def _offer(listener: socket.socket, host: str, port: int) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        while not _is_bound(door, host, port):  # by the process before us, while it lives
            threading.Event().wait(_AGAIN_S)
        door.listen()
        while True:
            with door.accept()[0] as heir, suppress(OSError):
                if _peer(heir)[1] == os.geteuid():
                    socket.send_fds(heir, [b"port"], [listener.fileno()])


def _take_over(host: str, port: int) -> Port | None:
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(_PATIENCE_S)
        try:
            door.connect(_address(host, port))
            process, user = _peer(door)
            descriptors = socket.recv_fds(door, 16, 1)[1] if user == os.geteuid() else []
        except OSError:
            return None
    return Port(socket.socket(fileno=descriptors[0]), process) if descriptors else None


def _is_bound(door: socket.socket, host: str, port: int) -> bool:
    try:
        door.bind(_address(host, port))
    except OSError:
        return False
    return True


def _address(host: str, port: int) -> str:
    return f"\0voicebot serve {host} {port}"


def _peer(connection: socket.socket) -> tuple[int, int]:
    """Return process and user at the other end."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    process, user, _group = _CREDENTIALS.unpack(credentials)
    return int(process), int(user)
