"""Every command that a person reads of in this repository exists."""

import re
import shlex
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main

MAKEFILE = (tree.PROJECT_DIR / "Makefile").read_text()
PAGES = [
    tree.PROJECT_DIR / "README.md",
    *sorted((tree.PROJECT_DIR / "docs").glob("*.md")),
    *(tree.PROJECT_DIR / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
]


def _procfile() -> dict[str, str]:
    lines = (tree.PROJECT_DIR / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line)


def _named(prefix: str) -> Iterator[str]:
    """Yield the commands in code marks or code blocks of our pages that start with a word."""
    for page in PAGES:
        text = page.read_text()
        spans = re.findall(r"`([^`\n]+)`", text)
        blocks = [line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
        yield from (span.split("#")[0].strip() for span in [*spans, *blocks] if span.startswith(f"{prefix} "))


def _words(command: str) -> list[str]:
    """Return the words of a command up to the first that stands for something (`CASE`, `N`, `…`, `[--json]`)."""
    words = shlex.split(command.removeprefix(".venv/bin/"))[1:]
    kept = []
    for word in words:
        if word.isupper() or word[0] in "[…<" or word.startswith("--"):
            break
        kept.append(word)
    return kept


def _check(command: str, words: list[str]) -> None:
    run = CliRunner().invoke(main, [*words, "--help"])
    assert run.exit_code == 0, f"`{command}`: {run.output}"


@pytest.mark.parametrize("process", ["release", "web", "worker"])
def test_command_of_the_procfile_exists(process: str) -> None:
    command = _procfile()[process]
    assert command.startswith("voicebot ")
    _check(command, shlex.split(command)[1:])


@pytest.mark.parametrize("command", sorted({*_named("voicebot"), *_named(".venv/bin/voicebot")}))
def test_command_named_in_a_page_exists(command: str) -> None:
    _check(command, _words(command))


@pytest.mark.parametrize("command", sorted(set(_named("make"))))
def test_make_target_named_in_a_page_exists(command: str) -> None:
    assert re.search(rf"^{command.split()[1]}:.*## ", MAKEFILE, re.MULTILINE)


def test_every_make_target_for_people_is_listed_by_help() -> None:
    phony = set(re.findall(r"^\.PHONY: ([\w-]+)", MAKEFILE, re.MULTILINE))
    assert phony == set(re.findall(r"^([a-z0-9-]+):.*## \S", MAKEFILE, re.MULTILINE))
