"""What is done to a running hotline: each a function on the site, in real time, that brings it about and ends it."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random

from tests.chaos.cluster import Cluster
from tests.chaos.disk import Disk
from tests.chaos.site import Site, kill
from voicebot.simulator.caller import StreamTrouble, TroubleStream
from voicebot.simulator.ledger import Trouble

AWAY_S = 30.0
"""How long a database is locked or away, real seconds."""
TROUBLES = (
    TroubleStream(StreamTrouble.RESET),
    TroubleStream(StreamTrouble.STALLED, 5.0),
    TroubleStream(StreamTrouble.VANISHED, 20.0),
    TroubleStream(StreamTrouble.HALF_FRAME),
    TroubleStream(StreamTrouble.DEAF, 8.0),
    TroubleStream(StreamTrouble.CUT),
)


def pause(seconds: float) -> None:
    """Let real time pass."""
    threading.Event().wait(seconds)


def at_random(random: Random, count: int, *, within_s: float, actions: tuple[Callable[[], object], ...]) -> None:
    """Do so many of the actions, each at a chance moment."""
    for _ in range(count):
        pause(random.uniform(0.2, 1.0) * within_s / count)
        random.choice(actions)()


def kill_now_and_then(site: Site, count: int, *, within_s: float) -> None:
    """Send SIGKILL to web (gunicorn's first process or its child) and worker, at chance moments."""
    actions = (
        lambda: kill(site.web_child()),
        lambda: kill(site.web_master()),
        lambda: kill(site.worker()),
    )
    at_random(site.crowd.random, count, within_s=within_s, actions=actions)


def kill_the_whole_tree(site: Site) -> None:
    """Send SIGKILL to `voicebot serve` itself: its children end in their own time, a supervisor starts the next."""
    kill([site.serve])


def kill_everything(site: Site) -> None:
    """Send SIGKILL to every process at once, as a machine that runs out of memory or power does."""
    kill(site.processes())


def kill_database(cluster: Cluster, *, away_s: float) -> None:
    """Send SIGKILL to PostgreSQL and start it again later."""
    cluster.kill()
    pause(away_s)
    cluster.start()


def freeze_database(cluster: Cluster, *, away_s: float) -> None:
    """Let every process of PostgreSQL stand still."""
    cluster.freeze()
    try:
        pause(away_s)
    finally:
        cluster.thaw()


def refuse_database(cluster: Cluster, *, away_s: float) -> None:
    """Stop PostgreSQL, so that connections are refused."""
    cluster.stop()
    pause(away_s)
    cluster.start()


def lock_database(path: Path, *, away_s: float) -> None:
    """Hold the SQLite file's write lock, as a stuck process would."""
    holder = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        pause(away_s)
        holder.execute("ROLLBACK")
    finally:
        holder.close()


def fill_disk(site: Site, disk: Disk, *, for_s: float) -> None:
    """Let a disk be full for a while."""
    disk.fill(site.processes())
    try:
        pause(for_s)
    finally:
        disk.free(site.processes())


def trouble_carrier(site: Site, *, for_s: float) -> None:
    """Let the carrier's API be busy, fail, hang and do what it denies, one request after the other."""
    site.carrier.ledger.hang_s = 20.0
    kinds = (
        *(Trouble.BUSY, Trouble.SERVER_ERROR, Trouble.SERVER_ERROR_AFTER_ACTION),
        *(Trouble.HANG, Trouble.HANG_AFTER_ACTION, Trouble.BUSY),
    )
    with ExitStack() as stack:
        stack.callback(site.carrier.ledger.troubles.clear)
        for _ in range(int(for_s)):
            site.carrier.ledger.troubles.append(site.crowd.random.choice(kinds))
            pause(1.0)


def move_model_away(site: Site, models: Path, *, away_s: float) -> None:
    """Move the speech model away, then kill the process that has it loaded; bring it back later."""
    hidden = models.with_name("moved away")
    os.rename(models, hidden)
    try:
        kill(site.web_child())
        pause(away_s)
    finally:
        os.rename(hidden, models)


def copy_of_models(models: Path, folder: Path) -> Path:
    """Make a folder of links to the installed models, which may be moved."""
    folder.mkdir()
    for model in models.iterdir():
        (folder / model.name).symlink_to(model)
    return folder


def remove(folder: Path) -> None:
    """Remove what a run wrote."""
    shutil.rmtree(folder, ignore_errors=True)
