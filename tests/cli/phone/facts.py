"""Facts that the phone's parts are given in tests."""

from pathlib import Path

from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN
from voicebot.cli.phone.case_facts import CaseFacts
from voicebot.cli.phone.hotline import HotlineFacts


def some_facts(url: str, folder: Path, live_view: Path | None = None) -> HotlineFacts:
    """Return a hotline at a URL, whose database is not there."""
    return HotlineFacts(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        number=NUMBER,
        url=url,
        api_port=0,
        database_url=f"sqlite:///{folder / 'none.db'}",
        live_view=live_view,
        flows_dir=folder,
    )


def a_case() -> CaseFacts:
    """Return a case that was opened just now."""
    return CaseFacts(
        call_id="call-1",
        number="482-913-756",
        status="open",
        problem="",
        demand="",
        owner="owner_1",
        promise="",
        window=None,
        turns=1,
    )
