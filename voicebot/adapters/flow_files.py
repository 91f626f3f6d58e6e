"""Flows and policy from their folders, read again when a file changed, and rebuilt from kept texts for running calls.

One text asks for them seven times, which were 86 looks at files (November 2026), so a process that serves looks at most
every half second (bootstrap). A file that breaks, or goes away, while we serve does not silence the line, because what
was read last stays in force. The log says so once per change, and `faults` for as long as it holds.

At the start there is nothing to fall back on, so a broken flow refuses to start. Whoever reads the same texts in one
process gets the same definition, since a start asks for it five times and to read and check a flow takes longest of
all that is read.

Knows: the folders. Must not know: what stands in the files.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

import structlog
from cachetools import LRUCache, TTLCache, cached

from voicebot.errors import FlowFault, SettingFault
from voicebot.flow.definition import Flow
from voicebot.flow.faults import Issue, refuse
from voicebot.flow.policy import Policy, policy_from_body, read_policy
from voicebot.flow.policy_check import OPTIONAL_FILES, POLICY_FILES
from voicebot.flow.reader import flow_from_body, read_flow

SHARED = "shared"
FLOWS_CURE = "VOICEBOT_FLOWS_DIR, or make a folder to edit with `voicebot flows copy`"
"""What helps where a folder holds no call flow."""
_POLICY = "policy"
_MOST_SEEN = 16
_MOST_READ = 16
REBUILT_KEPT = 8
"""Definitions of running calls kept rebuilt, each for flows and policies. They are more than are in use at a time."""

_FLOW_NAME = re.compile(r"[a-z][a-z0-9_]*")
_Definition = TypeVar("_Definition", Flow, Policy)
_Print = tuple[tuple[str, int, int], ...]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _AsRead(Generic[_Definition]):
    """A definition and the files it came from, that is name, time of change in ns, size in bytes."""

    files: _Print
    definition: _Definition


class FlowFiles:
    """Fulfils `service.ports.FlowLibrary`, and threads may share it."""

    def __init__(
        self, flows_dir: Path, policy_dir: Path, *, look_every_s: float = 0.0, now: Callable[[], float] = monotonic
    ) -> None:
        """Look at the folders with each question, or at most every so many seconds of `now`."""
        self._flows_dir = flows_dir
        self._policy_dir = policy_dir
        self._lock = Lock()
        self._flows: dict[str, _AsRead[Flow]] = {}
        self._policies: dict[str, _AsRead[Policy]] = {}
        self._faults: dict[str, str] = {}
        self._seen_flows: TTLCache[str, Flow] = TTLCache(_MOST_SEEN, ttl=look_every_s, timer=now)
        self._seen_policies: TTLCache[str, Policy] = TTLCache(_MOST_SEEN, ttl=look_every_s, timer=now)
        self._rebuilt_flows: OrderedDict[str, Flow] = OrderedDict()
        self._rebuilt_policies: OrderedDict[str, Policy] = OrderedDict()

    def current_flow(self, name: str) -> Flow:
        """Return the flow as its folder has it now.

        Raises: SettingFault when there is no such folder. FlowFault when its files are broken at first reading.
        """
        if not _FLOW_NAME.fullmatch(name):
            raise SettingFault(f"VOICEBOT_FLOW is {name!r}: a flow's name is lower-case letters, digits and _")
        with self._lock:
            seen = self._seen_flows.get(name)
            if seen is None:
                last, files = self._flows.get(name), lambda: self._flow_files(name)
                self._flows[name] = self._fresh(name, last, files=files, read=read_flow)
                seen = self._seen_flows[name] = self._flows[name].definition
            return seen

    def current_policy(self) -> Policy:
        """Return the policy as its folder has it now. Raises: SettingFault, FlowFault as for flows."""
        with self._lock:
            seen = self._seen_policies.get(_POLICY)
            if seen is None:
                last = self._policies.get(_POLICY)
                self._policies[_POLICY] = self._fresh(_POLICY, last, files=self._policy_files, read=read_policy)
                seen = self._seen_policies[_POLICY] = self._policies[_POLICY].definition
            return seen

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with files that were changed and are not followed, one line for each fault."""
        for name in tuple(self._flows):
            self.current_flow(name)
        if self._policies:
            self.current_policy()
        with self._lock:
            return tuple(line for fault in self._faults.values() for line in fault.splitlines())

    def _fresh(
        self,
        name: str,
        last: _AsRead[_Definition] | None,
        *,
        files: Callable[[], dict[str, Path]],
        read: Callable[[Mapping[str, str]], _Definition],
    ) -> _AsRead[_Definition]:
        """Return what the files say, or what they said last where they cannot be followed now."""
        try:
            seen = files()
            printed = _print_of(seen)
        except (SettingFault, OSError) as problem:
            if last is None:
                raise
            return self._kept(name, replace(last, files=()), fault=str(problem), is_new=last.files != ())
        if last is not None and last.files == printed:
            return last
        try:
            definition = _read_once(read, tuple(read_texts(seen).items()))
        except (FlowFault, OSError) as problem:
            if last is None:
                raise _told(problem, seen) from problem
            return self._kept(name, replace(last, files=printed), fault=str(problem), is_new=True)
        self._faults.pop(name, None)
        return _AsRead(printed, definition)

    def _kept(self, name: str, last: _AsRead[_Definition], *, fault: str, is_new: bool) -> _AsRead[_Definition]:
        if is_new:
            log.error("changed_files_broken", name=name, fault=fault)
        self._faults[name] = fault
        return last

    def _policy_files(self) -> dict[str, Path]:
        files = {name: self._policy_dir / name for name in POLICY_FILES}
        missing = [name for name, path in files.items() if not path.is_file()]
        if missing:
            raise SettingFault(f"no {', '.join(missing)} in {self._policy_dir}: set VOICEBOT_POLICY_DIR")
        optional = {name: self._policy_dir / name for name in OPTIONAL_FILES}
        return files | {name: path for name, path in optional.items() if path.is_file()}

    def flow_from(self, body: str) -> Flow:
        """Rebuild a flow from the texts kept by `Definitions`."""
        with self._lock:
            return _rebuilt(self._rebuilt_flows, body, flow_from_body)

    def policy_from(self, body: str) -> Policy:
        """Rebuild a policy from the texts kept by `Definitions`."""
        with self._lock:
            return _rebuilt(self._rebuilt_policies, body, policy_from_body)

    def _flow_files(self, name: str) -> dict[str, Path]:
        if not (self._flows_dir / name / "flow.yaml").is_file():
            raise SettingFault(f"no {name}/flow.yaml in {self._flows_dir}: set VOICEBOT_FLOW or {FLOWS_CURE}")
        folders = (self._flows_dir / name, self._flows_dir / SHARED)
        return {f"{folder.name}/{path.name}": path for folder in folders for path in sorted(folder.glob("*.yaml"))}


@cached(LRUCache(_MOST_READ), lock=Lock())
def _read_once(read: Callable[[Mapping[str, str]], _Definition], texts: tuple[tuple[str, str], ...]) -> _Definition:
    return read(dict(texts))


def _told(problem: Exception, files: Mapping[str, Path]) -> Exception:
    if isinstance(problem, FlowFault):
        return problem
    return SettingFault(f"cannot read {', '.join(map(str, files.values()))}: {type(problem).__name__}")


def read_texts(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the files' texts by the same names. Raises: FlowFault for each that is not UTF-8, and OSError."""
    as_bytes = {name: path.read_bytes() for name, path in files.items()}
    refuse(issue for name, content in as_bytes.items() if (issue := _not_utf8(name, content)) is not None)
    return {name: content.decode("utf-8").replace("\r\n", "\n") for name, content in as_bytes.items()}


def _not_utf8(name: str, content: bytes) -> Issue | None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return Issue(name, line, f"byte {problem.start} is no UTF-8 text", "save the file as UTF-8")
    return None


def _print_of(files: Mapping[str, Path]) -> _Print:
    seen = ((path, path.stat()) for path in files.values())
    return tuple((str(path), its.st_mtime_ns, its.st_size) for path, its in seen)


def _rebuilt(known: "OrderedDict[str, _Definition]", body: str, rebuild: Callable[[str], _Definition]) -> _Definition:
    if body not in known:
        known[body] = rebuild(body)
    known.move_to_end(body)
    while len(known) > REBUILT_KEPT:
        known.popitem(last=False)
    return known[body]
