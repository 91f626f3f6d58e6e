"""CPU and memory of another process, read from /proc."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from voicebot.cli.bench.process_meter import MemoryWatch, cpu_s, memory_bytes

WORKS = """
import subprocess, sys
held = bytearray(50_000_000)
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print("ready", flush=True)
sys.stdin.readline()
child.kill()
child.wait()
"""
CHILD = """
import sys, time
while time.process_time() < 0.5: pass
print("ready", flush=True)
sys.stdin.readline()
"""


@contextmanager
def _working() -> Iterator[int]:
    """A process that holds 50 MB and whose child has used half a second of CPU."""
    command = [sys.executable, "-c", WORKS.format(child=CHILD)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid


def test_cpu_and_memory_are_those_of_the_whole_family() -> None:
    with _working() as process:
        assert cpu_s(process) >= 0.5
        assert memory_bytes(process) > 50_000_000


def test_largest_memory_is_remembered() -> None:
    with _working() as process, MemoryWatch(process, every_s=0.01) as watch:
        while not watch.largest_bytes:
            pass
    assert watch.largest_bytes > 50_000_000


def test_process_that_is_gone_uses_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert (cpu_s(gone.pid), memory_bytes(gone.pid)) == (0, 0)
