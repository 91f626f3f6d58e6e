"""Alembic's entry. It runs the numbered migrations on the connection that `schema.migrate` hands over.

All of them are one transaction. PostgreSQL makes no index on a table of which rows wait to be checked, so what one
migration wrote is checked before the next one begins.
"""

from typing import Any

from alembic import context
from sqlalchemy import text

from voicebot.adapters.store.tables import metadata


def settle_links(*_step: Any, **_named: Any) -> None:
    """Check foreign keys that wait for the end of the transaction, and let those of the next migration wait again."""
    connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    on_version_apply=settle_links,
)
context.run_migrations()
