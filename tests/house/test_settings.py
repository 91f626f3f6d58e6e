"""Every setting says what it means, in the product and on the page that lists them."""

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main
from voicebot.config import Settings

PAGE = (tree.PROJECT_DIR / "docs/settings.md").read_text()
FIELDS = Settings.model_fields


def _variable(field: str) -> str:
    alias = FIELDS[field].validation_alias
    return alias if isinstance(alias, str) else f"VOICEBOT_{field.upper()}"


@pytest.mark.parametrize("field", FIELDS)
def test_setting_has_a_meaning(field: str) -> None:
    assert FIELDS[field].description


@pytest.mark.parametrize("field", FIELDS)
def test_setting_stands_on_its_page_with_its_meaning(field: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{_variable(field)}` |")]
    assert FIELDS[field].description in row.replace("\\|", "|")


def test_command_lists_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "a-token-that-nobody-may-see")
    run = CliRunner().invoke(main, ["settings"], terminal_width=400)
    assert run.exit_code == 0, run.output
    assert [_variable(field) for field in FIELDS if _variable(field) not in run.output] == []
    assert "nobody-may-see" not in run.output
