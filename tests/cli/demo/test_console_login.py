"""The viewer's login is made by the real command and tried against a real server."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from werkzeug.serving import make_server

from tests.builders import a_ticket
from voicebot.bootstrap import build_hotline, console_secret, open_logins
from voicebot.cli.database import migrate_database
from voicebot.cli.demo.console_login import ConsoleLogin, faults_of_login, make_login, show_login
from voicebot.cli.demo.sandbox import Sandbox, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.config import Settings
from voicebot.web.app import WebOptions, create_app
from voicebot.web.console import ConsoleOptions

pytestmark = pytest.mark.heavy

CASE, OTHER = "482-913-756", "111-111-111"


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    sandbox = set_up(tmp_path / "demo")
    migrate_database(sandbox.database_url)
    return sandbox


@pytest.fixture
def served(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The console of the demo's database, on the demo's port."""
    settings = Settings(
        data_dir=sandbox.folder,
        database_url=sandbox.database_url,
        policy_dir=sandbox.policy_dir,
        public_url=sandbox.hotline_url,
    )
    hotline, logins = build_hotline(settings), open_logins(settings)
    with hotline.unit_of_work() as work:
        work.tickets.add(a_ticket(locale="en-US"))
        work.commit()
    console = ConsoleOptions(secret_key=console_secret(settings), logins=logins)
    app = create_app(hotline, WebOptions(auth_tokens=("x",), clips_dir=sandbox.folder, console=console))
    server = make_server("127.0.0.1", sandbox.port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield sandbox
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_viewer_is_let_in_and_sees_the_case(served: Sandbox) -> None:
    login = make_login(served)
    assert login is not None
    assert login.address == f"{served.hotline_url}/console/"
    assert faults_of_login(login, [CASE]) == []
    assert faults_of_login(login, [CASE, OTHER]) == [f"the console's list does not show case {OTHER}"]
    wrong = replace(login, password="not the password")
    assert faults_of_login(wrong, [CASE]) == ["the console does not let the viewer in (status 200)"]
    assert make_login(served) is None, "an account is made once"


def test_what_does_not_answer_is_said(sandbox: Sandbox) -> None:
    login = ConsoleLogin(address=f"{sandbox.hotline_url}/console/", email="a@b.example", password="x")
    assert faults_of_login(login, [CASE]) == ["the console does not answer"]
    assert faults_of_login(None, [CASE]) == ["no login could be made for the console"]


def test_the_ending_names_address_e_mail_and_password() -> None:
    out = io.StringIO()
    with Screen(Console(file=out, width=120)) as screen:
        show_login(screen, None)
        assert out.getvalue() == ""
        show_login(screen, ConsoleLogin(address="http://127.0.0.1:1/console/", email="a@b.example", password="secret"))
    assert "http://127.0.0.1:1/console/" in out.getvalue()
    assert "e-mail a@b.example   password secret" in out.getvalue()
