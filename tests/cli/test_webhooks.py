"""`voicebot webhooks`: endpoints with a secret that is shown once, the log, and sending again."""

import re

import pytest
from click.testing import CliRunner

from tests.service.lines import Line
from tests.service.webhook.test_endpoints import lose_the_key
from voicebot.cli import main
from voicebot.domain.webhook import EndpointAnswer
from voicebot.service.webhook.deliver import deliver_due
from voicebot.service.webhook.log import view_deliveries, view_endpoints

pytestmark = pytest.mark.usefixtures("kept_log")
URL = "https://crm.example.com/hook/s3cret"


def run(*command: str, exit_code: int = 0) -> str:
    done = CliRunner().invoke(main, ["webhooks", *command])
    assert done.exit_code == exit_code, done.output
    return done.output


def test_an_endpoint_is_added_tried_given_a_new_secret_and_removed(line: Line) -> None:
    assert "No webhooks are set up" in run()
    added = run("add", URL, "--events", "case.opened", "--detail", "full", "--by", "admin")
    (endpoint,) = (each.endpoint for each in view_endpoints(line.hotline))
    (secret,) = re.findall(r"whsec_\S+", added)
    listed = run()
    assert "crm.example.com" in listed
    assert "full" in listed
    assert "s3cret" not in listed
    assert secret not in listed
    run("test", endpoint.id)
    line.step(minutes=1)
    line.webhooks.answers["crm.example.com"] = [EndpointAnswer(status=500, words="[red]oops")]
    deliver_due(line.hotline, endpoint.id)
    assert "500 [red]oops" in run("deliveries")
    assert "failing since" in run()
    (delivery,) = view_deliveries(line.hotline)
    assert run("replay", delivery.delivery.id) == "To be sent again: 1.\n"
    line.step(minutes=1)
    deliver_due(line.hotline, endpoint.id)
    assert "delivered" in run("deliveries", "--endpoint", endpoint.id)
    assert "oops" not in run("deliveries", "--failed")
    renewed = run("rotate", endpoint.id, "--by", "admin")
    assert "whsec_" in renewed
    assert secret not in renewed
    assert "signs beside it until" in renewed
    lose_the_key(line)
    assert "is lost and signs nothing" in run("rotate", endpoint.id), "nobody waits for what does not sign"
    assert "Off: crm.example.com." in run("disable", endpoint.id, "--by", "admin")
    assert "switched off by hand by admin" in run()
    assert "On: crm.example.com." in run("on", endpoint.id)
    run("remove", endpoint.id, exit_code=1)
    run("remove", endpoint.id, "--yes")
    assert view_endpoints(line.hotline) == ()


def test_what_is_impossible_is_told_with_the_cure(line: Line) -> None:
    assert "https://host/path" in run("add", "http://crm.example.com/", exit_code=1)
    assert "there are case.opened" in run("add", URL, "--events", "case.open", exit_code=1)
    assert "'full'" in run("add", URL, "--detail", "FULLER", exit_code=2)
    run("add", URL)
    assert "has this address already" in run("add", URL, exit_code=1)
    assert "no endpoint of this id" in run("test", "nobody", exit_code=1)
    assert "no delivery has this id" in run("replay", "nobody", exit_code=1)
    endpoint = view_endpoints(line.hotline)[0].endpoint.id
    run("disable", endpoint)
    assert "switch it on first" in run("test", endpoint, exit_code=1)
