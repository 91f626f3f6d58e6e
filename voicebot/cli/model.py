"""`voicebot model install|check` handles the speech model on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from voicebot.adapters import speech_model
from voicebot.bootstrap.hearing import check_model
from voicebot.config import read_settings
from voicebot.errors import SettingFault

_LANGUAGES = click.Choice(sorted(speech_model.SOURCES))


@click.group()
def model() -> None:
    """Install and check the speech model."""


@model.command()
@click.option("--language", type=_LANGUAGES, default="en", show_default=True)
def install(language: str) -> None:
    """Fetch the model unless it is there, and prove that it hears."""
    settings = read_settings()
    with _shown_progress() as progress:
        source = speech_model.SOURCES[language]
        found = speech_model.install_model(settings.model_dir, source, progress=progress, vouched=settings.model_digest)
        progress("checking that it hears", None)
        check_model(found)
    click.echo(f"The {language} model is in {found} and hears.")


@model.command()
@click.option("--language", type=_LANGUAGES, default="en", show_default=True)
def check(language: str) -> None:
    """Let the installed model hear a bundled clip."""
    settings = read_settings()
    folder = settings.model_dir
    found = speech_model.find_model(folder, language, vouched=settings.model_digest)
    if found is None:
        raise SettingFault(
            f"checking the speech model: no model for {language} in {folder}; run `{speech_model.INSTALL_COMMAND}`",
            code="model-missing",
        )
    check_model(found)
    click.echo(f"{found.name} hears.")


@contextmanager
def _shown_progress() -> Iterator[speech_model.Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("speech model", total=None)

        def show(step: str, done: float | None) -> None:
            bars.update(task, description=step, total=None if done is None else 1.0, completed=done or 0.0)

        yield show
