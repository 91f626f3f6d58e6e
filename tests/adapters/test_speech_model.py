"""Ways to a speech model, with a small model that is none and a Maven that is a shell script."""

import hashlib
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from voicebot.adapters.model_digest import digests_of, whole_digest
from voicebot.adapters.speech_model import SOURCES, ModelSource, Way, find_model, from_maven, install_model
from voicebot.errors import SettingFault

Steps = list[tuple[str, float | None]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a Maven repository, and a PATH without Maven."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def _artifact(path: Path, source: ModelSource = SOURCES["en"]) -> ModelSource:
    """Write an artifact of a few bytes and return the source that expects it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{source.folder}/conf/mfcc.conf", "--sample-frequency=16000\n--use-energy=false")
        archive.writestr(f"{source.folder}/am/final.mdl", "weights")
    digests = {
        "conf/mfcc.conf": _sha256(b"--sample-frequency=16000\n--use-energy=false\n"),
        "am/final.mdl": _sha256(b"weights"),
    }
    return replace(source, sha256=_sha256(path.read_bytes()), digests=digests)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _maven(home: Path, script: str) -> None:
    program = home / "bin" / "mvn"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _way_to(folder: Path | None) -> Way:
    return lambda source, work, progress: folder


def _install(home: Path, source: ModelSource, *ways: Way) -> tuple[Path, Steps]:
    steps: Steps = []
    note: Callable[[str, float | None], None] = lambda step, done: steps.append((step, done))  # noqa: E731
    return install_model(home / "models", source, progress=note, ways=ways), steps


def test_installed_model_is_a_copy_that_allows_upsampling(home: Path) -> None:
    original = home / "found"
    (original / "conf").mkdir(parents=True)
    (original / "conf" / "mfcc.conf").write_text("--use-energy=false")
    source = replace(SOURCES["en"], digests=digests_of(original))
    folder, _ = _install(home, source, _way_to(original))
    assert (folder / "conf" / "mfcc.conf").read_text() == "--use-energy=false\n--allow-upsample=true\n"
    assert (original / "conf" / "mfcc.conf").read_text() == "--use-energy=false"
    assert find_model(home / "models", "en", vouched=whole_digest(folder)) == folder
    assert [path.name for path in (home / "models").iterdir()] == [SOURCES["en"].name]


def test_second_way_is_taken_when_the_first_leads_nowhere_and_the_third_is_not_tried(home: Path) -> None:
    source = _artifact(home / "kept.aar")
    _maven(home, f'cp "{home}/kept.aar" "${{5#-DoutputDirectory=}}/vosk-model-en-0.3.45.aar"'.replace("cp", "/bin/cp"))

    def never(source: ModelSource, work: Path, progress: object) -> Path | None:
        raise AssertionError("a way after the one that led there was tried")

    folder, steps = _install(home, source, _way_to(None), from_maven, never)
    assert (folder / "am" / "final.mdl").read_text() == "weights"
    assert ("unpacking the model", 1.0) in steps


def test_artifact_that_maven_keeps_already_needs_no_maven(home: Path) -> None:
    kept = home / "home/.m2/repository/com/alphacephei/vosk-model-en/0.3.45/vosk-model-en-0.3.45.aar"
    source = _artifact(kept)
    folder, _ = _install(home, source, from_maven)
    assert folder.name == source.name


def test_model_that_is_there_is_not_fetched_again(home: Path) -> None:
    source = _artifact(home / "home/.m2/repository/com/alphacephei/vosk-model-en/0.3.45/vosk-model-en-0.3.45.aar")
    first, _ = _install(home, source, from_maven)
    assert _install(home, source, _way_to(None)) == (first, [])


def test_half_of_a_model_is_replaced(home: Path) -> None:
    source = _artifact(home / "home/.m2/repository/com/alphacephei/vosk-model-en/0.3.45/vosk-model-en-0.3.45.aar")
    (home / "models" / source.name / "am").mkdir(parents=True)
    folder, _ = _install(home, source, from_maven)
    assert (folder / "conf" / "mfcc.conf").is_file()


def test_without_any_way_the_cure_is_named(home: Path) -> None:
    with pytest.raises(SettingFault, match="install Maven") as fault:
        _install(home, SOURCES["en"], _way_to(None), from_maven)
    assert fault.value.code == "model-unreachable"
    assert list((home / "models").iterdir()) == []


def test_maven_that_fails_is_quoted(home: Path) -> None:
    _maven(home, "echo; echo '[ERROR] no route to the repository'; exit 1")
    with pytest.raises(SettingFault, match="no route to the repository") as fault:
        _install(home, SOURCES["en"], from_maven)
    assert fault.value.code == "model-unreachable"


def test_maven_that_fails_without_a_word_is_said_to(home: Path) -> None:
    _maven(home, "exit 3")
    with pytest.raises(SettingFault, match=r"exit 3.*said nothing"):
        _install(home, SOURCES["en"], from_maven)


def test_another_file_than_the_pinned_one_is_refused(home: Path) -> None:
    _artifact(home / "kept.aar")
    _maven(home, f'/bin/cp "{home}/kept.aar" "${{5#-DoutputDirectory=}}/vosk-model-en-0.3.45.aar"')
    with pytest.raises(SettingFault, match="sha256") as fault:
        _install(home, SOURCES["en"], from_maven)
    assert fault.value.code == "model-digest"


@pytest.mark.parametrize("spoil", ["change", "add", "leave out"])
def test_a_found_model_of_which_a_file_is_another_is_refused_and_not_installed(home: Path, spoil: str) -> None:
    source = _artifact(home / "kept.aar")
    found = _found(home)
    _spoil(found, spoil)
    with pytest.raises(SettingFault, match=r"VOICEBOT_MODEL_DIGEST=[0-9a-f]{64}") as fault:
        _install(home, source, _way_to(found))
    assert fault.value.code == "model-unknown"
    assert list((home / "models").iterdir()) == []


def test_an_operator_vouches_for_a_model_of_their_own_and_for_no_other(home: Path) -> None:
    source, found = _artifact(home / "kept.aar"), _found(home)
    _spoil(found, "change")
    digest = whole_digest(found)
    folder = install_model(
        home / "models", source, progress=lambda _step, _done: None, ways=(_way_to(found),), vouched=digest.upper()
    )
    assert find_model(home / "models", "en", vouched=digest) == folder
    (folder / "am" / "final.mdl").write_text("yet others")
    with pytest.raises(SettingFault, match=r"am/final\.mdl"):
        find_model(home / "models", "en", vouched=digest)
    with pytest.raises(SettingFault) as fault:
        install_model(home / "models", source, progress=lambda _step, _done: None, ways=(), vouched=digest)
    assert fault.value.code == "model-unknown"


def _found(home: Path) -> Path:
    """Return a folder with the model that the artifact holds, found somewhere else."""
    folder = home / "found"
    (folder / "conf").mkdir(parents=True)
    (folder / "am").mkdir()
    (folder / "conf" / "mfcc.conf").write_text("--sample-frequency=16000\n--use-energy=false")
    (folder / "am" / "final.mdl").write_text("weights")
    (folder / "README").write_text("read by nobody")
    return folder


def _spoil(folder: Path, how: str) -> None:
    if how == "change":
        (folder / "am" / "final.mdl").write_text("other weights")
    elif how == "add":
        (folder / "rescore").mkdir()
        (folder / "rescore" / "G.fst").write_text("loaded when it is there")
    else:
        (folder / "am" / "final.mdl").unlink()


def test_what_is_no_model_is_refused(home: Path) -> None:
    (home / "found").mkdir()
    source = replace(SOURCES["en"], digests={})
    with pytest.raises(SettingFault) as fault:
        _install(home, source, _way_to(home / "found"))
    assert fault.value.code == "model-broken"


def test_folder_that_cannot_be_made_is_said(home: Path) -> None:
    (home / "models").touch()
    with pytest.raises(SettingFault, match="VOICEBOT_MODEL_DIR") as fault:
        _install(home, SOURCES["en"], _way_to(None))
    assert fault.value.code == "model-folder"


def test_language_without_a_source_has_no_model(home: Path) -> None:
    assert find_model(home, "hr") is None
