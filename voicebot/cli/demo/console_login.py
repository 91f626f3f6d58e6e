"""A login for who watches the demo, made by the command that makes every login, and tried as a browser would.

Knows: `voicebot staff`, the console's login page. Must not know: how accounts are kept, what a case's page looks like.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import requests

from voicebot.cli.demo.sandbox import Sandbox
from voicebot.cli.demo.screen import Screen

EMAIL = "demo@voicebot.example"
MEMBER = "owner_1"
"""Who the viewer is. It is the handler who owns the case, with the rights of an administrator."""

_PATIENCE_S = 60.0
_PASSWORD = re.compile(r"^Password: (\S+)$", re.MULTILINE)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleLogin:
    """Where and as whom the viewer logs in."""

    address: str
    email: str
    password: str


def make_login(sandbox: Sandbox) -> ConsoleLogin | None:
    """Make the viewer's login in the demo's database, or None when that failed."""
    who = ["--name", "Olive Handler", "--role", "administrator", "--member", MEMBER]
    command = [sys.executable, "-m", "voicebot", "staff", "add", EMAIL, *who, "--generate"]
    environment, folder = sandbox.environment(), sandbox.folder
    run = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
    found = _PASSWORD.search(run.stdout)
    if run.returncode != 0 or found is None:
        return None
    return ConsoleLogin(address=f"{sandbox.hotline_url}/console/", email=EMAIL, password=found[1])


def faults_of_login(login: ConsoleLogin | None, case_numbers: Sequence[str]) -> list[str]:
    """Log in as a browser does, and return what is wrong, each as a sentence, and nothing when the list of all
    cases shows them.
    """
    if login is None:
        return ["no login could be made for the console"]
    try:
        return _faults(login, case_numbers)
    except requests.RequestException:
        return ["the console does not answer"]


def show_login(screen: Screen, login: ConsoleLogin | None) -> None:
    """Say where to look at the case in a browser, and as whom."""
    if login is not None:
        screen.line("console", f"look at the case in a browser: {login.address}")
        screen.line("console", f"e-mail {login.email}   password {login.password}")


def _faults(login: ConsoleLogin, case_numbers: Sequence[str]) -> list[str]:
    with requests.Session() as browser:
        page = browser.get(login.address, timeout=10)
        token = _TOKEN.search(page.text)
        if not page.ok or token is None:
            return [f"the console shows no login (status {page.status_code})"]
        form = {"email": login.email, "password": login.password, "csrf_token": token[1]}
        cases = browser.post(page.url, data=form, timeout=10)
        if not cases.ok or cases.url != login.address:
            return [f"the console does not let the viewer in (status {cases.status_code})"]
        everything = browser.get(f"{login.address}cases?show=all", timeout=10).text
        return [f"the console's list does not show case {case}" for case in case_numbers if case not in everything]
