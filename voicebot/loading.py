"""Imports of many modules at once, as a program starts.

Knows: Python's import and its collector. Must not know: which modules.
"""

import gc
from importlib import import_module
from types import ModuleType


def loaded(module: str) -> ModuleType:
    """Import a module and all that it needs, which is some 1,600 modules for `voicebot.worker`."""
    # Hardly anything of a module is ever garbage, yet the collector would look at all of it again and again: a fifth of
    # the time in which a program starts. Frozen, it is left out of later rounds too.
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()
