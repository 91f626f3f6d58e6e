"""Strangers share no threads with staff: who is staff is told by signed cookies alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.console.desk import LOGIN, Browser, ConsoleDesk
from voicebot.web.console.known_devices import KEPT_FOR
from voicebot.web.console.member_cookies import MEMBER_COOKIES, MemberCookies
from voicebot.web.transport.budgets import BUDGETS

SESSION, DEVICE = "__Host-voicebot", "__Host-voicebot-device"


def are_members(console: ConsoleDesk, **cookies: str) -> bool:
    reader: MemberCookies = console.app.extensions[MEMBER_COOKIES]
    return reader.are_members("; ".join(f"{name}={value}" for name, value in cookies.items()))


def cookie_of(browser: Browser, name: str) -> str:
    cookie = browser.client.get_cookie(name, "hotline.example")
    assert cookie is not None
    return cookie.value


def test_who_is_logged_in_and_who_was_in_this_browser_are_staff(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    session, device = cookie_of(browser, SESSION), cookie_of(browser, DEVICE)
    assert are_members(console, **{SESSION: session})
    assert are_members(console, **{DEVICE: device})
    console.line.clock.step(KEPT_FOR)
    assert not are_members(console, **{DEVICE: device})


def test_who_only_opened_the_login_is_a_visitor(console: ConsoleDesk) -> None:
    browser = console.browser()
    browser.get(LOGIN)
    session = cookie_of(browser, SESSION)
    assert session
    assert not are_members(console, **{SESSION: session})


@pytest.mark.parametrize("name", [SESSION, DEVICE, "other"])
@pytest.mark.parametrize("value", ["", "x", "e30.aSsm.AAAA", "\xff" * 50, "." * 4000])
def test_a_made_up_cookie_is_a_visitors(console: ConsoleDesk, name: str, value: str) -> None:
    assert not are_members(console, **{name: value})


def test_no_bytes_of_a_stranger_break_the_thread_that_reads_for_all(console: ConsoleDesk) -> None:
    reader: MemberCookies = console.app.extensions[MEMBER_COOKIES]

    @given(
        st.binary(max_size=200),
        st.sampled_from(["", f"{SESSION}=", f'{DEVICE}="', "; ", f"{SESSION}=a.b.c; {DEVICE}="]),
    )
    def read(noise: bytes, before: str) -> None:
        assert not reader.are_members(before + noise.decode("latin-1"))

    read()


def test_a_cookie_of_one_kind_is_none_of_the_other(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    swapped = {SESSION: cookie_of(browser, DEVICE), DEVICE: cookie_of(browser, SESSION)}
    assert not are_members(console, **swapped)


def test_requests_are_sorted_by_these_cookies(console: ConsoleDesk) -> None:
    assert console.app.extensions[BUDGETS]._are_members == console.app.extensions[MEMBER_COOKIES].are_members
