"""Styles, scripts and pictures of ours. Each has a version in its address, so that a browser keeps it for a year.

The version is a digest of the file. A new release has new addresses, and nobody is asked whether a file is still the
same. Under an old address, or none, a file is sent as it is now, and asked for again.
Knows: files of ours, Bootstrap's style sheet. Must not know: pages, compression.
Source: RFC 9111, section 5.2.2, and RFC 8246 (immutable).
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import flask_bootstrap
from flask import Blueprint, Response, request, send_file, send_from_directory

from voicebot.web.guard.guards import Guard, guarded

STATIC_DIR = Path(__file__).parent / "static"
"""Styles, scripts and pictures of ours, which hold nothing of anybody."""
BOOTSTRAP_CSS = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
"""The package's own file, so nothing is loaded from another host."""
KEPT_S = 365 * 24 * 3600
"""The longest that RFC 9111 knows a use for."""


def register_statics(console: Blueprint) -> None:
    """Add the routes, and the version to each address that a page writes."""
    console.add_url_rule("/static/bootstrap.min.css", "bootstrap", bootstrap_css)
    console.add_url_rule("/static/<path:filename>", "static", static)
    console.app_url_defaults(add_version)


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Add its version to the address of a file of ours."""
    path = _path_of(endpoint, values)
    if path is not None and path.is_file():
        values["v"] = version_of(path)


def version_of(path: Path) -> str:
    """Return what changes with each byte of a file."""
    facts = path.stat()
    return _digest(path, facts.st_mtime_ns, facts.st_size)


@guarded(Guard.PUBLIC)
def bootstrap_css() -> Response:
    """Send Bootstrap's style sheet."""
    return _kept(send_file(BOOTSTRAP_CSS, mimetype="text/css", conditional=True), BOOTSTRAP_CSS)


@guarded(Guard.PUBLIC)
def static(filename: str) -> Response:
    """Return a style, script or picture of ours."""
    return _kept(send_from_directory(STATIC_DIR, filename), STATIC_DIR / filename)


def _kept(answer: Response, path: Path) -> Response:
    if request.args.get("v") == version_of(path):
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}, immutable"
    return answer


def _path_of(endpoint: str, values: dict[str, Any]) -> Path | None:
    if endpoint == "console.bootstrap":
        return BOOTSTRAP_CSS
    return STATIC_DIR / str(values.get("filename", "")) if endpoint == "console.static" else None


@lru_cache(maxsize=64)
def _digest(path: Path, _changed_ns: int, _size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
