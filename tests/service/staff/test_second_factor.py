"""Setting up a second factor, using its codes up, and losing the telephone."""

from datetime import timedelta

import pyotp
import pytest

from tests.service.lines import Line
from voicebot.adapters.sealed_text import SealedText
from voicebot.domain.account_event import AccountVerb
from voicebot.domain.second_factor import PENDING_FOR
from voicebot.domain.staff import Role, StaffAccount
from voicebot.errors import Refused
from voicebot.service.staff.accounts import NewAccount, add_account, find_account, history_of
from voicebot.service.staff.second_factor import Answer, SecondFactorDesk, reset_second_factor

EMAIL = "anna@firm.example"


class Enrolled:
    """Anna, with her telephone."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.desk = SecondFactorDesk(line.hotline, SealedText("k" * 48))
        new = NewAccount(email=EMAIL, name="Anna Ruiz", role=Role.HANDLER)
        self.id = add_account(line.hotline, new, "a-hash").id
        self.key = ""
        self.codes = self.set_up()

    def set_up(self) -> tuple[str, ...]:
        """Take up a new key and confirm it."""
        self.desk.begin(self.id)
        key = self.desk.pending_key(self.id)
        assert key is not None
        self.key = key
        codes = self.desk.confirm(self.id, self.shown())
        assert codes is not None
        return codes

    def shown(self) -> str:
        """Return what the telephone shows now."""
        return pyotp.TOTP(self.key).at(self.line.clock.now())

    def account(self) -> StaffAccount:
        """Return her account."""
        return find_account(self.line.hotline, EMAIL)


@pytest.fixture
def anna(line: Line) -> Enrolled:
    return Enrolled(line)


def test_a_code_is_used_up_by_the_login_that_it_opened_and_by_confirming(anna: Enrolled) -> None:
    assert anna.desk.check(anna.id, anna.shown()).answer is Answer.WRONG, "it confirmed the key a moment ago"
    anna.line.clock.step(timedelta(seconds=30))
    assert anna.desk.check(anna.id, anna.shown()).answer is Answer.RIGHT
    assert anna.desk.check(anna.id, anna.shown()).answer is Answer.WRONG


def test_a_recovery_code_counts_once_and_stands_in_the_history(anna: Enrolled) -> None:
    checked = anna.desk.check(anna.id, anna.codes[0])
    assert (checked.answer, checked.codes_left) == (Answer.RECOVERY, 9)
    assert not anna.desk.check(anna.id, anna.codes[0]).is_right
    verbs = [event.verb for event in history_of(anna.line.hotline, EMAIL)]
    assert verbs == [AccountVerb.SECOND_FACTOR_SET, AccountVerb.RECOVERY_CODE_USED]


def test_a_new_telephone_ends_the_old_one_and_its_codes_only_when_it_is_confirmed(anna: Enrolled) -> None:
    old_key, old_codes = anna.key, anna.codes
    anna.desk.begin(anna.id)
    anna.line.clock.step(timedelta(seconds=30))
    assert anna.desk.check(anna.id, anna.shown()).is_right, "the old one holds meanwhile"
    anna.line.clock.step(timedelta(seconds=30))
    anna.set_up()
    anna.line.clock.step(timedelta(seconds=30))
    assert not anna.desk.check(anna.id, pyotp.TOTP(old_key).at(anna.line.clock.now())).is_right
    assert not anna.desk.check(anna.id, old_codes[1]).is_right
    assert anna.desk.check(anna.id, anna.shown()).is_right


def test_a_key_is_shown_for_a_quarter_of_an_hour_and_never_after_it_was_confirmed(anna: Enrolled) -> None:
    assert anna.desk.pending_key(anna.id) is None
    anna.desk.begin(anna.id)
    assert anna.desk.confirm(anna.id, "no code") is None
    assert anna.desk.pending_key(anna.id) is not None, "a slip of the finger costs nothing"
    anna.line.clock.step(PENDING_FOR)
    assert anna.desk.pending_key(anna.id) is None
    assert anna.desk.confirm(anna.id, anna.shown()) is None


def test_a_lost_telephone_ends_sessions_and_lets_the_password_do(anna: Enrolled) -> None:
    before = anna.account()
    assert before.second_factor_at == anna.line.clock.now()
    reset_second_factor(anna.line.hotline, EMAIL)
    after = anna.account()
    assert after.second_factor_at is None
    assert after.session_key != before.session_key
    assert not anna.desk.check(anna.id, anna.codes[0]).is_right
    assert history_of(anna.line.hotline, EMAIL)[-1].actor == "terminal"
    with pytest.raises(Refused, match="this account has none") as refusal:
        reset_second_factor(anna.line.hotline, EMAIL)
    assert refusal.value.code == "second-factor-none"


def test_neither_key_nor_code_stands_in_the_database_in_clear(anna: Enrolled) -> None:
    with anna.line.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM second_factors").fetchall())
    assert anna.key not in rows
    assert not any(code in rows or code.replace("-", "") in rows for code in anna.codes)


def test_nothing_set_up_takes_no_code(line: Line) -> None:
    account = add_account(line.hotline, NewAccount(email=EMAIL, name="Anna", role=Role.HANDLER), "a-hash")
    desk = SecondFactorDesk(line.hotline, SealedText("k" * 48))
    assert not desk.check(account.id, "").is_right
    assert desk.confirm(account.id, "000000") is None
