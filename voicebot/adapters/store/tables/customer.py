"""The company's customers, as they were imported, the telephone numbers that lead to them, and how far look-ups are.

A customer belongs to no case. The first two tables go when no import names the customer any more, and with a case that
is erased at somebody's request.
Knows: names, types, constraints. Must not know: files, when a customer goes.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from voicebot.adapters.store.tables.shared import PERSONAL, instant_column, link_column, metadata

customers = Table(
    "customers",
    metadata,
    Column("id", String(80), primary_key=True, info=PERSONAL),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("order_number", Text, nullable=False, info=PERSONAL),
    Column("contract_date", String(10), nullable=False, info=PERSONAL),
    Column("address", Text, nullable=False, info=PERSONAL),
    Column("note", Text, nullable=False, info=PERSONAL),
    instant_column("imported_at"),
)
Index("ix_customers_imported", customers.c.imported_at)

customer_numbers = Table(
    "customer_numbers",
    metadata,
    Column("number", String(20), primary_key=True, info=PERSONAL),
    Column("customer_id", String(80), ForeignKey("customers.id"), primary_key=True, info=PERSONAL),
)
Index("ix_customer_numbers_customer", customer_numbers.c.customer_id)

customer_lookups = Table(
    "customer_lookups",
    metadata,
    link_column("tickets", "ticket_id"),
    instant_column("asked_at", is_optional=True),
    Column("failures", Integer, nullable=False),
    instant_column("due_at", is_optional=True),
    PrimaryKeyConstraint("ticket_id"),
)
Index("ix_customer_lookups_due", customer_lookups.c.due_at)
