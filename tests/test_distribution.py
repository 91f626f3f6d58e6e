"""What comes with the package; the same inside a wheel is seen in tests/calls/test_wheel.py."""

from pathlib import Path

import pytest

from tests.house import tree
from voicebot.distribution import (
    NAME,
    PACKAGE_DIR,
    PROJECT_DIR,
    docs_dir,
    flows_dir,
    how_to_add,
    is_checkout,
    is_replaced_by_upgrades,
)


def test_a_checkout_has_its_flows_and_pages_where_authors_edit_them() -> None:
    assert is_checkout()
    assert PROJECT_DIR == tree.PROJECT_DIR
    assert (flows_dir(), docs_dir()) == (tree.PROJECT_DIR / "flows", tree.PROJECT_DIR / "docs")


@pytest.mark.parametrize(
    ("folder", "is_replaced"),
    [
        (PACKAGE_DIR / "bundled" / "flows", True),
        (PACKAGE_DIR / "bundled" / ".." / ".." / "flows", False),
        (PROJECT_DIR / "flows", False),
        (Path("flows"), False),
    ],
)
def test_only_what_lies_in_the_package_is_replaced_by_an_upgrade(folder: Path, is_replaced: bool) -> None:
    assert is_replaced_by_upgrades(folder) is is_replaced


def test_an_extra_is_installed_in_a_checkout_by_make() -> None:
    assert how_to_add("voice") == "run `make install-voice`"


def test_the_name_on_the_index_is_our_own() -> None:
    assert f'name = "{NAME}"' in (tree.PROJECT_DIR / "pyproject.toml").read_text()
    assert NAME != "voicebot"
