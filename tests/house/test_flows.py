"""All flows and both policies are whole in every locale."""

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main


@pytest.mark.parametrize("policy", ["policy", "policy_demo"])
def test_flows_check_clean_with_policy(policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_POLICY_DIR", str(tree.PROJECT_DIR / "flows" / policy))
    run = CliRunner().invoke(main, ["flows", "check"])
    assert run.exit_code == 0, run.output
