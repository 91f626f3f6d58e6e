"""Whether whoever learns one password gets in, and whether the company's own sign-in answers.

Knows: accounts, roles. Must not know: how a code is checked, settings' names but in cures.
"""

from collections.abc import Callable, Iterator, Sequence

from voicebot.domain.staff import Role, StaffAccount
from voicebot.service.doctor.finding import Finding, doubt, fine

SETTING = "VOICEBOT_SECOND_FACTOR_ROLES"


def provider(ask: Callable[[], object]) -> Iterator[Finding]:
    """Look whether the company's own sign-in answers as it should. `ask` raises what is wrong with it."""
    ask()
    yield fine("the company's own sign-in answers, and is the one of the settings")


def second_factors(accounts: Sequence[StaffAccount], must_have: frozenset[Role]) -> Iterator[Finding]:
    """Look whether those who may do most log in with more than a password."""
    administrators = [each for each in accounts if each.is_active and each.role is Role.ADMINISTRATOR]
    without = [each.staff_id for each in administrators if each.second_factor_at is None]
    if Role.ADMINISTRATOR not in must_have:
        yield doubt(
            "a password alone lets administrators in",
            cure=f"set {SETTING}=administrator, and each sets up a code of the telephone at /console/second-factor",
        )
    elif without:
        yield doubt(
            f"no second factor is set up yet for {', '.join(without)}",
            cure="let them log in once: they are led to it, and until then whoever has the password could set up one",
        )
    else:
        yield fine("administrators log in with a second factor")
