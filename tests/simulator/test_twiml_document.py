"""Verbs that break the rules of the language, as the caller's carrier answers them."""

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, StandIn
from voicebot.simulator import Caller


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        ('<Stream url="http://127.0.0.1/x"/>', 12200),
        ('<Stream url="/relative"/>', 12200),
        ('<Stream url="wss://127.0.0.1/x?case=1"/>', 31920),
        ('<Stream url="wss://127.0.0.1/x" track="both_tracks"/>', 31941),
        ('<Stream url="wss://127.0.0.1/x"><Parameter name="only"/></Stream>', 12200),
        (f'<Stream url="wss://127.0.0.1/x"><Parameter name="n" value="{"x" * 500}"/></Stream>', 12200),
        ('<Stream url="wss://127.0.0.1/x"/><Stream url="wss://127.0.0.1/x"/>', 12200),
        ("", 12200),
    ],
)
def test_wrong_stream_verb_fails_the_document(
    hotline: StandIn, make_carrier: MakeCarrier, stream: str, code: int
) -> None:
    hotline.answers("/twilio/voice", f"<Connect>{stream}</Connect>")
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.errors] == [code]
    assert hotline.to("/twilio/voice/fallback")[0].form["ErrorCode"] == str(code)
