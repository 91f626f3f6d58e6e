"""The shape of a call flow. It is its file, and the whole of it with the words that go with it.

`voicebot flows explain` prints the docstrings of these classes and of `nodes.py` as the language's reference,
and the JSON Schema that editors use is made from them (`flows/flow.schema.json`).

Knows: names and numbers. Must not know: files, lines, what a caller did.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from voicebot.flow.nodes import Key, Link, Name, Node, Part

SPEC = 1
"""The version of this language. An older file is migrated by the reader."""


class Command(Part):
    """Something a caller may want at any moment, whatever was asked."""

    keys: tuple[Key, ...] = ()
    """Keys that mean it, but at a question for digits only `*`, and `*` followed by the key."""
    says: tuple[Name, ...] = ()
    """Lists of the vocabulary that mean it."""
    go: Link | None = None
    """Where it leads. Empty means that the question is put again."""
    is_everywhere: bool = True
    """False means that it is heard only at the nodes that name it under `commands`."""
    ends_story: bool = False
    """Whether its words, said alone between two pauses, end free speech. Such a command goes before any answer."""
    within_story: bool = False
    """Whether its words count within longer speech, too, since a refusal is one wherever it stands."""


class NotUnderstoodRule(Part):
    """When we stop asking somebody whom we do not understand."""

    after_questions: Annotated[int, Field(ge=1, le=9)]
    """So many questions running that were given up, or the last of them not understood twice, end the questions."""
    go: Link
    """Where the call goes then, once."""


class FlowFile(Part):
    """The file `flow.yaml` with structure, timers and links of one flow."""

    spec: Literal[1]
    """Version of this language."""
    flow: Name
    """The flow's name, as its folder."""
    locales: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")], ...], Field(min_length=1)]
    """Languages in which all its words exist."""
    start: Name
    """The node at which a call begins."""
    recording_notice: Name
    """Key of the prompt whose wording is the evidence of consent."""
    on_fault: Link
    """Where a call goes when our own code fails."""
    on_time_up: Link | None = None
    """Where a call goes that has lasted as long as the policy lets any call last. Empty means that it is hung up."""
    most_speech_s: Annotated[float, Field(gt=0)] | None = None
    """Seconds of our speech that a caller who answers at once hears at most. Empty means that nothing is checked."""
    on_not_understood: NotUnderstoodRule | None = None
    """Where a call goes whose caller is not understood question after question.

    Empty means that every question is asked.
    """
    claims: dict[Name, tuple[Literal["manager_told", "caller_texted", "supervisor_told"], ...]] = {}
    """What the words of a prompt or text promise that the ladder must do, or a notice at once (supervisor_told)."""
    commands: dict[Name, Command] = {}
    """What a caller may want at any moment."""
    around: tuple[Name, ...] = ()
    """Lists of the vocabulary with words around an answer that change nothing ("well", "thank you")."""
    unsure: tuple[Name, ...] = ()
    """Lists of the vocabulary with what is no answer ("i am not sure"), so the question is put again."""
    nodes: dict[Name, Node]
    """The nodes, in spoken order."""


class PhraseList(Part):
    """One list of the vocabulary with what callers may say to mean one thing."""

    phrases: Annotated[tuple[str, ...], Field(min_length=1)]
    """Words as the recogniser writes them, that is in lower case without punctuation."""
    lead_ins: tuple[str, ...] = ()
    """What may come before a phrase in free speech ("can i speak to a")."""
    tails: tuple[str, ...] = ()
    """Words that may follow a phrase said as a command ("please")."""
    first_words: tuple[str, ...] = ()
    """Phrases that mean it at the beginning of an answer, whatever follows ("no i am out all morning")."""
    not_after: tuple[str, ...] = ()
    """Words shortly before a phrase within longer speech that make it somebody else's ("they said …").

    Several words count where they run into the phrase ("have no" recording, "can't stop" recording).
    """


class Flow(BaseModel):
    """A whole flow with the words of every locale, as the engine walks it. Built by `flow/reader.py`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: FlowFile
    prompts: Mapping[str, Mapping[str, str]]
    """Locale, then prompt key, to the words with their slots."""
    texts: Mapping[str, Mapping[str, str]]
    """Locale, then template key, to the text message with its slots."""
    calls: Mapping[str, Mapping[str, str]]
    """Locale, then key, to what is said on calls that we make. None in flows kept from before there were any."""
    vocabulary: Mapping[str, Mapping[str, PhraseList]]
    """Locale, then list name, to the phrases."""
    sources: Mapping[str, str]
    """File name (from the flows folder) to its text. The flow was read from these."""
    lines: Mapping[str, Mapping[str, int]]
    """File name, then path joined by `/`, to the line of a value."""

    @property
    def name(self) -> str:
        """The flow's name, as its folder."""
        return self.file.flow

    @property
    def locales(self) -> tuple[str, ...]:
        """Languages in which all its words exist."""
        return self.file.locales

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes, in spoken order."""
        return self.file.nodes

    def body(self) -> str:
        """Return everything the flow was read from, as JSON. `reader.flow_from_body` makes the same flow of
        it.
        """
        return json.dumps(dict(sorted(self.sources.items())), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """What a running call remembers its flow by. This is the SHA-256 of `body`, 64 hexadecimal digits."""
        return hashlib.sha256(self.body().encode()).hexdigest()
