"""The description in OpenAPI is what the application does, and docs/openapi.json is that description."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.generated import generated
from tests.house import tree
from tests.web.api.desk import SITE, ApiDesk, Program
from voicebot.domain.staff import Role
from voicebot.web.transport.refusals import PROBLEM_JSON

COPY = tree.PROJECT_DIR / "docs/openapi.json"
CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
EXAMPLES = pytest.mark.parametrize("examples", [4, pytest.param(60, marks=pytest.mark.long)])


def kept(part: Any, depth: int = 3) -> str:
    """Return the description as it is kept: a line for each operation and each shape."""
    if depth == 0 or not isinstance(part, dict):
        return json.dumps(part, sort_keys=True)
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {kept(part[name], depth - 1)}" for name in sorted(part)) + "\n}"


def described(api: ApiDesk) -> Any:
    """Return the description as a program reads it."""
    return api.program("Reader").read("/openapi.json")


def test_the_kept_description_is_what_the_application_says(api: ApiDesk, tmp_path: Path) -> None:
    now, fresh = kept(described(api)) + "\n", tmp_path / "openapi.json"
    fresh.write_text(now)
    assert COPY.read_text() == now, f"if the change is wanted: cp {fresh} docs/openapi.json"


def test_it_is_sent_to_whoever_asks_next_as_to_the_first(api: ApiDesk) -> None:
    assert described(api) == api.program("Next").read("/openapi.json")


def test_strangers_learn_nothing_of_it(api: ApiDesk) -> None:
    refused = Program(api, None).get("/openapi.json")
    assert (refused.status_code, refused.mimetype) == (401, PROBLEM_JSON)


@pytest.mark.timeout(600)
@EXAMPLES
def test_whatever_is_asked_is_answered_as_described(api: ApiDesk, examples: int) -> None:
    """Requests that fit and requests that do not, with numbers of cases that are there."""
    known = [api.line.ticket(api.line.told_call(f"CA{each}")).case_number for each in range(2)]
    schema = openapi.from_dict(described(api))
    token = api.token("Fuzzer", role=Role.ADMINISTRATOR)
    for found in schema.get_all_operations():
        operation = found.ok()

        @generated(examples)
        @given(case=operation.as_strategy(), number=st.sampled_from([*known, None]))
        def ask(case: object, number: str | None) -> None:
            if number is not None and "case" in case.path_parameters:
                case.path_parameters["case"] = number
            # Within one process schemathesis takes a compressed answer for a broken one.
            case.headers.update({"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
            response = case.call(app=api.app, base_url=SITE)
            case.validate_response(response, checks=CHECKS)

        ask()
