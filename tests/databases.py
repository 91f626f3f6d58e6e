"""Databases for tests: a PostgreSQL server for the session and fresh databases on it.

The server is the one named in VOICEBOT_TEST_POSTGRES_URL; without it a throw-away cluster is started where PostgreSQL
is installed (`initdb`, `pg_ctl` on the path or in Debian's folder). It never runs as root. Neither: the test skips.
To migrate takes a tenth of a second of SQLite and half a one of PostgreSQL, so most tests get a copy of a migrated one.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy
from sqlalchemy import Engine, event

from voicebot.adapters.store import migrate, open_engine

_SETTINGS = "-c fsync=off -c listen_addresses='' -c max_connections=200"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of a PostgreSQL server on which databases may be created; skip when there is none."""
    named = os.environ.get("VOICEBOT_TEST_POSTGRES_URL")
    if named:
        yield named
        return
    programs = postgres_programs()
    if programs is None:
        pytest.skip("needs PostgreSQL: install it, or name a server in VOICEBOT_TEST_POSTGRES_URL")
    with _cluster(programs) as url:
        yield url


@contextmanager
def postgres_database(server: str, *, copied_from: str = "template1") -> Iterator[str]:
    """Create a database, empty or a copy, and give its URL; drop it afterwards, connected or not."""
    name = f"voicebot_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {copied_from}")
    try:
        yield sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated_postgres(server: str) -> Iterator[str]:
    """Give the name of a migrated database to copy."""
    with postgres_database(server) as url:
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        yield str(engine.url.database)


def migrated_sqlite(path: Path) -> Path:
    """Make a migrated SQLite file to copy, and return it."""
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def copy_of(database: Path, to: Path) -> Engine:
    """Open an engine on a copy of a migrated SQLite file; it does not wait for the disk."""
    shutil.copy(database, to)
    engine = open_engine(f"sqlite:///{to}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def url_of(engine: Engine) -> str:
    """Return the whole URL of a database."""
    return engine.url.render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    """Run one statement on the server, outside a transaction."""
    url = sqlalchemy.make_url(server).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(statement))


def postgres_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest release first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="voicebot-pg-"))
    run = as_postgres(folder)
    try:
        run(str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        start = ("-D", str(folder / "data"), "-l", str(folder / "log"), "-o", f"{_SETTINGS} -k {folder}", "-w")
        run(str(programs / "pg_ctl"), "start", *start)
        yield f"postgresql://postgres@/postgres?host={folder}"
        run(str(programs / "pg_ctl"), "stop", "-D", str(folder / "data"), "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_postgres(folder: Path) -> Callable[..., None]:
    """Return a way to run PostgreSQL's programs, which refuse root: as the user postgres then."""
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    return run
