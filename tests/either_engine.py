"""What runs on either engine is shown on SQLite by `make test` and `make check`, and on both by CI.

The engines differ in what the store says to them. Its tests stand with the adapters and run on both, always. So does
what only PostgreSQL can show, for it has no form on SQLite.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.running_order import folder_of

ADAPTERS = "adapters"


def leave_second_engine_to_ci(items: list[pytest.Item]) -> None:
    """Mark as heavy what the same test has just shown on SQLite."""
    for item in repeated(items):
        item.add_marker(pytest.mark.heavy)


def repeated(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the PostgreSQL forms of tests that have one on SQLite, but for those of adapters."""
    forms = defaultdict(list)
    for item in items:
        if isinstance(item, pytest.Function) and folder_of(item.path) != ADAPTERS:
            forms[item.path, item.cls, item.originalname].append(item)
    for alike in forms.values():
        on_postgres = [item for item in alike if _is_on_postgres(item)]
        if len(on_postgres) < len(alike):
            yield from on_postgres


def _is_on_postgres(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and "postgresql" in item.callspec.params.values()
