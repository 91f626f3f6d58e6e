"""Prism as a validating proxy, with Twilio's own OpenAPI, in front of the pretend carrier's REST API.

Twilio's document lists array parameters without saying that they are repeated in the form, so the same is
written into a copy of it before use (stoplightio/prism#2473).
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

PROJECT_DIR = Path(__file__).resolve().parents[2]
PRISM = PROJECT_DIR / "node_modules/.bin/prism"
SPECS = PROJECT_DIR / "node_modules/@twilio-alpha/mcp/twilio-oai/spec/json"
OPENAPI = SPECS / "twilio_api_v2010.json"
_FORM = "application/x-www-form-urlencoded"
_STARTS_WITHIN_S = 60.0


@contextmanager
def prism_before(api_url: str, folder: Path, spec: str = "twilio_api_v2010") -> Iterator[str]:
    """Run Prism with one of Twilio's documents in front of an API and yield its URL."""
    published = SPECS / f"{spec}.json"
    if not PRISM.exists() or not published.is_file():
        pytest.skip("needs Prism and Twilio's OpenAPI: run `npm ci --ignore-scripts` in the project's folder")
    document = folder / published.name
    document.write_text(json.dumps(_with_repeated_arrays(json.loads(published.read_text()))))
    port = _free_port()
    command = [str(PRISM), "proxy", "--errors", "-h", "127.0.0.1", "-p", str(port), str(document), api_url]
    with (folder / "prism.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _await_answer(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _with_repeated_arrays(document: dict[str, Any]) -> dict[str, Any]:
    for path in document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            if _FORM in content:
                properties = content[_FORM]["schema"].get("properties", {})
                arrays = [name for name, shape in properties.items() if shape.get("type") == "array"]
                content[_FORM]["encoding"] = {name: {"style": "form", "explode": True} for name in arrays}
    return document


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await_answer(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("Prism did not start; its log lies beside the patched OpenAPI document")
