"""The proxies of docs/operating.md, as they stand there: a call goes through them whatever strangers send slowly."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.calls.conftest import StartService
from tests.calls.house import CALLER_NUMBER, free_port
from tests.calls.people import silent_presser
from tests.calls.test_slow_peers import strangers
from voicebot.distribution import PROJECT_DIR

pytestmark = pytest.mark.heavy

PAGE = (PROJECT_DIR / "docs/operating.md").read_text()
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/a;
    uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
    {site}
}}
"""

StartProxy = Callable[[int], str]


def _site(begins: str) -> str:
    """Return the page's block that begins so."""
    (block,) = (
        each for each in re.findall(r"^```\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE) if each.startswith(begins)
    )
    return block


def _nginx(folder: Path, port: int, upstream: int) -> list[str]:
    site = _site("map $http_upgrade").replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, site=site.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")))
    return ["-e", "stderr", "-p", str(folder), "-c", str(file)]


def _caddy(folder: Path, port: int, upstream: int) -> list[str]:
    site = _site("{\n    servers").replace("{\n", "{\n    admin off\n", 1)
    site = site.replace("hotline.example.com {", f"http://127.0.0.1:{port} {{")
    file = folder / "Caddyfile"
    file.write_text(site.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}"))
    return ["run", "--config", str(file), "--adapter", "caddyfile"]


@pytest.fixture(params=[_nginx, _caddy], ids=["nginx", "caddy"])
def start_proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartProxy]:
    """Start the proxy before a port; it is stopped with the test."""
    name = request.param.__name__.removeprefix("_")
    program = shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin:/opt/homebrew/bin")
    if program is None:
        pytest.skip(f"needs {name}")
    with ExitStack() as stack:

        def start(upstream: int) -> str:
            port = free_port()
            command = [program, *request.param(tmp_path, port, upstream)]
            with (tmp_path / f"{name}.log").open("w") as log:
                proxy = subprocess.Popen(command, cwd=tmp_path, env={"HOME": str(tmp_path)}, stdout=log, stderr=log)
            stack.callback(proxy.wait, 20)
            stack.callback(proxy.terminate)
            return f"http://127.0.0.1:{port}"

        yield start


@pytest.mark.timeout(300)
def test_a_call_goes_through_the_proxy_while_strangers_send_slowly(
    start_service: StartService, start_proxy: StartProxy
) -> None:
    service = start_service(pace=8.0, behind=start_proxy, settings={"VOICEBOT_PROXY_HOPS": "1"})
    with strangers(service):
        call = service.carrier.ring(CALLER_NUMBER, silent_presser())
        assert requests.get(f"{service.url}/livez", timeout=10).status_code == 200
        call.wait(120)
    assert call.errors == ()
    service.wait_for(lambda: len(service.confirmations(CALLER_NUMBER)) == 1, "the confirmation")
    big = requests.post(f"{service.url}/twilio/voice", data=b"a" * 300_000, timeout=10)
    assert big.status_code in {413, 502}, "nginx says that it is too big, Caddy that it could not pass it on"
