"""Slows down whoever guesses passwords, and lets nobody lock a person out.

Only wrong tries count. A known device (known_devices.py) has a counter of its own and nothing that strangers do touches
it. Strangers share counters, with one for each address, one for each network. When an e-mail, known here or not, or all
together had many wrong tries, strangers are slowed (login_lanes.py) and each address has few tries, while the right
password from an address that has not guessed is still taken, and before those of blocks that have. What remains is
this. A guesser whose every try comes from a block that never tried that day (one each two seconds, some 40,000 blocks)
can fill the slow places, so that who logs in from a new device at that moment is asked to try again. With `memory://`
counts are this process's own, while several machines share them by `VOICEBOT_LIMITER_STORAGE`.
Source: OWASP Authentication Cheat Sheet; NIST SP 800-63B 3.2.2.
Knows: requests' addresses, the e-mail field. Must not know: who has an account.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from time import time  # noqa: TID251  the limiter's own clock
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError

from voicebot.distribution import how_to_add
from voicebot.domain.second_factor import WRONG_CODES_A_DAY
from voicebot.domain.staff import normal_email
from voicebot.errors import SettingFault
from voicebot.web.console.known_devices import KnownDevices
from voicebot.web.console.login_lanes import LoginLanes
from voicebot.web.console.wrong_logins import WrongLogins
from voicebot.web.counters import LOGINS
from voicebot.web.transport.addresses import Origin, origin_of

PER_ADDRESS = "30 per 15 minutes"
PER_NETWORK = "90 per 15 minutes"
PER_ADDRESS_ASKED = "120 per 15 minutes"
"""Steps of a login by the company's sign-in, of which each makes us ask it. An office may be one address."""
PER_SESSION = "8 per 15 minutes"
"""Tries at the present password by whoever sits before an open session."""
WRONG_CODES = f"{WRONG_CODES_A_DAY} per day"
"""At one person's second factor, by whoever has the password. What that leaves to a guesser is reckoned there."""
PER_DEVICE = parse("10 per 15 minutes")
"""After so many a known device is a stranger until the time is over."""

BEFORE_SLOWED_BY_EMAIL = parse("8 per 15 minutes")
BEFORE_SLOWED_BY_ALL = parse("60 per minute")
PER_ADDRESS_SLOWED = "3 per 15 minutes"
PER_NETWORK_SLOWED = "12 per 15 minutes"

GUESSES = parse("100000 per day")
"""Wrong tries of a day by block, network and address, never used up. They only tell who waits behind whom."""

View = Callable[..., Any]
EmailOf = Callable[[], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginTry:
    """One try, as far as limits look at it, which is found once for each request."""

    person: str
    origin: Origin
    device: str | None
    """Id of the known device. It is None for a stranger."""
    is_slowed: bool


class LoginLimits:
    """Wraps the views that check a password."""

    def __init__(self, storage: str, *, devices: KnownDevices, wrong: WrongLogins, lanes: LoginLanes) -> None:
        self._limiter = Limiter(
            key_func=get_remote_address,
            storage_uri=storage,
            in_memory_fallback_enabled=not storage.startswith("memory:"),
        )
        self._devices = devices
        self._wrong = wrong
        self._lanes = lanes

    def install(self, app: Flask) -> None:
        """Count for this application. Raises: SettingFault when the store of counts cannot be used."""
        try:
            self._limiter.init_app(app)
        except (ConfigurationError, ValueError) as problem:
            raise SettingFault(
                "starting the console: VOICEBOT_LIMITER_STORAGE names no store that this installation can use; take "
                "memory://, or install the client of the store you name "
                f"(for redis://, {how_to_add('redis')})"
            ) from problem

    def slow_down(self, view: View, *, email_of: EmailOf | None = None) -> View:
        """Return the login with its wrong tries counted, and one password checked at a time.

        `email_of` says who it is that somebody tries to be, where that is not what they typed.
        """
        limited = self._counted(view)
        for limit, key in ((PER_NETWORK, self._network), (PER_ADDRESS, self._address)):
            limited = self._limit(limited, limit, key, exempt_when=self._is_known)
        for limit, key in ((PER_NETWORK_SLOWED, self._network), (PER_ADDRESS_SLOWED, self._address)):
            limited = self._limit(limited, limit, key, exempt_when=self._is_not_slowed)
        return _told_who(limited, email_of or _typed_email)

    def slow_down_codes(self, view: View, *, email_of: EmailOf) -> View:
        """Return the view that asks for a code after the password, its wrong tries counted with those of the login."""
        return self.slow_down(self._limit(view, WRONG_CODES, self._person_or_device), email_of=email_of)

    def few_asked(self, view: View) -> View:
        """Return a view that makes us ask somebody else, so many times for each address and no more."""
        asked = self._limiter.limit(PER_ADDRESS_ASKED, key_func=lambda: f"asked:{request.remote_addr}")
        return asked(view)

    def slow_down_session(self, view: View) -> View:
        """Return a view that asks whoever is logged in for the present password, its wrong tries counted."""
        return self._limit(self._in_known_lane(view), PER_SESSION, lambda: f"session:{current_user.get_id()}")

    def slow_down_own_code(self, view: View) -> View:
        """Return the same for a view that asks for their code too, with as few wrong tries a day as at the login.

        They are counted for the account, since a new session or password must not begin the count anew.
        """
        return self._limit(self.slow_down_session(view), WRONG_CODES, lambda: f"own-codes:{current_user.id}")

    def _limit(self, view: View, limit: str, key: Callable[[], str], **more: Any) -> View:
        limited = self._limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_was_wrong, **more)
        return limited(view)

    def _counted(self, view: View) -> View:
        @wraps(view)
        def check_in_lane(**arguments: Any) -> Any:
            if request.method != "POST":
                return view(**arguments)
            tried = self._try()
            with self._lane_of(tried):
                response = make_response(view(**arguments))
            self._settle(tried, response)
            return response

        return check_in_lane

    def _in_known_lane(self, view: View) -> View:
        @wraps(view)
        def check_in_lane(**arguments: Any) -> Any:
            if request.method != "POST":
                return view(**arguments)
            with self._lanes.known():
                return view(**arguments)

        return check_in_lane

    def _lane_of(self, tried: LoginTry) -> AbstractContextManager[None]:
        if tried.device is not None:
            return self._lanes.known()
        if not tried.is_slowed:
            return self._lanes.stranger()
        return self._lanes.slowed(tried.origin.block, tuple(map(self._guesses, _sizes(tried.origin))))

    def _guesses(self, origin: str) -> int:
        return GUESSES.amount - self._limiter.limiter.get_window_stats(GUESSES, "guesses", origin).remaining

    def _settle(self, tried: LoginTry, response: Response) -> None:
        if not _was_wrong(response):
            self._welcome(tried, response)
            return
        counted = self._limiter.limiter
        if tried.device is not None:
            counted.hit(PER_DEVICE, "device", tried.device)
        else:
            counted.hit(BEFORE_SLOWED_BY_EMAIL, "email", tried.person)
            counted.hit(BEFORE_SLOWED_BY_ALL, "all")
            for origin in _sizes(tried.origin):
                counted.hit(GUESSES, "guesses", origin)
        network = tried.origin.network
        self._wrong.note(
            person=tried.person, network=network, is_known=tried.device is not None, is_slowed=tried.is_slowed
        )

    def _welcome(self, tried: LoginTry, response: Response) -> None:
        """Know this browser from now on, if it is this person who came in and not one who was logged in before."""
        if current_user.is_authenticated and self._devices.person(current_user.email) == tried.person:
            LOGINS.labels("right", "new" if tried.device is None else "known").inc()
            self._devices.remember(response, tried.person)

    def _try(self) -> LoginTry:
        if "login_try" not in g:
            person = self._devices.person(normal_email(g.login_email) or "")
            device = self._devices.device_of(person)
            if device is not None and not self._has_room(PER_DEVICE, "device", device):
                device = None
            g.login_try = LoginTry(
                person=person,
                origin=origin_of(request.remote_addr or ""),
                device=device,
                is_slowed=device is None and self._is_guessing(person),
            )
        return cast(LoginTry, g.login_try)

    def _is_guessing(self, person: str) -> bool:
        return not (
            self._has_room(BEFORE_SLOWED_BY_EMAIL, "email", person) and self._has_room(BEFORE_SLOWED_BY_ALL, "all")
        )

    def _has_room(self, limit: RateLimitItem, *key: str) -> bool:
        return self._limiter.limiter.test(limit, *key)

    def _is_known(self) -> bool:
        return self._try().device is not None

    def _is_not_slowed(self) -> bool:
        return not self._try().is_slowed

    def _person_or_device(self) -> str:
        tried = self._try()
        return f"codes:{tried.device or tried.person}"

    def _address(self) -> str:
        return f"address:{self._try().origin.address}"

    def _network(self) -> str:
        return f"network:{self._try().origin.network}"


def _told_who(view: View, email_of: EmailOf) -> View:
    @wraps(view)
    def told(**arguments: Any) -> Any:
        g.login_email = email_of()
        return view(**arguments)

    return told


def _typed_email() -> str:
    return request.form.get("email", "")


def _sizes(origin: Origin) -> tuple[str, str, str]:
    """Return where somebody comes from, the widest first."""
    return origin.block, origin.network, origin.address


def wait_s() -> int:
    """Return after how many seconds the limit that refused this request lets another try pass, which is at least
    one.
    """
    (limiter,) = current_app.extensions["limiter"]
    breached = limiter.current_limit
    return 60 if breached is None else max(1, int(breached.reset_at - time()))


def _was_wrong(response: Response) -> bool:
    """Tell a form shown again from one that was taken (a redirect) or never looked at (a refusal)."""
    return response.status_code == 200
