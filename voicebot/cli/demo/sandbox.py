"""The demo's own folder, ports and credentials, so that it touches nothing of a real installation.

Knows: which settings the service takes. Must not know: what is played.
"""

import os
import secrets
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.distribution import flows_dir
from voicebot.errors import SettingFault

HOTLINE = "+12025550100"
ADA, BEN = "+12025550142", "+12025550143"
"""Numbers of the range that North America keeps for fiction, which ring nowhere."""
NAMES = {ADA: "Ada", BEN: "Ben"}
"""How the demo calls those who complain, because the hotline itself never asks for a name."""
FICTION = "+120255501"

_KEPT_OUT = ("VOICEBOT_", "TWILIO_", "PIP_")
_MAY_STAY = ("VOICEBOT_MODEL_DIR",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sandbox:
    """Where the demo plays."""

    folder: Path
    port: int
    api_port: int
    account_sid: str
    auth_token: str
    flows: Path = field(default_factory=flows_dir)
    """The call flows that it serves."""
    policy_dir: Path = field(default_factory=lambda: flows_dir() / "policy_demo")
    """Promises within a minute, demo staff on the ladder."""

    @property
    def hotline_url(self) -> str:
        """The service's public address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The pretend carrier's REST API."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def database(self) -> Path:
        """The demo's SQLite file."""
        return self.folder / "voicebot.db"

    @property
    def database_url(self) -> str:
        """The same as the service is told it."""
        return f"sqlite:///{self.database}"

    @property
    def log(self) -> Path:
        """What the service wrote."""
        return self.folder / "service.log"

    @property
    def live_view(self) -> Path:
        """Where the service tells what it hears while it hears it."""
        return self.folder / "live.jsonl"

    def recording_of(self, caller: str) -> Path:
        """Return where both sides of a caller's call are kept."""
        return self.folder / f"call_{NAMES[caller].lower()}.wav"

    def environment(self) -> dict[str, str]:
        """Return the environment of the service, which is ours, without any setting made for a real installation."""
        inherited = {
            name: value for name, value in os.environ.items() if name in _MAY_STAY or not name.startswith(_KEPT_OUT)
        }
        return inherited | {
            "TWILIO_ACCOUNT_SID": self.account_sid,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_PHONE_NUMBER": HOTLINE,
            "VOICEBOT_PUBLIC_URL": self.hotline_url,
            "VOICEBOT_PORT": str(self.port),
            "VOICEBOT_DATA_DIR": str(self.folder),
            "VOICEBOT_DATABASE_URL": self.database_url,
            "VOICEBOT_TWILIO_API_URL": self.api_url,
            "VOICEBOT_FLOWS_DIR": str(self.flows),
            "VOICEBOT_POLICY_DIR": str(self.policy_dir),
            "VOICEBOT_GATE_EXCEPTIONS": FICTION,
            "VOICEBOT_LIVE_VIEW_FILE": str(self.live_view),
            "VOICEBOT_EXECUTOR_ID": "voicebot-demo",
            "VOICEBOT_GRACE_S": "2",
            "PYTHONUNBUFFERED": "1",
        }


def set_up(folder: Path) -> Sandbox:
    """Empty the demo's folder and choose ports and credentials.

    Raises: SettingFault when the folder cannot be written.
    """
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except OSError as problem:
        raise SettingFault(
            f"cannot write the demo's folder {folder}: make it writable, or name another with --folder"
        ) from problem
    port, api_port = _free_ports()
    return Sandbox(
        folder=folder.resolve(),
        port=port,
        api_port=api_port,
        account_sid=f"AC{secrets.token_hex(16)}",
        auth_token=secrets.token_hex(16),
    )


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
