"""Alembic's entry. It runs the numbered migrations on the connection that `schema.migrate` hands over."""

from alembic import context

from voicebot.adapters.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
