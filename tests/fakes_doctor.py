"""Fakes of what the doctor looks at: the carrier's account, the machine, the public address."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from voicebot.service.ports import CarrierNumber
from voicebot.service.ports.account import AccountFacts, Approval, CarrierSaidNo, DiallingFacts
from voicebot.service.ports.installation import DatabaseFacts, DoorAnswer, DoorShut, FreeSpace

OURS = "1"
PUBLIC = "https://hotline.example"


def a_number(**settings: str) -> CarrierNumber:
    """Return a number whose calls and texts come to us, but for the settings given."""
    return CarrierNumber(
        sid="PN" + "0" * 32,
        number="+12025550100",
        takes_calls=True,
        takes_texts=True,
        settings={"voice_url": f"{PUBLIC}/twilio/voice", "voice_method": "POST", "sms_url": f"{PUBLIC}/twilio/sms"}
        | settings,
    )


class FakeAccount:
    """Fulfils `CarrierAccount`: a full account of a firm in the United States."""

    def __init__(self) -> None:
        self.facts = AccountFacts(
            status="active", is_trial=False, carrier_time=datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
        )
        self.approved = Approval.BUSINESS
        self.dialled: dict[str, DiallingFacts] = {}
        self.texted: dict[str, bool] = {"US": True}
        self.campaigns: tuple[str, ...] = ()
        self.verification = ""
        self.refusal: CarrierSaidNo | None = None

    def account(self) -> AccountFacts:
        """Return `facts`."""
        self._refuse()
        return self.facts

    def approval(self) -> Approval:
        """Return `approved`."""
        self._refuse()
        return self.approved

    def dialling(self, country: str) -> DiallingFacts:
        """Return what `dialled` says; an open country without its dangerous ranges otherwise."""
        self._refuse()
        return self.dialled.get(country, DiallingFacts(ordinary=True, special=False, toll_fraud=False))

    def texting(self) -> Mapping[str, bool]:
        """Return `texted`."""
        self._refuse()
        return self.texted

    def campaign_states(self, group_sid: str) -> tuple[str, ...]:
        """Return `campaigns`."""
        return self.campaigns

    def toll_free_state(self, number_sid: str) -> str:
        """Return `verification`."""
        return self.verification

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


class FakeMachine:
    """Fulfils `Machine`: two cores, 8 GB, one roomy disk."""

    def __init__(self, *, cores: int = 2, memory_gb: float = 8.0, free_gb: tuple[float, ...] = (50.0,)) -> None:
        self._cores = cores
        self._memory_bytes = round(memory_gb * 1e9)
        self._spaces = tuple(
            FreeSpace(what=f"thing {at}", place=f"/disk{at}", free_bytes=round(free * 1e9))
            for at, free in enumerate(free_gb)
        )

    def free_space(self) -> tuple[FreeSpace, ...]:
        """Return the disks."""
        return self._spaces

    def cores(self) -> int:
        """Return the cores."""
        return self._cores

    def memory_bytes(self) -> int:
        """Return the memory."""
        return self._memory_bytes


class FakeInspection:
    """Fulfils `DatabaseInspection`: a database that is ready, but for the changes given."""

    def __init__(self, **changes: Any) -> None:
        ready: dict[str, Any] = {"kind": "SQLite", "migration": "0002", "newest_migration": "0002"}
        self._facts = DatabaseFacts(**ready | {"journal_mode": "wal"} | changes)

    def facts(self) -> DatabaseFacts:
        """Return the facts."""
        return self._facts


class FakeDoor:
    """Fulfils `FrontDoor`; answers as this installation does, until told otherwise."""

    def __init__(self) -> None:
        self.shut: str | None = None
        self.ends_at: datetime | None = datetime(2027, 2, 1, tzinfo=UTC)
        self.health_answer = DoorAnswer(status=200, body="ok", mark=OURS)
        self.identity_answer: DoorAnswer | None = None
        self.unsigned = DoorAnswer(status=403, mark=OURS)
        self.signed = DoorAnswer(status=101)
        self.ping = DoorAnswer(status=204, mark=OURS)

    @staticmethod
    def proof(challenge: str) -> str:
        """Return what this installation answers."""
        return f"proof of {challenge}"

    def certificate_ends_at(self) -> datetime | None:
        """Return `ends_at`."""
        self._knock()
        return self.ends_at

    def health(self) -> DoorAnswer:
        """Return `health_answer`."""
        self._knock()
        return self.health_answer

    def identity(self, challenge: str) -> DoorAnswer:
        """Return the proof, unless another answer is set."""
        self._knock()
        return self.identity_answer or DoorAnswer(status=200, body=f"{self.proof(challenge)}\n", mark=OURS)

    def open_socket(self, *, is_signed: bool) -> DoorAnswer:
        """Return `signed` or `unsigned`."""
        self._knock()
        return self.signed if is_signed else self.unsigned

    def signed_ping(self) -> DoorAnswer:
        """Return `ping`."""
        self._knock()
        return self.ping

    def _knock(self) -> None:
        if self.shut is not None:
            raise DoorShut(self.shut)
