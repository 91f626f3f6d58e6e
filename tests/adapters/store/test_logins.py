"""Accounts as Flask-Security sees them: the same rows, and a database that is away is said to be away."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.adapters.store.test_staff import an_account
from voicebot.adapters.store import SqlUnitOfWork, open_engine
from voicebot.adapters.store.logins import Logins
from voicebot.errors import Unavailable


@pytest.fixture(autouse=True)
def _application() -> Iterator[None]:
    """The context that the library reads its configuration from."""
    app = Flask("logins")
    app.config["SECURITY_JOIN_USER_ROLES"] = False
    with app.app_context():
        yield


def test_what_a_login_notes_is_what_the_house_reads(engine: Engine, unit_of_work: Callable[[], SqlUnitOfWork]) -> None:
    account = an_account()
    with unit_of_work() as work:
        work.staff.add(account)
        work.commit()
    logins = Logins(engine)
    login = logins.find_user(case_insensitive=True, email="anna@firm.example")
    assert login is not None
    assert (login.password, login.active, login.fs_uniquifier) == ("a-hash", True, "a-key")
    assert (login.as_member().id, login.roles) == ("anna_ruiz", ())
    login.current_login_at = account.added_at
    logins.set_uniquifier(login, "another-key")
    logins.commit()
    logins.close()
    with unit_of_work() as work:
        found = work.staff.by_email("anna@firm.example")
    assert found is not None
    assert (found.last_login_at, found.session_key) == (account.added_at, "another-key")


def test_nobody_is_found_by_an_attribute_that_nobody_has(engine: Engine) -> None:
    logins = Logins(engine)
    assert logins.find_user(email="nobody@firm.example") is None
    logins.close()


def test_a_database_that_is_away_is_unavailable() -> None:
    logins = Logins(open_engine("postgresql://nobody@127.0.0.1:1/voicebot"))
    with pytest.raises(Unavailable, match="looking up an account"):
        logins.find_user(email="anna@firm.example")
    logins.close()
