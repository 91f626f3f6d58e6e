"""The code after the password: who is asked, what counts, and what a guesser gets."""

from datetime import timedelta

import pyotp
import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.web.console.desk import LOGIN, PASSWORD, Browser, ConsoleDesk, token_in
from voicebot.adapters.sealed_text import SealedText
from voicebot.domain.second_factor import WRONG_CODES_A_DAY
from voicebot.service.staff.accounts import disable_account, set_password
from voicebot.service.staff.second_factor import SecondFactorDesk, reset_second_factor
from voicebot.web.console.second_factor import WAIT_FOR_CODE

EMAIL = "anna@firm.example"
CODE = "/console/second-factor/code"


class Telephone:
    """Anna's, which shows her codes."""

    def __init__(self, console: ConsoleDesk, *, secret_key: str = "k" * 48) -> None:
        self._clock = console.line.clock
        account = console.add()
        desk = SecondFactorDesk(console.line.hotline, SealedText(secret_key))
        desk.begin(account.id)
        self.key = desk.pending_key(account.id) or ""
        self.recovery = desk.confirm(account.id, self.shows()) or ()
        self._clock.step(timedelta(seconds=30))

    def shows(self) -> str:
        """Return the present code."""
        return pyotp.TOTP(self.key).at(self._clock.now())


@pytest.fixture
def telephone(console: ConsoleDesk) -> Telephone:
    return Telephone(console)


def asked(console: ConsoleDesk, *, address: str = "198.51.100.7", then: str = "") -> Browser:
    """Give the right password and be asked for the code."""
    browser = console.browser(address)
    answer = browser.log_in(EMAIL, then=then)
    assert answer.status_code == 302
    assert answer.location.startswith(CODE)
    return browser


def write(browser: Browser, code: str, *, then: str = "") -> TestResponse:
    """Write a code."""
    return browser.send(CODE, {"code": code, "next": then})


def is_in(browser: Browser) -> bool:
    """Tell whether the browser is logged in."""
    return browser.get("/console/").status_code == 200


def test_the_password_alone_lets_nobody_in_and_the_code_leads_where_they_wanted(
    console: ConsoleDesk, telephone: Telephone
) -> None:
    page = "/console/cases/482-913-756?page=2"
    browser = console.browser()
    answer = browser.log_in(EMAIL, then=page)
    assert answer.location == f"{CODE}?next=/console/cases/482-913-756?page%3D2"
    assert not is_in(browser)
    assert 'value="/console/cases/482-913-756?page=2"' in browser.get(answer.location).text
    answer = write(browser, telephone.shows(), then=page)
    assert (answer.status_code, answer.location) == (302, page)
    assert is_in(browser)


def test_a_code_counts_once_for_two_browsers(console: ConsoleDesk, telephone: Telephone) -> None:
    first, second = asked(console), asked(console, address="203.0.113.9")
    assert write(first, telephone.shows()).status_code == 302
    page = write(second, telephone.shows())
    assert page.status_code == 200
    assert "This code does not count." in page.text
    assert not is_in(second)


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(console: ConsoleDesk, telephone: Telephone) -> None:
    browser = asked(console)
    assert write(browser, telephone.recovery[0].upper()).status_code == 302
    assert "This recovery code is used up; 9 are left." in browser.get("/console/").text
    assert write(asked(console), telephone.recovery[0]).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/twilio/voice"])
def test_the_code_leads_nowhere_else(console: ConsoleDesk, telephone: Telephone, elsewhere: str) -> None:
    browser = asked(console, then=elsewhere)
    assert write(browser, telephone.shows(), then=elsewhere).location == "/console/"


def test_without_the_password_of_a_moment_ago_there_is_nothing_to_write(
    console: ConsoleDesk, telephone: Telephone
) -> None:
    stranger = console.browser()
    assert stranger.get(f"{CODE}?next=/console/rota").location == "/console/login?next=/console/rota"
    late = asked(console)
    token = token_in(late.get(CODE))
    console.line.clock.step(WAIT_FOR_CODE + timedelta(seconds=1))
    answer = late.post(CODE, {"csrf_token": token, "code": telephone.shows()})
    assert answer.location == "/console/login"
    assert not is_in(late)


def test_a_form_without_the_token_is_refused(console: ConsoleDesk, telephone: Telephone) -> None:
    assert asked(console).post(CODE, {"code": telephone.shows()}).status_code == 400


@pytest.mark.parametrize("happens", ["disabled", "new password", "reset"])
def test_who_is_let_in_no_more_is_not_let_in_by_a_code(
    console: ConsoleDesk, telephone: Telephone, happens: str
) -> None:
    browser, hotline = asked(console), console.line.hotline
    token = token_in(browser.get(CODE))
    if happens == "disabled":
        disable_account(hotline, EMAIL)
    elif happens == "reset":
        reset_second_factor(hotline, EMAIL)
    else:
        set_password(hotline, EMAIL, "another-hash")
    assert browser.post(CODE, {"csrf_token": token, "code": telephone.shows()}).location == "/console/login"
    assert not is_in(browser)


def test_a_known_device_is_asked_too(console: ConsoleDesk, telephone: Telephone) -> None:
    browser = asked(console)
    write(browser, telephone.shows())
    browser.send("/console/", {}, to="/console/logout")
    assert browser.log_in(EMAIL).location == f"{CODE}?next=/console/"


def test_who_guesses_codes_gets_ten_a_day_and_a_known_device_has_its_own(
    console: ConsoleDesk, telephone: Telephone
) -> None:
    """Guessers come from as many addresses as they like."""
    patient = ConsoleDesk(console.line, console.line.engine, console.clips_dir, pause=lambda _s: None)
    mine = asked(patient, address="203.0.113.1")
    assert write(mine, telephone.shows()).status_code == 302
    mine.send("/console/", {}, to="/console/logout")
    console.line.clock.step(timedelta(seconds=30))
    guesses = [write(asked(patient, address=f"198.{at}.100.7"), "000000").status_code for at in range(12)]
    assert guesses == [200] * WRONG_CODES_A_DAY + [429] * 2
    assert write(asked(patient, address="198.99.100.7"), telephone.shows()).status_code == 429, "a stranger's right one"
    mine.log_in(EMAIL)
    assert write(mine, telephone.shows()).status_code == 302


def test_a_wrong_code_is_told_of_like_a_wrong_password(console: ConsoleDesk, telephone: Telephone) -> None:
    with capture_logs() as lines:
        write(asked(console), "123456")
    told = str(lines)
    assert "login_wrong" in told
    assert "123456" not in told
    assert telephone.key not in told
    assert EMAIL not in told


def test_a_key_sealed_under_another_secret_is_a_page_that_names_the_cure(console: ConsoleDesk) -> None:
    Telephone(console, secret_key="j" * 48)
    page = write(asked(console), "000000")
    assert page.status_code == 409
    assert "voicebot staff second-factor reset" in page.text


def test_a_wrong_password_is_not_asked_for_a_code(console: ConsoleDesk, telephone: Telephone) -> None:
    browser = console.browser()
    assert browser.log_in(EMAIL, "not the password").status_code == 200
    assert browser.get(CODE).location == LOGIN
    assert browser.log_in(EMAIL, PASSWORD).location.startswith(CODE)
    browser.log_in(EMAIL, "not the password")
    assert browser.get(CODE).status_code == 200, "the right one of a moment ago still counts"
