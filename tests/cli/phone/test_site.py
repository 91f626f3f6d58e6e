"""The phone's page is served on loopback to itself alone, with nothing inline and nothing from elsewhere."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.cli.phone.facts import some_facts
from tests.simulator.conftest import MakeCarrier
from voicebot.cli.phone.desk import Desk
from voicebot.cli.phone.hotline import HotlineProbe
from voicebot.cli.phone.site import STATIC_DIR, make_site, make_web_server
from voicebot.errors import SettingFault

HERE = "127.0.0.1:8071"


@pytest.fixture
def client(make_carrier: MakeCarrier, tmp_path: Path) -> Iterator[FlaskClient]:
    facts = some_facts("http://127.0.0.1:9", tmp_path)
    with make_site(Desk(make_carrier(), facts, HotlineProbe(facts.url), is_own=False)).test_client() as client:
        yield client


def test_the_page_and_what_it_names_are_served_and_kept_by_no_browser(client: FlaskClient) -> None:
    with client.get("/", headers={"Host": HERE}) as page:
        policy = page.headers["Content-Security-Policy"]
        named = set(re.findall(r'(?:src|href)="([^"]+)"', page.text)) | {"/static/line-worklet.js"}
        assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert named == {f"/static/{file.name}" for file in STATIC_DIR.iterdir() if file.suffix != ".html"}
    for path in named:
        with client.get(path, headers={"Host": HERE}) as file:
            assert file.status_code == 200


def test_nothing_on_the_page_is_inline_or_from_elsewhere() -> None:
    page = (STATIC_DIR / "phone.html").read_text()
    assert re.findall(r"<script(?![^>]*src=)|<style|style=|\son\w+=|https?://", page) == []


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Host": "phone.attacker.example"}),
        ("/", {"Host": "[bad"}),
        ("/", {"Host": HERE, "Origin": "https://attacker.example"}),
        ("/line", {"Host": HERE, "Origin": "http://127.0.0.1:9999"}),
        ("/line", {"Host": HERE}),
    ],
)
def test_strangers_names_and_other_pages_are_refused(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 403


def test_a_port_that_is_taken_is_refused_with_the_cure(client: FlaskClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingFault, match=f"port {port} is taken on this machine; choose another with --port"):
            make_web_server(client.application, port)
    server = make_web_server(client.application, 0)
    assert server.socket.getsockname()[0] == "127.0.0.1"
    server.server_close()
