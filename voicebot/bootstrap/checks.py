"""Asks, before anything serves, whether all that serving needs is there, and refuses with a sentence naming the cure.

Knows: settings, where adapters keep their things. Must not know: use cases, routes.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.prompt_clips import RECORD_COMMAND, PromptClips
from voicebot.adapters.speech_model import INSTALL_COMMAND, find_model
from voicebot.adapters.store import is_migrated, open_engine
from voicebot.bootstrap.company import look_at_greeting, look_at_texts, unsaid_names
from voicebot.bootstrap.wiring import clips_dir, hotline_rules, staff_channels
from voicebot.config import Settings, without_password
from voicebot.distribution import how_to_add, is_replaced_by_upgrades
from voicebot.domain.phone import EVERY_COUNTRY, is_e164
from voicebot.errors import SettingFault
from voicebot.flow.definition import Flow
from voicebot.flow.prompts import spoken_fragments
from voicebot.service.doctor.finding import Verdict
from voicebot.service.outbox.channels import why_no_address

ONE_ADDRESS = "behind a proxy everybody seems to have one address, so that a stranger's wrong logins lock all staff out"
EXAMPLES = "hours, promises and people are the examples that came with voicebot"
COPY_THEM = "run `voicebot flows copy` where you start voicebot, and put your own into flows/policy"
COUNT_PROXIES = "set VOICEBOT_PROXY_HOPS to the number of your own proxies that add to X-Forwarded-For, usually 1"


def check_service(settings: Settings) -> None:
    """Refuse to serve without what serving needs.

    Raises: SettingFault (credential, address, folder, model, clip, database), FlowFault (flow, policy), Unavailable.
    """
    check_settings(settings)
    _check_folders(settings)
    _check_model(settings)
    _check_definitions(settings)
    check_database(settings)


def check_definitions_and_account(settings: Settings) -> None:
    """Check what needs no database yet, that is account, address, folders, flow, policy, clips.

    Raises: as `check_service`.
    """
    check_settings(settings)
    _check_folders(settings)
    _check_definitions(settings)


def check_account(settings: Settings) -> None:
    """Check what a command needs that speaks about the account, that is credentials, number, address, database.

    Raises: SettingFault, Unavailable.
    """
    check_settings(settings)
    check_database(settings)


def doubts(settings: Settings) -> tuple[str, ...]:
    """Return what lets us serve and yet would break our word, each with its cure. Raises: FlowFault."""
    one_address = (f"{ONE_ADDRESS}; {COUNT_PROXIES}",) if has_uncounted_proxy(settings) else ()
    examples = (f"{EXAMPLES}; {COPY_THEM}",) if has_only_examples(settings) else ()
    of_name = [look_at_greeting(settings), look_at_texts(settings)]
    name = tuple(f"{finding.found}; {finding.cure}" for finding in of_name if finding.verdict is Verdict.DOUBT)
    return _silent_staff(settings) + one_address + examples + name


def has_only_examples(settings: Settings) -> bool:
    """Tell whether the policy in force is the installed package's own, which nobody can have adapted."""
    return is_replaced_by_upgrades(settings.resolved_policy_dir())


def has_uncounted_proxy(settings: Settings) -> bool:
    """Tell whether a proxy stands before us that no setting counts. Then https ends there, for we speak plain http."""
    is_public = settings.public_url.startswith("https://") and not settings.twilio_api_url
    return is_public and settings.proxy_hops == 0


def _silent_staff(settings: Settings) -> tuple[str, ...]:
    policy = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_policy()
    channels, rules = staff_channels(settings), hotline_rules(settings)
    silent: dict[str, list[str]] = {}
    for member in policy.staff:
        if why := why_no_address(channels, rules, member):
            silent.setdefault(why, []).append(member.id)
    return tuple(
        f"nobody can tell {', '.join(ids)} when a promise is missed, because each of them {why}; "
        f"write their addresses into {settings.place_of_policy('escalation.yaml')}"
        for why, ids in silent.items()
    )


def check_settings(settings: Settings) -> None:
    """Refuse without account, number and an address that the carrier takes. Raises: SettingFault."""
    _check_credentials(settings)
    _check_public_url(settings)
    _check_countries(settings)


def _check_countries(settings: Settings) -> None:
    """Refuse what is no country, because no number is of it, so that nobody would be called back.

    Raises: SettingFault.
    """
    unknown = sorted(settings.region_list() - EVERY_COUNTRY)
    if unknown:
        raise SettingFault(
            f"starting the hotline: VOICEBOT_CALLBACK_COUNTRIES names {', '.join(unknown)}, which is no country of the "
            "numbering plans; write two letters each (ISO 3166), with commas, such as US,CA or GB"
        )


def _check_credentials(settings: Settings) -> None:
    wanted = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_PHONE_NUMBER": settings.twilio_phone_number,
    }
    missing = [name for name, value in wanted.items() if not value]
    if missing:
        raise SettingFault(
            f"starting the hotline: {', '.join(missing)} not set; take it from the account's console page "
            "and put it into the environment or into .env"
        )
    if not is_e164(settings.twilio_phone_number):
        raise SettingFault("starting the hotline: TWILIO_PHONE_NUMBER must be in E.164 form, such as +12025550123")


def _check_public_url(settings: Settings) -> None:
    """Refuse an address to which the real carrier opens no stream, while the pretend one takes plain http.

    Source: Twilio, voice/twiml/stream: only wss, on port 443.
    """
    if settings.twilio_api_url or _is_streamable(settings.public_url):
        return
    raise SettingFault(
        "starting the hotline: VOICEBOT_PUBLIC_URL must be https://host without a port (or with 443), because Twilio "
        f"streams calls to nothing else, and is {settings.public_url}; set it to the address where Twilio reaches us"
    )


def _is_streamable(public_url: str) -> bool:
    try:
        parts = urlsplit(public_url)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port in {None, 443}
    except ValueError:
        return False


def _check_folders(settings: Settings) -> None:
    for folder in (settings.data_dir, settings.data_dir / "spool"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise _unwritable(folder) from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _unwritable(folder)


def _unwritable(folder: Path) -> SettingFault:
    return SettingFault(
        f"starting the hotline: cannot write in {folder.absolute()}; give this user the right to, "
        "or name another folder in VOICEBOT_DATA_DIR"
    )


def _check_model(settings: Settings) -> None:
    if find_model(settings.model_dir, "en", vouched=settings.model_digest) is None:
        raise SettingFault(
            f"starting the hotline: there is no speech model in {settings.model_dir}; run `{INSTALL_COMMAND}`",
            code="model-missing",
        )


def _check_definitions(settings: Settings) -> None:
    flows = FlowFiles(settings.flows_dir, settings.resolved_policy_dir())
    flow = flows.current_flow(settings.flow)
    flows.current_policy()
    _check_clips(settings, flow)


def _check_clips(settings: Settings, flow: Flow) -> None:
    """Refuse prompts without their clips, because every caller would be taken off the stream at the first of them."""
    clips = PromptClips(clips_dir(settings))
    wanted = [(at, words) for at in flow.locales for words in spoken_fragments(flow, at, company=settings.company)]
    excused = unsaid_names(settings, flow)
    missing = [one for one in wanted if not clips.has_clip(*one) and one not in excused]
    if missing:
        raise SettingFault(
            f"starting the hotline: {len(missing)} of {len(wanted)} pieces of the prompts have no clip, the first is "
            f'"{missing[0][1]}" ({clips.path(*missing[0])}); {how_to_add("voice")} and run '
            f"`{RECORD_COMMAND}`, or record that file yourself",
            code="clip-missing",
        )


def check_database(settings: Settings) -> None:
    """Refuse a database that is not at our newest migration. Raises: SettingFault, Unavailable."""
    engine = open_engine(settings.resolved_database_url())
    try:
        if not is_migrated(engine):
            where = without_password(settings.resolved_database_url())
            raise SettingFault(
                f"opening the database: {where} is not migrated; run `voicebot release`, or, "
                "when it should be another one, stand in the folder of its .env: settings are read from there"
            )
    finally:
        engine.dispose()
