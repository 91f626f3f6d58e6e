"""The command line: one file per command group."""

import click


@click.group()
def main() -> None:
    """The hotline that answers a complaint and keeps its word."""
