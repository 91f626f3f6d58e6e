"""The windows with room of a case on the terminal. They are listed by number, and chosen by it.

Knows: the terminal, windows. Must not know: who chooses, what is promised.
"""

from datetime import datetime

import click

from voicebot.domain.instants import written_instant
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.promise.choose import windows_for


def list_windows(hotline: Hotline, case: str) -> None:
    """Print the windows that staff may choose from."""
    zone = hotline.flows.current_policy().calendar.zone
    for number, each in enumerate(windows_for(hotline, case), start=1):
        click.echo(f"{number}: {written_instant(each.opens_at, zone)} - {written_instant(each.closes_at, zone)}")


def chosen_window(hotline: Hotline, case: str, number: int) -> datetime:
    """Return when the window of that number opens. Raises: Refused when there is none."""
    windows = windows_for(hotline, case)
    if not 1 <= number <= len(windows):
        raise Refused(f"there is no window {number}: `move {case}` lists those with room", code="window-full")
    return windows[number - 1].opens_at
