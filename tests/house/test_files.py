"""Nothing that only one machine knows, and no address of a package registry, stands in a file of ours."""

import re
from pathlib import Path

import pytest

from tests.house import tree

# A class of one letter in each, so that this file keeps its own rule.
MACHINE = re.compile(r"/wor[k]/|/roo[t]/|/hom[e]/|/opt/wheel[s]|\.librar[y]|\.mirro[r]\b")
REGISTRY = re.compile(r"pyp[i]\.org|pythonhoste[d]|registry\.npmj[s]|repo1?\.mave[n]|crates\.i[o]")
TEXTS = [path for path in tree.our_files() if path.suffix not in tree.BINARY]
LOCKS = [path for path in tree.our_files() if path.suffix == ".lock" or path.name == "package-lock.json"]


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{tree.place(path)}:{number}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert _found(MACHINE) == []


def test_no_file_names_a_package_registry() -> None:
    assert _found(REGISTRY) == []


@pytest.mark.parametrize("lock", LOCKS, ids=tree.place)
def test_lock_file_carries_no_address_to_download_from(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    downloads = re.compile(r'^--|"resolved":|@ \w+://|^[^#]*\.(whl|tgz|tar\.gz)\b')
    assert [line for line in lines if downloads.search(line)] == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (tree.PROJECT_DIR / "pyproject.toml").read_text()
    dependencies = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert dependencies is not None
    assert [line for line in dependencies[1].splitlines() if " # " not in line] == []
