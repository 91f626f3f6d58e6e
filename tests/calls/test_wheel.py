"""Whoever installs the wheel has a hotline: it is installed alone into an empty environment and rung in another folder.

Our dependencies are lent from the environment of the tests, for nothing is downloaded here. The checkout stays out of
reach: a `.pth` file that lies in a lent folder is not read.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.calls.house import CALLER_NUMBER
from tests.calls.service import Service
from tests.house import tree
from tests.installed_model import model_folder
from voicebot import __version__
from voicebot.flow.prompts import clip_name
from voicebot.simulator.caller import Caller, hang_up
from voicebot.speech.audio import read_wav

pytestmark = pytest.mark.heavy

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
COMPANY = "Seaside Lamps"
GREETING = f"{clip_name('Hello. This is the complaints line.')}.wav"


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A wheel, and the environment that has it and no checkout."""

    wheel: Path
    bin: Path
    elsewhere: Path
    """Where the commands are typed."""

    def run(self, *arguments: str, program: str = "voicebot", **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a program of that environment."""
        command = [self.bin / program, *arguments]
        environment = _outside() | settings
        return subprocess.run(command, cwd=self.elsewhere, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return _built("wheel", tree.PROJECT_DIR, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own, in another folder than this checkout."""
    folder = tmp_path_factory.mktemp("stranger")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    # Only what is run is compiled, when it is run first: that saves seconds.
    alone = ("--no-deps", "--no-index", "--no-compile")
    subprocess.run([*PIP, "--python", python, "install", *alone, wheel], check=True)
    lent = folder / "env" / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix) / "lent.pth"
    lent.write_text("\n".join(sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})))
    (folder / "elsewhere").mkdir()
    return Installed(wheel=wheel, bin=python.parent, elsewhere=folder / "elsewhere")


class InstalledService(Service):
    """`voicebot serve` of the installed wheel, with no more settings than an operator gives."""

    def __init__(self, installed: Installed, folder: Path) -> None:
        self._program = installed.bin / "voicebot"
        super().__init__(folder, f"sqlite:///{folder / 'voicebot.db'}", settings={"VOICEBOT_COMPANY": COMPANY})

    def start_serve(self) -> "subprocess.Popen[bytes]":
        """Start it, without the tests' policy."""
        for name in ("VOICEBOT_POLICY_DIR", "PYTHONPATH"):
            self.environment.pop(name, None)
        with self.log.open("a") as log:
            command = [self._program, "serve"]
            return subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)


@pytest.fixture
def service(installed: Installed, tmp_path: Path) -> Iterator[InstalledService]:
    """A hotline that the wheel serves."""
    model_folder()
    running = InstalledService(installed, tmp_path)
    try:
        yield running
    finally:
        running.close()


def _built(target: str, source: Path, folder: Path) -> Path:
    """Build a wheel or sdist from a folder with the build tools installed here, as the lock file has them."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = (path for path in folder.iterdir() if path.is_file())
    return built


def _outside() -> dict[str, str]:
    """Return our environment without what leads to this checkout or sets up another hotline."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("VOICEBOT_", "TWILIO_", "PYTHON"))
    }


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_all_that_a_hotline_needs_and_nothing_else(wheel: Path) -> None:
    names = _names(wheel)
    flows = [path for path in (tree.PROJECT_DIR / "flows").rglob("*") if path.is_file()]
    pages = [path for ending in ("md", "json") for path in (tree.PROJECT_DIR / "docs").glob(f"*.{ending}")]
    wanted = {f"voicebot/bundled/{tree.place(path)}" for path in (*flows, *pages)}
    assert wanted == {name for name in names if name.startswith("voicebot/bundled/")}
    assert "voicebot/py.typed" in names
    assert {name.split("/")[0] for name in names} == {"voicebot", f"complaint_hotline-{__version__}.dist-info"}


def test_a_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(_built("sdist", tree.PROJECT_DIR, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    rebuilt = _built("wheel", source, tmp_path / "dist")
    assert rebuilt.name == wheel.name
    assert _names(rebuilt) == _names(wheel)


def test_the_checkout_is_out_of_reach_and_no_message_asks_for_it(installed: Installed) -> None:
    told = "import voicebot.distribution as ours; print(ours.PACKAGE_DIR, ours.how_to_add('voice'), sep='\\n')"
    run = installed.run("-c", told, program="python")
    place, extra = run.stdout.splitlines()
    assert Path(place).is_relative_to(installed.bin.parent), run.stdout
    assert extra == "install complaint-hotline[voice]"
    assert installed.run("-c", "import tests", program="python").returncode != 0


def test_commands_find_flows_and_pages(installed: Installed) -> None:
    assert installed.run("--version").stdout == f"voicebot {__version__}\n"
    assert installed.run("docs", "errors").stdout == (tree.PROJECT_DIR / "docs/errors.md").read_text()
    run = installed.run("flows", "check", VOICEBOT_COMPANY=COMPANY)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"No faults in {installed.bin.parent}" in run.stdout


def test_the_doctor_misses_no_file_and_names_how_to_make_flows_one_s_own(installed: Installed) -> None:
    report = installed.run("doctor", "--offline", VOICEBOT_COMPANY=COMPANY, VOICEBOT_MODEL_DIR="none").stdout
    assert "flows, policy and clips have no fault" in report
    assert "are the examples that came with voicebot" in report
    assert f"greeted without the name {COMPANY}" in report
    assert report.count("`voicebot flows copy`") == 2
    assert "no complaint/flow.yaml" not in report


def test_a_copy_of_the_flows_is_followed_where_it_was_made(installed: Installed) -> None:
    run = installed.run("flows", "copy")
    assert run.returncode == 0, run.stderr
    own = installed.elsewhere / "flows"
    assert f"No faults in {own} with the policy in {own / 'policy'}" in installed.run("flows", "check").stdout


def test_whoever_rings_is_greeted(service: InstalledService) -> None:
    call = service.carrier.ring(CALLER_NUMBER, Caller().after("greet_caller", hang_up())).wait()
    assert call.heard[:1] == ("greet_caller",)
    assert call.errors == ()
    clip = read_wav((tree.PROJECT_DIR / "flows/clips/en" / GREETING).read_bytes())
    assert clip in bytes(call.hotline_track)
    service.wait_for(lambda: len(service.tickets()) == 1, "the case")
