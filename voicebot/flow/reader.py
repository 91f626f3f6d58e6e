"""Texts of a flow's files to a `Flow`, with every fault of their shape at once.

Knows: file names, spec versions. Must not know: folders, and who calls (`adapters/flow_files.py` reads the disk).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from voicebot.flow.check import check_flow
from voicebot.flow.definition import SPEC, Flow, FlowFile, PhraseList
from voicebot.flow.faults import Issue, refuse
from voicebot.flow.inspection import Inspection
from voicebot.flow.yaml_marks import BrokenYaml, MarkedYaml, YamlData, read_yaml

Shape = TypeVar("Shape")

_WORDS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_LISTS: TypeAdapter[dict[str, PhraseList]] = TypeAdapter(dict[str, PhraseList])

Migration = Callable[[dict[str, YamlData]], dict[str, YamlData]]


def _from_draft(data: dict[str, YamlData]) -> dict[str, YamlData]:
    """Spec 0, the draft before the first landing, called `start` `begin`."""
    renamed = {("start" if key == "begin" else key): value for key, value in data.items()}
    return {**renamed, "spec": "1"}


MIGRATIONS: dict[str, Migration] = {"0": _from_draft}
"""From each older spec to the one after it. A stored sample of each lies in tests/flow/old_specs."""


@dataclass(slots=True)
class _Reading:
    """Documents and faults gathered so far."""

    texts: Mapping[str, str]
    documents: dict[str, MarkedYaml] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def blame(self, file: str, line: int, *, found: str, cure: str) -> None:
        self.issues.append(Issue(file, line, found, cure))


def read_flow(texts: Mapping[str, str]) -> Flow:
    """Read a flow from the texts of its files, ready to answer calls.

    `texts` maps file names, counted from the flows folder, to their contents, namely `complaint/flow.yaml`,
    `complaint/prompts.en.yaml`, `complaint/vocabulary.en.yaml`, `shared/prompts.en.yaml`, `shared/texts.en.yaml`,
    `shared/calls.en.yaml`.

    Raises: FlowFault with every fault, each with file, line and cure. They are of shape, or, if the shape is right, of
    what `flow/check.py` finds without policy, clips and model.
    """
    flow = parse_flow(texts)
    refuse(check_flow(Inspection(flow=flow)))
    return flow


def parse_flow(texts: Mapping[str, str]) -> Flow:
    """Read a flow of the right shape, which may still lead nowhere or lack words.

    Raises: FlowFault with every fault of shape, each with file, line and cure.
    """
    reading = _Reading(texts)
    for name, text in texts.items():
        _parse(reading, name, text)
    file = _read_structure(reading)
    words = {kind: _read_words(reading, f"/{kind}.", adapter=_WORDS) for kind in ("prompts", "texts", "calls")}
    vocabulary = _read_words(reading, "/vocabulary.", adapter=_LISTS)
    refuse(reading.issues)
    assert file is not None, "a flow without its file is refused above"
    return Flow(
        file=file,
        prompts=words["prompts"],
        texts=words["texts"],
        calls=words["calls"],
        vocabulary=vocabulary,
        sources=dict(texts),
        lines={name: _joined(document) for name, document in reading.documents.items()},
    )


def flow_from_body(body: str) -> Flow:
    """Rebuild the flow of a running call from what `Flow.body` gave. Rules that came later do not touch it.

    Raises: FlowFault when the text is older than every migration.
    """
    return parse_flow(json.loads(body))


def _parse(reading: _Reading, name: str, text: str) -> None:
    try:
        reading.documents[name] = read_yaml(text)
    except BrokenYaml as fault:
        reading.blame(name, fault.line, found=f"not YAML that we read: {fault.found}", cure="correct this line")


def _read_structure(reading: _Reading) -> FlowFile | None:
    names = [name for name in reading.texts if name.endswith("flow.yaml")]
    if len(names) != 1:
        reading.blame(
            "flow.yaml", 1, found=f"{len(names)} files called flow.yaml", cure="give one flow folder with one flow.yaml"
        )
        return None
    document = reading.documents.get(names[0])
    if document is None:
        return None
    data = _migrated(reading, names[0], document)
    return None if data is None else _validated(reading, names[0], data=data, adapter=TypeAdapter(FlowFile))


def _migrated(reading: _Reading, name: str, document: MarkedYaml) -> YamlData | None:
    data = document.data
    while isinstance(data, dict) and (migration := MIGRATIONS.get(str(data.get("spec")))):
        data = migration(data)
    if isinstance(data, dict) and data.get("spec") == str(SPEC):
        return {**data, "spec": SPEC}  # type: ignore[dict-item]
    reading.blame(
        name, document.line_of(["spec"]), found="no spec that we know", cure=f"begin the file with `spec: {SPEC}`"
    )
    return None


def _read_words(reading: _Reading, part: str, *, adapter: TypeAdapter[dict[str, Shape]]) -> dict[str, dict[str, Shape]]:
    """Join the files of one kind by locale, where a flow's own words win over shared ones."""
    found: dict[str, dict[str, Shape]] = {}
    for name in sorted(reading.documents, key=lambda name: not name.startswith("shared/")):
        if part in f"/{name}":
            locale = name.rsplit("/", 1)[-1].split(".")[1]
            words = _validated(reading, name, data=reading.documents[name].data, adapter=adapter)
            found.setdefault(locale, {}).update(words or {})
    return found


def _validated(reading: _Reading, name: str, *, data: YamlData, adapter: TypeAdapter[Shape]) -> Shape | None:
    try:
        return adapter.validate_python(data)
    except ValidationError as faults:
        for fault in faults.errors(include_input=False, include_url=False):
            document = reading.documents[name]
            where = document.known_path(fault["loc"])
            reading.blame(
                name,
                document.line_of(where),
                found=f"{'.'.join(map(str, where)) or 'the file'}: {fault['msg']}",
                cure=f"see `voicebot flows explain` for {fault['loc'][-1] if fault['loc'] else 'its shape'}",
            )
        return None


def _joined(document: MarkedYaml) -> dict[str, int]:
    return {"/".join(map(str, path)): line for path, line in document.lines.items()}
