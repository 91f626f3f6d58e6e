"""A worker that is really killed: the web process tells the operator by another way, and once that one is back."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.adapters.test_apprise_chat import Service as AlarmTaker
from tests.calls.service import Service
from tests.service.lines import a_policy_dir

pytestmark = [pytest.mark.timeout(300), pytest.mark.requirement("D-10"), pytest.mark.heavy]

SILENT_S = 10
PATIENCE_S = 90


class Apart(Service):
    """Web and worker as processes of their own: nobody starts a dead worker again."""

    def start_serve(self) -> "subprocess.Popen[bytes]":
        """Migrate, then start the web process alone."""
        self.run("release").wait(120)
        self.worker = self.run("worker")
        return self.run("web")

    def start_worker(self) -> None:
        """Start the worker again."""
        self.worker = self.run("worker")

    def kill_worker(self) -> None:
        """Kill it without a word."""
        self.worker.kill()
        self.worker.wait(30)

    def close(self) -> None:
        """End the worker, then all else."""
        with suppress(ProcessLookupError):
            self.worker.terminate()
        self.worker.wait(60)
        super().close()


@pytest.fixture
def taker() -> Iterator[AlarmTaker]:
    """The operator's address: a service that really listens."""
    with AlarmTaker() as opened:
        thread = threading.Thread(target=opened.serve_forever, daemon=True)
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def told(taker: AlarmTaker, words: str) -> Callable[[], bool]:
    return lambda: any(words in posted["message"] for _, posted in taker.posted)


@pytest.fixture
def apart(tmp_path: Path, taker: AlarmTaker) -> Iterator[Apart]:
    """A hotline that misses its worker soon, and tells the operator's address."""
    policy = a_policy_dir(tmp_path / "policy")
    (policy / "watch.yaml").write_text(
        f'spec: "1"\nmorning_list: {{at: "23:59"}}\nsecond_way: {{worker_silent: {SILENT_S} seconds}}\n'
    )
    settings = {"VOICEBOT_ALARM_URLS": f"json://127.0.0.1:{taker.server_port}/alarms"}
    database_url = f"sqlite:///{tmp_path / 'voicebot.db'}"
    with closing(Apart(tmp_path, database_url, policy_dir=policy, settings=settings)) as service:
        yield service


def test_a_killed_worker_is_told_by_the_web_process_and_so_is_its_return(apart: Apart, taker: AlarmTaker) -> None:
    apart.wait_for(lambda: "worker_started" in apart.log.read_text(), "the worker to begin")
    apart.kill_worker()
    apart.wait_for(told(taker, "NO WORKER"), "the web process to tell", patience_s=PATIENCE_S)
    apart.start_worker()
    apart.wait_for(told(taker, "the worker is back"), "its return to be told", patience_s=PATIENCE_S)
    assert len(taker.posted) == 2
    assert "json://" not in apart.log.read_text()
