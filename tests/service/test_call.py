"""The life of a call, as a conversation with the use cases."""
from tests.service.lines import *

def test_smoke(line):
    a = line.ring(); print(node_of(a), a.wait)
    a = line.go_on(a); print(node_of(a))
    a = line.say(a, "my parcel came broken"); print(node_of(a))
    a = line.say(a, "a refund please"); print(node_of(a))
    a = line.key(a, "1"); print(node_of(a))
    a = line.key(a, "1"); print(node_of(a))
    a = line.key(a, "1"); print(node_of(a))
    a = line.go_on(a); print(node_of(a))
    a = line.go_on(a); print(node_of(a))
    a = line.go_on(a); print(node_of(a), a.wait)
    from voicebot.service.call import resume_call
    a = resume_call(line.hotline, a.call.id); print(a)
    line.run_jobs()
    print(line.sender.sent, line.ticket(a), line.verbs(a.call.ticket_id))
    assert 0
