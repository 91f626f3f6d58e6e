"""The demo: one real call to a real service on this machine, and what becomes of the promise when nobody calls back.

`voicebot demo` (`command`) has it `run` in acts, and ends with a `summary`. What takes part:

- `sandbox`: a folder, free ports, made-up credentials.
- `hotline_process`: `voicebot serve` as a child, its log kept for when something goes wrong.
- `carrier_process`: the pretend carrier and the caller (`caller_script`) in a process of their own.
- `live_view`: the words that the recogniser is still guessing.
- `case_reader`: what the database holds of the case, read and never written.
- `call_back`: the owner rings the complainant, as staff do.
- `narration`: both told as lines, each once; `screen` shows them.
- `console_login`: a login for who watches, made and tried.
- `checks`: whether everything that the demo claims to show was really there.
"""
