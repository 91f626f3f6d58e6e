"""Guessing is slowed down, by address, network and all together; nobody is locked out by others."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from flask import Flask, request
from flask_login import LoginManager
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.web.console.desk import LOGIN, PASSWORD, Browser, ConsoleDesk, token_in
from voicebot.web.console.known_devices import KnownDevices
from voicebot.web.console.login_lanes import SLOW_PLACES, LoginLanes
from voicebot.web.console.login_limits import BEFORE_SLOWED_BY_ALL, LoginLimits
from voicebot.web.console.wrong_logins import WrongLogins

EMAIL = "anna@firm.example"


class Door:
    """A view that takes the right password, behind the limits, without anything of the house."""

    def __init__(self, console: ConsoleDesk, *, pause: Callable[[float], object] | None = None) -> None:
        hotline = console.line.hotline
        self.pauses: list[float] = []
        self.app = Flask("door")
        LoginManager(self.app).request_loader(lambda _request: None)
        devices = KnownDevices(secret_key="k" * 48, clock=hotline.clock, is_https=True)
        lanes = LoginLanes(pause=pause or self.pauses.append)
        self.limits = LoginLimits("memory://", devices=devices, wrong=WrongLogins(hotline), lanes=lanes)
        self.limits.install(self.app)
        self.app.add_url_rule("/", "view", self.limits.slow_down(self.view), methods=["GET", "POST"])

    def view(self) -> tuple[str, int]:
        """Answer as a login does: a redirect for the right password, the form again for a wrong one."""
        return ("in", 302) if request.form.get("password") == "right" else ("again", 200)

    def try_it(self, email: str = EMAIL, *, address: str = "198.51.100.7", password: str = "wrong") -> int:
        """Try a password and return the status."""
        form = {"email": email, "password": password}
        answer = self.app.test_client().post("/", data=form, environ_overrides={"REMOTE_ADDR": address})
        return answer.status_code


@pytest.fixture
def door(console: ConsoleDesk) -> Door:
    return Door(console)


def test_who_comes_from_elsewhere_is_let_in_however_often_others_guessed(door: Door) -> None:
    assert [door.try_it(address=f"198.51.{i}.7") for i in range(50)] == [200] * 50
    assert door.pauses == [2.0] * 42
    assert door.try_it(password="right", address="203.0.113.1") == 302
    assert len(door.pauses) == 43


def test_the_right_password_from_a_new_device_comes_in_before_guessers_who_fill_the_slow_lane(
    console: ConsoleDesk,
) -> None:
    go_on = threading.Event()
    go_on.set()
    door = Door(console, pause=lambda _s: go_on.wait(20))
    guessers = [f"198.{51 + number}.100.7" for number in range(SLOW_PLACES + 1)]
    assert {door.try_it(address=f"{address[:-1]}{last}") for last in (1, 2) for address in guessers} == {200}
    go_on.clear()
    with ThreadPoolExecutor(SLOW_PLACES + 2) as threads:
        guesses = [threads.submit(door.try_it, address=address) for address in guessers]
        wait(guesses, timeout=1)
        right = threads.submit(door.try_it, password="right", address="203.0.113.1")
        assert wait(guesses, timeout=20, return_when=FIRST_COMPLETED).done, "one of them makes room"
        go_on.set()
        assert right.result(20) == 302
    assert sorted(guess.result() for guess in guesses) == [200] * SLOW_PLACES + [503]


def test_when_passwords_of_everybody_are_guessed_all_logins_are_slowed_and_none_refused(door: Door) -> None:
    assert {door.try_it(f"n{i}@firm.example", address=f"2001:db8:{i:x}::1") for i in range(125)} == {200}
    assert len(door.pauses) == 65
    assert door.try_it("another@firm.example", password="right", address="203.0.113.1") == 302


def test_an_address_tries_thirty_times_whomever_it_tries(door: Door) -> None:
    assert [door.try_it(f"n{i}@firm.example") for i in range(30)] == [200] * 30
    assert door.try_it("another@firm.example") == 429
    assert door.try_it("another@firm.example", address="203.0.113.1") == 200


@pytest.mark.parametrize("inside", ["198.51.100.{}", "2001:db8:7:{}::1"])
def test_a_network_tries_ninety_times_from_whatever_address(door: Door, inside: str) -> None:
    def try_it(number: int) -> int:
        # Sixty a minute by all together would slow it, which has fewer tries; here the minute is over each time.
        door.limits._limiter.limiter.clear(BEFORE_SLOWED_BY_ALL, "all")
        return door.try_it(f"n{number}@firm.example", address=inside.format(number % 10))

    assert {try_it(number) for number in range(90)} == {200}
    assert try_it(99) == 429


def test_an_address_of_ipv6_is_its_whole_network(door: Door) -> None:
    assert {door.try_it(f"n{i}@firm.example", address=f"2001:db8:0:1::{i:x}") for i in range(30)} == {200}
    assert door.try_it("another@firm.example", address="2001:db8:0:1:ffff::1") == 429
    assert door.try_it("another@firm.example", address="2001:db8:1:2::1") == 200


def test_while_somebody_guesses_an_address_has_three_tries(door: Door) -> None:
    for i in range(8):
        door.try_it(address=f"10.{i}.0.1")
    assert [door.try_it() for _ in range(4)] == [200, 200, 200, 429]
    assert door.try_it(address="198.51.101.7") == 200
    assert door.try_it("bela@firm.example") == 200, "nobody guesses at this one"


def test_the_right_password_and_looking_at_the_page_do_not_count(door: Door) -> None:
    assert {door.try_it(password="right") for _ in range(40)} == {302}
    assert {door.app.test_client().get("/").status_code for _ in range(40)} == {200}
    assert door.try_it() == 200
    assert door.pauses == []


def test_a_known_device_is_not_touched_by_what_strangers_do(patient: ConsoleDesk) -> None:
    mine = _known(patient)
    for i in range(31):
        _try(patient, EMAIL, address=f"198.51.100.{7 + i % 3}")
    assert _try(patient, EMAIL, address="198.51.100.7").status_code == 429
    assert mine.log_in(EMAIL).status_code == 302, "from the very address that is refused"


def test_a_known_device_that_guesses_becomes_a_stranger(patient: ConsoleDesk) -> None:
    mine = _known(patient)
    tries = [mine.log_in(EMAIL, "not the password").status_code for _ in range(45)]
    assert tries[:18] == [200] * 18, "ten as a known device, eight as a stranger"
    assert tries[-1] == 429
    other = patient.browser("203.0.113.1")
    assert other.log_in(EMAIL).status_code == 302


def test_a_device_of_one_person_is_a_stranger_for_another(patient: ConsoleDesk) -> None:
    patient.add("bela@firm.example", name="Bela")
    mine = _known(patient)
    tries = [mine.log_in("bela@firm.example", "not the password").status_code for _ in range(12)]
    assert tries == [200] * 11 + [429]


def test_who_is_logged_in_gets_no_device_of_somebody_else(patient: ConsoleDesk) -> None:
    patient.add("bela@firm.example", name="Bela")
    mine = patient.logged_in()
    token = _token(mine)
    answer = mine.post(LOGIN, {"email": "bela@firm.example", "password": "x", "csrf_token": token})
    assert not any("device" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_the_refusal_says_when_to_try_again(patient: ConsoleDesk) -> None:
    patient.add()
    tries = [_try(patient, EMAIL) for _ in range(12)]
    assert [page.status_code for page in tries] == [200] * 11 + [429]
    refused = tries[-1]
    assert "Too many wrong tries" in refused.text
    wait_s = int(refused.headers["Retry-After"])
    assert 60 < wait_s <= 900
    assert f"Try again in {-(-wait_s // 60)} minutes" in refused.text
    assert patient.browser("203.0.113.1").log_in(EMAIL, PASSWORD).status_code == 302


def test_an_unknown_e_mail_is_refused_like_a_known_one(patient: ConsoleDesk) -> None:
    patient.add()
    known = [_try(patient, EMAIL, address="198.51.100.7").status_code for _ in range(12)]
    unknown = [_try(patient, "x@firm.example", address="203.0.113.7").status_code for _ in range(12)]
    assert known == unknown == [200] * 11 + [429]


def test_the_present_password_is_not_guessed_in_an_open_session_either(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    form = {"password": "wrong", "new_password": "seven herons", "new_password_confirm": "seven herons"}
    tries = [browser.send("/console/password", form).status_code for _ in range(8)]
    assert tries == [200] * 8
    assert browser.get("/console/password").status_code == 200
    assert browser.send("/console/password", form).status_code == 429


@pytest.fixture
def patient(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> ConsoleDesk:
    """The console, whose slowed logins do not wait in real time."""
    return ConsoleDesk(console.line, engine, tmp_path / "clips", pause=lambda _s: None)


def _known(console: ConsoleDesk) -> Browser:
    """Log in and out again, so that the browser is known."""
    browser = console.logged_in()
    browser.send("/console/", {}, to="/console/logout")
    return browser


def _token(browser: Browser) -> str:
    return token_in(browser.get("/console/"))


def _try(console: ConsoleDesk, email: str, *, address: str = "198.51.100.7") -> TestResponse:
    return console.browser(address).send(LOGIN, {"email": email, "password": "not the password"})
