"""Where settings become a hotline: the one place that knows both the ports and what fulfils them.

`wiring` makes a hotline that any command can use at once; `checks` refuses to serve without what serving needs.
"""

from voicebot.bootstrap.checks import check_definitions_and_account, check_service, doubts
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
    "check_definitions_and_account",
    "check_service",
    "clips_dir",
    "doubts",
    "live_view",
    "warm_up",
]
