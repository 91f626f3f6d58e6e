"""A voice is stored whole or not at all, and only under its root."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from voicebot.adapters.audio_store import PathAudioStore
from voicebot.errors import Unavailable

KEY = "ticket-1/call-1/2-story.wav"


@pytest.fixture(params=["folder", "file url", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PathAudioStore:
    """A store on a folder, on a file URL and on a store that is not local."""
    roots = {"folder": str(tmp_path), "file url": f"file://{tmp_path}", "memory": f"memory://{uuid4().hex}"}
    return PathAudioStore(roots[request.param])


def test_what_is_put_is_what_is_got(store: PathAudioStore) -> None:
    assert not store.exists(KEY)
    store.put(KEY, b"RIFF one")
    assert store.exists(KEY)
    assert store.get(KEY) == b"RIFF one"
    with store.open(KEY) as part:
        assert (part.seek(5), part.read(2), part.seek(0, os.SEEK_END)) == (5, b"on", 8)


def test_same_key_is_the_same_file(store: PathAudioStore) -> None:
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    assert store.get(KEY) == b"two"


def test_audio_that_is_not_there_is_unavailable(store: PathAudioStore) -> None:
    with pytest.raises(Unavailable):
        store.get(KEY)
    with pytest.raises(Unavailable):
        store.open(KEY)


def test_deleting_leaves_nothing_and_may_be_repeated(store: PathAudioStore) -> None:
    store.put(KEY, b"one")
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


@pytest.mark.parametrize(
    "key",
    ["../outside.wav", "a/../../outside.wav", "/etc/passwd", "", "a//b.wav", "a/.hidden", ".", "a\\b.wav", "a\n.wav"],
)
def test_key_that_could_leave_the_root_is_a_broken_invariant(store: PathAudioStore, key: str) -> None:
    for action in (store.get, store.delete, store.exists, lambda key: store.put(key, b"")):
        with pytest.raises(AssertionError):
            action(key)


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    store = PathAudioStore(str(tmp_path))
    store.put(KEY, b"one")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["2-story.wav"]


def test_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    store = PathAudioStore(str(tmp_path))
    store.put(KEY, b"one")
    with pytest.raises(TypeError):
        store.put(KEY, "not bytes")  # type: ignore[arg-type]
    assert store.get(KEY) == b"one"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["2-story.wav"]


def test_root_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("a file where a folder should be")
    store = PathAudioStore(str(tmp_path / "audio"))
    with pytest.raises(Unavailable, match="VOICEBOT_AUDIO_ROOT"):
        store.put(KEY, b"one")


def test_folder_where_a_file_should_be_is_unavailable(tmp_path: Path) -> None:
    os.makedirs(tmp_path / KEY)
    store = PathAudioStore(str(tmp_path))
    with pytest.raises(Unavailable, match="delete"):
        store.delete(KEY)
