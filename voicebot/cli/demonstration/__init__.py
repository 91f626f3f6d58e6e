"""The demo: one real call to a real service on this machine, and what becomes of the promise when nobody calls back.

`voicebot demo` (cli/demo.py) plays it in acts. What takes part:

- `scenery`: a folder, free ports, made-up credentials;
- `hotline_process`: `voicebot serve` as a child, its log kept for when something goes wrong;
- `carrier_process`: the pretend carrier and the caller in a process of their own, telling what happens on the line;
- `live_view`: the words that the recogniser is still guessing;
- `casebook`: what the database holds of the case, read and never written;
- `story`: both told as lines, each once; `screen` shows them;
- `console_login`: a login for who watches, made and tried;
- `verdict`: whether everything that the demo claims to show was really there.
"""
