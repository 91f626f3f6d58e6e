"""What the company's name lacks, such as clips that say it, and room in texts.

Any company may serve at once. Until a clip says its name, prompts that would name it are heard in their neutral form. A
name that is long, or has letters that texts have no short code for, makes texts of several parts.
Knows: settings, the flow, its clips. Must not know: the terminal.
"""

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.prompt_clips import RECORD_COMMAND, PromptClips
from voicebot.bootstrap.wiring import clips_dir
from voicebot.config import Settings
from voicebot.distribution import how_to_add, is_replaced_by_upgrades
from voicebot.flow.check_words import COMPANY_IN_TEXTS, long_texts
from voicebot.flow.definition import Flow
from voicebot.flow.prompts import unsayable_names
from voicebot.service.doctor.finding import Finding, doubt, fine


def unsaid_names(settings: Settings, flow: Flow) -> list[tuple[str, str]]:
    """Return locale and words of each clip that is missing to name the company, and that calls do without."""
    can_say = PromptClips(clips_dir(settings)).can_say
    return [
        (locale, words)
        for locale in flow.locales
        for words in unsayable_names(flow, locale, company=settings.company, can_say=can_say)
    ]


def look_at_greeting(settings: Settings) -> Finding:
    """Look whether callers hear the company's name. Raises: SettingFault, FlowFault."""
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(settings.flow)
    unsaid = unsaid_names(settings, flow)
    if not unsaid:
        return fine("callers are greeted in the company's name")
    return doubt(
        f"callers are greeted without the name {settings.company}, because no usable clip says it",
        cure=_how_to_record(settings, unsaid),
    )


def look_at_texts(settings: Settings) -> Finding:
    """Look whether the company's name fits into texts of one part. Raises: SettingFault, FlowFault."""
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(settings.flow)
    count = sum(len(long_texts(flow, locale, company=settings.company)) for locale in flow.locales)
    if not count:
        return fine("the company's name leaves room for texts of one part")
    return doubt(
        f"with the name {settings.company} {count} of our texts take two parts or more, and each part is paid",
        cure=f"shorten VOICEBOT_COMPANY to about {len(COMPANY_IN_TEXTS)} letters of GSM 7-bit (no ë, no Cyrillic)",
    )


def _how_to_record(settings: Settings, unsaid: list[tuple[str, str]]) -> str:
    clips = PromptClips(clips_dir(settings))
    files = " and ".join(f'"{words}" as {clips.path(locale, words)} (8 kHz mono WAV)' for locale, words in unsaid)
    how = f"record {files} yourself, or {how_to_add('voice')} and run `{RECORD_COMMAND}`"
    if not is_replaced_by_upgrades(settings.flows_dir):
        return how
    return "run `voicebot flows copy` first; `voicebot doctor` then names the file to record"
