"""Listens to a stored voice again with a model that is too slow for a call, in a child process of the lowest priority.

`ear` fulfils the port `SecondEar`. It starts `child`, gives it the audio, and ends it as soon as it may not go on. A
process of its own gives processor time and memory back at once, and a model that crashes takes nobody along. `hearers`
knows which recogniser a folder is for, and loads it.

Knows: processes, faster-whisper, Vosk. Must not know: answers, calls on the line.
"""

from voicebot.adapters.second_ear.ear import ChildEar, open_second_ear

__all__ = ["ChildEar", "open_second_ear"]
