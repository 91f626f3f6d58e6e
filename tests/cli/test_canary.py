"""`voicebot canary` on a terminal, over a real database."""

import pytest
from click.testing import CliRunner

from tests.canaries import a_canary
from tests.service.lines import Line
from voicebot.cli import main
from voicebot.cli.canary import canary
from voicebot.domain.canary import CanaryResult

pytestmark = pytest.mark.requirement("D-10")


def test_without_a_second_number_it_says_which_setting_is_missing(line: Line) -> None:
    refused = CliRunner().invoke(main, ["canary"])
    assert (refused.exit_code, "VOICEBOT_CANARY_NUMBER" in refused.output) == (1, True)
    assert "No test call was made yet." in CliRunner().invoke(canary, ["--show"], catch_exceptions=False).stdout


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        (CanaryResult.PASSED, 0, "came through (97% of its words were understood)"),
        (CanaryResult.NO_CALL, 1, "no call arrived"),
        (CanaryResult.RUNNING, 0, "is under way"),
    ],
)
def test_how_the_last_one_went_is_shown(line: Line, result: CanaryResult, code: int, said: str) -> None:
    detail = "97% of its words were understood" if result is CanaryResult.PASSED else ""
    with line.work() as work:
        work.watch.add_canary(a_canary(result=result, detail=detail))
        work.commit()
    shown = CliRunner().invoke(canary, ["--show"])
    assert (shown.exit_code, said in shown.stdout) == (code, True)


def test_a_carrier_that_cannot_be_asked_is_told_and_nothing_hangs(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_CANARY_NUMBER", "+12025550177")
    with line.work() as work:
        work.watch.add_canary(a_canary())
        work.commit()
    refused = CliRunner().invoke(main, ["canary"])
    assert (refused.exit_code, "under way" in refused.output) == (1, True)
