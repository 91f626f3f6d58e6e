"""A browser that somebody logged in with is known by its cookie, for that person alone and for a time."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, Response

from tests.fakes_outside import SteppedClock
from voicebot.web.console.known_devices import KEPT_FOR, KnownDevices

KEY = "k" * 48


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime(2026, 11, 18, 15, tzinfo=UTC))


def devices(clock: SteppedClock, key: str = KEY, *, is_https: bool = True) -> KnownDevices:
    return KnownDevices(secret_key=key, clock=clock, is_https=is_https)


def cookie_for(known: KnownDevices, email: str) -> str:
    response = Response()
    known.remember(response, known.person(email))
    return response.headers["Set-Cookie"]


def asked(known: KnownDevices, cookie: str, email: str) -> str | None:
    value = cookie.partition(";")[0].partition("=")[2]
    with Flask("device").test_request_context(headers={"Cookie": f"{known.cookie_name}={value}"}):
        return known.device_of(known.person(email))


def test_the_cookie_is_for_this_host_over_https_and_no_script(clock: SteppedClock) -> None:
    cookie = cookie_for(devices(clock), "a@x.example")
    assert cookie.startswith("__Host-voicebot-device=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "a@x" not in cookie
    plain = cookie_for(devices(clock, is_https=False), "a@x.example")
    assert plain.startswith("voicebot-device=")
    assert "Secure" not in plain


def test_each_login_gives_another_device(clock: SteppedClock) -> None:
    known = devices(clock)
    ids = {asked(known, cookie_for(known, "a@x.example"), "a@x.example") for _ in range(3)}
    assert len(ids) == 3
    assert None not in ids


def test_a_devices_cookie_names_one_person_only(clock: SteppedClock) -> None:
    known = devices(clock)
    assert asked(known, cookie_for(known, "a@x.example"), "b@x.example") is None


def test_a_devices_cookie_is_refused_after_its_time_or_under_another_key(clock: SteppedClock) -> None:
    known = devices(clock)
    cookie = cookie_for(known, "a@x.example")
    assert asked(devices(clock, "o" * 48), cookie, "a@x.example") is None
    clock.step(KEPT_FOR - timedelta(seconds=1))
    assert asked(known, cookie, "a@x.example") is not None
    clock.step(timedelta(seconds=1))
    assert asked(known, cookie, "a@x.example") is None


@pytest.mark.parametrize("value", ["", "x", "eyJ9.x", "é", "a" * 4000, '"{}"', "W10.x"])
def test_a_made_up_cookie_is_no_device(clock: SteppedClock, value: str) -> None:
    known = devices(clock)
    assert asked(known, f"c={value}", "a@x.example") is None


@pytest.mark.parametrize("written", [[], "x", 7, None, {}, {"device": "d", "person": 5, "until": 9e9}])
def test_a_signed_cookie_of_another_shape_is_no_device(clock: SteppedClock, written: object) -> None:
    known = devices(clock)
    assert asked(known, f"c={known._signer.dumps(written)}", "a@x.example") is None
