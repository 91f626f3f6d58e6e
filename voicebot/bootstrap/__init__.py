"""Where settings become a hotline. This is the one place that knows both the ports and what fulfils them.

- `wiring` makes a hotline that any command can use at once. Without a carrier's account it takes `no_account`.
- `console` opens what the pages of staff need. `clocks` are those that the worker compares its own with.
- `checks` refuses to serve when something is missing that serving needs. `greeting` tells whether callers hear the
  company's name. `hearing` tries the speech model with a clip. `examination` puts the doctor's checks in order.

Knows: settings, adapters, ports. Must not know: routes, the terminal.
"""

from voicebot.bootstrap.checks import (
    check_account,
    check_database,
    check_definitions_and_account,
    check_service,
    doubts,
)
from voicebot.bootstrap.clocks import clock_witnesses
from voicebot.bootstrap.console import company_sign_in, console_secret, old_secrets, open_logins
from voicebot.bootstrap.wiring import (
    NoCarrier,
    RecognisersWhenNeeded,
    build_hotline,
    clips_dir,
    live_view,
    warm_up,
)

__all__ = [
    "NoCarrier",
    "RecognisersWhenNeeded",
    "build_hotline",
    "check_account",
    "check_database",
    "check_definitions_and_account",
    "check_service",
    "clips_dir",
    "clock_witnesses",
    "company_sign_in",
    "console_secret",
    "doubts",
    "live_view",
    "old_secrets",
    "open_logins",
    "warm_up",
]
