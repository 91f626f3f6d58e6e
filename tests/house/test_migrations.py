"""Migrations are numbered, one follows the other, and there is one head."""

import re

from alembic.script import ScriptDirectory

from tests.house import tree

MIGRATIONS = tree.PROJECT_DIR / tree.MIGRATIONS
VERSIONS = sorted(path for path in (MIGRATIONS / "versions").glob("*.py") if path.name != "__init__.py")


def test_file_names_count_up_without_a_gap() -> None:
    assert VERSIONS, "there is no migration"
    numbers = [re.match(r"(\d{4})_[a-z0-9_]+\.py$", path.name) for path in VERSIONS]
    assert all(numbers), [path.name for path in VERSIONS]
    assert [int(number[1]) for number in numbers if number] == list(range(1, len(VERSIONS) + 1))


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_each_migration_follows_the_one_numbered_before_it() -> None:
    revisions = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert [revision.path for revision in reversed(revisions)] == [str(path) for path in VERSIONS]
