"""Nothing that only one machine knows, and no address of a package registry, stands in a file of ours."""

import re
import tomllib
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


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_has_a_hash_for_each_release(name: str) -> None:
    text = (tree.PROJECT_DIR / name).read_text()
    releases = re.findall(r"^[a-z0-9][\w.-]*==\S+.*(?:\n {4}.*)*", text, re.MULTILINE)
    assert len(releases) > 20
    assert [release for release in releases if "--hash=sha256:" not in release] == []


def test_lock_file_holds_every_dependency_that_is_declared() -> None:
    project = tomllib.loads((tree.PROJECT_DIR / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert _missing([*project["dependencies"], *extras["build"]], "requirements.lock") == []
    assert _missing([*project["dependencies"], *extras["dev"]], "requirements-dev.lock") == []


def test_lock_files_agree_on_every_release() -> None:
    run, dev = (_releases(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert run <= dev


def test_every_dependency_says_why_it_is_there() -> None:
    text = (tree.PROJECT_DIR / "pyproject.toml").read_text()
    dependencies = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert dependencies is not None
    assert [line for line in dependencies[1].splitlines() if " # " not in line] == []


def _releases(name: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][\w.-]*==[^\s;]+", (tree.PROJECT_DIR / name).read_text(), re.MULTILINE))


def _missing(requirements: list[str], lock: str) -> list[str]:
    locked = {release.split("==")[0] for release in _releases(lock)}
    names = [re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-") for requirement in requirements]
    return [name for name in names if name not in locked]
