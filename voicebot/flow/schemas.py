"""The JSON Schemas by which editors complete and check the files under `flows/`, made from the classes that read them.

Each file names its schema in its first lines (`# yaml-language-server: $schema=…`). Editors read YAML with its own
guesses, and our reader takes every value as text, so what people spell (`8 working hours`) has its spelling as schema
(`policy_values.py`).

Knows: which class reads which file. Must not know: the disk.
Source: github.com/redhat-developer/yaml-language-server, "Using inlined schema"; json-schema.org, draft 2020-12.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from voicebot.flow.definition import FlowFile, PhraseList
from voicebot.flow.policy_announcements import ANNOUNCEMENTS_FILE, AnnouncementsFile
from voicebot.flow.policy_categories import CATEGORIES_FILE, CategoriesFile
from voicebot.flow.policy_files import (
    CALENDAR_FILE,
    ESCALATION_FILE,
    NOTICES_FILE,
    RETENTION_FILE,
    ROTA_FILE,
    SERVICE_LEVELS_FILE,
    CalendarFile,
    EscalationFile,
    NoticesFile,
    RetentionFile,
    RotaFile,
    ServiceLevelsFile,
)
from voicebot.flow.policy_watch import WATCH_FILE, WatchFile

_OF_FLOWS: Mapping[str, TypeAdapter[Any]] = {
    "flow": TypeAdapter(FlowFile),
    "words": TypeAdapter(dict[str, str]),
    "vocabulary": TypeAdapter(dict[str, PhraseList]),
}
_OF_POLICY: Mapping[str, TypeAdapter[Any]] = {
    CALENDAR_FILE: TypeAdapter(CalendarFile),
    SERVICE_LEVELS_FILE: TypeAdapter(ServiceLevelsFile),
    ESCALATION_FILE: TypeAdapter(EscalationFile),
    RETENTION_FILE: TypeAdapter(RetentionFile),
    NOTICES_FILE: TypeAdapter(NoticesFile),
    ROTA_FILE: TypeAdapter(RotaFile),
    WATCH_FILE: TypeAdapter(WatchFile),
    CATEGORIES_FILE: TypeAdapter(CategoriesFile),
    ANNOUNCEMENTS_FILE: TypeAdapter(AnnouncementsFile),
}


class _AsPeopleSpell(GenerateJsonSchema):
    """Leaves defaults out, which pydantic would write as programs spell them (`PT2H`)."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of the value alone."""
        return self.generate_inner(schema["schema"])


def json_schemas() -> dict[str, str]:
    """Return the JSON Schemas by file name, as they lie in `flows/` and are named in each YAML's first lines."""
    flows = {f"{kind}.schema.json": adapter.json_schema() for kind, adapter in _OF_FLOWS.items()}
    policy = {
        schema_of(file): adapter.json_schema(schema_generator=_AsPeopleSpell) for file, adapter in _OF_POLICY.items()
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in (flows | policy).items()}


def schema_of(file: str) -> str:
    """Return the name of the schema of a file, given its name without folders."""
    if file in _OF_POLICY:
        return file.replace(".yaml", ".schema.json")
    kind = file.split(".")[0]
    return f"{kind if kind in _OF_FLOWS else 'words'}.schema.json"
