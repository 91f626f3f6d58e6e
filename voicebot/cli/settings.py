"""`voicebot settings` lists every setting with meaning, unit, default and present value, while secrets stay hidden.

Knows: settings. Must not know: who uses them.
"""

import click
from rich.console import Console
from rich.table import Table

from voicebot.config import ShownSetting, read_settings, shown_settings


@click.command()
@click.option("--plain", is_flag=True, help="One tab-separated line for each setting, for programs.")
def settings(plain: bool) -> None:
    """List every setting with its meaning and unit, default and value, where secrets show only whether they are set."""
    shown = list(shown_settings(read_settings()))
    if plain:
        for setting in shown:
            click.echo("\t".join((setting.name, setting.value, setting.default, setting.meaning)))
        return
    Console(width=_width()).print(_table(shown))


def _width() -> int | None:
    """Let rich find the terminal's width, because where there is none a name must not be cut."""
    return None if Console().is_terminal else 160


def _table(shown: list[ShownSetting]) -> Table:
    table = Table(title="Settings, from the environment or .env")
    table.add_column("Name", no_wrap=True)
    table.add_column("Meaning and unit", ratio=3)
    table.add_column("Default", ratio=1, overflow="fold")
    table.add_column("Value", ratio=1, overflow="fold")
    for setting in shown:
        table.add_row(setting.name, setting.meaning, setting.default, setting.value)
    return table
