"""The page of the API: each of its examples is answered, and nothing that may be asked is missing there."""

import json
import re
import shlex

from tests.house import tree
from tests.web.api.desk import SITE, ApiDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.service.queries.sheets import CALL_COLUMNS, CASE_COLUMNS

PAGE = (tree.PROJECT_DIR / "docs/api.md").read_text()
EXAMPLES = re.findall(r"^curl .*$", PAGE, re.MULTILINE)
CASE = "482-719-300"


def test_each_example_is_answered(api: ApiDesk) -> None:
    case = written(api.line.ticket(api.line.told_call()).case_number)
    client, token = api.app.test_client(), api.token(role=Role.ADMINISTRATOR)
    etag = ""
    assert len(EXAMPLES) > 10
    for example in EXAMPLES:
        said = {"$VOICEBOT_TOKEN": token, "$VOICEBOT_URL": SITE, "$ETAG": etag, CASE: case, "owner_2": "deputy_1"}
        for name, value in said.items():
            example = example.replace(name, value.replace('"', '\\"'))
        method, url, headers, body = read(example)
        answer = client.open(url, method=method, headers=headers, data=body)
        text = answer.text
        assert answer.status_code in (200, 201), f"{example}: {text}"
        etag = client.get(f"/api/v1/cases/{case}", base_url=SITE, headers=headers[:1]).headers["ETag"]


def read(example: str) -> tuple[str, str, list[tuple[str, str]], str | None]:
    """Read a command line of curl: method, address, headers, body."""
    words = iter(shlex.split(example)[1:])
    method, url, headers, body = "GET", "", list[tuple[str, str]](), None
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers.append((name, value))
            case "-X":
                method = next(words)
            case "--json":
                method, body = "POST", next(words)
                headers.append(("Content-Type", "application/json"))
            case _:
                assert url == "", f"the test knows no option {word}"
                url = word
    return method, url, headers, body


def test_nothing_that_may_be_asked_and_no_column_is_missing(api: ApiDesk) -> None:
    described = json.loads((tree.PROJECT_DIR / "docs/openapi.json").read_text())
    asked = {
        re.sub(r"\?.*", "", read(each)[1].removeprefix("$VOICEBOT_URL")).replace(CASE, "{case}") for each in EXAMPLES
    }
    assert asked == {*described["paths"], "/api/v1/openapi.json"}
    assert sorted(name for name in (*CASE_COLUMNS, *CALL_COLUMNS) if f"`{name}`" not in PAGE) == []
