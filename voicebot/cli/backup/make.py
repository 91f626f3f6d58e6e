"""Writes a backup while the hotline runs. It writes rows first, at one instant, then the voices that they name.

That order is the safe one, since what is added meanwhile is not named by the rows and does no harm, while what
retention deletes meanwhile is missed and noted. A voice that moved from the spool into the audio store after the rows
were read is found there by the key it must have.

Knows: the store's dump, the backup file, audio store and spool. Must not know: the terminal.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from voicebot import __version__
from voicebot.adapters.backup_file import AUDIO, DATABASE, SECRETS, SPOOL, BackupWriter, Manifest
from voicebot.adapters.store.dump import Snapshot, line_of, snapshot
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Unavailable
from voicebot.service.answer.keep import audio_key_of
from voicebot.service.ports import AudioStore, Clock, Spool

SECRET_KEY = "secret_key"
LINES = ".jsonl"

Count = Callable[[Iterable[str], str], Iterable[str]]
"""Passes names on while it shows how far we are, and takes what they are, too."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where a hotline keeps what is to be saved, or will keep what comes back."""

    engine: Engine
    audio: AudioStore
    spool: Spool
    clock: Clock
    data_dir: Path


@dataclass(frozen=True, kw_only=True)
class BackupOptions:
    """What kind of backup is wanted."""

    is_packed: bool = True
    has_audio: bool = True
    """False where voices are kept safe elsewhere."""


@dataclass(kw_only=True)
class _Voices:
    """Keys of voices met while the rows went by, either named by a row, or perhaps in the store by now."""

    named: list[str] = field(default_factory=list)
    perhaps: list[str] = field(default_factory=list)


def write_backup(installation: Installation, file: IO[bytes], *, options: BackupOptions, count: Count) -> Manifest:
    """Write everything into an open file and return its manifest. Raises: Unavailable, Refused, SettingFault."""
    made_at = installation.clock.now().isoformat()
    with snapshot(installation.engine) as rows:
        manifest = Manifest(
            made_at=made_at,
            version=__version__,
            migration=rows.migration,
            database=installation.engine.dialect.name,
            has_audio=options.has_audio,
        )
        writer = BackupWriter(file, manifest, is_packed=options.is_packed)
        voices = _write_rows(rows, writer, count)
    _write_secret(installation.data_dir / SECRET_KEY, writer)
    _write_spool(installation.spool, writer)
    if options.has_audio:
        _write_voices(installation.audio, writer, voices=voices, count=count)
    writer.finish()
    return manifest


def _write_rows(rows: Snapshot, writer: BackupWriter, count: Count) -> _Voices:
    voices = _Voices()
    for name in count(rows.names, "tables"):
        found = rows.rows(name)
        if name in _NOTED:
            found = _NOTED[name](found, voices)
        lines = (line_of(row) for row in found)
        writer.manifest.tables[name] = writer.add_lines(f"{DATABASE}{name}{LINES}", lines)
    return voices


def _noting(answers: Iterable[dict[str, Any]], voices: _Voices) -> Iterator[dict[str, Any]]:
    """Pass answers on, and note where their voices are or may come to be."""
    for row in answers:
        if row["audio_key"]:
            voices.named.append(row["audio_key"])
        elif row["state"] in (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING):
            voices.perhaps.append(audio_key_of(_as_answer(row)))
        yield row


def _noting_files(pictures: Iterable[dict[str, Any]], voices: _Voices) -> Iterator[dict[str, Any]]:
    """Pass rows of files on, and note where the files are."""
    for row in pictures:
        if row["file_key"]:
            voices.named.append(row["file_key"])
        yield row


_NOTED = {"answers": _noting, "pictures": _noting_files}
"""Tables whose rows name what lies in the audio store."""


def _as_answer(row: dict[str, Any]) -> Answer:
    """Return a row of any migration as far as its place in the audio store needs it."""
    return Answer(
        id=row["id"],
        ticket_id=row["ticket_id"],
        call_id=row["call_id"],
        turn_number=row["turn_number"],
        slot=row["slot"],
        at=datetime.fromisoformat(row["at"]),
        text="",
        words_json="[]",
        duration_s=0.0,
        audio_key=None,
        state=AnswerState(row["state"]),
    )


def _write_spool(spool: Spool, writer: BackupWriter) -> None:
    for name in spool.names():
        # Gone meanwhile: its turn ended, and the voice is in the audio store.
        with contextlib.suppress(Unavailable):
            writer.add(f"{SPOOL}{name}", spool.read(name))


def _write_voices(audio: AudioStore, writer: BackupWriter, *, voices: _Voices, count: Count) -> None:
    perhaps = [key for key in voices.perhaps if audio.exists(key)]
    for key in count([*voices.named, *perhaps], "voices"):
        try:
            content = audio.get(key)
        except Unavailable:
            writer.manifest.missing_audio.append(key)
        else:
            writer.add(f"{AUDIO}{key}", content)


def _write_secret(path: Path, writer: BackupWriter) -> None:
    if path.is_file():
        writer.add(f"{SECRETS}{SECRET_KEY}", path.read_bytes())
