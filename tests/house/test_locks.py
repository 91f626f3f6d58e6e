"""What is installed is what the lock files say, on any later day: nothing is left for an installer to resolve."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import tree

PROJECT = tomllib.loads((tree.PROJECT_DIR / "pyproject.toml").read_text())
EXTRAS = sorted(PROJECT["project"]["optional-dependencies"])
LOCKS = ["requirements.lock", "requirements-build.lock", *(f"requirements-{extra}.lock" for extra in EXTRAS)]
PIP_INSTALL = re.compile(r"\bpip3? install\b")


def _releases(lock: str) -> dict[str, str]:
    text = (tree.PROJECT_DIR / lock).read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", text, re.MULTILINE))


def _declared(lock: str) -> list[str]:
    extra = lock.removeprefix("requirements").removesuffix(".lock").strip("-")
    if extra == "build":
        return list(PROJECT["dependency-groups"]["build"])
    of_extra = PROJECT["project"]["optional-dependencies"][extra] if extra else []
    return [*PROJECT["project"]["dependencies"], *of_extra]


def _needs(wanted: Requirement) -> Iterator[Requirement]:
    """Yield what a requirement needs in turn, for its extras too, as its installed release says."""
    for line in distribution(wanted.name).requires or ():
        need = Requirement(line)
        worlds = [{**default_environment(), "extra": extra} for extra in ("", *wanted.extras)]
        if need.marker is None or any(need.marker.evaluate(world) for world in worlds):
            yield need


def _unresolved(lock: str) -> list[str]:
    """Walk all that a lock must hold; return what it lacks, or holds in a release that does not do."""
    releases, seen, faults = _releases(lock), set[str](), list[str]()
    todo = [need for need in map(Requirement, _declared(lock)) if need.marker is None or need.marker.evaluate()]
    while todo:
        wanted = todo.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        release = releases.get(canonicalize_name(wanted.name))
        if release is None or not wanted.specifier.contains(release, prereleases=True):
            faults.append(f"{wanted} (locked: {release})")
        todo += _installed_needs(wanted)
    return faults


def _installed_needs(wanted: Requirement) -> list[Requirement]:
    try:
        return list(_needs(wanted))
    except PackageNotFoundError:  # of an extra that is not installed here: what it is itself was looked at
        return []


def _commands() -> list[str]:
    """Return every command of the Makefile that calls an installer, its variables written out."""
    targets = ["install", "lint", *(f"install-{extra}" for extra in EXTRAS if extra != "dev")]
    make = ["make", "--dry-run", "--always-make", *targets]
    shown = subprocess.run(make, cwd=tree.PROJECT_DIR, capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if re.search(r"\bpip\b.*\binstall\b", line)]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_holds_all_that_its_packages_need(lock: str) -> None:
    assert _unresolved(lock) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_has_a_hash_for_each_release(lock: str) -> None:
    text = (tree.PROJECT_DIR / lock).read_text()
    releases = re.findall(r"^[a-z0-9][\w.-]*==\S+.*(?:\n {4}.*)*", text, re.MULTILINE)
    assert len(releases) > 6
    assert [release for release in releases if "--hash=sha256:" not in release] == []


def test_lock_files_agree_on_every_release() -> None:
    locked = [release for lock in LOCKS for release in _releases(lock).items()]
    assert sorted({name for name, version in locked if dict(locked)[name] != version}) == []
    assert all(set(_releases("requirements.lock").items()) <= set(_releases(lock).items()) for lock in LOCKS[2:])


def test_every_lock_file_is_declared_and_none_is_left_over() -> None:
    assert sorted(path.name for path in tree.PROJECT_DIR.glob("requirements*.lock")) == sorted(LOCKS)


def test_make_leaves_an_installer_nothing_to_resolve_and_nothing_to_build_with_what_is_newest() -> None:
    commands = _commands()
    assert len(commands) == len(LOCKS) + 1, "one for each lock file, one for this project"
    assert [line for line in commands if "--no-deps" not in line or "--no-build-isolation" not in line] == []
    assert [line for line in commands if "--require-hashes" not in line and "--editable ." not in line] == []


def test_make_looks_whether_all_fits_after_each_installation() -> None:
    recipes = (tree.PROJECT_DIR / "Makefile").read_text().split("\n\n")
    installing = [recipe for recipe in recipes if "\t@$(LOCKED)" in recipe and "build.lock |" not in recipe]
    assert len(installing) == 2
    assert [recipe for recipe in installing if "$(PIP) check" not in recipe] == []


def test_lock_files_are_renewed_without_installing_what_they_do_not_hold_yet() -> None:
    make = ["make", "--dry-run", "--what-if=pyproject.toml", "lock"]
    shown = subprocess.run(make, cwd=tree.PROJECT_DIR, capture_output=True, text=True, check=True).stdout
    assert "uv pip compile" in shown
    assert [line for line in shown.splitlines() if "pip install" in line or "-m pip" in line] == []


def test_what_is_installed_here_fits_together() -> None:
    run = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_nobody_is_told_to_install_past_the_lock_files() -> None:
    texts = [path for path in tree.our_files() if path.suffix in {".py", ".md"} and path.name != "test_locks.py"]
    told = [tree.place(path) for path in texts if PIP_INSTALL.search(path.read_text())]
    assert told == [], "name a target of the Makefile instead: it installs what a lock file says"
