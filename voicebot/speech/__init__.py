"""What lies between a telephone line and a recogniser, without either of them.

The parts in the order in which sound meets them (`service/listening` joins them, one set per call):

- `audio` turns mu-law into samples and back, and WAV files into mu-law and back. `pcm_stream` reads a stored voice
  as a file that every player takes.
- `echo` takes our own prompts out of what comes over the line.
- `energy_gate` lets sound through to the recogniser and keeps silence from it, since silence is what a recogniser
  spends most of a call on. It remembers which stretches it let through, and so maps recogniser time to line time.
- `bursts` tells a voice from a knock.
- `alternatives` joins what else may have been said in each segment.
- `transcript` joins the recogniser's segments into one `Utterance` whose word times fit the stored audio.
- `endpointer` decides from stream time alone that an answer never came, paused, or ended.
- `stretch` says the same more slowly at the same pitch.
- `take` makes a clip of a recording, or says why it is no good.
- `word_errors` compares heard words with spoken ones, `differences` two hearings of the same voice.

Nothing here reads a clock. Time is counted in samples and in the stream's own timestamps, so a call can be replayed
faster than it was spoken.
"""
