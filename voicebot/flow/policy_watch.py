"""The language of `watch.yaml`, which says what management is told, and when somebody is told that the watch stops.

Knows: keys. Must not know: how values are spelled (policy_values.py), lines, how the parts meet (policy.py).
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from voicebot.domain.canary import CanaryRules
from voicebot.domain.drill import DrillRules
from voicebot.domain.watch_rules import ManyRules, MorningRules, SecondWayRules, WatchRules
from voicebot.flow.policy_values import ClockTime, FilePart, Name, Spec, TimeOfDay, WorkingTime, none_for_never

WATCH_FILE = "watch.yaml"


class MorningPart(FilePart):
    """The morning list to management. What is left out is as `domain/watch_rules.py` has it."""

    at: TimeOfDay = MorningRules().at
    tell: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None


class SecondWayPart(FilePart):
    """Alarms about the watch itself."""

    tell: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    worker_silent: ClockTime = SecondWayRules().worker_silent


class DrillPart(FilePart):
    """The monthly drill."""

    day: Annotated[int, Field(ge=1, le=28)] = DrillRules().day
    at: TimeOfDay = DrillRules().at
    answered_within: WorkingTime = DrillRules().answered_within

    def rules(self) -> DrillRules:
        """Return them as the domain knows them."""
        return DrillRules(day=self.day, at=self.at, answered_within=self.answered_within)


class CanaryPart(FilePart):
    """The test call each morning."""

    at: TimeOfDay = CanaryRules().at
    speaks_after: ClockTime = CanaryRules().speaks_after
    within: ClockTime = CanaryRules().within

    def rules(self) -> CanaryRules:
        """Return them as the domain knows them."""
        return CanaryRules(at=self.at, speaks_after=self.speaks_after, within=self.within)


class ManyPart(FilePart):
    """Many cases on one cause."""

    cases: Annotated[int, Field(ge=2)] = ManyRules().cases
    within: ClockTime = ManyRules().within
    tell: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None

    def rules(self) -> ManyRules:
        """Return them as the domain knows them."""
        return ManyRules(cases=self.cases, within=self.within, tell=self.tell or ())


def _or_never(part: type[FilePart]) -> BeforeValidator:
    """Return what reads `never` as nothing, and tells editors that it may stand there."""
    return BeforeValidator(none_for_never, json_schema_input_type=part | Literal["never"])


class WatchFile(FilePart):
    """`watch.yaml`."""

    spec: Spec
    morning_list: MorningPart = MorningPart()
    second_way: SecondWayPart = SecondWayPart()
    drill: Annotated[DrillPart | None, _or_never(DrillPart)] = DrillPart()
    test_call: Annotated[CanaryPart | None, _or_never(CanaryPart)] = CanaryPart()
    many_on_one_cause: Annotated[ManyPart | None, _or_never(ManyPart)] = ManyPart()

    def told(self) -> dict[str, tuple[str, ...]]:
        """Return the roles that each part names."""
        many = None if self.many_on_one_cause is None else self.many_on_one_cause.tell
        parts = {
            "morning_list": self.morning_list.tell,
            "second_way": self.second_way.tell,
            "many_on_one_cause": many,
        }
        return {name: tell for name, tell in parts.items() if tell is not None}

    def rules(self) -> WatchRules:
        """Return them as the domain knows them."""
        told = self.told()
        return WatchRules(
            morning=MorningRules(at=self.morning_list.at, tell=told.get("morning_list", ())),
            second_way=SecondWayRules(tell=told.get("second_way", ()), worker_silent=self.second_way.worker_silent),
            drill=None if self.drill is None else self.drill.rules(),
            canary=None if self.test_call is None else self.test_call.rules(),
            many=None if self.many_on_one_cause is None else self.many_on_one_cause.rules(),
        )
