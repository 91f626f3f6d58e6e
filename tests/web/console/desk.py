"""The console for tests: the real application on a whole hotline, and people with browsers in front of it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.quick_app import quick_hash, with_compiled_parts, with_quick_passwords
from tests.service.lines import Line
from voicebot.adapters.passwords import hash_password
from voicebot.adapters.store.logins import Logins
from voicebot.domain.staff import Role, StaffAccount
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.web.app import WebOptions, create_app
from voicebot.web.console import ConsoleOptions

TOKEN = "0123456789abcdef0123456789abcdef"
PASSWORD = "a quiet harbour at dawn"
SITE = "https://hotline.example"
LOGIN, LOGOUT, CHANGE = "/console/login", "/console/logout", "/console/password"
_TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@cache
def hashed(password: str) -> str:
    """Hash a password once for all tests, at the least cost: it is dear on purpose."""
    return quick_hash(password)


class ConsoleDesk:
    """The application with its console."""

    def __init__(self, line: Line, engine: Engine, clips_dir: Path, *, is_dear: bool = False, **options: Any) -> None:
        """Open it. Passwords cost what they cost in service with `is_dear`."""
        self.line = line
        self.clips_dir = clips_dir
        console = ConsoleOptions(secret_key="k" * 48, logins=Logins(engine), **options)
        options_of_web = WebOptions(auth_tokens=(TOKEN,), clips_dir=clips_dir, console=console)
        self.app: Flask = with_compiled_parts(create_app(line.hotline, options_of_web))
        self._hash = hash_password if is_dear else hashed
        if not is_dear:
            with_quick_passwords(self.app)

    def add(self, email: str = "anna@firm.example", **changes: Any) -> StaffAccount:
        """Add an account: Anna, a handler, unless told otherwise."""
        facts = {"name": "Anna Ruiz", "role": Role.HANDLER} | changes
        return add_account(self.line.hotline, NewAccount(email=email, **facts), self._hash(PASSWORD))

    def browser(self, address: str = "198.51.100.7") -> "Browser":
        """Open a browser that nobody is logged in with."""
        return Browser(self.app.test_client(), address)

    def logged_in(self, email: str = "anna@firm.example", **changes: Any) -> "Browser":
        """Add an account and log in with it."""
        self.add(email, **changes)
        browser = self.browser()
        assert browser.log_in(email).status_code == 302
        return browser


class Browser:
    """Somebody at a browser: keeps cookies, sends the page's token along with its forms."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client = client
        self._asking = {"base_url": SITE, "environ_overrides": {"REMOTE_ADDR": address}}

    def get(self, path: str, **details: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **self._asking, **details)

    def post(self, path: str, form: dict[str, str], **details: Any) -> TestResponse:
        """Send a form as it is, without a token."""
        return self.client.post(path, data=form, **self._asking, **details)

    def send(self, page: str, form: dict[str, str], *, to: str | None = None) -> TestResponse:
        """Open a page and send its form, with the token that stands in it."""
        return self.post(to or page, {"csrf_token": token_in(self.get(page)), **form})

    def log_in(self, email: str, password: str = PASSWORD, *, then: str = "") -> TestResponse:
        """Fill in the login."""
        return self.send(LOGIN, {"email": email, "password": password, "next": then})


def token_in(page: TestResponse) -> str:
    """Return the token of the first form on a page."""
    found = _TOKEN_FIELD.search(page.text)
    assert found, f"{page.status_code}: {page.text[:400]}"
    return found[1]
