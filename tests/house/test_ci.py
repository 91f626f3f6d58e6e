"""With CI=true nothing is skipped: a missing need of a test is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

SKIPS = {
    "test_inside.py": "import pytest\ndef test_it():\n    pytest.skip('needs a horse')\n",
    "test_mark.py": "import pytest\n@pytest.mark.skip(reason='needs a cart')\ndef test_it():\n    pass\n",
    "test_file.py": "import pytest\npytest.skip('needs a road', allow_module_level=True)\n",
}
NEEDS = ("needs a horse", "needs a cart", "needs a road")


@pytest.fixture
def skipping(tmp_path: Path) -> Path:
    for name, text in SKIPS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def _pytest(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    plugins = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    command = [sys.executable, "-m", "pytest", *plugins, "-q", "-rs", "--continue-on-collection-errors", "."]
    env = {**os.environ, "CI": ci, "PYTHONPATH": str(tree.PROJECT_DIR)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_every_skip_is_a_failure_with_ci(skipping: Path) -> None:
    run = _pytest(skipping, ci="true")
    assert run.returncode != 0
    assert "skipped" not in run.stdout.splitlines()[-1]
    assert [need for need in NEEDS if f"nothing may be skipped: Skipped: {need}" not in run.stdout] == []


def test_elsewhere_a_skip_says_what_is_needed(skipping: Path) -> None:
    run = _pytest(skipping, ci="")
    assert "3 skipped" in run.stdout
    assert [need for need in NEEDS if need not in run.stdout] == []
