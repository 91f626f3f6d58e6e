"""The empty route stands beside the application and takes nothing from it."""

from flask import Flask
from werkzeug.test import Client

from voicebot.cli.bench.empty_route import EMPTY_PATH, Beside, empty_app


def test_the_empty_route_answers_nothing_and_every_other_address_is_the_applications() -> None:
    ours = Flask("ours")
    ours.add_url_rule("/twilio/voice", "voice", lambda: "ours", methods=["POST"])
    client = Client(Beside(ours.wsgi_app, empty_app()))
    assert (client.post(EMPTY_PATH).status_code, client.post(EMPTY_PATH).text) == (200, "")
    assert client.post("/twilio/voice").text == "ours"
    assert client.get(EMPTY_PATH).status_code == 405
