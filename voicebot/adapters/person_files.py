"""Writes everything about one person into a folder or one file: JSON, voices, a page to be read, a list of hashes.

Knows: files, what an export holds. Must not know: tables, who asked.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, StrictUndefined

from voicebot.domain.visible import visible
from voicebot.errors import Refused, Unavailable
from voicebot.service.ports import AudioStore
from voicebot.service.ports.person import Row
from voicebot.service.upkeep.person import CaseExport, PersonExport
from voicebot.speech.audio import read_sides, silenced, write_wav

PAGE = "index.html"
DATA = "person.json"
MANIFEST = "manifest.json"
MISSING = "this file is not in the audio store any more"
DAMAGED = "this file is damaged, so that what is private in it could not be silenced; ask for it as it is kept"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the export."""

    name: str
    size_bytes: int
    sha256: str


def write_person(export: PersonExport, audio: AudioStore, folder: Path) -> tuple[Written, ...]:
    """Write an export into an empty folder, and return its files. Raises: Refused when something lies there."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; name a new folder", code="person-folder")
    voices = {case.case: _voices(case, audio, folder) for case in export.cases}
    written = [each for group in voices.values() for each in group if each.size_bytes]
    written.append(_write(folder, DATA, _json(_data(export)).encode()))
    written.append(_write(folder, PAGE, _page(export, voices).encode()))
    manifest = {"made_at": export.made_at, "files": [vars_of(each) for each in written]}
    _write(folder, MANIFEST, _json(manifest).encode())
    return tuple(written)


def zip_person(export: PersonExport, audio: AudioStore) -> BytesIO:
    """Return an export as one file. It is held in memory, so that none of it is left on this machine."""
    pack = BytesIO()
    with TemporaryDirectory() as made, ZipFile(pack, "w", ZIP_DEFLATED) as zipped:
        folder = Path(made)
        write_person(export, audio, folder)
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            zipped.write(path, path.relative_to(folder))
    pack.seek(0)
    return pack


def vars_of(file: Written) -> Mapping[str, object]:
    """Return a file as the list of hashes has it."""
    return {"name": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256}


def _voices(case: CaseExport, audio: AudioStore, folder: Path) -> Sequence[Written]:
    return [_voice(case, key, audio, folder) for key in case.audio_keys]


def _voice(case: CaseExport, key: str, audio: AudioStore, folder: Path) -> Written:
    # The whole key, because every call of a case has a voice of the same last name.
    name = f"files/{case.case}/{key.replace('/', '-')}"
    try:
        body = _silenced(audio.get(key), case.silent.get(key, ()))
    except Unavailable:
        return Written(f"{name}: {MISSING}", 0, "")
    except ValueError:
        return Written(f"{name}: {DAMAGED}", 0, "")
    return _write(folder, name, body)


def _silenced(body: bytes, silent: Sequence[tuple[float, float]]) -> bytes:
    """Return a voice without what is said in these stretches, and anything else as it is. Raises: ValueError."""
    return write_wav(*(silenced(side, silent) for side in read_sides(body))) if silent else body


def _write(folder: Path, name: str, body: bytes) -> Written:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return Written(name, len(body), hashlib.sha256(body).hexdigest())


def _data(export: PersonExport) -> Mapping[str, object]:
    return {
        "number": export.number,
        "made_at": export.made_at,
        "cases_left_out": export.left_out,
        "private_numbers_as_said": export.is_as_said,
        "cases": [{"case": case.case, "fields_left_out": case.fields_left_out, **case.tables} for case in export.cases],
        "beside": export.beside,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _page(export: PersonExport, voices: Mapping[str, Sequence[Written]]) -> str:
    page = Environment(autoescape=True, undefined=StrictUndefined, finalize=_shown).from_string(_TEMPLATE)
    return page.render(export=export, voices=voices, row_of=_row_of)


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) else value


def _row_of(row: Row) -> Sequence[tuple[str, str]]:
    """Return what a row holds, without what is empty."""
    return [(name.replace("_", " "), _plain(value)) for name, value in row.items() if value not in (None, "", "[]")]


_TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What we keep about {{ export.number }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}dt{font-weight:600}
dd{margin:0 0 .4rem 1rem;overflow-wrap:anywhere;white-space:pre-wrap}details{margin:.5rem 0}</style></head>
<body><main><h1>What we keep about {{ export.number }}</h1>
<p>Made {{ export.made_at.isoformat(timespec="seconds") }}. The same is in person.json for programs to read, and
manifest.json lists each file with its SHA-256.</p>
{%- if not export.is_as_said %}
<p>Numbers of cards and accounts, birth dates and the like stand as marks, such as [card number], and are silent in
voices. Ask for them as they were said, if you want them.</p>
{%- endif %}
{%- if export.left_out %}
<p>Cases that are not in it, since whoever made it may not see them: {{ export.left_out }}. Ask for those apart.</p>
{%- endif %}
{%- for case in export.cases %}
<h2>Case {{ case.case }}</h2>
{%- if case.fields_left_out %}
<p>Entries that are not in it, since whoever made it may not read them: {{ case.fields_left_out }}. Ask for those
apart.</p>
{%- endif %}
{%- for file in voices[case.case] %}
<p>{% if file.size_bytes %}<a href="{{ file.name }}">{{ file.name }}</a>
{%- if file.name.endswith(".wav") %}<br><audio controls preload="none" src="{{ file.name }}"></audio>{% endif %}
{%- else %}{{ file.name }}{% endif %}</p>
{%- endfor %}
{%- for table, rows in case.tables.items() %}
<details{% if table in ("tickets", "answers", "sms") %} open{% endif %}><summary>{{ table.replace("_", " ") }}
({{ rows|length }})</summary>
{%- for row in rows %}<dl>{% for name, value in row_of(row) %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<hr>{%- endfor %}</details>
{%- endfor %}
{%- endfor %}
<h2>Beside cases</h2>
{%- for table, rows in export.beside.items() %}
<h3>{{ table.replace("_", " ") }}</h3>
{%- for row in rows %}<dl>{% for name, value in row_of(row) %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{%- endfor %}
{%- else %}<p>Nothing.</p>{% endfor %}
</main></body></html>
"""
