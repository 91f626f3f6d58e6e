"""`make test` repeats nothing on PostgreSQL that SQLite has just shown, and CI repeats all of it."""

import os

import pytest

from tests.either_engine import repeated
from tests.running_order import folder_of


def test_what_sqlite_has_shown_is_repeated_on_postgresql_by_ci_alone(request: pytest.FixtureRequest) -> None:
    again = list(repeated(request.session.items))
    assert all(item.get_closest_marker("heavy") for item in again)
    if os.environ.get("CI") == "true" and len(request.session.items) > 10_000:
        assert len(again) > 200


def test_the_store_runs_on_both_for_whoever_works_at_it(request: pytest.FixtureRequest) -> None:
    assert [item for item in repeated(request.session.items) if folder_of(item.path) == "adapters"] == []


@pytest.mark.parametrize("engine", ["postgresql"])
def test_what_only_postgresql_can_show_stays(engine: str, request: pytest.FixtureRequest) -> None:
    assert list(repeated([request.node])) == []
    assert request.node.get_closest_marker("heavy") is None, engine


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_each_form_of_a_test_is_known_by_its_engine(engine: str, request: pytest.FixtureRequest) -> None:
    beside = pytest.Function.from_parent(request.node.parent, name="beside", callobj=lambda: None)
    beside.originalname = request.node.originalname
    expected = [request.node] if engine == "postgresql" else []
    assert list(repeated([request.node, beside])) == expected
