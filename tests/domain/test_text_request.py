"""What counts as a request about texts, and what is a complaint for a person to read."""

import doctest

import pytest

from voicebot.domain import text_request
from voicebot.domain.text_request import TextRequest, read_text_request


@pytest.mark.parametrize(
    "text",
    [
        "stop", "STOP.", " Stop! ", "“STOP”", "'stop'", "(stop)", "STOP STOP STOP", "stop 🛑", "ＳＴＯＰ",
        "stop\n\nthanks", "stop all", "STOPALL", "opt out", "Opt-out", "Please stop", "Stop. Thank you",
        "stop please", "Stop texting me", "please stop texting me!", "Can you stop texting me?",
        "stop sending me messages", "STOP TEXTS", "stop sending me these text messages please",
        "Stop all texts", "Quit texting me", "cancel texts", "stop messages", "Do not text me",
        "don't text me again", "Don’t text me anymore", "dont send me any more texts", "never text me again",
        "No more texts", "no more texts, please", "no texts", "I don't want any more texts",
        "I do not want texts from you", "I want to opt out", "I’d like to unsubscribe", "Unsubscribe me",
        "unsubscribe", "unsubscribe me from this list", "remove me from your list",
        "take me off your mailing list", "Hi, please stop. Thanks", "end", "Quit.", "revoke", "cancel",
        "OK stop now", "stop contacting me", "odjava", "Ne šaljite mi više poruke", "odjavi me",
        "Molim vas prestanite slati poruke", "Prosím, neposielajte mi správy", "nebesiųskite žinučių",
        "Prašau nerašykite man", "стоп", "Отпишите меня", "Не пишите мне больше, пожалуйста",
        "S.T.O.P.", "s t o p", "Stop msgs", "stop messaging this number", "don't write to me",
        "Please don't contact me by text", "unsubscribe me from all", "unsubscribe from this",
        "прекратите присылать сообщения", "הסר", "הסירו אותי בבקשה", "수신거부", "문자 보내지 마세요",
    ],
)  # fmt: skip
def test_a_text_that_is_nothing_but_the_request_is_one(text: str) -> None:
    assert read_text_request(text) is TextRequest.STOP


@pytest.mark.parametrize(
    "text",
    ["start", "START!", "Unstop", "please start texting me again", "You can text me again", "opt in", "старт", "시작"],
)
def test_texts_are_asked_for_again_in_as_many_ways(text: str) -> None:
    assert read_text_request(text) is TextRequest.START


@pytest.mark.parametrize(
    "text",
    [
        "please stop the water leaking",
        "Stop it",
        "stop the noise next door",
        "It won't stop",
        "stop it leaking",
        "Don't stop helping me",
        "don't contact my neighbour by text",
        "stop messaging the wrong department",
        "A B C",
        "the bus did not stop for me",
        "Stop calling me, and fix my boiler",
        "stop texting me and call me instead",
        "You never text me back",
        "you do not text me",
        "I got no texts",
        "no text came",
        "cancel my order",
        "please cancel it",
        "end of contract letter never came",
        "I want to stop my subscription",
        "unsubscribe does not work in your app",
        "remove me from the flat above",
        "the bus stop is broken",
        "stop sending broken kettles",
        "your messages are rude",
        "start the refund",
        "text me the refund code",
        "do not send",
        "I would like to stop",
        "when do you start?",
        "please",
        "thank you",
        "",
        "?!",
        "не пишите ерунду, верните деньги",
        "stop " * 50 + "the leak",
    ],
)
def test_a_complaint_is_not_swallowed(text: str) -> None:
    assert read_text_request(text) is None


def test_a_long_text_is_read_quickly() -> None:
    assert read_text_request("stop sending me texts " * 500 + "x") is None


def test_the_examples_run() -> None:
    assert doctest.testmod(text_request).failed == 0
