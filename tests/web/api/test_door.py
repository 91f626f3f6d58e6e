"""Who may ask: a right token in the header, and nothing else."""

from pathlib import Path
from typing import Any, ClassVar

import pytest
from limits.storage import MemoryStorage
from sqlalchemy import Engine

from tests.web.api.desk import ApiDesk, Program
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.staff import Role
from voicebot.service.staff.tokens import all_tokens, revoke_token
from voicebot.web.api.door import PER_TOKEN, WRONG_PER_ADDRESS
from voicebot.web.transport.refusals import PROBLEM_JSON


def test_a_right_token_reads_until_it_is_revoked(api: ApiDesk, caplog: pytest.LogCaptureFixture) -> None:
    token = api.token()
    reports = Program(api, token)
    assert reports.get("/cases").status_code == 200
    revoke_token(api.line.hotline, "Reports", by="anna")
    refused = reports.get("/cases")
    assert (refused.status_code, refused.mimetype, refused.json["code"]) == (401, PROBLEM_JSON, "token-wrong")
    assert "Bearer" in refused.headers["WWW-Authenticate"]
    assert token not in caplog.text


def test_no_login_of_a_person_opens_it(api: ApiDesk) -> None:
    """A browser of somebody logged in sends its cookie wherever a page leads it."""
    browser = api.console.logged_in(role=Role.ADMINISTRATOR)
    for path in ("/api/v1/cases", "/api/v1/openapi.json", "/api/v1/nothing"):
        answer = browser.get(path)
        assert answer.status_code == (404 if path.endswith("nothing") else 401)
        assert answer.mimetype == PROBLEM_JSON
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("place", ["access_token", "token"])
def test_no_token_in_an_address_opens_it(api: ApiDesk, place: str) -> None:
    assert Program(api, None).get("/cases", query_string={place: api.token()}).status_code == 401


def test_wrong_tokens_are_counted_and_lock_no_right_one_out(api: ApiDesk) -> None:
    right, wrong = api.program(), Program(api, "vbt_nonsense")
    answers = [wrong.get("/cases").status_code for _ in range(WRONG_PER_ADDRESS.amount + 1)]
    assert answers == [401] * WRONG_PER_ADDRESS.amount + [429]
    assert wrong.get("/cases").headers["Retry-After"] == "900"
    assert right.get("/cases").status_code == 200
    assert Program(api, "vbt_nonsense", "203.0.113.9").get("/cases").status_code == 401


def test_a_token_is_told_how_much_it_may_still_ask(api: ApiDesk) -> None:
    reports, other = api.program(), api.program("Other")
    first = reports.get("/cases")
    assert first.headers["RateLimit-Policy"] == f'"token";q={PER_TOKEN.amount};w=60'
    assert first.headers["RateLimit"].startswith(f'"token";r={PER_TOKEN.amount - 1};t=')
    limiter = next(iter(api.app.extensions["limiter"]))
    known = next(each for each in all_tokens(api.line.hotline) if each.name == "Reports")
    assert limiter.limiter.hit(PER_TOKEN, "api", known.id, cost=PER_TOKEN.amount - 1)
    busy = reports.get("/cases")
    assert (busy.status_code, busy.json["code"]) == (429, "token-busy")
    assert 0 < int(busy.headers["Retry-After"]) <= 61
    assert other.get("/cases").status_code == 200


class StoreAway(MemoryStorage):
    """A store of counts on another machine that does not answer, under an address of its own."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["away"]
    base_exceptions = ConnectionError

    def incr(self, *_arguments: Any, **_named: Any) -> int:
        """Fail."""
        raise ConnectionError


def test_where_the_store_of_counts_is_away_a_program_is_told_to_come_back(
    console: ConsoleDesk, engine: Engine, tmp_path: Path
) -> None:
    api = ApiDesk(ConsoleDesk(console.line, engine, tmp_path / "clips", limiter_storage="away://"))
    for program in (api.program(), Program(api, "vbt_nonsense")):
        away = program.get("/cases")
        assert (away.status_code, away.mimetype, away.json["code"]) == (503, PROBLEM_JSON, "unavailable")
        assert int(away.headers["Retry-After"]) > 0
        assert "VOICEBOT_LIMITER_STORAGE" in away.json["detail"]
        assert "RateLimit" not in away.headers
