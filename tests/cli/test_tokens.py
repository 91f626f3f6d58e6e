"""`voicebot tokens` on a terminal and in a script, over a real database."""

import re

import pytest
from click.testing import CliRunner, Result

from tests.service.lines import Line
from tests.service.staff.people import EMAIL
from voicebot.cli import main
from voicebot.domain.api_token import digest_of
from voicebot.domain.staff import Role
from voicebot.service.staff.accounts import NewAccount, add_account, disable_account
from voicebot.service.staff.tokens import all_tokens, use_token

pytestmark = pytest.mark.usefixtures("kept_log")


def tokens(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["tokens", *words], catch_exceptions=False)


def test_a_token_is_shown_once_alone_on_its_stream_and_listed_without_it(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    assert "voicebot tokens create NAME" in tokens("list").stdout
    made = tokens("create", "Night report", "--role", "supervisor", "--expires", "2199-01-31", "--by", "anna")
    assert made.exit_code == 0, made.output
    text = made.stdout.removesuffix("\n")
    assert re.fullmatch(r"vbt_[A-Za-z0-9_-]{51}", text)
    assert "may ask as supervisor, until Thu 31 Jan 2199" in made.stderr
    assert "token.night_report" in made.stderr
    assert use_token(line.hotline, text) is not None
    listed = tokens("list").stdout
    for shown in ("Night report", "supervisor", "token.night_report", "anna", "yes, until Thu 31 Jan 2199"):
        assert shown in listed
    for hidden in (text, text[4:20], digest_of(text)):
        assert hidden not in listed + made.stderr + caplog.text


def test_a_token_is_revoked_by_its_name_for_good(line: Line) -> None:
    text = tokens("create", "Reports", "--role", "handler").stdout.strip()
    assert "Reports opens nothing any more" in tokens("revoke", "Reports").stdout
    assert use_token(line.hotline, text) is None
    assert "no: revoked" in tokens("list").stdout
    assert len(all_tokens(line.hotline)) == 1
    assert "none has this name" in tokens("revoke", "Report").stderr
    keeper = add_account(line.hotline, NewAccount(email=EMAIL, name="Anna", role=Role.ADMINISTRATOR), "a-hash")
    tokens("create", "Theirs", "--role", "handler", "--by", keeper.staff_id)
    disable_account(line.hotline, EMAIL)
    assert "no: the login of who made it is disabled" in tokens("list").stdout
    assert "already" in tokens("create", "Late", "--role", "handler", "--expires", "2020-01-01").stderr
