"""Databases for tests: a PostgreSQL server for the session and fresh databases on it.

The server is the one named in VOICEBOT_TEST_POSTGRES_URL; without it a throw-away cluster is started where PostgreSQL
is installed (`initdb`, `pg_ctl` on the path or in Debian's folder). It never runs as root. Neither: the test skips.
To create and migrate one takes a tenth of a second of SQLite, a whole one of PostgreSQL. So SQLite's migrated file is
copied for each test, and PostgreSQL's database serves one test after another: to put it back takes hundredths.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy
from sqlalchemy import Connection, Engine, event

from voicebot.adapters.store import migrate, open_engine
from voicebot.adapters.store.tables import metadata

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
def postgres_database(server: str) -> Iterator[str]:
    """Create an empty database and give its URL; drop it afterwards, connected or not."""
    name = f"voicebot_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}")
    try:
        yield sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


class ReusedPostgres:
    """A migrated database for one test after another."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._databases = ExitStack()
        self._url: str | None = None
        self._shape: object = None
        self._rows: dict[str, str] = {}

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the URL of a database as migrated; put it back afterwards, connected or not."""
        url = self._url or self._made()
        self._url = None  # nobody else gets it meanwhile, nor after a failure here
        yield url
        with _administrator(url) as connection:
            if self._is_put_back(connection):
                self._url = url

    def close(self) -> None:
        """Drop what was made."""
        self._databases.close()

    def _made(self) -> str:
        url = self._databases.enter_context(postgres_database(self._server))
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        with _administrator(url) as connection:
            self._shape = _shape(connection)
            self._rows = {table: _rows(connection, table) for table in _tables(connection)}
        return url

    def _is_put_back(self, connection: Connection) -> bool:
        """Give every table its first rows, and tell whether nothing else was changed."""
        connection.exec_driver_sql(_END_OTHERS)
        if _shape(connection) != self._shape:
            return False
        # Neither foreign keys nor triggers. All at once, for to wait for an answer about each table took longest.
        emptied = "; ".join(f'DELETE FROM "{table}"' for table in self._rows)
        at_once = f"SET session_replication_role = replica; {emptied}"
        connection.exec_driver_sql(at_once, execution_options={"no_parameters": True})
        for table, rows in self._rows.items():
            if rows != "[]":
                filled = f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s)'
                connection.exec_driver_sql(filled, (rows,))
        connection.exec_driver_sql(_RESTART_SEQUENCES)
        return True


_END_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_RESTART_SEQUENCES = """SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public'"""
_SHAPE = """SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
SELECT nspname::text AS part FROM pg_namespace WHERE nspname NOT LIKE 'pg_%%'
UNION ALL SELECT format('%%s.%%s %%s %%s', relname, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT format('%%s %%s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT format('%%s %%s', tgname, tgenabled) FROM pg_trigger
UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS parts"""


def _shape(connection: Connection) -> object:
    """Return what changes with any table, column, index, constraint, trigger, function or schema."""
    return connection.exec_driver_sql(_SHAPE).scalar()


def _tables(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return list(found.scalars())


def _rows(connection: Connection, table: str) -> str:
    found = connection.exec_driver_sql(f"SELECT coalesce(json_agg(each), '[]')::text FROM \"{table}\" AS each")
    return str(found.scalar())


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
    engine = with_known_statements(open_engine(f"sqlite:///{to}"))
    _COPIES[engine] = to.stat().st_mtime_ns
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


_COPIES: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()
"""When the file of each was copied, by its own time of change."""


def is_as_copied(engine: Engine) -> bool:
    """Tell whether nobody has written a copy of a migrated SQLite file, since all that is written goes to its log
    first."""
    if engine not in _COPIES:
        return False
    file = Path(str(engine.url.database))
    log = file.with_name(f"{file.name}-wal")
    return file.stat().st_mtime_ns == _COPIES[engine] and not (log.exists() and log.stat().st_size)


def note_written(engine: Engine) -> None:
    """Note that a copy was written over, since a clock of files may be too coarse to tell."""
    _COPIES.pop(engine, None)


_KNOWN: dict[str, tuple[sqlalchemy.Dialect, dict[object, object]]] = {}


class PostgresContent:
    """Every row of every table of a PostgreSQL database, and where its counters stand."""

    def __init__(self, engine: Engine) -> None:
        with _administrator(url_of(engine)) as connection:
            self.rows = {table: _rows(connection, table) for table in _tables(connection)}
            self._counters = connection.exec_driver_sql(_COUNTERS).all()

    def differs(self, engine: Engine) -> bool:
        """Tell whether a database has other rows, from one question about them all."""
        parts = (f"(SELECT coalesce(json_agg(each), '[]')::text FROM \"{table}\" AS each)" for table in self.rows)
        with engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT ARRAY[{', '.join(parts)}]").scalar()
        return found != list(self.rows.values())

    def write(self, engine: Engine, before: "PostgresContent") -> None:
        """Write into a database that has the rows of `before` what this one has."""
        other = {table: rows for table, rows in self.rows.items() if rows != before.rows[table]}
        parts = [f'DELETE FROM "{table}"' for table in other]
        parts += [_fill(table, rows) for table, rows in other.items()]
        parts += [f"SELECT setval('public.\"{name}\"', {last})" for name, last in self._counters]
        at_once = f"SET LOCAL session_replication_role = replica; {'; '.join(parts)}"
        with engine.begin() as connection:
            connection.exec_driver_sql(at_once, execution_options={"no_parameters": True})


_COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


def _fill(table: str, rows: str) -> str:
    told = rows.replace("'", "''")
    return f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", \'{told}\')'


_AS_LENT: WeakKeyDictionary[Engine, PostgresContent] = WeakKeyDictionary()
"""What stands in a database as it is lent."""
_LENT: dict[str, PostgresContent] = {}
"""The same, by address. Whoever lends one puts it back, so that it is looked at once."""


def on_lent(url: str) -> Engine:
    """Open an engine on a lent database, of which is known what stands there."""
    engine = with_known_statements(open_engine(url))
    if url not in _LENT:
        _LENT[url] = PostgresContent(engine)
    _AS_LENT[engine] = _LENT[url]
    return engine


def as_lent(engine: Engine) -> PostgresContent | None:
    """Return what stands in a lent database, or None where it is none, or something else stands there now."""
    content = _AS_LENT.get(engine)
    return None if content is None or content.differs(engine) else content


def with_known_statements(engine: Engine) -> Engine:
    """Let an engine use what others of its kind have compiled in this process: it was a fifth of a test's time.

    SQLAlchemy keeps compiled statements by dialect and engine, and almost every test has an engine of its own. It is
    connected once, for a dialect learns the server's ways then.
    """
    if engine.name not in _KNOWN:
        engine.connect().close()
        _KNOWN[engine.name] = engine.dialect, {}
    engine.dialect, known = _KNOWN[engine.name]
    engine.update_execution_options(compiled_cache=known)
    return engine


def everything_stored(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of ours, to be compared with what stands there later."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


def url_of(engine: Engine) -> str:
    """Return the whole URL of a database."""
    return engine.url.render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    """Run one statement on the server, outside a transaction."""
    with _administrator(server) as connection:
        connection.execute(sqlalchemy.text(statement))


@contextmanager
def _administrator(url: str) -> Iterator[Connection]:
    """Connect for statements outside transactions."""
    of_psycopg = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(of_psycopg, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        yield connection


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
