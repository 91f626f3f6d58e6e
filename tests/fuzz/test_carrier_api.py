"""The pretend carrier's REST API under whatever Twilio's own OpenAPI allows: never a 500 of its making.

Addresses in generated requests are replaced by one on loopback, for the pretend carrier would really ask them.
"""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st

from tests.generated import generated
from tests.simulator.prism import SPECS
from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN, StandIn
from voicebot.simulator import CarrierOptions, PacedClock, PretendCarrier
from voicebot.simulator.rest_api import make_api

OPENAPI = SPECS / "twilio_api_v2010.json"
EXAMPLES = pytest.mark.parametrize("examples", [8, pytest.param(60, marks=pytest.mark.long)])
HANDSET = "+15035550188"
RESOURCES = ("Messages", "Calls", "Recordings", "IncomingPhoneNumbers")
ADDRESS = re.compile(r"(Url|Callback)$")
"""Fields of Twilio's forms that hold an address."""


@pytest.fixture(scope="module")
def hotline() -> Iterator[StandIn]:
    """Somebody on loopback who answers nothing."""
    with closing(StandIn()) as hotline:
        yield hotline


@pytest.fixture(scope="module")
def carrier(hotline: StandIn) -> Iterator[PretendCarrier]:
    """A carrier whose webhooks go there."""
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, hotline.url, clock=PacedClock(40), options=CarrierOptions()) as carrier:
        carrier.serve_api()
        yield carrier


def operations(carrier: PretendCarrier) -> list[Any]:
    """Return the operations of Twilio's document that the pretend carrier has."""
    if not OPENAPI.is_file():
        pytest.skip("needs Twilio's OpenAPI: run `npm ci --ignore-scripts` in the project's folder")
    ours = {re.sub(r"<[^>]*>", "{}", rule.rule) for rule in make_api(carrier).url_map.iter_rules()}
    document = json.loads(OPENAPI.read_text())
    document["paths"] = {
        path: shape for path, shape in document["paths"].items() if re.sub(r"{[^}]*}", "{}", path) in ours
    }
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


# The carrier's own threads draw at random while requests are made up, which is then taken for a fault of the strategy.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.timeout(300)
@EXAMPLES
def test_no_request_that_twilio_describes_makes_the_api_fail(
    carrier: PretendCarrier, hotline: StandIn, examples: int
) -> None:
    found = operations(carrier)
    assert {name for name in RESOURCES for one in found if f"/{name}" in one.path} == set(RESOURCES)
    for operation in found:
        _fuzz(carrier, operation, hotline.url, examples)


def _aim(carrier: PretendCarrier, case: schemathesis.Case, *, loopback: str, is_known: bool) -> None:
    """Point the request at our account and, where asked, at what is there: else little but 404 would be seen."""
    resource = next((name for name in RESOURCES if f"/{name}" in case.path), "")
    if is_known and "Sid" in case.path_parameters:
        case.path_parameters["Sid"] = _known_sid(carrier, resource)
    case.path_parameters["AccountSid"] = ACCOUNT
    if isinstance(case.body, dict):
        case.body.update({name: loopback for name in case.body if ADDRESS.search(name)})
        if is_known:
            case.body |= {"To": HANDSET, "From": NUMBER}


def _known_sid(carrier: PretendCarrier, resource: str) -> str:
    ledger = carrier.ledger
    sids = {"Messages": ledger.messages, "Calls": ledger.calls, "Recordings": ledger.recordings}
    return next(iter(sids.get(resource, {})), ledger.number_sid if resource else ACCOUNT)


def _fuzz(carrier: PretendCarrier, operation: Any, loopback: str, examples: int) -> None:
    @generated(examples)
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def ask(case: schemathesis.Case, is_known: bool) -> None:
        _aim(carrier, case, loopback=loopback, is_known=is_known)
        response = case.call(base_url=carrier.api_url, auth=(ACCOUNT, TOKEN))
        assert response.status_code < 500, f"{operation.method} {operation.path}: {response.status_code}"

    ask()
