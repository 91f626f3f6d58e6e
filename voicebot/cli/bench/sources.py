"""Where a benchmark finds the speech model, and clips of real people.

Knows: settings, folders. Must not know: what is measured.
"""

import os
from pathlib import Path

from voicebot.adapters.speech_model import INSTALL_COMMAND, find_model
from voicebot.config import Settings
from voicebot.distribution import PROJECT_DIR
from voicebot.errors import SettingFault


def model_folder(settings: Settings) -> Path:
    """Return the folder of the English model. Raises: SettingFault when none is installed."""
    folder = find_model(settings.model_dir, "en", vouched=settings.model_digest)
    if folder is None:
        raise SettingFault(f"measuring: there is no speech model; run `{INSTALL_COMMAND}`", code="model-missing")
    return folder


def speech_folder() -> Path:
    """Return the folder of real people's clips, which may not be there."""
    return Path(os.environ.get("VOICEBOT_SPEECH_DIR", PROJECT_DIR.parent / "shared" / "speech"))


def has_clips(folder: Path) -> bool:
    """Whether the folder holds clips."""
    return (folder / "manifest.jsonl").is_file()
