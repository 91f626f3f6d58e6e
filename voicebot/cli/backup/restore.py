"""Brings a backup back into an empty installation. It is checked whole first, voices before rows, served only when
whole.

Voices first, because a voice that no row names harms nobody, and rows that name missing voices would. The rows come in
one transaction and are marked unfinished until old alarms are laid to rest (after_restore.py), so a restore that dies
in between is never served.

Knows: the store's dump, the backup file, audio store and spool, what must be laid to rest. Must not know: the terminal.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from voicebot.adapters.backup_file import (
    AUDIO,
    DATABASE,
    READABLE_BY_OWNER,
    SECRETS,
    SPOOL,
    Manifest,
    check_file,
    opened_part,
    parts,
)
from voicebot.adapters.store.dump import filled_tables, finish, load
from voicebot.adapters.store.schema import refuse_unknown
from voicebot.cli.backup.make import LINES, SECRET_KEY, Count, Installation
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.upkeep.after_restore import AfterRestore, settle_after_restore


def checked(path: Path) -> Manifest:
    """Read the whole file and return its manifest. Raises: Refused when it is damaged. SettingFault when too new."""
    manifest = check_file(path)
    refuse_unknown(manifest.migration)
    return manifest


def check_is_empty(installation: Installation, path: Path) -> None:
    """Refuse to bring anything back where something is, naming it. Raises: Refused, Unavailable."""
    filled = filled_tables(installation.engine)
    if filled:
        found = ", ".join(f"{count} rows in {name}" for name, count in sorted(filled.items()))
        raise Refused(
            f"restoring into a database in use: there are {found}; name an empty one in VOICEBOT_DATABASE_URL, "
            "or rehearse with --into FOLDER",
            code="restore-not-empty",
        )
    _check_spool(installation, dict(parts(path, SPOOL)))
    other = [
        key for key, wav in parts(path, AUDIO) if installation.audio.exists(key) and installation.audio.get(key) != wav
    ]
    if other:
        raise Refused(
            f"restoring voices: {len(other)} are there already and sound otherwise, the first is {other[0]}; "
            "name an empty place in VOICEBOT_AUDIO_ROOT",
            code="restore-not-empty",
        )


def bring_back(
    hotline: Hotline,
    installation: Installation,
    path: Path,
    *,
    manifest: Manifest,
    rest: timedelta | None,
    count: Count,
) -> AfterRestore:
    """Put voices, then rows, then old alarms to rest, and return what was laid to rest. The file was checked before."""
    voices = (name for name in manifest.parts if name.startswith(AUDIO))
    shown = iter(count(list(voices), "voices"))
    for key, wav in parts(path, AUDIO):
        installation.audio.put(key, wav)
        next(shown, None)
    next(shown, None)
    for name, frames in parts(path, SPOOL):
        installation.spool.delete(name)
        installation.spool.append(name, frames)
    for _, content in parts(path, SECRETS):
        _write_secret(installation.data_dir / SECRET_KEY, content)
    rows = {name: _rows(path, name) for name in count(list(manifest.tables), "tables")}
    load(installation.engine, manifest.migration, rows)
    laid = settle_after_restore(hotline, datetime.fromisoformat(manifest.made_at), rest=rest)
    finish(installation.engine)
    return laid


def _check_spool(installation: Installation, saved: dict[str, bytes]) -> None:
    """Let only what a restore that broke off put there lie in the spool."""
    foreign = [name for name in installation.spool.names() if installation.spool.read(name) != saved.get(name)]
    if foreign:
        raise Refused(
            f"restoring beside {len(foreign)} voices of calls in the spool ({installation.data_dir / 'spool'}); "
            "name another folder in VOICEBOT_DATA_DIR",
            code="restore-not-empty",
        )


def _rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    with opened_part(path, f"{DATABASE}{table}{LINES}") as lines:
        for line in lines:
            yield json.loads(line)


def _write_secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, READABLE_BY_OWNER)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
