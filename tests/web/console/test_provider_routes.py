"""Logging in by the company's own sign-in, over real HTTP against a real provider, whole and with each thing wrong."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.company_sign_in import CLIENT, SECRET, Person, Provider, company_sign_in
from tests.web.console.desk import PASSWORD, Browser, ConsoleDesk, token_in
from tests.web.console.test_second_factor_pages import NEW, code_of, key_on
from voicebot.adapters.provider_discovery import ProviderOptions
from voicebot.domain.account_event import AccountVerb
from voicebot.domain.sign_in import SignInRules
from voicebot.domain.staff import Role
from voicebot.service.staff.accounts import all_accounts, disable_account, find_account, history_of
from voicebot.service.staff.provider_sign_in import unlink

EMAIL = "anna@firm.example"
BEGIN, DONE = "/console/sign-in", "/console/sign-in/done"
FORM, SET_UP, CODE = "/console/cases/482-913-756/fields", "/console/second-factor", "/console/second-factor/code"
GROUPS = SignInRules(roles=(("admins", Role.ADMINISTRATOR), ("hotline", Role.HANDLER)))


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with company_sign_in() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider) -> Provider:
    """The provider with nothing wrong."""
    served.person = Person({"sub": "ann-1", "email": EMAIL, "name": "Anna Ruiz"})
    served.claims, served.said, served.signed_by, served.has_id_token = {}, {}, "RS256", True
    served.other_key = served.keys = None
    return served


class Company:
    """The console of a company with a sign-in of its own."""

    def __init__(self, console: ConsoleDesk, provider: Provider, **changes: Any) -> None:
        self.provider = provider
        options = ProviderOptions(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET)
        rest = {name: changes.pop(name) for name in list(changes) if name == "second_factor_for"}
        self.desk = ConsoleDesk(
            console.line, console.line.engine, console.clips_dir, provider=replace(options, **changes), **rest
        )

    def sign_in(self, browser: Browser | None = None, *, then: str = "") -> tuple[Browser, TestResponse]:
        """Go there and come back."""
        browser = browser or self.desk.browser()
        return browser, browser.get(back_from(browser.get(BEGIN, query_string={"next": then} if then else None)))


def back_from(there: TestResponse) -> str:
    """Log in at the provider, and return the page of ours that it leads to."""
    assert there.status_code == 302, there.text
    back = requests.get(there.location, allow_redirects=False, timeout=5)
    assert back.headers["Location"].startswith("https://hotline.example/console/sign-in/done?"), back.text
    return back.headers["Location"].removeprefix("https://hotline.example")


def is_in(browser: Browser) -> bool:
    """Tell whether the browser is logged in."""
    return browser.get("/console/").status_code == 200


def verbs(company: Company) -> list[AccountVerb]:
    """Return what stands in Anna's history."""
    return [event.verb for event in history_of(company.desk.line.hotline, EMAIL)]


@pytest.fixture
def company(console: ConsoleDesk, provider: Provider) -> Company:
    console.add()
    return Company(console, provider)


def test_whom_the_provider_vouches_for_comes_in_and_back_to_where_they_wanted(company: Company) -> None:
    assert "Log in by your company account" in company.desk.browser().get("/console/login").text
    browser, answer = company.sign_in(then="/console/cases/482-913-756?page=2")
    assert (answer.status_code, answer.location) == (302, "/console/cases/482-913-756?page=2")
    assert is_in(browser)
    assert "Anna Ruiz" in browser.get("/console/").text
    assert verbs(company) == [AccountVerb.LINKED]


def test_the_browser_is_sent_with_all_that_protects_the_way(company: Company) -> None:
    asked = parse_qs(urlsplit(company.desk.browser().get(BEGIN).location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["https://hotline.example/console/sign-in/done"]
    assert all(asked[name][0] for name in ("state", "nonce", "code_challenge"))


def test_an_account_is_known_by_its_subject_whatever_becomes_of_the_e_mail(company: Company) -> None:
    company.sign_in()
    company.provider.person = Person({"sub": "ann-1", "email": "married@firm.example"})
    assert company.sign_in()[1].status_code == 302
    company.provider.person = Person({"sub": "somebody-new", "email": EMAIL})
    browser, page = company.sign_in()
    assert page.status_code == 409, "who got a colleague's old e-mail is not that colleague"
    assert "belongs to somebody else there" in page.text
    unlink(company.desk.line.hotline, EMAIL)
    assert company.sign_in(browser)[1].status_code == 302


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email_verified": False}, "no account here"),
        ({"email_verified": None}, "no account here"),
        ({"email": "other@firm.example"}, "no account here"),
        ({"email": ["anna@firm.example"]}, "no account here"),
        ({"aud": "another-client"}, "does not hold"),
        ({"aud": ["another-client"], "azp": CLIENT}, "does not hold"),
        ({"azp": "another-client"}, "does not hold"),
        ({"nonce": "another"}, "does not hold"),
        ({"nonce": None}, "does not hold"),
        ({"iss": "https://evil.example"}, "does not hold"),
        ({"exp": int(time.time()) - 120}, "does not hold"),
        ({"iat": int(time.time()) + 900}, "does not hold"),
        ({"sub": None}, "does not hold"),
        ({"at_hash": "wrong"}, "does not hold"),
        ({"sub": ""}, "does not hold"),
        ({"sub": "x" * 256}, "does not hold"),
        ({"sub": "with\x00nought"}, "does not hold"),
        ({"sub": ["ann-1"]}, "does not hold"),
        ({"exp": None}, "does not hold"),
        ({"aud": [CLIENT, "another-client"]}, "does not hold"),
        ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, "does not hold"),
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(company: Company, claims: dict[str, Any], told: str) -> None:
    company.provider.claims = claims
    browser, page = company.sign_in()
    assert page.status_code == 409
    assert told in page.text
    assert not is_in(browser)
    assert verbs(company) == []


def test_clocks_may_be_a_little_apart(company: Company) -> None:
    now = int(time.time())
    company.provider.claims = {"exp": now - 20, "iat": now + 20}
    assert company.sign_in()[1].status_code == 302


@pytest.mark.parametrize("signed_by", ["none", "HS256"])
def test_a_token_that_anybody_could_have_signed_lets_nobody_in(company: Company, signed_by: str) -> None:
    company.provider.signed_by = signed_by
    company.provider.said = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    browser, page = company.sign_in()
    assert page.status_code == 409
    assert not is_in(browser)


@pytest.mark.parametrize("kid", ["two", None])
def test_a_key_that_was_rotated_meanwhile_needs_no_restart(company: Company, kid: str | None) -> None:
    company.sign_in()
    company.provider.rotate(kid)
    assert company.sign_in()[1].status_code == 302
    company.provider.rotate("one")


def test_a_token_signed_by_another_key_lets_nobody_in(company: Company) -> None:
    company.provider.other_key = RSAKey.generate_key(2048, {"kid": "one"})
    browser, page = company.sign_in()
    assert (page.status_code, is_in(browser)) == (409, False)


def test_an_answer_without_an_id_token_lets_nobody_in(company: Company) -> None:
    company.provider.has_id_token = False
    assert "sent no ID token" in company.sign_in()[1].text


def test_coming_back_counts_once_and_in_the_browser_that_went(company: Company) -> None:
    browser = company.desk.browser()
    back = back_from(browser.get(BEGIN))
    stranger = company.desk.browser("203.0.113.9")
    page = stranger.get(back)
    assert (page.status_code, is_in(stranger)) == (409, False)
    assert "was not begun in this browser" in page.text
    assert browser.get(back).status_code == 302
    browser.send("/console/", {}, to="/console/logout")
    assert browser.get(back).status_code == 409
    assert not is_in(browser)
    for nothing in (DONE, f"{DONE}?state=", f"{DONE}?error=access_denied", f"{DONE}?code=x&state=%00"):
        assert browser.get(nothing).status_code == 409, nothing


def test_a_no_at_the_provider_is_a_page_that_leads_back(company: Company) -> None:
    browser = company.desk.browser()
    state = parse_qs(urlsplit(browser.get(BEGIN).location).query)["state"][0]
    page = browser.get(f"{DONE}?error=access_denied&error_description=%3Cscript%3E&state={state}")
    assert page.status_code == 409
    assert "script>" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert "To the login" in page.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/twilio/voice"])
def test_it_leads_nowhere_else(company: Company, elsewhere: str) -> None:
    assert company.sign_in(then=elsewhere)[1].location == "/console/"


def test_unknown_people_are_refused_and_no_account_is_made(company: Company) -> None:
    company.provider.person = Person({"sub": "x", "email": "stranger@firm.example"})
    page = company.sign_in()[1]
    assert "ask the administrator" in page.text
    assert len(all_accounts(company.desk.line.hotline)) == 1


def test_unknown_people_get_an_account_where_the_operator_says_so(console: ConsoleDesk, provider: Provider) -> None:
    company = Company(console, provider, rules=replace(GROUPS, makes_accounts=True))
    provider.claims = {"groups": ["hotline"]}
    browser, answer = company.sign_in()
    assert (answer.status_code, is_in(browser)) == (302, True)
    account = find_account(console.line.hotline, EMAIL)
    assert (account.name, account.role) == ("Anna Ruiz", Role.HANDLER)
    assert company.desk.browser().log_in(EMAIL, "").status_code == 200
    provider.person = Person({"sub": "y", "email": "b@firm.example"})
    provider.claims = {"groups": ["hotline"], "email_verified": False}
    assert company.sign_in()[1].status_code == 409


def test_groups_decide_the_role_at_each_login_and_end_sessions_of_the_old_one(
    console: ConsoleDesk, provider: Provider
) -> None:
    console.add()
    company = Company(console, provider, rules=GROUPS)
    provider.claims = {"groups": ["hotline"]}
    before, _ = company.sign_in()
    provider.claims = {"groups": ["others", "hotline", "admins"]}
    company.sign_in()
    assert find_account(console.line.hotline, EMAIL).role is Role.ADMINISTRATOR
    assert not is_in(before)
    assert verbs(company) == [AccountVerb.LINKED, AccountVerb.ROLE_BY_PROVIDER]
    for nothing in ({"groups": ["others"]}, {"groups": "admin"}, {"groups": {"admins": 1}}, {}):
        provider.claims = nothing
        assert "none of your groups there is let in here" in company.sign_in()[1].text


def test_a_disabled_account_is_refused(company: Company) -> None:
    company.sign_in()
    disable_account(company.desk.line.hotline, EMAIL)
    browser, page = company.sign_in()
    assert "your account here is disabled" in page.text.lower()
    assert not is_in(browser)


def test_only_administrators_may_log_in_by_a_password_where_the_operator_says_so(
    console: ConsoleDesk, provider: Provider
) -> None:
    company = Company(console, provider, passwords_for=frozenset({Role.ADMINISTRATOR}))
    console.add()
    console.add("root@firm.example", name="Root", role=Role.ADMINISTRATOR)
    page = company.desk.browser().log_in(EMAIL)
    assert (page.status_code, "Your account logs in by your company account" in page.text) == (200, True)
    assert "Your account logs in by" not in company.desk.browser().log_in(EMAIL, "not the password").text
    assert company.desk.browser().log_in("root@firm.example", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
        {"end_session_endpoint": "http://evil.example/logout"},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_asked(company: Company, said: dict[str, Any]) -> None:
    company.provider.said = said
    page = company.desk.browser().get(BEGIN)
    assert (page.status_code, page.location) == (503, None)
    assert "company's sign-in" in page.text.replace("&#39;", "'")


def test_what_else_a_provider_says_of_itself_changes_nothing_of_how_we_ask(company: Company) -> None:
    """Its document is theirs to fill. What it names beside the addresses may not become an option of ours."""
    company.provider.said = dict.fromkeys(("client_id", "name", "client_secret"), "evil") | {
        "server_metadata_url": "http://127.0.0.1:9/other",
        "jwks": {"keys": []},
        "client_kwargs": {"scope": "evil"},
        "id_token_signing_alg_values_supported": None,
    }
    assert is_in(company.sign_in()[0])


@pytest.mark.parametrize("keys", [[], {"keys": None}, {"keys": [{"kty": "none"}]}, {"keys": []}, "none"])
def test_keys_that_are_none_let_nobody_in(company: Company, keys: object) -> None:
    company.provider.keys = keys
    browser, page = company.sign_in()
    assert (page.status_code in (409, 503), is_in(browser)) == (True, False)


def test_while_the_provider_is_away_a_page_says_so_and_the_password_still_opens(
    company: Company, console: ConsoleDesk
) -> None:
    away = ProviderOptions(issuer="http://127.0.0.1:9", client_id=CLIENT, client_secret=SECRET)
    desk = ConsoleDesk(console.line, console.line.engine, console.clips_dir, provider=away)
    page = desk.browser().get(BEGIN)
    assert (page.status_code, "administrators log in by their password" in page.text) == (503, True)
    assert desk.browser().log_in(EMAIL).status_code == 302


def test_who_logs_out_here_is_shown_the_way_out_there(company: Company) -> None:
    browser, _ = company.sign_in()
    answer = browser.send("/console/", {}, to="/console/logout")
    assert answer.location == "/console/login"
    assert not is_in(browser)
    assert "Log out of your company account too" in browser.get("/console/login").text
    way = browser.get("/console/sign-in/out").location
    assert way.startswith(f"{company.provider.issuer}/logout?")
    assert parse_qs(urlsplit(way).query)["post_logout_redirect_uri"] == ["https://hotline.example/console/login"]
    company.provider.said = {"end_session_endpoint": None}
    assert browser.get("/console/sign-in/out").location == "/console/login"
    assert "Log out of your company" not in company.desk.browser().get("/console/login").text


def test_two_factors_count_where_the_provider_says_so_and_are_asked_for_here_otherwise(
    console: ConsoleDesk, provider: Provider
) -> None:
    """Their password here is one that nobody knows, so the first second factor is set up without it."""
    console.add()
    company = Company(console, provider, second_factor_for=frozenset({Role.HANDLER}))
    provider.claims = {"amr": ["pwd", "mfa"]}
    assert is_in(company.sign_in()[0])
    provider.claims = {"amr": ["pwd"]}
    browser = company.sign_in()[0]
    assert browser.get("/console/").location == SET_UP
    assert 'type="password"' not in browser.get(SET_UP).text
    browser.send(SET_UP, {})
    key = key_on(browser)
    assert "recovery codes" in browser.send(NEW, {"code": code_of(company.desk, key)}).text.lower()
    assert is_in(browser)
    assert 'type="password"' in browser.get(SET_UP).text
    company.desk.line.step(minutes=1)
    other, there = company.sign_in(then="/console/cases")
    assert (is_in(other), there.location) == (False, "/console/second-factor/code?next=/console/cases")
    there = other.send(CODE, {"code": code_of(company.desk, key), "next": "/console/cases"})
    assert (there.location, is_in(other)) == ("/console/cases", True)
    company.desk.line.step(minutes=61)
    assert other.get("/console/").location == "/console/sign-in?next=/console/", "the provider let this one in, too"


def test_whom_the_provider_lets_in_no_more_is_out_within_the_hour_and_nobody_loses_a_form(
    console: ConsoleDesk, provider: Provider
) -> None:
    console.add()
    company = Company(console, provider, rules=GROUPS)
    provider.claims = {"groups": ["hotline"]}
    browser, _ = company.sign_in()
    company.desk.line.step(minutes=59)
    token = token_in(browser.get("/console/"))
    company.desk.line.step(minutes=1)
    way = browser.get("/console/cases?page=2")
    assert (way.status_code, way.location) == (302, "/console/sign-in?next=/console/cases?page%3D2")
    assert browser.post(FORM, {"csrf_token": token}).status_code == 404, "it is read, and there is no such case"
    assert browser.get(back_from(browser.get(way.location))).location == "/console/cases?page=2"
    assert is_in(browser), "who is still logged in there sees nothing of it"
    company.desk.line.step(minutes=60)
    provider.claims = {"groups": ["others"]}
    page = browser.get(back_from(browser.get(browser.get("/console/").location)))
    assert "none of your groups there is let in here" in page.text
    assert browser.get("/console/").location.startswith("/console/login")


def test_a_form_is_taken_for_as_long_again_and_then_no_more(company: Company) -> None:
    browser, _ = company.sign_in()
    token = token_in(browser.get("/console/"))
    company.desk.line.step(minutes=120)
    assert browser.post(FORM, {"csrf_token": token}).status_code == 401


def test_one_address_begins_so_often_and_no_more(company: Company) -> None:
    stranger = company.desk.browser()
    answers = [stranger.get(f"{DONE}?state=x").status_code for _ in range(121)]
    assert answers[-1] == 429


def test_nothing_of_it_stands_in_the_log(company: Company) -> None:
    with capture_logs() as lines:
        company.provider.claims = {"aud": "another"}
        company.sign_in()
        company.provider.claims = {}
        company.sign_in()
    told = str(lines)
    assert "sign_in_refused" in told
    for secret in (EMAIL, SECRET, "ann-1", "eyJ"):
        assert secret not in told
