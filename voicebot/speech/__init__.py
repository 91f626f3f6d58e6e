"""Bytes in, hypotheses framed out: what lies between a telephone line and a recogniser, without either.

Four parts, in the order in which sound meets them (`service/listening` joins them, one set per call):

- `audio` turns mu-law into samples and back, and WAV files into mu-law and back;
- `energy_gate` lets sound through to the recogniser and keeps silence from it (silence is what a recogniser
  spends most of a call on), remembers which stretches it let through, and so maps recogniser time back to
  the line's own time;
- `transcript` joins the recogniser's segments into one `Utterance` whose word times fit the stored audio;
- `endpointer` decides from stream time alone that an answer never came, paused, or ended.

Nothing here reads a clock: time is counted in samples and in the stream's own timestamps, so a call can be
replayed faster than it was spoken.
"""
