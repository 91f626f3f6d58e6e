"""What a session remembers of the company's own sign-in: that it let somebody in, and whether by two factors.

A login forgets it, so whoever logs in says it anew. Flask's session is signed, so no browser writes it.
Knows: the session. Must not know: tokens, accounts, pages.
"""

from flask import session

_BY_PROVIDER = "by_provider"
"""In the session of whoever the company's own sign-in let in, with whether it says that they gave two factors."""


def remember_provider(*, has_second_factor: bool = False) -> None:
    """Remember that the company's own sign-in let in whoever is logged in now."""
    session[_BY_PROVIDER] = {"two": has_second_factor}


def forget_provider() -> None:
    """Forget it, because somebody logs in."""
    session.pop(_BY_PROVIDER, None)


def is_by_provider() -> bool:
    """Tell whether the company's own sign-in let in whoever is logged in."""
    return _BY_PROVIDER in session


def has_provider_second_factor() -> bool:
    """Tell whether the company's own sign-in says that they gave two factors."""
    told = session.get(_BY_PROVIDER)
    return isinstance(told, dict) and bool(told.get("two"))
