"""Somebody's second factor is set up, asked for at the login, and taken away when the telephone is lost.

What is checked is held by its row, so two logins at once cannot use one code twice. A new factor, and one taken away,
end every session of before.
Knows: accounts, keys by their port. Must not know: pages, how a key is sealed, how wrong tries are counted.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import structlog

from voicebot.domain.account_event import AccountEvent, AccountVerb
from voicebot.domain.second_factor import SecondFactor, digests_of, matching_step, new_key, new_recovery_codes
from voicebot.domain.staff import StaffAccount
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import Seal
from voicebot.service.staff.accounts import account_of

TERMINAL = "terminal"
"""Actor of what an administrator does by a command."""

log = structlog.get_logger(__name__)


class Answer(Enum):
    """What came of a code."""

    WRONG = 0
    RIGHT = 1
    RECOVERY = 2
    """It was a recovery code, which is used up now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What came of a code, and how many recovery codes are left."""

    answer: Answer
    codes_left: int

    @property
    def is_right(self) -> bool:
        """Tell whether whoever wrote it may go on."""
        return self.answer is not Answer.WRONG


class SecondFactorDesk:
    """Sets up and checks. Accounts are named by their id."""

    def __init__(self, hotline: Hotline, seal: Seal) -> None:
        self._hotline = hotline
        self._seal = seal

    def begin(self, account_id: str) -> None:
        """Make a key that waits to be confirmed. What is in force stays so until then."""
        with self._hotline.unit_of_work() as work:
            now = context_of(self._hotline, work).now
            pending = self._seal.seal(new_key(self._hotline.ids.new_token()))
            factor = work.second_factors.lock(account_id)
            work.second_factors.save(replace(factor, pending_key=pending, pending_at=now))
            work.commit()

    def pending_key(self, account_id: str) -> str | None:
        """Return the key that waits to be confirmed, or None. It is for this person's eyes only."""
        with self._hotline.look() as work:
            factor = work.second_factors.get(account_id)
            if factor is None or not factor.is_pending(context_of(self._hotline, work).now):
                return None
        return self._seal.open(factor.pending_key)

    def confirm(self, account_id: str, written: str) -> tuple[str, ...] | None:
        """Put the waiting key into force if this is its code, and return the recovery codes, which nobody can read
        again.

        None when the code is wrong, or no key waits. Raises: Refused when the key cannot be opened.
        """
        with self._hotline.unit_of_work() as work:
            now = context_of(self._hotline, work).now
            factor = work.second_factors.lock(account_id)
            if not factor.is_pending(now):
                return None
            step = matching_step(self._seal.open(factor.pending_key), written, at=now, after=0)
            if step is None:
                return None
            codes = new_recovery_codes(self._hotline.ids.new_token())
            confirmed = replace(
                factor,
                sealed_key=factor.pending_key,
                pending_key="",
                pending_at=None,
                last_step=step,
                recovery_digests=digests_of(codes),
            )
            work.second_factors.save(confirmed)
            account = work.staff.lock(account_id)
            work.staff.save(replace(account, second_factor_at=now, session_key=self._hotline.ids.new_token()))
            work.staff.note(_event(account, AccountVerb.SECOND_FACTOR_SET, at=now, actor=account.staff_id))
            work.commit()
        log.info("second_factor_set", staff=account.staff_id)
        return codes

    def check(self, account_id: str, written: str) -> Checked:
        """Check a code or a recovery code, and use it up. Raises: Refused when the key cannot be opened."""
        with self._hotline.unit_of_work() as work:
            now = context_of(self._hotline, work).now
            factor = work.second_factors.lock(account_id)
            used, answer = self._used(factor, written, now)
            if used is None:
                return Checked(answer=answer, codes_left=factor.codes_left)
            work.second_factors.save(used)
            if answer is Answer.RECOVERY:
                account = work.staff.lock(account_id)
                work.staff.note(_event(account, AccountVerb.RECOVERY_CODE_USED, at=now, actor=account.staff_id))
            work.commit()
        return Checked(answer=answer, codes_left=used.codes_left)

    def _used(self, factor: SecondFactor, written: str, now: datetime) -> tuple[SecondFactor | None, Answer]:
        if (without := factor.without_code(written)) is not None:
            return without, Answer.RECOVERY
        if not factor.sealed_key:
            return None, Answer.WRONG
        step = matching_step(self._seal.open(factor.sealed_key), written, at=now, after=factor.last_step)
        if step is None:
            return None, Answer.WRONG
        return replace(factor, last_step=step, sealed_key=self._seal.renewed(factor.sealed_key)), Answer.RIGHT


def reset_second_factor(hotline: Hotline, email: str) -> StaffAccount:
    """Take somebody's second factor away and end their sessions.

    Raises: Refused when there is no such account, or it has none.
    """
    with hotline.unit_of_work() as work:
        account = account_of(work, email)
        if account.second_factor_at is None:
            raise Refused(
                "taking a second factor away: this account has none; `voicebot staff list` shows who has",
                code="second-factor-none",
            )
        work.second_factors.remove(account.id)
        changed = replace(account, second_factor_at=None, session_key=hotline.ids.new_token())
        work.staff.save(changed)
        now = context_of(hotline, work).now
        work.staff.note(_event(account, AccountVerb.SECOND_FACTOR_RESET, at=now, actor=TERMINAL))
        work.commit()
    log.info("second_factor_reset", staff=account.staff_id)
    return changed


def _event(account: StaffAccount, verb: AccountVerb, *, at: datetime, actor: str) -> AccountEvent:
    return AccountEvent(account_id=account.id, at=at, actor=actor, verb=verb)
