"""The web process is loaded before gunicorn looks for garbage, and gunicorn takes its arguments as ever."""

import subprocess
import sys

CODE = """
import gc, sys
from voicebot.web.gunicorn_start import main
rounds = []
gc.collect()
gc.callbacks.append(lambda *_: rounds.append("voicebot.web.server" in sys.modules))
sys.argv[1:] = ["--print-config", "--config", "python:voicebot.web.server", "tests.nothing:application"]
try:
    main()
finally:
    print("rounds before:", rounds.count(False))
"""


def test_what_is_served_is_loaded_without_the_collector_and_gunicorn_reads_our_configuration() -> None:
    run = subprocess.run((sys.executable, "-c", CODE), capture_output=True, text=True, check=False)
    assert "rounds before: 0" in run.stdout, run.stderr
    assert "voicebot.web.draining.DrainingWorker" in run.stdout
