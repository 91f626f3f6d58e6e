"""`python -O` removes every `assert`: none may keep a path, a key or an input out.

A broken invariant is an AssertionError all the same, but raised in words of its own. What an `assert` may do is to tell
the type checker that something is there or of a type, since without it the next line fails by itself.
"""

import ast
import subprocess
import sys

from tests.house import tree


def _only_narrows(test: ast.expr) -> bool:
    """Tell whether an assertion says no more than that something is (not) None or of a type."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return all(_only_narrows(part) for part in test.values)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Is | ast.IsNot):
        return isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
    return isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance"


def test_asserts_narrow_a_type_and_guard_nothing() -> None:
    asserts = [(path, node) for path in tree.modules() for node in ast.walk(tree.parsed(path))]
    guards = [
        f"{tree.place(path)}:{node.lineno}: raise AssertionError instead"
        for path, node in asserts
        if isinstance(node, ast.Assert) and not _only_narrows(node.test)
    ]
    assert guards == []


def test_who_logs_in_and_who_asks_is_never_asserted() -> None:
    """Where a login or a role is decided there is no assertion at all."""
    deciding = [*tree.modules("voicebot/web/console"), tree.PROJECT_DIR / "voicebot/web/guard/guards.py"]
    deciding += [tree.PROJECT_DIR / f"voicebot/adapters/store/{name}.py" for name in ("logins", "staff")]
    asserts = [path for path in deciding for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.Assert)]
    assert [tree.place(path) for path in asserts] == []


_TRIES = {
    "a path out of the spool": "Spool(folder).read('../../etc/passwd')",
    "an absolute path for the spool": "Spool(folder).append('/etc/passwd', b'x')",
    "a path out of the audio store": "AudioFiles(str(folder)).get('../secret.wav')",
    "an absolute path in the audio store": "AudioFiles(str(folder)).delete('/etc/passwd')",
    "a recording that is a path": "Carrier.download_recording(None, 'RE1/../../x')",
    "a recording to delete that is a path": "Carrier.delete_recording(None, 'RE1/../../x')",
    "a job that nobody knows": "run_job(None, 'os.system', 'x')",
}
_BEFORE = """
from pathlib import Path
import sys, tempfile
from voicebot.adapters.audio_store import PathAudioStore as AudioFiles
from voicebot.adapters.spool import FolderSpool as Spool
from voicebot.adapters.twilio_rest.carrier import TwilioRest as Carrier
from voicebot.service.background.jobs import run_job
folder = Path(tempfile.mkdtemp())
"""
_EACH = """
try:
    {tried}
except AssertionError as refused:
    print("refused:", {what!r}, refused)
"""


def test_without_asserts_it_is_refused_all_the_same() -> None:
    """One process tries everything, since to start one takes longest."""
    script = _BEFORE + "".join(_EACH.format(what=what, tried=tried) for what, tried in _TRIES.items())
    done = subprocess.run(
        [sys.executable, "-O", "-c", script], cwd=tree.PROJECT_DIR, capture_output=True, text=True, check=False
    )
    told = done.stdout.splitlines()
    missing = [what for what in _TRIES if not any(line.startswith(f"refused: {what} ") for line in told)]
    assert (missing, done.returncode) == ([], 0), done.stderr[-400:]
