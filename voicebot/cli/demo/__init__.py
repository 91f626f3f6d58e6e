"""The demo, with two real calls to a real service on this machine, one promise that nobody keeps and one that is kept.

`voicebot demo` (`command`) has it `run` in acts, and ends with a `summary`. What takes part:

- `sandbox`: a folder, free ports, made-up credentials.
- `hotline_process`: `voicebot serve` as a child, its log kept for when something goes wrong.
- `carrier_process`: the pretend carrier and the caller (`caller_script`) in a process of their own.
- `live_view`: the words that the recogniser is still guessing.
- `case_reader`: what the database holds of the two cases, read and never written.
- `call_back`: the owner rings a complainant and wraps the case up, as staff do.
- `narration`: all told as lines, each once, and `screen` shows them.
- `console_login`: a login for who watches, made and tried.
- `checks`: whether everything that the demo claims to show was really there.
"""
