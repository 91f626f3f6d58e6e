"""What running it safely needs: staff accounts, call events, the worker's sign of life, what connecting replaced.

Revision: 0002. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_staff()
    add_events()
    add_errands()
    add_dangers()
    add_retention()


def add_staff() -> None:
    pass


def add_events() -> None:
    pass


def add_errands() -> None:
    pass


def add_dangers() -> None:
    pass


def add_retention() -> None:
    pass
