"""`make chaos`: brings about every fault on real processes with many callers, counts, and prints what differs.

    python -m tests.chaos [--minutes N] [--scenario NAME] [--seed N] [--pace N] [--keep]

Without `--minutes` each scenario is run once; with it they are run again with other seeds until the time is over.
Ends with 1 when anything was lost or doubled.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tests.chaos.counting import Count
from tests.chaos.disk import SmallDisk, a_disk
from tests.chaos.faults import remove
from tests.chaos.report import differing, table
from tests.chaos.scenarios import SCENARIOS, Scenario, run

PROJECT_DIR = Path(__file__).resolve().parents[2]
NAMES = [scenario.name for scenario in SCENARIOS]


@click.command()
@click.option("--minutes", type=float, help="Go on with other seeds until so many minutes are over.")
@click.option("--scenario", "name", type=click.Choice(NAMES), help="Only this one.")
@click.option("--seed", default=1, show_default=True, help="Whom chance picks, and when.")
@click.option("--pace", default=2.0, show_default=True, help="Times faster than real time; two cores bear about 3.")
@click.option("--keep", is_flag=True, help="Leave the folders of runs that differ.")
def chaos(minutes: float | None, name: str | None, seed: int, pace: float, keep: bool) -> None:
    """Bring about every fault and count what was lost or doubled."""
    speech_dir = (PROJECT_DIR / os.environ.get("VOICEBOT_SPEECH_DIR", "../shared/speech")).resolve()
    if not (speech_dir / "manifest.jsonl").is_file():
        raise click.ClickException("needs clips of real speech: name their folder in VOICEBOT_SPEECH_DIR")
    chosen = [scenario for scenario in SCENARIOS if name in (None, scenario.name)]
    wrong: list[str] = []
    for scenario, each_seed in _runs(chosen, minutes, seed):
        wrong += _run(scenario, speech_dir, seed=each_seed, pace=pace, keep=keep)
    click.echo(f"\n{'nothing was lost, nothing doubled' if not wrong else 'DIFFERS:'}")
    for sentence in wrong:
        click.echo(f"  {sentence}")
    sys.exit(1 if wrong else 0)


def _runs(chosen: list[Scenario], minutes: float | None, seed: int) -> Iterator[tuple[Scenario, int]]:
    until = time.monotonic() + 60 * (minutes or 0)
    for each_seed in range(seed, seed + 1_000):
        for scenario in chosen:
            yield scenario, each_seed
            if minutes is not None and time.monotonic() > until:
                return
        if minutes is None:
            return


def _run(scenario: Scenario, speech_dir: Path, *, seed: int, pace: float, keep: bool) -> list[str]:
    click.echo(f"\n== {scenario.name} (seed {seed}): {scenario.says}")
    folder = Path(tempfile.mkdtemp(prefix=f"voicebot-chaos-{scenario.name}-"))
    if scenario.full:
        _say_how_full(folder)
    begun = time.monotonic()
    try:
        counts: list[Count] = run(scenario, folder=folder, speech_dir=speech_dir, seed=seed, pace=pace)
    except Exception as problem:  # noqa: BLE001  one scenario that breaks must not keep the others from being run
        click.echo(f"  BROKEN OFF: {type(problem).__name__}: {problem}\n  its folder stays: {folder}")
        return [f"{scenario.name} (seed {seed}) broke off: {type(problem).__name__}"]
    wrong = differing(counts)
    click.echo(f"{table(counts)}\n  took {time.monotonic() - begun:.0f} s")
    if wrong and keep:
        click.echo(f"  its folder stays: {folder}")
    else:
        remove(folder)
    return [f"{scenario.name} (seed {seed}): {sentence}" for sentence in wrong]


def _say_how_full(folder: Path) -> None:
    disk = a_disk(folder / "probe")
    click.echo(f"  {'' if isinstance(disk, SmallDisk) else '!! '}the fault is made by {disk.says}")
    disk.close()


if __name__ == "__main__":
    chaos()
