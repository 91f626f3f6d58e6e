"""Accounts as Flask-Security wants them. They are objects of one session per request, on the table that the house reads
too.

The one exception to the unit of work, because this session commits by itself, after each login and change of password.
It holds no write lock while a password is hashed, because SQLite begins to write at the commit only. Flask-Security's
own models (`sqla_v2`) are not used. Of their five tables and forty columns the console needs twelve columns, and with a
role that is one word it needs no table of roles.
Source: libraries.md E and H; Flask-Security 5.9, "Models".
Knows: Flask-Security, the table of accounts. Must not know: pages, requests.
"""

import hashlib
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy import Delete, Engine, Insert, delete, insert, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, scoped_session, sessionmaker

from voicebot.adapters.store.tables import metadata
from voicebot.adapters.store.tables.access import staff_sessions
from voicebot.adapters.store.tables.staff import staff_account
from voicebot.domain.staff import Role, StaffMember
from voicebot.errors import Unavailable

_AWAY = (OperationalError, InterfaceError, PoolTimeout)


class _Mapped(DeclarativeBase):
    metadata = metadata


class Login(UserMixin, _Mapped):
    """One account, where of its names those of Flask-Security are set in `__mapper_args__`."""

    __table__ = staff_account
    __allow_unmapped__ = True
    __mapper_args__ = {
        "properties": {
            "password": staff_account.c.password_hash,
            "active": staff_account.c.is_active,
            "fs_uniquifier": staff_account.c.session_key,
            "current_login_at": staff_account.c.last_login_at,
            "current_login_ip": staff_account.c.last_login_from,
            "last_login_at": staff_account.c.login_before_at,
            "last_login_ip": staff_account.c.login_before_from,
        }
    }

    staff_id: str
    name: str
    role: Role
    second_factor_at: datetime | None
    roles = ()  # type: ignore[assignment]  # none: guards ask for `role`; the library's own decorators are not used

    def as_member(self) -> StaffMember:
        """Return who is logged in, as use cases know people."""
        return StaffMember(id=self.staff_id, name=self.name, role=self.role.value)


class Logins(SQLAlchemySessionUserDatastore):
    """Finds and saves accounts for Flask-Security. Raises (finding, committing): Unavailable."""

    def __init__(self, engine: Engine) -> None:
        self._session = scoped_session(sessionmaker(engine, expire_on_commit=False))
        super().__init__(self._session, Login, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Login | None:
        """Return the account with this one attribute, where e-mails are kept in one form, so their case says
        nothing.
        """
        try:
            found = super().find_user(case_insensitive=False, **kwargs)
        except _AWAY as problem:
            raise _away() from problem
        if not (found is None or isinstance(found, Login)):
            raise AssertionError("an account that is none")
        return found

    def commit(self) -> None:
        """Write what changed."""
        try:
            self._session.commit()
        except _AWAY as problem:
            self.close()
            raise _away() from problem

    def begin_session(self, secret: str, login: Login, *, at: datetime, sweep_until: datetime) -> None:
        """Write that a session began, and forget those that began by an instant, where both stay with the commit.

        Raises: Unavailable.
        """
        row = {"digest": _digest(secret), "session_key": login.fs_uniquifier, "began_at": at}
        self._run(delete(staff_sessions).where(staff_sessions.c.began_at <= sweep_until))
        self._run(insert(staff_sessions).values(row))

    def is_session(self, secret: str, login: Login) -> bool:
        """Tell whether the session goes on and is this account's. Raises: Unavailable."""
        found = select(staff_sessions.c.session_key).where(staff_sessions.c.digest == _digest(secret))
        try:
            return bool(self._session.scalar(found) == login.fs_uniquifier)
        except _AWAY as problem:
            raise _away() from problem

    def end_session(self, secret: str) -> None:
        """End a session for whoever holds its cookie. Raises: Unavailable."""
        self._run(delete(staff_sessions).where(staff_sessions.c.digest == _digest(secret)))
        self.commit()

    def _run(self, statement: Insert | Delete) -> None:
        try:
            self._session.execute(statement)
        except _AWAY as problem:
            self.close()
            raise _away() from problem

    def of_account(self, account_id: str) -> Login:
        """Return an account as it stands now, after a unit of work wrote to it. Raises: Unavailable."""
        self._session.expire_all()
        found = self.find_user(id=account_id)
        if found is None:
            raise AssertionError("an account is never deleted")
        return found

    def close(self) -> None:
        """Give back the connection, which is due at the end of each request that asked for somebody."""
        self._session.remove()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _away() -> Unavailable:
    return Unavailable("looking up an account: the database is away, locked or full; try again in a moment")
