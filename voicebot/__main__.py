"""`python -m voicebot` is the command line."""

from voicebot.cli import main

if __name__ == "__main__":
    main(prog_name="voicebot")
