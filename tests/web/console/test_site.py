"""The console in the application: its addresses, and whose address a request is said to come from."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from tests.web.console.desk import SITE, TOKEN, Browser, ConsoleDesk
from tests.web.desk import a_call_form
from voicebot.errors import SettingFault

FORWARDED = {"X-Forwarded-For": "203.0.113.5, 198.51.100.20"}


def test_the_bare_address_leads_to_the_console(console: ConsoleDesk) -> None:
    assert console.browser().get("/").location == "/console/"


def _wrong_tries(browser: Browser, times: int) -> list[int]:
    """Try passwords from behind a proxy, each time naming another address of one's own."""
    page = browser.get("/console/login")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return [
        browser.post(
            "/console/login",
            {"email": f"n{i}@firm.example", "password": "x" * 201, "csrf_token": token},
            headers={"X-Forwarded-For": f"192.0.2.{i}, 198.51.100.20"},
        ).status_code
        for i in range(times)
    ]


def test_unasked_no_header_says_where_a_request_comes_from(console: ConsoleDesk) -> None:
    assert _wrong_tries(console.browser(), 31) == [200] * 30 + [429]
    assert console.browser("203.0.113.77").get("/console/login").status_code == 200


@pytest.mark.parametrize(("hops", "last"), [(1, 429), (2, 200)])
def test_so_many_proxies_are_believed_as_the_setting_says(
    console: ConsoleDesk, engine: Engine, tmp_path: Path, hops: int, last: int
) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=hops)
    assert _wrong_tries(behind.browser(), 31) == [200] * 30 + [last]


def test_a_login_is_kept_with_the_address_believed(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=1)
    behind.add()
    browser = behind.browser("10.0.0.1")
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.5, 198.51.100.20"
    assert browser.log_in("anna@firm.example").status_code == 302
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT last_login_from FROM staff_account").scalar() == "198.51.100.20"


def test_proxies_change_nothing_about_signatures(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=1)
    form = a_call_form()
    signature = RequestValidator(TOKEN).compute_signature(f"{SITE}/twilio/voice", form)
    headers = {**FORWARDED, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/x"}
    answer = behind.app.test_client().post(
        "/twilio/voice", data=form, headers={**headers, "X-Twilio-Signature": str(signature)}
    )
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")


def test_a_store_of_counts_that_cannot_be_had_is_named_at_the_start(
    console: ConsoleDesk, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_LIMITER_STORAGE"):
        ConsoleDesk(console.line, engine, tmp_path, limiter_storage="carrier-pigeon://loft")
