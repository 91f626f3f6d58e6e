"""The hotline that the phone rings, and how it is just now, in a sentence for whoever holds the phone.

It is the one of the settings, or, where they hold no key to sign with, one of the phone's own in a folder of its own.
Knows: settings, the demo's sandbox and its service, the health page. Must not know: calls, pages.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import requests

from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.sandbox import HOTLINE, Sandbox
from voicebot.config import Settings

_PATIENCE_S = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class HotlineFacts:
    """Where a hotline is, and what signs requests to it."""

    account_sid: str
    auth_token: str
    number: str
    url: str
    api_port: int
    """Where it asks the carrier's REST API, on this machine. 0 when it asks another machine."""
    database_url: str
    live_view: Path | None
    """The file in which it tells what it hears while it hears it. None when it was told of none."""
    flows_dir: Path


@dataclass(frozen=True, slots=True)
class HotlineState:
    """How the hotline is, as the page shows it."""

    name: Literal["ready", "starting", "away", "unwell", "stopped"]
    why: str = ""
    """What was found and what to do. Empty when it is ready."""


def of_settings(settings: Settings, url: str, *, account_sid: str, number: str, api_port: int) -> HotlineFacts:
    """Return the hotline that the settings describe, where the two defaults stand in for what they leave out."""
    return HotlineFacts(
        account_sid=settings.twilio_account_sid or account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        number=settings.twilio_phone_number or number,
        url=url,
        api_port=api_port,
        database_url=settings.resolved_database_url(),
        live_view=settings.live_view_file,
        flows_dir=settings.flows_dir,
    )


def of_sandbox(sandbox: Sandbox, flows_dir: Path) -> HotlineFacts:
    """Return the hotline in a sandbox."""
    return HotlineFacts(
        account_sid=sandbox.account_sid,
        auth_token=sandbox.auth_token,
        number=HOTLINE,
        url=sandbox.hotline_url,
        api_port=sandbox.api_port,
        database_url=sandbox.database_url,
        live_view=sandbox.live_view,
        flows_dir=flows_dir,
    )


class HotlineProbe:
    """Asks how a hotline is. `process` is the one that the phone started itself."""

    def __init__(self, url: str, process: HotlineProcess | None = None) -> None:
        self._url = url
        self._process = process

    def state(self) -> HotlineState:
        """Return how it is now."""
        if self._process is not None and not self._process.is_alive():
            return HotlineState("stopped", f"The hotline has stopped. {self._last_line()}. Then start the phone again.")
        try:
            session = requests.Session()
            session.trust_env = False  # no proxy of the environment, since it is on this machine
            with session:
                answer = session.get(f"{self._url}/readyz", timeout=_PATIENCE_S)
        except requests.RequestException:
            return self._silent()
        if answer.status_code == 200:
            return HotlineState("ready")
        return HotlineState("unwell", f"The hotline answers, but may take no calls: {answer.text.strip()[:400]}")

    def _silent(self) -> HotlineState:
        if self._process is not None:
            return HotlineState("starting", "The hotline is starting, which takes some seconds.")
        return HotlineState(
            "away", f"Nothing answers at {self._url}. Start the hotline in another terminal: voicebot serve"
        )

    def _last_line(self) -> str:
        """Return the last line that it wrote, which is the error that ended it, with the cure."""
        words = self._process.last_words(1) if self._process is not None else ""
        return words.strip().removeprefix("voicebot: ").rstrip(".")
