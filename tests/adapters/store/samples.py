"""Old databases as they were, kept as SQL text: what an upgrade must bring forward."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, make_url

from voicebot.adapters.store import open_engine

FOLDER = Path(__file__).parent / "samples"


def sample_of(migration: str, database_url: str) -> Engine:
    """Fill an empty database with the sample of a migration and open an engine on it."""
    url = make_url(database_url)
    text = (FOLDER / f"{migration}_{url.get_backend_name()}.sql").read_text(encoding="utf-8")
    engine = open_engine(database_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or "")) as connection:
            connection.executescript(text)
        return engine
    with engine.begin() as connected:
        driver = connected.connection.driver_connection
        assert driver is not None
        driver.execute(text)
    return engine
