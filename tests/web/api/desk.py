"""Programs that ask the real application, each with a token of its own."""

from typing import Any

from werkzeug.test import TestResponse

from tests.web.console.desk import SITE, ConsoleDesk
from voicebot.domain.staff import Role
from voicebot.service.staff.tokens import NewToken, make_token


class ApiDesk:
    """The application."""

    def __init__(self, console: ConsoleDesk) -> None:
        self.console = console
        self.line = console.line
        self.app = console.app

    def token(self, name: str = "Reports", *, role: Role = Role.HANDLER) -> str:
        """Make a token and return its text."""
        return make_token(self.line.hotline, NewToken(name=name, role=role, made_by="anna"))[1]

    def program(self, name: str = "Reports", *, role: Role = Role.HANDLER) -> "Program":
        """Return a program with a new token of its own."""
        return Program(self, self.token(name, role=role))


class Program:
    """Asks with a token, in JSON."""

    def __init__(self, api: ApiDesk, token: str | None, address: str = "198.51.100.9") -> None:
        self._client = api.app.test_client()
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._address = address

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **details: Any) -> TestResponse:
        """Ask for a path below `/api/v1`."""
        return self._client.open(
            f"/api/v1{path}",
            method=method,
            base_url=SITE,
            headers=self._headers | (headers or {}),
            environ_overrides={"REMOTE_ADDR": self._address},
            **details,
        )

    def get(self, path: str, **details: Any) -> TestResponse:
        """Read something."""
        return self.ask("GET", path, **details)

    def read(self, path: str) -> Any:
        """Read something that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json
