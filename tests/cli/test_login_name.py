"""Who acts on the command line, where nobody says."""

import getpass
import os

import pytest

from voicebot.cli.login_name import login_name


def test_the_name_of_the_login_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "anna")
    assert login_name() == "anna"


@pytest.mark.parametrize("problem", [KeyError("uid not found"), OSError("no username")])
def test_a_container_s_number_without_a_name_stands_for_itself(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def nobody() -> str:
        raise problem

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert login_name() == f"uid {os.getuid()}"
