"""The company's customers, as they were imported, and the telephone numbers that lead to them.

A customer belongs to no case. Both tables go when no import names the customer any more, and with a case that is erased
at somebody's request.
Knows: names, types, constraints. Must not know: files, when a customer goes.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from voicebot.adapters.store.tables.shared import PERSONAL, instant_column, metadata

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
