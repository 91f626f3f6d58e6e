"""Cores, memory and disks of a machine, read from files laid out as Linux does."""

import os
import shutil
from pathlib import Path

import pytest

from voicebot.adapters.machine import LocalMachine


def a_machine(root: Path, **files: str) -> LocalMachine:
    """Lay out files of a pretend root: `cpu_max="200000 100000"`."""
    groups = root / "sys/fs/cgroup"
    groups.mkdir(parents=True)
    (root / "proc").mkdir()
    for name, text in files.items():
        place = root / "proc/meminfo" if name == "meminfo" else groups / name.replace("_", ".")
        place.write_text(text)
    return LocalMachine({}, root=root)


ALLOWED = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, ALLOWED),
        ({"cpu_max": "max 100000\n"}, ALLOWED),
        ({"cpu_max": "100000 100000\n"}, 1),
        ({"cpu_max": "50000 100000\n"}, 1),
        ({"cpu_max": "99900000 100000\n"}, ALLOWED),
    ],
)
def test_cores_are_those_of_the_container(tmp_path: Path, files: dict[str, str], cores: int) -> None:
    assert a_machine(tmp_path, **files).cores() == cores


@pytest.mark.parametrize(
    ("files", "memory"),
    [
        ({}, 0),
        ({"meminfo": "MemTotal: 9 kB\nMemAvailable:    2000 kB\n"}, 2_048_000),
        ({"meminfo": "MemAvailable: 2000 kB\n", "memory_max": "max\n", "memory_current": "5\n"}, 2_048_000),
        ({"meminfo": "MemAvailable: 2000 kB\n", "memory_max": "1000\n", "memory_current": "400\n"}, 600),
        ({"memory_max": "1000\n", "memory_current": "4000\n"}, 1),
    ],
)
def test_memory_is_what_the_container_still_gets(tmp_path: Path, files: dict[str, str], memory: int) -> None:
    assert a_machine(tmp_path, **files).memory_bytes() == memory


def test_things_on_one_disk_are_told_together_though_not_made_yet(tmp_path: Path) -> None:
    machine = LocalMachine({"spool": tmp_path, "audio": tmp_path / "not" / "made" / "yet"})
    (space,) = machine.free_space()
    assert (space.what, space.place) == ("spool, audio", str(tmp_path))
    assert abs(space.free_bytes - shutil.disk_usage(tmp_path).free) < 500_000_000
    assert not (tmp_path / "not").exists()
