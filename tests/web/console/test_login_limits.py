"""Guessing is slowed down, by address, by e-mail and all together, and never holds what callers need."""

import threading

import pytest
from flask import Flask, request
from flask_login import LoginManager
from werkzeug.test import TestResponse

from tests.web.console.desk import LOGIN, PASSWORD, ConsoleDesk
from voicebot.web.console.login_limits import WAITING_PLACES, LoginLimits

EMAIL = "anna@firm.example"


class Door:
    """A view that takes the right password, behind the limits, without anything of the house."""

    def __init__(self) -> None:
        self.app = Flask("door")
        LoginManager(self.app).request_loader(lambda _request: None)
        self.limits = LoginLimits("memory://")
        self.limits.install(self.app)
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.inside = threading.Semaphore(0)
        self.app.add_url_rule("/", "view", self.limits.slow_down(self.view), methods=["GET", "POST"])

    def view(self) -> tuple[str, int]:
        """Answer as a login does: a redirect for the right password, the form again for a wrong one."""
        self.inside.release()
        assert self.may_answer.wait(10)
        return ("in", 302) if request.form.get("password") == "right" else ("again", 200)

    def try_it(self, email: str = EMAIL, *, address: str = "198.51.100.7", password: str = "wrong") -> int:
        """Try a password and return the status."""
        form = {"email": email, "password": password}
        answer = self.app.test_client().post("/", data=form, environ_overrides={"REMOTE_ADDR": address})
        return answer.status_code


@pytest.fixture
def door() -> Door:
    return Door()


def test_an_e_mail_is_tried_eight_times_from_wherever_it_comes(door: Door) -> None:
    assert [door.try_it(address=f"198.51.100.{i}") for i in range(8)] == [200] * 8
    assert door.try_it(" Anna@Firm.example", address="203.0.113.1") == 429
    assert door.try_it(password="right", address="203.0.113.1") == 429
    assert door.try_it("bela@firm.example") == 200


def test_an_address_tries_thirty_times_whomever_it_tries(door: Door) -> None:
    assert [door.try_it(f"n{i}@firm.example") for i in range(30)] == [200] * 30
    assert door.try_it("another@firm.example") == 429
    assert door.try_it("another@firm.example", address="203.0.113.1") == 200


def test_a_network_of_ipv6_is_one_address(door: Door) -> None:
    assert {door.try_it(f"n{i}@firm.example", address=f"2001:db8:0:1::{i:x}") for i in range(30)} == {200}
    assert door.try_it("another@firm.example", address="2001:db8:0:1:ffff::1") == 429
    assert door.try_it("another@firm.example", address="2001:db8:0:2::1") == 200


def test_all_together_try_a_hundred_and_twenty_times_a_minute(door: Door) -> None:
    assert {door.try_it(f"n{i}@firm.example", address=f"198.51.{i}.1") for i in range(120)} == {200}
    assert door.try_it("another@firm.example", address="203.0.113.1") == 429


def test_the_right_password_and_looking_at_the_page_do_not_count(door: Door) -> None:
    assert {door.try_it(password="right") for _ in range(40)} == {302}
    assert {door.app.test_client().get("/").status_code for _ in range(40)} == {200}
    assert door.try_it() == 200


def test_one_is_checked_at_a_time_and_few_may_wait(door: Door) -> None:
    """As many again as may wait are sent away at once; those who wait are all served, one after the other."""
    door.may_answer.clear()
    answers: list[int] = []
    refused = threading.Semaphore(0)

    def come(number: int) -> None:
        answers.append(door.try_it(f"n{number}@firm.example", address=f"203.0.113.{number}"))
        refused.release()

    crowd = [threading.Thread(target=come, args=(number,)) for number in range(2 * WAITING_PLACES)]
    for person in crowd:
        person.start()
    assert all(refused.acquire(timeout=10) for _ in range(WAITING_PLACES))
    assert answers == [503] * WAITING_PLACES
    assert door.inside.acquire(timeout=10)
    assert not door.inside.acquire(blocking=False), "a second one was checked meanwhile"
    door.may_answer.set()
    for person in crowd:
        person.join(10)
    assert answers == [503] * WAITING_PLACES + [200] * WAITING_PLACES


def test_the_refusal_says_when_to_try_again(console: ConsoleDesk) -> None:
    console.add()
    tries = [console.browser(f"198.51.100.{i}").log_in(EMAIL, "not the password") for i in range(9)]
    assert [page.status_code for page in tries] == [200] * 8 + [429]
    refused = tries[-1]
    assert "Too many wrong tries" in refused.text
    wait_s = int(refused.headers["Retry-After"])
    assert 60 < wait_s <= 900
    assert f"Try again in {-(-wait_s // 60)} minutes" in refused.text
    assert console.browser("203.0.113.1").log_in(EMAIL, PASSWORD).status_code == 429


def test_an_unknown_e_mail_is_refused_like_a_known_one(console: ConsoleDesk) -> None:
    console.add()
    known, unknown = ([_try(console, email).status_code for _ in range(9)] for email in (EMAIL, "x@firm.example"))
    assert known == unknown == [200] * 8 + [429]


def test_the_present_password_is_not_guessed_in_an_open_session_either(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    form = {"password": "wrong", "new_password": "seven herons", "new_password_confirm": "seven herons"}
    tries = [browser.send("/console/password", form).status_code for _ in range(8)]
    assert tries == [200] * 8
    assert browser.get("/console/password").status_code == 200
    assert browser.send("/console/password", form).status_code == 429


def _try(console: ConsoleDesk, email: str) -> TestResponse:
    return console.browser().send(LOGIN, {"email": email, "password": "not the password"})
