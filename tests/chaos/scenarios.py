"""Every fault as a scenario: who rings, on which database, what is done to the house, and what physics allows.

`make chaos` runs them all; `tests/chaos/test_*.py` runs short ones with few callers.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.chaos import faults
from tests.chaos.cluster import Cluster
from tests.chaos.counting import NOTHING, Allowed, Count
from tests.chaos.crowd import Mishap
from tests.chaos.disk import Disk, a_disk
from tests.chaos.echo import EchoingProxy
from tests.chaos.site import Site
from tests.service.lines import a_policy_dir, without_budgets
from voicebot.config import Settings
from voicebot.simulator.options import CarrierOptions

NOBODY_LIVED = "no process lived, or none had a model, while they rang: only the carrier's fallback could answer"

ON_ITS_WAY = 1.5
"""Real seconds of voice before a death that are not asked for. Nothing waits for the decoder before it is spooled, but
two busy cores may read late from the socket. A run at load 10 that allowed 0.3 s missed one second of 27."""
NO_ROOM = "a full disk takes no voice: the hotline asks again by <Record>, and who hangs up meanwhile has told nobody"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a scenario stands on; only what it needs is there."""

    site: Site
    cluster: Cluster | None
    disk: Disk | None
    models: Path

    @property
    def database(self) -> Cluster:
        """The PostgreSQL server. A scenario that asks for it names it."""
        assert self.cluster is not None, "this scenario did not ask for PostgreSQL"
        return self.cluster


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One fault, or several."""

    name: str
    says: str
    disturb: Callable[[Ground], None]
    """Rings the callers and does the harm, in its own order."""
    on_postgres: bool = False
    full: str = ""
    """Which disk can be full: spool, audio, database."""
    options: CarrierOptions = field(default_factory=CarrierOptions)
    is_echoed: bool = False
    """The carrier's API answers twice."""
    owns_models: bool = False
    allowed: Allowed = NOTHING
    settle_s: float = 420.0
    """Real seconds until everything is at rest: a call that showed no sign of life ends after five minutes."""


def _then(callers: int, harm: Callable[[Ground], None], *, first_s: float = 8.0) -> Callable[[Ground], None]:
    """Let half of the callers ring, do the harm meanwhile, let the others ring into it."""

    def disturb(ground: Ground) -> None:
        ground.site.crowd.ring_many(callers // 2)
        faults.pause(first_s)
        later = faults.threading.Timer(3.0, lambda: ground.site.crowd.ring_many(callers - callers // 2))
        later.start()
        harm(ground)
        later.join()

    return disturb


def _sockets(ground: Ground) -> None:
    crowd = ground.site.crowd
    for number, trouble in enumerate(faults.TROUBLES):
        kind = ("voice", "keys", "leaver")[number % 3]
        crowd.ring(kind, Mishap(trouble=trouble, at_s=crowd.random.uniform(16.0, 40.0)))
        crowd.ring("keys", Mishap(trouble=trouble, at_s=crowd.random.uniform(3.0, 60.0)))


def _roll(ground: Ground) -> None:
    old = ground.site.hand_over()
    faults.pause(15.0)
    ground.site.crowd.ring_many(3)
    assert old.wait(600) == 0


def _stop_and_start(ground: Ground) -> None:
    ground.site.end_serve()
    faults.pause(2.0)
    ground.site.crowd.ring_many(2)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        name="kill",
        says="kill -9 of web and worker at chance moments",
        allowed=Allowed(before_death_s=ON_ITS_WAY),
        disturb=_then(12, lambda ground: faults.kill_now_and_then(ground.site, 6, within_s=60.0)),
    ),
    Scenario(
        name="kill-postgres",
        says="kill -9 of web, worker and PostgreSQL",
        allowed=Allowed(before_death_s=ON_ITS_WAY),
        disturb=_then(
            10,
            lambda ground: (
                faults.kill_now_and_then(ground.site, 2, within_s=15.0),
                faults.kill_database(ground.database, away_s=1.0),
                faults.kill_now_and_then(ground.site, 2, within_s=15.0),
                faults.kill_database(ground.database, away_s=3.0),
            )[0],
        ),
        on_postgres=True,
    ),
    Scenario(
        name="kill-serve",
        says="kill -9 of `voicebot serve`, then of everything at once; a supervisor starts it again",
        disturb=_then(
            8,
            lambda ground: (
                faults.kill_the_whole_tree(ground.site),
                faults.pause(20.0),
                faults.kill_everything(ground.site),
            )[1],
        ),
        allowed=Allowed(unanswered=8, before_death_s=ON_ITS_WAY, why=NOBODY_LIVED),
    ),
    *(
        Scenario(
            name=f"full-{what}",
            says=f"the disk of the {what} is full for 20 s",
            disturb=_then(8, lambda ground: faults.fill_disk(ground.site, _disk(ground), for_s=20.0)),
            full=what,
            allowed=Allowed(voice_s=60, why=NO_ROOM) if what == "spool" else NOTHING,
        )
        for what in ("spool", "audio", "database")
    ),
    Scenario(
        name="locked",
        says="another process holds SQLite's write lock for 30 s",
        disturb=_then(8, lambda ground: faults.lock_database(ground.site.folder / "voicebot.db", away_s=faults.AWAY_S)),
    ),
    Scenario(
        name="frozen-postgres",
        says="PostgreSQL stands still for 30 s, its connections open",
        disturb=_then(8, lambda ground: faults.freeze_database(ground.database, away_s=faults.AWAY_S)),
        on_postgres=True,
    ),
    Scenario(
        name="refusing-postgres",
        says="PostgreSQL refuses connections for 30 s",
        disturb=_then(8, lambda ground: faults.refuse_database(ground.database, away_s=faults.AWAY_S)),
        on_postgres=True,
    ),
    Scenario(
        name="api",
        says="the carrier's API is busy, fails, hangs, and does what it denies; receipts late, doubled, reordered",
        disturb=_then(10, lambda ground: faults.trouble_carrier(ground.site, for_s=60.0)),
        options=CarrierOptions(callbacks_doubled=True, callbacks_reordered=True, callbacks_late_s=4.0),
    ),
    Scenario(
        name="echo",
        says="the carrier's API sends every answer twice",
        disturb=_then(8, lambda ground: faults.pause(10.0)),
        is_echoed=True,
    ),
    Scenario(
        name="sockets",
        says="media sockets are reset, stall and burst, vanish, end within a frame, read nothing",
        disturb=_sockets,
    ),
    Scenario(
        name="model",
        says="the speech model is gone when the web process is started again; it is back 25 s later",
        disturb=_then(6, lambda ground: faults.move_model_away(ground.site, ground.models, away_s=25.0)),
        owns_models=True,
        allowed=Allowed(unanswered=6, before_death_s=ON_ITS_WAY, why=NOBODY_LIVED),
    ),
    Scenario(
        name="roll",
        says="the next release is started beside the running one, which then gets SIGTERM during calls",
        disturb=_then(6, _roll),
    ),
    Scenario(
        name="stop",
        says="SIGTERM during calls without a next process: they finish, then a supervisor starts the next",
        disturb=_then(4, _stop_and_start),
        allowed=Allowed(unanswered=2, why=NOBODY_LIVED),
    ),
)


def _disk(ground: Ground) -> Disk:
    assert ground.disk is not None, "this scenario did not ask for a disk"
    return ground.disk


def run(scenario: Scenario, *, folder: Path, speech_dir: Path, seed: int, pace: float) -> list[Count]:
    """Run a scenario once and return its counts."""
    with _ground(scenario, folder=folder, speech_dir=speech_dir, seed=seed, pace=pace) as ground:
        scenario.disturb(ground)
        ground.site.crowd.wait(600)
        return ground.site.settle(patience_s=scenario.settle_s, allowed=scenario.allowed)


@contextmanager
def _ground(scenario: Scenario, *, folder: Path, speech_dir: Path, seed: int, pace: float) -> Iterator[Ground]:
    with ExitStack() as stack:
        cluster = Cluster() if scenario.on_postgres else None
        if cluster is not None:
            stack.callback(cluster.close)
        full = folder / {"spool": "spool", "audio": "audio", "database": "database"}.get(scenario.full, "nothing")
        disk = a_disk(full) if scenario.full else None
        if disk is not None:
            stack.callback(disk.close)
        models = Settings(_env_file=None).model_dir
        if scenario.owns_models:
            models = faults.copy_of_models(models, folder / "models")
        kept_in = full if scenario.full == "database" else folder
        settings = {"VOICEBOT_GRACE_S": "300", "VOICEBOT_MODEL_DIR": str(models)}
        site = Site(
            folder,
            cluster.url if cluster else f"sqlite:///{kept_in / 'voicebot.db'}",
            pace=pace,
            speech_dir=speech_dir,
            seed=seed,
            settings=MappingProxyType(settings),
            options=scenario.options,
            policy_dir=without_budgets(a_policy_dir(folder / "policy")),
            through=EchoingProxy if scenario.is_echoed else None,
        )
        stack.callback(site.close)
        yield Ground(site=site, cluster=cluster, disk=disk, models=models)
