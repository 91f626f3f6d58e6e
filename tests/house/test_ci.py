"""With CI=true nothing is skipped: a missing need of a test is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

SKIPS = {
    "inside a test": "import pytest\ndef test_it():\n    pytest.skip('needs a horse')\n",
    "by its mark": "import pytest\n@pytest.mark.skip(reason='needs a horse')\ndef test_it():\n    pass\n",
    "with its file": "import pytest\npytest.skip('needs a horse', allow_module_level=True)\n",
}


def _pytest(file: Path, ci: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", "-rs", str(file)]
    env = {**os.environ, "CI": ci, "PYTHONPATH": str(tree.PROJECT_DIR)}
    return subprocess.run(command, cwd=file.parent, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS.keys())
def test_skip_is_a_failure_with_ci(tmp_path: Path, text: str) -> None:
    file = tmp_path / "test_skipping.py"
    file.write_text(text)
    run = _pytest(file, ci="true")
    assert run.returncode != 0
    assert "nothing may be skipped" in run.stdout
    assert "needs a horse" in run.stdout


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS.keys())
def test_skip_elsewhere_says_what_is_needed(tmp_path: Path, text: str) -> None:
    file = tmp_path / "test_skipping.py"
    file.write_text(text)
    run = _pytest(file, ci="")
    assert run.returncode in {0, 5}
    assert "needs a horse" in run.stdout
