"""Hotlines for short chaos: in one process with the carrier's clock, or real processes with a database of their own."""

from collections.abc import Iterator

import pytest

from tests.calls.conftest import OpenHouse, open_house, recognisers
from tests.chaos.cluster import Cluster
from tests.databases import postgres_programs

__all__ = ["OpenHouse", "open_house", "recognisers"]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that may be killed."""
    if postgres_programs() is None:
        pytest.skip("needs PostgreSQL: install it (initdb, pg_ctl)")
    server = Cluster()
    yield server
    server.close()
