"""Named options of the pretend carrier, with one for each fact about Twilio's wire that nobody could confirm.

A whole call must end well under every value. The default is what is most often seen, or the harder one where nothing
was seen. Marks are those of the design's Twilio notes with DOC documented, 3P seen by others, MEM remembered.

Knows: names and defaults. Must not know: who reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AfterClose(StrEnum):
    """What the carrier does with the call when a bidirectional stream has ended under it."""

    RESUME = "resume"
    """The verb after `<Connect>` runs at once."""
    RESUME_LATE = "resume_late"
    """The same, but only `resume_late_s` later, since a REST update may come first."""
    END_CALL = "end_call"


class Deafness(StrEnum):
    """How the start of a stream is lost."""

    LATE_START = "late_start"
    """The socket opens only when the deaf time is over, where timestamps begin then."""
    SILENT_FRAMES = "silent_frames"
    """The socket opens at once and carries silence for the deaf time."""


class Redelivery(StrEnum):
    """Whether a webhook that answers with TwiML comes twice."""

    NEVER = "never"
    SECOND_ANSWER = "second_answer"
    """The first answer is lost on its way, since the same request comes again and its answer counts."""
    LATE_DUPLICATE = "late_duplicate"
    """The first answer counts, while the same request comes again two seconds later, its answer is dropped."""


class RecordingCallback(StrEnum):
    """When `recordingStatusCallback` is asked, beside the verb's `action`."""

    AFTER_ACTION = "after_action"
    BEFORE_ACTION = "before_action"
    NEVER = "never"


class AfterFailedWhisper(StrEnum):
    """What becomes of a called leg whose `<Number url>` fetched nothing usable."""

    HANG_UP = "hang_up"
    BRIDGE = "bridge"
    """It is connected as if it had agreed."""


class Told(StrEnum):
    """When a text that cannot arrive is refused."""

    AT_CREATE = "at_create"
    BY_RECEIPT = "by_receipt"


@dataclass(frozen=True, kw_only=True)
class AccountOptions:
    """What sort of account it is, where the default serves a hotline in the United States."""

    status: str = "active"
    """Or `suspended`, `closed`."""
    is_trial: bool = False
    """Shown by the API only, since streams and recordings are not stripped here."""
    approved_profile: str = "business"
    """Or `individual`. Empty means that there is none, so that few calls may last at once [DOC]."""
    may_ring: frozenset[str] = frozenset({"US"})
    """Countries of the dialling permissions, where US stands for Canada too [DOC]."""
    may_ring_premium: bool = False
    may_ring_fraud: bool = False
    may_text: frozenset[str] = frozenset({"US", "CA"})
    calls_per_second: float = 1.0
    """How fast calls of the REST API are started, while more wait [DOC]. `<Dial>` is not counted."""
    toll_free_state: str = ""
    """Of the number's toll-free verification. Empty when nobody asked for it."""


@dataclass(frozen=True, kw_only=True)
class CarrierOptions:
    """Everything about the pretend carrier that a test may turn, with times in seconds of the carrier's clock."""

    after_close: AfterClose = AfterClose.RESUME
    """After an abnormal end of the stream (TCP cut, process killed). Undocumented."""
    after_own_close: AfterClose = AfterClose.RESUME
    """After an orderly close by the hotline's side. Confirmed by users, contradicted by one page [DOC]."""
    after_failed_handshake: AfterClose = AfterClose.RESUME
    """When the stream could not be opened at all (31920) [MEM]."""
    resume_late_s: float = 5.0
    deaf_s: float = 0.9
    """Caller's audio lost at each start of a stream [3P]."""
    deafness: Deafness = Deafness.LATE_START
    lose_keys_outside_gather: bool = True
    """Keys pressed while nothing collects them are gone [DOC for Say], while False keeps them for the next Gather."""
    returns_marks_after_clear: bool = True
    """`clear` sends the remaining marks back [DOC]."""
    frame_bytes: int = 160
    """Bytes in one inbound media message, where 160 were seen and no size is promised [3P]. A multiple of 160."""
    warns_of_own_close: bool = True
    """An intended close is logged as error 31921 too [DOC]."""
    voices: Mapping[str, bytes] = field(default_factory=dict)
    """WAV of the carrier's voice by the words of a `<Say>`. Other words are silence of about their length."""
    requests_connect_action: bool = True
    """`<Connect action>` is asked when the stream ends [3P], while False goes on with the next verb."""
    signs_stream_with_slash: bool = False
    """The handshake is signed over the URL with a trailing slash [DOC, sometimes]."""

    redelivery: Redelivery = Redelivery.NEVER
    sends_idempotency_token: bool = False
    """`I-Twilio-Idempotency-Token` is documented, absent from the one captured webhook [3P]."""
    signs_fragment: bool = False
    """Webhooks are signed over the URL with its retry overrides, though others saw them left out [3P]."""
    knows_geo: bool = True
    """Geo fields filled, while False sends them as empty strings [3P]."""
    extra_fields: Mapping[str, str] = field(default_factory=lambda: {"VoicebotNeverHeardOf": "1"})
    """Parameters that nobody documented yet, because they appear without notice [DOC]."""
    callbacks_late_s: float = 0.0
    callbacks_doubled: bool = False
    callbacks_reordered: bool = False
    """Every other status callback of one subject is held for `reorder_hold_s`, so that the next overtakes it."""
    reorder_hold_s: float = 3.0

    finish_key_alone_submits: bool = False
    """`finishOnKey` with nothing keyed asks `action` even without `actionOnEmptyResult` [MEM]."""
    schema_fault_ends_call: bool = True
    """12200 is a warning at Twilio and the verb is skipped [MEM], while the default is harder, so that we write
    none.
    """
    recording_callback: RecordingCallback = RecordingCallback.AFTER_ACTION
    recording_ready_s: float = 0.0
    """Seconds from the end of a recording until its media can be fetched, and the callback comes then [DOC, later]."""
    caches_media: bool = True
    """A clip with `Cache-Control: max-age` is fetched once [MEM]."""

    ring_buffer_s: float = 5.0
    """Seconds for which a telephone rings beyond the `Timeout` of the REST API [DOC, "for some call flows"]."""
    detection_s: float = 4.0
    """Seconds from answering to machine detection's word, but for the end of a machine's greeting [DOC, about 4]."""
    after_failed_whisper: AfterFailedWhisper = AfterFailedWhisper.BRIDGE
    """[MEM], where the default is the worse."""
    dial_status_after_refused_whisper: str = "completed"
    """`DialCallStatus` when the called leg hung up before it was connected, either completed or no-answer [MEM]."""
    asks_dial_action_after_hang_up: bool = True
    """Whether `<Dial action>` is asked when the dialling leg itself hung up [MEM]."""
    tells_dial_bridged: bool = True
    """`DialBridged` is documented, but False leaves it out, as older accounts did [MEM]."""

    sms_step_s: float = 1.0
    """Seconds from queued to sent, and from sent to delivered."""
    landline_told: Told = Told.BY_RECEIPT
    """30006 by receipt, or 21614 at create [DOC, both seen]."""
    opt_out_told: Told = Told.AT_CREATE
    """21610 at create, or later as a failed receipt [DOC]."""
    absolute_page_uris: bool = False
    """Twilio's page URIs are relative, while its own OpenAPI wants absolute ones, so tests behind Prism set this."""

    connect_timeout_s: float = 5.0
    response_timeout_s: float = 15.0
    connect_retries: int = 1
    """Webhook limits, in *real* seconds, where the URL's `#ct= rt= tt= rc= rp=` override them [DOC]."""
    plain_sockets_on_loopback: bool = True
    """`ws:` is let through and `wss:` is dialled without TLS, since the hotline under test has no certificate."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Public origin to loopback origin (`https://hotline.example` to `http://127.0.0.1:8080`), of which the first is
    signed.
    """
    max_documents: int = 500
    """TwiML documents one call may fetch, which bounds redirect loops."""
    max_idle_documents: int = 20
    """Documents fetched one after another without a moment passing on the line."""
    max_call_s: float = 14_400.0
    account: AccountOptions = field(default_factory=AccountOptions)
    clock_ahead_s: float = 0.0
    """How far the `Date` of the API's answers is ahead of this machine's clock."""
