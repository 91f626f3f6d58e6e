"""Secrets of endpoints are sealed under the newest key, also those from before there was a seal."""

from dataclasses import replace

from tests.service.lines import Line
from tests.service.webhook.test_deliver import BI, an_endpoint
from tests.webhooks import a_webhook_endpoint
from voicebot.domain.webhook import WebhookEndpoint
from voicebot.service.webhook.endpoints import rotate_secret
from voicebot.service.webhook.sealing import seal_anew


def endpoints(line: Line) -> dict[str, WebhookEndpoint]:
    with line.hotline.look() as work:
        return {each.id: each for each in work.webhooks.endpoints()}


def test_all_is_sealed_under_the_newest_key_once_and_what_nothing_opens_stays(line: Line) -> None:
    sealed, lost = an_endpoint(line), an_endpoint(line, BI)
    rotate_secret(line.hotline, sealed, actor="admin")
    plain = a_webhook_endpoint(id="plain", url="https://old.example.com/")
    with line.work() as work:
        work.webhooks.add_endpoint(plain)
        work.webhooks.save_endpoint(replace(endpoints(line)[lost], sealed_secret="lost 7"))
        work.commit()
    line.webhooks.key = "second"
    assert [seal_anew(line.hotline), seal_anew(line.hotline)] == [2, 0]
    now = endpoints(line)
    assert (now[sealed].sealed_secret, now[sealed].old_sealed_secret) == ("second 3", "second 1")
    assert now["plain"].sealed_secret == plain.sealed_secret.replace("whsec_", "second ")
    assert now[lost].sealed_secret == "lost 7"


def test_a_secret_that_was_given_since_is_sealed_anew_though_nothing_opens_the_one_before(line: Line) -> None:
    cured = an_endpoint(line)
    with line.work() as work:
        work.webhooks.save_endpoint(replace(endpoints(line)[cured], old_sealed_secret="lost 7"))
        work.commit()
    line.webhooks.key = "second"
    assert [seal_anew(line.hotline), seal_anew(line.hotline)] == [1, 0]
    now = endpoints(line)[cured]
    assert (now.sealed_secret, now.old_sealed_secret) == ("second 1", "lost 7")
