"""The table of who somebody is at the company's own sign-in.

Knows: names, types, constraints. Must not know: tokens.
"""

from sqlalchemy import Column, String, Table, UniqueConstraint

from voicebot.adapters.store.tables.shared import PERSONAL, instant_column, metadata
from voicebot.domain.sign_in import MOST_ISSUER_LENGTH, MOST_SUBJECT_LENGTH

staff_identities = Table(
    "staff_identities",
    metadata,
    Column("issuer", String(MOST_ISSUER_LENGTH), primary_key=True),
    Column("subject", String(MOST_SUBJECT_LENGTH), primary_key=True, info=PERSONAL),
    Column("account_id", String(64), nullable=False),
    instant_column("linked_at"),
    UniqueConstraint("issuer", "account_id"),
)
"""An account has at most one identity at a provider, so that who gets a colleague's old e-mail does not become them."""
