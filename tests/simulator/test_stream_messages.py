"""Messages of the hotline on a stream: right ones are obeyed, malformed ones are warned of once."""

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, HotlineStream, StandIn
from voicebot.simulator import Caller


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"event": "dance", "streamSid": "SID"}',
        '{"event": "clear"}',
        '{"event": "clear", "streamSid": "MZ0"}',
        '{"event": "clear", "streamSid": "SID", "more": 1}',
        '{"event": "mark", "streamSid": "SID"}',
        '{"event": "mark", "streamSid": "SID", "mark": {"name": 1}}',
        '{"event": "media", "streamSid": "SID", "media": {"payload": "???"}}',
        '{"event": "media", "streamSid": "SID", "media": {"payload": "", "track": "outbound"}}',
        b"binary",
    ],
)
def test_malformed_message_is_warning_31951_once(
    hotline: StandIn, make_carrier: MakeCarrier, text: str | bytes
) -> None:
    def talk(stream: HotlineStream) -> None:
        for _ in range(2):
            stream.socket.send(text.replace("SID", stream.sid) if isinstance(text, str) else text)
        stream.play(0.1, "1:still_here")
        stream.until_mark("1:still_here")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.on_stream = talk
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.errors] == [31951]
    assert call.heard == ("still_here",)
