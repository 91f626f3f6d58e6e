"""Every setting says what it means, in the product and on the page that lists them."""

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main
from voicebot.config import Settings, ShownSetting, shown_settings

PAGE = (tree.PROJECT_DIR / "docs/settings.md").read_text()
SETTINGS = list(shown_settings(Settings()))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting_stands_on_its_page_with_its_meaning(setting: ShownSetting) -> None:
    assert setting.meaning, "say what the setting means, in its Field"
    assert f"| `{setting.name}` | {setting.meaning} |" in PAGE


def test_page_names_no_setting_that_is_gone() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [setting.name for setting in SETTINGS]


def test_command_lists_every_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-token-that-nobody-may-see")
    run = CliRunner().invoke(main, ["settings"])
    assert run.exit_code == 0, run.output
    assert [setting.name for setting in SETTINGS if setting.name not in run.output] == []
    assert "nobody-may-see" not in run.output
