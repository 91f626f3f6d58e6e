"""Opens the hotline for a command that changes something, with the log on stderr.

Knows: settings, the log. Must not know: what the command does.
"""

import sys

from voicebot.adapters.log import configure_log
from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.config import read_settings
from voicebot.service.hotline import Hotline
from voicebot.service.staff.readers import seen_by


def opened_hotline() -> Hotline:
    """Return the hotline on its database, as whoever is logged in at the machine sees it.

    Raises: SettingFault when the database is not prepared.
    """
    settings = read_settings()
    configure_log(level=settings.log_level, is_json=not sys.stderr.isatty())
    check_database(settings)
    return seen_by(build_hotline(settings), login_name)
