"""Keeps the secret that signs sessions, made once. It is a file that only its owner reads.

Several processes may ask at once at the first start, and all get the same key.
Knows: one file. Must not know: what is signed.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from voicebot.errors import SettingFault

FILE_NAME = "secret_key"
LEAST_LENGTH = 32
"""Characters, since fewer could be guessed."""


def kept_secret(data_dir: Path) -> str:
    """Return the key kept in the folder, made and kept now if there is none.

    Raises: SettingFault when the file cannot be written, read or believed.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            _make(path)
        path.chmod(0o600)
        key = path.read_text().strip()
    except OSError as problem:
        raise SettingFault(
            f"reading the secret that signs sessions: cannot use {path.absolute()}; give this user the right to read "
            "and write it, or set VOICEBOT_SECRET_KEY"
        ) from problem
    if len(key) < LEAST_LENGTH:
        raise SettingFault(
            f"reading the secret that signs sessions: {path.absolute()} holds fewer than {LEAST_LENGTH} characters; "
            "delete it (a new one is made, everybody logs in again)"
        )
    return key


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there, so who comes second finds the first one's, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
