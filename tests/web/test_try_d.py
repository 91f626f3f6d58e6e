from tests.web.desk import *
from voicebot.service.lookup import find_call
def test_x(desk):
    desk.twiml("/twilio/voice"); call=find_call(desk.line.hotline, CALL_SID)
    with desk.served() as port, a_socket(port, f"/twilio/media/{call.id}/{call.stream_token}") as s:
        start(s)
        try:
            sent=False
            while True:
                m=json.loads(s.recv(timeout=2)); print(m["event"], m.get("mark"))
                if m["event"]=="mark" and "notice" in m["mark"]["name"] and not sent:
                    sent=True; send(s, "dtmf", dtmf={"track": "inbound_track", "digit": "8"})
        except Exception as e: print(repr(e))
