"""How long we speak to a caller who answers at once: the brisk path of a flow, prompt by prompt.

The brisk caller hears announcements out, tells what is asked in words, keys a number, and takes the first answer to
each question. Every prompt on the way counts whole, with the pauses in it. What the caller says and how long they think
does not count, since that is theirs.
Knows: the engine by way of a rehearsal. Must not know: files, audio.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voicebot.flow.definition import Flow
from voicebot.flow.faults import Issue
from voicebot.flow.inspection import Inspection
from voicebot.flow.instructions import Pause, Prompt
from voicebot.flow.nodes import ConnectNode, ListenNode
from voicebot.flow.rehearsal import PretendCall, RehearsedTurn, Stage

WORD_S = 0.4
"""Seconds of a word without a clip, at the 150 words a minute that prompts are spoken at (script.md 0, rule 7)."""
MOST_TURNS = 60
"""A brisk call has some fifteen."""
BRISK_STORY = "it broke after two days"
BRISK_NUMBER = "2025550143"

ClipSeconds = Callable[[str, str], float | None]
"""Takes a locale and exact words and returns how long their clip lasts, or None where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedPrompt:
    """One prompt as the brisk caller hears it."""

    key: str
    seconds: float
    is_estimated: bool
    """Whether some of its words have no clip, so that their length was taken from their number."""


def brisk_path(flow: Flow, clip_s: ClipSeconds, call: PretendCall | None = None) -> tuple[TimedPrompt, ...]:
    """Return every prompt that a brisk caller hears, in order. `call` is the call they make, else a usual first one."""
    stage = Stage(flow, call or PretendCall())
    turn: RehearsedTurn | None = RehearsedTurn(does="rings")
    heard: list[TimedPrompt] = []
    for _ in range(MOST_TURNS):
        if turn is None:
            break
        answered, prompts = stage.take(turn)
        heard += [timed(prompt, clip_s) for prompt in prompts]
        turn = None if stage.session.is_over else _brisk_turn(flow, answered.then)
    return tuple(heard)


def timed(prompt: Prompt, clip_s: ClipSeconds) -> TimedPrompt:
    """Return how long a prompt lasts."""
    seconds, is_estimated = 0.0, False
    for part in prompt.fragments:
        if isinstance(part, Pause):
            seconds += part.seconds
            continue
        known = clip_s(prompt.locale, part.text)
        seconds += WORD_S * len(part.text.split()) if known is None else known
        is_estimated = is_estimated or known is None
    return TimedPrompt(key=prompt.key, seconds=seconds, is_estimated=is_estimated)


def check_speech(inspection: Inspection) -> Iterator[Issue]:
    """Yield a fault where the brisk caller hears more of us than the flow allows itself."""
    most_s, clip_s = inspection.flow.file.most_speech_s, inspection.clip_s
    if most_s is None or clip_s is None:
        return
    seconds = sum(prompt.seconds for prompt in brisk_path(inspection.flow, clip_s))
    if seconds > most_s:
        yield inspection.issue(
            "most_speech_s",
            found=f"a caller who answers at once hears {seconds:.1f} s of us, and {most_s:g} s is the most",
            cure="shorten the prompts that `voicebot flows rehearse --time` shows, and record them again",
        )


def _brisk_turn(flow: Flow, name: str) -> RehearsedTurn:
    node = flow.nodes[name]
    if isinstance(node, ConnectNode):
        return RehearsedTurn(does="reaches_nobody")
    assert isinstance(node, ListenNode), "only these two kinds of node wait"
    if node.played is not None:
        return RehearsedTurn(does="hears_it_out")
    if node.open is not None:
        return RehearsedTurn(says=BRISK_STORY)
    if node.digits is not None:
        return RehearsedTurn(keys=BRISK_NUMBER[: node.digits.max_digits])
    first = next(iter(node.answers.values()))
    return RehearsedTurn(keys=first.keys[0]) if first.keys else RehearsedTurn(does="stays_silent")
