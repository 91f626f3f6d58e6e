"""Log lines say which call and which case they are about, and a thread's names end with what they were given for."""

import threading

import structlog

from tests.builders import a_ticket
from tests.service.lines import CALLER, OWN, Line
from voicebot.adapters.log import mask_numbers
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import written
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.stream import open_stream
from voicebot.service.call.turn import end_call
from voicebot.service.log_context import name_call, name_case, named
from voicebot.service.lookup import find_call
from voicebot.service.outbox.sms import record_receipt


def names() -> dict[str, object]:
    """Return what the next line of this thread would name."""
    return dict(structlog.contextvars.get_contextvars())


def test_a_call_and_its_case_are_named_and_the_masker_lets_both_through() -> None:
    with named():
        name_call("0123456789abcdef0123456789abcdef")
        name_case(a_ticket())
        assert names() == {"call": "0123456789abcdef0123456789abcdef", "case": "482-913-756"}
        assert mask_numbers(None, "info", {**names(), "number": CALLER}) == {**names(), "number": "[number]"}


def test_one_item_of_many_has_its_own_names_and_the_ones_before_come_back() -> None:
    with named(job="send_sms"):
        name_call("c1")
        with named(sweep="ladder"):
            name_case(a_ticket())
            assert names() == {"sweep": "ladder", "case": "482-913-756"}
        assert names() == {"job": "send_sms", "call": "c1"}


def test_a_new_thread_inherits_no_names() -> None:
    found: list[dict[str, object]] = []
    with named(call="c1"):
        thread = threading.Thread(target=lambda: found.append(names()))
        thread.start()
        thread.join()
    assert found == [{}]


def test_every_action_of_a_call_names_it(line: Line) -> None:
    with named():
        answer = line.ring()
        case = written(line.ticket(answer).case_number)
        wanted = {"call": answer.call.id, "case": case}
        assert names() == wanted
    with named():
        answer_call(line.hotline, IncomingCall(carrier_call_id="CA1", caller=CALLER, called=OWN))
        assert names() == wanted
    with named():
        assert open_stream(line.hotline, answer.call.id, str(line.call(answer).stream_token), "CA1") is not None
        assert names()["case"] == case
    with named():
        line.go_on(answer)
        assert names() == wanted
    with named():
        find_call(line.hotline, "CA1")
        assert names() == wanted
    with named():
        end_call(line.hotline, "CA1", CallEnd.COMPLETED)
        assert names() == wanted


def test_a_receipt_names_the_case_of_its_text(line: Line) -> None:
    answer = line.told_call()
    line.settle()
    sid = str(line.texts(answer)[0].message_sid)
    with named():
        record_receipt(line.hotline, sid, "delivered", None)
        assert names() == {"case": written(line.ticket(answer).case_number)}
