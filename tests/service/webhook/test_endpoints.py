"""No more endpoints than the worker has threads for; each is changed by its id, and the rest is refused."""

from dataclasses import replace

import pytest

from tests.service.lines import Line
from tests.service.webhook.test_deliver import AWAY, CRM, an_endpoint, work
from voicebot.domain.webhook import MOST_ENDPOINTS, WebhookEndpoint
from voicebot.errors import Refused
from voicebot.service.webhook.endpoints import (
    remove_endpoint,
    rotate_secret,
    send_trial,
    switch_off,
    switch_on,
)
from voicebot.service.webhook.log import view_deliveries, view_endpoints


def the_endpoint(line: Line) -> WebhookEndpoint:
    (view,) = view_endpoints(line.hotline)
    return view.endpoint


def lose_the_key(line: Line) -> None:
    """Let nothing open the secret of the one endpoint any more."""
    with line.work() as work:
        work.webhooks.save_endpoint(replace(the_endpoint(line), sealed_secret="lost 7"))
        work.commit()


def test_there_are_no_more_endpoints_than_the_worker_serves_and_no_address_is_there_twice(line: Line) -> None:
    for number in range(MOST_ENDPOINTS):
        an_endpoint(line, f"host{number}.example.com")
    with pytest.raises(Refused, match=r"remove one first"):
        an_endpoint(line)
    with pytest.raises(Refused, match=r"has this address already") as refused:
        an_endpoint(line, "host0.example.com")
    assert refused.value.code == "webhook-twice"


def test_an_endpoint_is_switched_off_and_on_again_and_tried_only_while_it_is_on(line: Line) -> None:
    endpoint = an_endpoint(line)
    switch_off(line.hotline, endpoint, actor="admin")
    assert the_endpoint(line).off_reason == "switched off by hand by admin"
    with pytest.raises(Refused, match="switch it on first"):
        send_trial(line.hotline, endpoint)
    switch_on(line.hotline, endpoint, actor="admin")
    assert (the_endpoint(line).off_at, the_endpoint(line).off_reason) == (None, "")
    line.webhooks.answers[CRM] = [AWAY]
    trial = send_trial(line.hotline, endpoint)
    work(line)
    assert the_endpoint(line).quiet_until is not None
    again = send_trial(line.hotline, endpoint)
    work(line)
    assert sorted(each.delivery.id for each in view_deliveries(line.hotline)) == sorted((trial, again))
    assert (the_endpoint(line).failures, line.webhooks.count_to(CRM)) == (0, 2), "a trial is sent at once"


def test_a_new_secret_stands_beside_the_one_before(line: Line) -> None:
    endpoint = an_endpoint(line)
    before = the_endpoint(line)
    changed, secret = rotate_secret(line.hotline, endpoint, actor="admin", instead_of=before.secret_mark)
    assert changed == the_endpoint(line)
    assert secret.startswith("whsec_")
    assert secret not in str(changed)
    assert changed.sealed_secrets_at(line.clock.at) == (changed.sealed_secret, before.sealed_secret)
    with pytest.raises(Refused, match="look at the page again") as refused:
        rotate_secret(line.hotline, endpoint, actor="admin", instead_of=before.secret_mark)
    assert refused.value.code == "webhook-renewed"
    assert the_endpoint(line) == changed, "asked twice, the one before is not lost"


def test_a_secret_that_nothing_opens_signs_beside_no_other(line: Line) -> None:
    """Staff were told that the receiver has a day, while everything was signed by the new one alone."""
    endpoint = an_endpoint(line)
    lose_the_key(line)
    changed, _ = rotate_secret(line.hotline, endpoint, actor="admin")
    assert (changed.sealed_secrets_at(line.clock.at), changed.old_secret_until) == ((changed.sealed_secret,), None)


def test_what_is_removed_or_was_never_there_is_not_changed(line: Line) -> None:
    endpoint = an_endpoint(line)
    assert remove_endpoint(line.hotline, endpoint, actor="admin").host == CRM
    for change in (switch_off, switch_on, rotate_secret, remove_endpoint):
        with pytest.raises(Refused, match="no endpoint of this id") as refused:
            change(line.hotline, endpoint, actor="admin")
        assert refused.value.code == "webhook-unknown"
