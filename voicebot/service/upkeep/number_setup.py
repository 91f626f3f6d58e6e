"""The hotline's number set to our addresses, and back. What is and what will be are shown, then carried out and looked
at again.

Twilio ignores a number's addresses while a trunk or an application is set on it, and texts go to a Messaging Service
first where the number belongs to one (twilio.md 1.9). So the difference shows those too, and what outranks us is
cleared only when told to. What a setting was before is kept before it is changed, and undoing puts it back. Nothing
here is half done without saying so, because after every failure the carrier is asked what stands now.
Knows: which addresses are ours. Must not know: the carrier's API, the terminal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from voicebot.errors import Refused, Unavailable
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import CarrierNumber, KeptSettings, NumberSettings, TextGroup, UnitOfWork
from voicebot.telephony.urls import LAST_RETRIES, HotlineUrls, with_retries

TEXT_GROUP = "use_inbound_webhook_on_number"
"""How the group's switch is called at Twilio. Kept beside the number's settings under this name and the group's sid."""
ON, OFF = "true", "false"
OUR_PATH = urlsplit(HotlineUrls("").voice()).path
OUTRANKS_CALLS = ("trunk_sid", "voice_application_sid")
OUTRANKS_TEXTS = ("sms_application_sid",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One setting that is not as it shall be. Empty when it is not set."""

    setting: str
    now: str
    will_be: str
    group_sid: str = ""
    """The group whose switch it is, empty for a setting of the number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be changed."""

    number: CarrierNumber
    differences: tuple[Difference, ...]
    undoes: str | None = None
    """The kept row that is put back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectRequest:
    """What the operator wants beside the usual."""

    fallback_url: str = ""
    """Address of a copy elsewhere that answers when we cannot. Empty means the one elsewhere that a connected number
    has, else our own.
    """
    may_detach: bool = False
    """Whether a trunk or application that would outrank our addresses may be cleared."""


def find_own_number(hotline: Hotline) -> CarrierNumber | None:
    """Return our number as it is set now, or None when the account has no such number. Raises: Unavailable, Refused."""
    return hotline.numbers.find(hotline.rules.own_number)


def plan_connection(hotline: Hotline, number: CarrierNumber, request: ConnectRequest) -> Plan:
    """Compare the number with what it shall be.

    Raises: Refused (no calls, something outranks us, no address), Unavailable.
    """
    if not number.takes_calls:
        raise Refused(
            "connecting the number: it takes no calls; buy one with the capability voice and set TWILIO_PHONE_NUMBER",
            code="number-without-voice",
        )
    wanted = {**_wanted(hotline, number, request), **_detached(number, request)}
    group = hotline.numbers.text_group_of(number.sid) if number.takes_texts else None
    return Plan(number=number, differences=(*_differences(number, wanted), *_group_difference(group, ON)))


def plan_undoing(hotline: Hotline, number: CarrierNumber) -> Plan:
    """Compare the number with what it was before the last change that was not undone.

    Raises: Refused when there is none, Unavailable.
    """
    with hotline.unit_of_work() as work:
        standing = work.kept_numbers.standing(number.sid)
    if not standing:
        raise Refused(
            "undoing the connection: nothing is kept of this number; no change of its settings was made from here, "
            "or each was undone already",
            code="nothing-to-undo",
        )
    kept = standing[0]
    values: dict[str, str] = json.loads(kept.values_json)
    switch = {name: value for name, value in values.items() if _group_of(name)}
    settings = {name: value for name, value in values.items() if name not in switch}
    differences = _differences(number, settings)
    for name, value in switch.items():
        group = hotline.numbers.text_group_of(number.sid)
        same_group = group if group is not None and group.sid == _group_of(name) else None
        differences = (*differences, *_group_difference(same_group, value))
    return Plan(number=number, differences=differences, undoes=kept.id)


def apply_plan(hotline: Hotline, plan: Plan) -> None:
    """Keep what is, change it, and look whether it is so. What was undone is kept as undone only then.

    Raises: Unavailable and Refused, with what stands at the carrier now, and how to go on.
    """
    if plan.undoes is None:
        _keep(hotline, plan)
    try:
        _change(hotline, plan)
    except (Unavailable, Refused) as problem:
        standing = _standing(hotline, plan)
        if standing:
            raise type(problem)(f"{problem}; {standing}", code=problem.code) from None
    left = _left(hotline, plan)
    if left:
        raise Refused(
            f"changing the number's settings: the carrier took them and still shows others for {_names(left)}; "
            "look at the number in the account's console, then run the command again",
            code="number-not-changed",
        )
    if plan.undoes is not None:
        _keep(hotline, plan)


def connected_at(work: UnitOfWork, number_sid: str) -> datetime | None:
    """Return since when the number's calls come to a hotline, or None when it was not connected from here.

    Later changes of a connected number (a new fallback, a new host of ours) do not count.
    """
    for kept in work.kept_numbers.standing(number_sid):
        if _went_elsewhere(json.loads(kept.values_json)):
            return kept.at
    return None


def _went_elsewhere(before: Mapping[str, str]) -> bool:
    """Tell whether calls went to another programme before a change that kept these values."""
    is_outranked = any(before.get(name) for name in OUTRANKS_CALLS)
    return is_outranked or ("voice_url" in before and urlsplit(before["voice_url"]).path != OUR_PATH)


# --- what shall be -----------------------------------------------------------------------------------------


def _wanted(hotline: Hotline, number: CarrierNumber, request: ConnectRequest) -> NumberSettings:
    urls = HotlineUrls(hotline.rules.public_url)
    addresses = {
        "voice_url": with_retries(urls.voice()),
        "voice_fallback_url": _fallback(hotline, number, request),
        "status_callback": with_retries(urls.status()),
    }
    if number.takes_texts:
        # A text that met a broken moment is not sent again: the same address a little later is a third try.
        addresses |= {"sms_url": with_retries(urls.sms()), "sms_fallback_url": with_retries(urls.sms())}
    methods = {f"{name.removesuffix('_url')}_method": "POST" for name in addresses}
    # A number that receives faxes sends no voice webhook; one that was never told otherwise shows nothing.
    mode = {"voice_receive_mode": "voice"} if number.settings.get("voice_receive_mode") == "fax" else {}
    return addresses | methods | mode


def _fallback(hotline: Hotline, number: CarrierNumber, request: ConnectRequest) -> str:
    """Return the fallback.

    That is the one named, one elsewhere that an operator gave the connected number, else our own.
    """
    if request.fallback_url:
        return _checked(request.fallback_url)
    base, standing = hotline.rules.public_url, number.settings.get("voice_fallback_url", "")
    is_connected = number.settings.get("voice_url", "").startswith(f"{base}/")
    if is_connected and standing and urlsplit(standing).hostname != urlsplit(base).hostname:
        return standing
    return with_retries(HotlineUrls(base).fallback(), LAST_RETRIES)


def _checked(fallback_url: str) -> str:
    """Return the operator's own fallback. Raises: Refused when the carrier could not ask it."""
    parts = urlsplit(fallback_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(
            "connecting the number: --fallback-url must be a whole address, such as https://host/path",
            code="fallback-address",
        )
    return fallback_url


def _detached(number: CarrierNumber, request: ConnectRequest) -> NumberSettings:
    """Clear what outranks our addresses. Raises: Refused when that is not wished."""
    in_the_way = [name for name in (*OUTRANKS_CALLS, *OUTRANKS_TEXTS) if number.settings.get(name)]
    if in_the_way and not request.may_detach:
        raise Refused(
            f"connecting the number: {' and '.join(in_the_way)} is set on it, and while it is, the carrier ignores the "
            "number's own addresses; --detach clears it (and --undo puts it back), or take it off in the console",
            code="number-attached",
        )
    return dict.fromkeys(in_the_way, "")


def _differences(number: CarrierNumber, wanted: NumberSettings) -> tuple[Difference, ...]:
    return tuple(
        Difference(setting=name, now=number.settings.get(name, ""), will_be=value)
        for name, value in wanted.items()
        if number.settings.get(name, "") != value
    )


def _group_difference(group: TextGroup | None, wanted: str) -> tuple[Difference, ...]:
    now = ON if group is not None and group.sends_to_number else OFF
    if group is None or now == wanted:
        return ()
    return (Difference(setting=TEXT_GROUP, now=now, will_be=wanted, group_sid=group.sid),)


def _group_of(kept_name: str) -> str:
    """Return the group's sid of a kept switch, empty for a setting of the number."""
    name, _, sid = kept_name.partition(":")
    return sid if name == TEXT_GROUP else ""


# --- the change --------------------------------------------------------------------------------------------


def _keep(hotline: Hotline, plan: Plan) -> None:
    """Append what was before this change. A second try of a change that failed halfway keeps nothing twice.

    Where calls still go elsewhere, somebody may have put back what was before, so they are ours only from now on.
    """
    values = {_kept_name(each): each.now for each in plan.differences}
    with hotline.unit_of_work() as work:
        standing = work.kept_numbers.standing(plan.number.sid)
        is_known = bool(standing) and _holds(standing[0], values)
        if plan.undoes is None and is_known and not _went_elsewhere(values):
            return
        kept = KeptSettings(
            id=hotline.ids.new_id(),
            number_sid=plan.number.sid,
            at=context_of(hotline, work).now,
            values_json=json.dumps(values, sort_keys=True),
            undoes=plan.undoes,
        )
        work.kept_numbers.add(kept)
        work.commit()


def _holds(kept: KeptSettings, values: Mapping[str, str]) -> bool:
    known: dict[str, str] = json.loads(kept.values_json)
    return all(known.get(name) == value for name, value in values.items())


def _kept_name(difference: Difference) -> str:
    return f"{difference.setting}:{difference.group_sid}" if difference.group_sid else difference.setting


def _change(hotline: Hotline, plan: Plan) -> None:
    settings = {each.setting: each.will_be for each in plan.differences if not each.group_sid}
    if settings:
        hotline.numbers.change(plan.number.sid, settings)
    for each in plan.differences:
        if each.group_sid:
            hotline.numbers.send_texts_to_number(each.group_sid, is_on=each.will_be == ON)


def _standing(hotline: Hotline, plan: Plan) -> str:
    """Say what stands at the carrier after a failure, empty when everything was set all the same."""
    try:
        left = _left(hotline, plan)
    except (Unavailable, Refused):
        return (
            "what stands there now cannot be seen either, and what stood there before is kept: "
            "run the command again, it shows what is left to do"
        )
    if not left:
        return ""
    done = len(plan.differences) - len(left)
    return (
        f"{done} of {len(plan.differences)} settings are changed, still to do: {_names(left)}; "
        "run the command again to go on, or with --undo to go back"
    )


def _left(hotline: Hotline, plan: Plan) -> tuple[Difference, ...]:
    """Ask the carrier afresh which of the settings are not as they shall be."""
    number = hotline.numbers.find(plan.number.number)
    settings: NumberSettings = {} if number is None else number.settings
    of_groups = any(each.group_sid for each in plan.differences)
    group = hotline.numbers.text_group_of(plan.number.sid) if of_groups else None
    switch = ON if group is not None and group.sends_to_number else OFF
    return tuple(
        each
        for each in plan.differences
        if (switch if each.group_sid else settings.get(each.setting, "")) != each.will_be
    )


def _names(differences: tuple[Difference, ...]) -> str:
    return ", ".join(each.setting for each in differences)
