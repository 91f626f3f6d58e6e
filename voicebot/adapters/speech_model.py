"""Finds and installs the speech models.

The English model comes the official way (the `vosk` package's own download) where that is reachable, else as the Maven
artifact of the same publisher, pinned and checked by sha256, because networks that reach only package mirrors have just
the second. Whichever way it came, and before each use, each of its files is checked by digest. What we install is
always *our own copy*, because we change it. Telephone audio has 8 kHz and the model 16, and feeding it through the
model's own upsampling costs a fifth fewer word errors than resampling before it (speech.md 2).
Knows: files, archives, Maven. Must not know: calls, the command line.
"""

import hashlib
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicebot.adapters.model_digest import UPSAMPLING, check_digests, known_digests
from voicebot.errors import SettingFault

Progress = Callable[[str, float | None], None]
"""Told what is being done and how far it is, 0 to 1 (None when nobody knows)."""

Way = Callable[["ModelSource", Path, Progress], Path | None]
"""Fetches a model, with a folder to work in. It returns where it lies, or None when this way does not lead there."""

INSTALL_COMMAND = "voicebot model install"
CHECK_CLIP = Path(__file__).with_name("model_check.wav")
CHECK_WORDS = "one two three"
"""The clip that a model is tried with (bootstrap/hearing.py), and what is said in it."""
_MAVEN_LIMIT_S = 900


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSource:
    """Where a language's model comes from."""

    language: str
    name: str
    """Name of the official download, and of the folder we install into."""
    artifact: str
    """Maven coordinates group:artifact:version:packaging of the same model."""
    sha256: str
    """Digest of that artifact's file."""
    folder: str
    """Where the model lies inside it."""
    digests: Mapping[str, str]
    """Digest of each file of the model, whichever way it comes (model_digest.py)."""


SOURCES = {
    "en": ModelSource(
        language="en",
        name="vosk-model-small-en-us-0.15",
        artifact="com.alphacephei:vosk-model-en:0.3.45:aar",
        sha256="8a5792fccaf873b4745dbd1b3fe19d8a77a15898e806674020eea820424771cd",
        folder="assets/model-en-us",
        digests=known_digests("en"),
    )
}
"""Version 0.3.75 of the artifact is an empty shell, so 0.3.45 stays pinned (speech.md 1)."""


def find_model(model_dir: Path, language: str, *, vouched: str = "") -> Path | None:
    """Return the folder of an installed model of that language (`en`), or None, which takes a quarter of a second.

    Raises: SettingFault when the model is neither its publisher's nor the one vouched for by its digest.
    """
    source = SOURCES.get(language)
    if source is None or not _is_ready(model_dir / source.name):
        return None
    check_digests(model_dir / source.name, source.digests, vouched=vouched)
    return model_dir / source.name


def install_model(
    model_dir: Path,
    source: ModelSource,
    *,
    progress: Progress,
    ways: Sequence[Way] | None = None,
    vouched: str = "",
) -> Path:
    """Install the model unless it is there, and return its folder. The first of `ways` that has it is taken.

    Raises: SettingFault when no way leads to a model, or what came is not the right one.
    """
    folder = model_dir / source.name
    if _is_ready(folder):
        check_digests(folder, source.digests, vouched=vouched)
        return folder
    _make_folder(model_dir)
    with tempfile.TemporaryDirectory(dir=model_dir, prefix=".install-") as work:
        found = (way(source, Path(work), progress) for way in ways or (from_publisher, from_maven))
        fetched = next((place for place in found if place is not None), None)
        if fetched is None:
            raise _unreachable(source)
        copy = Path(work) / "copy"
        progress("copying the model", None)
        shutil.copytree(fetched, copy)
        check_digests(copy, source.digests, vouched=vouched)
        _allow_upsampling(copy)
        shutil.rmtree(folder, ignore_errors=True)
        copy.rename(folder)
    return folder


def _is_ready(folder: Path) -> bool:
    settings = folder / "conf" / "mfcc.conf"
    return settings.is_file() and UPSAMPLING in settings.read_text().split()


def _allow_upsampling(folder: Path) -> None:
    settings = folder / "conf" / "mfcc.conf"
    if not settings.is_file():
        raise SettingFault(
            f"installing a speech model: {settings.name} is missing in what was fetched", code="model-broken"
        )
    settings.write_text(settings.read_text().rstrip("\n") + f"\n{UPSAMPLING}\n")


def _make_folder(model_dir: Path) -> None:
    try:
        model_dir.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingFault(
            f"installing a speech model: {model_dir} cannot be made ({fault.strerror}); "
            "set VOICEBOT_MODEL_DIR to a folder that can be written",
            code="model-folder",
        ) from fault


def from_publisher(source: ModelSource, work: Path, progress: Progress) -> Path | None:
    """Return the model as the `vosk` package finds or downloads it (it draws a bar of its own), or None."""
    import vosk

    class Publisher(vosk.Model):  # type: ignore[misc]
        """The package's own way to a model without loading it, because its constructor does both and its end frees
        both.
        """

        def __init__(self) -> None:
            """Load nothing."""

        def __del__(self) -> None:
            """Free nothing."""

    progress("asking the model's publisher", None)
    try:
        return Path(Publisher().get_model_path(source.name, None))
    except (OSError, ValueError, zipfile.BadZipFile, SystemExit):
        # requests' and urllib's errors are OSErrors; the package leaves by sys.exit when its list lacks the name.
        return None


def from_maven(source: ModelSource, work: Path, progress: Progress) -> Path | None:
    """Return the model out of the Maven artifact, from the local repository or fetched, or None without Maven.

    Raises: SettingFault when Maven cannot fetch it or it is another file than expected.
    """
    archive = _kept_by_maven(source) or _fetch_by_maven(source, work, progress)
    if archive is None:
        return None
    if _sha256(archive) != source.sha256:
        raise SettingFault(
            f"installing a speech model: {archive.name} is not the expected file (its sha256 differs); "
            f"delete it from the local Maven repository and run `{INSTALL_COMMAND}` again",
            code="model-digest",
        )
    return _unpack(archive, work / "unpacked", progress) / source.folder


def _kept_by_maven(source: ModelSource) -> Path | None:
    """Return the artifact from Maven's usual local repository when a good one is there already."""
    group, artifact, version, packaging = source.artifact.split(":")
    folder = Path.home() / ".m2" / "repository" / Path(*group.split(".")) / artifact / version
    archive = folder / f"{artifact}-{version}.{packaging}"
    return archive if archive.is_file() and _sha256(archive) == source.sha256 else None


def _fetch_by_maven(source: ModelSource, work: Path, progress: Progress) -> Path | None:
    maven = shutil.which("mvn")
    if maven is None:
        return None
    progress("fetching the model with Maven (41 MB)", None)
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={source.artifact}", f"-DoutputDirectory={work}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=_MAVEN_LIMIT_S, check=False)
    archives = list(work.glob(f"*.{source.artifact.rsplit(':', 1)[1]}"))
    if result.returncode != 0 or not archives:
        raise SettingFault(
            f"installing the speech model {source.name}: Maven could not fetch {source.artifact} "
            f"(exit {result.returncode}); check that it reaches its repository: {_last_line(result.stdout)}",
            code="model-unreachable",
        )
    return archives[0]


def _unreachable(source: ModelSource) -> SettingFault:
    return SettingFault(
        f"installing the speech model {source.name}: its publisher is not reachable and Maven is missing; "
        f"install Maven (package `maven`) or unpack the model to ~/.cache/vosk/{source.name}, "
        f"then run `{INSTALL_COMMAND}`",
        code="model-unreachable",
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _unpack(archive: Path, folder: Path, progress: Progress) -> Path:
    with zipfile.ZipFile(archive) as packed:
        members = packed.infolist()
        whole = sum(member.file_size for member in members) or 1
        done = 0
        for member in members:
            packed.extract(member, folder)
            done += member.file_size
            progress("unpacking the model", done / whole)
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
