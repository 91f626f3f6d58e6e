"""Knows a browser again in which somebody has logged in before, by a signed cookie that names the person.

Strangers who guess at somebody's password use up a counter of strangers, while the person's own browsers have counters
of their own, so nobody can be locked out of them from elsewhere. The cookie opens nothing, because it takes the
password too. Each login gives a fresh one. A copied cookie has the counter of the one it was copied from, and no more.
Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies" (read November 2026).
Knows: cookies, the secret key. Must not know: passwords, who has an account.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from voicebot.service.ports import Clock

KEPT_FOR = timedelta(days=90)
"""Since the last login, because who stays away for longer logs in as from a new device."""


class KnownDevices:
    """Writes and reads the cookie."""

    def __init__(self, *, secret_key: str, clock: Clock, is_https: bool) -> None:
        self._key = secret_key.encode()
        self._signer = URLSafeSerializer(secret_key, salt="voicebot known device")
        self._clock = clock
        self._is_https = is_https
        self.cookie_name = "__Host-voicebot-device" if is_https else "voicebot-device"

    def is_mark(self, written: str) -> bool:
        """Tell whether this is a cookie of ours that still counts, for whomever."""
        return self._read(written) is not None

    def person(self, email: str) -> str:
        """Return what stands for a person in cookies, counters and logs, so that no e-mail can be found from it."""
        return hmac.new(self._key, b"person:" + email.encode(), hashlib.sha256).hexdigest()[:32]

    def device_of(self, person: str) -> str | None:
        """Return the id of this browser if that person logged in with it, or None for strangers."""
        read = self._read(request.cookies.get(self.cookie_name, ""))
        if read is None or not hmac.compare_digest(read[1].encode(), person.encode()):
            return None
        return read[0]

    def _read(self, written: str) -> tuple[str, str] | None:
        """Return device and person of a cookie, or None when it is not ours, or too old."""
        try:
            told = self._signer.loads(written)
            device, named, until = told["device"], told["person"], float(told["until"])
        except (BadSignature, KeyError, TypeError, ValueError):
            return None
        is_whole = isinstance(named, str) and self._clock.now().timestamp() < until
        return (str(device), named) if is_whole else None

    def remember(self, response: Response, person: str) -> None:
        """Give this browser a fresh cookie for that person."""
        until = (self._clock.now() + KEPT_FOR).timestamp()
        written = self._signer.dumps({"device": secrets.token_urlsafe(16), "person": person, "until": until})
        response.set_cookie(
            self.cookie_name,
            str(written),
            max_age=KEPT_FOR,
            secure=self._is_https,
            httponly=True,
            samesite="Lax",
            path="/",
        )
