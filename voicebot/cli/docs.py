"""`voicebot docs` shows the operator's pages in the terminal, so that a message can name one wherever we are installed.

Knows: the folder of pages. Must not know: what stands in them.
"""

from pathlib import Path

import click

from voicebot.distribution import docs_dir


def _pages() -> dict[str, Path]:
    return {path.stem: path for path in sorted(docs_dir().glob("*.md"))}


@click.command()
@click.argument("page", type=click.Choice(sorted(_pages())), required=False)
def docs(page: str | None) -> None:
    """Show one of the operator's pages, or list them."""
    pages = _pages()
    if page is not None:
        click.echo(pages[page].read_text(encoding="utf-8"), nl=False)
        return
    for name, path in pages.items():
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        click.echo(f"voicebot docs {name:<10} {title}")
