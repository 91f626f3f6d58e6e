"""Imports point down the floors only: `pyproject.toml` holds the contracts, import-linter the measure."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house import tree

CONTRACTS = tomllib.loads((tree.PROJECT_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter], cwd=tree.PROJECT_DIR, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in run.stdout


def test_floors_stand_in_the_order_of_the_house() -> None:
    (floors,) = [contract for contract in CONTRACTS if contract["id"] == "floors"]
    assert floors["exhaustive"] is True
    assert floors["layers"] == [
        "web | cli | worker",
        "bootstrap",
        "config",
        "adapters : simulator",
        "service",
        "telephony",
        "flow | speech",
        "domain",
        "distribution | errors | loading",
    ]
