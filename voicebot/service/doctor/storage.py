"""Whether what callers say and what we promise would be kept. It looks at database, disk space, spool, audio store.

Knows: ports. Must not know: SQL, file systems.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from voicebot.domain.instants import written_instant
from voicebot.errors import Unavailable
from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.ports import AudioStore, HeldThere, Ids, Spool, UnitOfWorkFactory
from voicebot.service.ports.installation import DatabaseFacts, DatabaseInspection, FreeSpace, Machine

GIGABYTE = 1_000_000_000
LEAST_FREE_BYTES = GIGABYTE // 5
"""Below it nothing is left to serve with, because a write-ahead log may grow by that much while callers speak."""
COMFORTABLE_FREE_BYTES = 2 * GIGABYTE
"""An hour of speech takes 29 MB of audio, so two gigabytes are weeks of a small firm's calls."""
AWAY_AFTER = timedelta(minutes=5)
"""A worker shows itself every few seconds."""
PROBE = bytes(range(256))
PROBE_DIGEST = "0" * 64


def database(inspection: DatabaseInspection, unit_of_work: UnitOfWorkFactory) -> Iterator[Finding]:
    """Look whether the database is migrated and takes writes. Raises: Unavailable when it does not answer."""
    facts = inspection.facts()
    unprepared = _unprepared(facts)
    if unprepared is not None:
        yield unprepared
        return
    try:
        _write_and_take_back(unit_of_work)
    except Unavailable as problem:
        yield broken(
            f"{facts.kind} cannot be written: {problem}",
            cure="free the disk or the lock, or give this user the right to write there",
        )
        return
    if facts.kind == "SQLite" and facts.journal_mode != "wal":
        yield doubt(
            f"SQLite keeps its journal as {facts.journal_mode!r}, so readers and writers wait for one another",
            cure="put the database file on a local disk, where the write-ahead log works, and start again",
        )
        return
    yield fine(f"{facts.kind} takes writes and is at migration {facts.migration}, the newest; the job tables are there")


def _write_and_take_back(unit_of_work: UnitOfWorkFactory) -> None:
    """Write a row and leave without commit. Raises: Unavailable."""
    with unit_of_work() as work:
        work.definitions.put(PROBE_DIGEST, "probe", "{}")
        if work.definitions.get(PROBE_DIGEST) != "{}":
            raise AssertionError("what was written is not there")


def _unprepared(facts: DatabaseFacts) -> Finding | None:
    if facts.migration != facts.newest_migration:
        found = f"at migration {facts.migration}" if facts.migration else "empty"
        return broken(
            f"the {facts.kind} database is {found}, the newest is {facts.newest_migration}",
            cure="run `voicebot release`",
        )
    if not facts.has_job_tables:
        return broken(
            f"the {facts.kind} database has no tables for the worker's jobs", cure="run `voicebot database migrate`"
        )
    return None


def disk(machine: Machine) -> Iterator[Finding]:
    """Look whether the disks under database and audio have room."""
    spaces = machine.free_space()
    tight = [_tight(space) for space in spaces if space.free_bytes < COMFORTABLE_FREE_BYTES]
    yield from tight
    if not tight and spaces:
        least = min(spaces, key=lambda space: space.free_bytes)
        elsewhere = ", and no less elsewhere" if len(spaces) > 1 else ""
        yield fine(f"{_gigabytes(least.free_bytes)} free for {least.what}{elsewhere}")
    if not spaces:
        yield fine("nothing of ours lies on a disk of this machine")


def _tight(space: FreeSpace) -> Finding:
    found = f"only {_gigabytes(space.free_bytes)} free for {space.what} ({space.place})"
    cure = "free some space there, or move VOICEBOT_DATA_DIR to a larger disk"
    return broken(found, cure=cure) if space.free_bytes < LEAST_FREE_BYTES else doubt(found, cure=cure)


def _gigabytes(count: int) -> str:
    return f"{count / GIGABYTE:.1f} GB"


def audio(store: AudioStore, ids: Ids) -> Iterator[Finding]:
    """Put, get and delete a probe where answers' voices stay."""
    key = f"doctor-{ids.new_id()}.wav"
    try:
        store.put(key, PROBE)
        is_same = store.get(key) == PROBE
        store.delete(key)
    except Unavailable as problem:
        yield _unkept("where answers' voices stay", str(problem), setting="VOICEBOT_AUDIO_ROOT")
        return
    if not is_same:
        yield _unkept("where answers' voices stay", "a probe came back changed", setting="VOICEBOT_AUDIO_ROOT")
        return
    yield fine("a probe was stored, read back and deleted")


def spool(folder: Spool, ids: Ids) -> Iterator[Finding]:
    """Append, read and delete a probe where voices wait while callers speak."""
    # No call has this id, and the sweep that takes up orphans leaves such files alone.
    name = f"doctor_{ids.new_id()}-0.ulaw"
    try:
        folder.append(name, PROBE[:128])
        folder.append(name, PROBE[128:])
        is_same = folder.read(name) == PROBE
    except Unavailable as problem:
        yield _unkept("the spool for callers' voices", str(problem), setting="VOICEBOT_DATA_DIR")
        return
    finally:
        folder.delete(name)
    if not is_same:
        yield _unkept("the spool for callers' voices", "a probe came back changed", setting="VOICEBOT_DATA_DIR")
        return
    yield fine("a probe was appended, read back and deleted")


def folders(held: Iterable[HeldThere], *, own: str, now: datetime) -> Iterator[Finding]:
    """Look whether another machine holds voices and its worker has not been seen for a while."""
    silent = [each for each in held if each.folder_id != own and _is_silent(each, now)]
    for each in silent:
        where = f"on {each.host}, last seen {written_instant(each.seen_at, 'UTC')}" if each.seen_at else "never seen"
        yield doubt(
            f"data folder {each.folder_id or 'unnamed'} ({where}) holds {each.voices} voices that are not stored and "
            f"{each.calls} calls that are not settled, and no worker shows itself there",
            cure="start the worker there, or bring its files to another machine (see `voicebot docs operating`)",
        )
    if not silent:
        yield fine("no voice waits in a data folder whose worker is away")


def _is_silent(held: HeldThere, now: datetime) -> bool:
    is_holding = bool(held.voices or held.calls)
    return is_holding and (held.seen_at is None or now - held.seen_at > AWAY_AFTER)


def _unkept(what: str, why: str, *, setting: str) -> Finding:
    return broken(
        f"{what} does not keep: {why}", cure=f"make {setting} a place that this user can write and that has room"
    )
