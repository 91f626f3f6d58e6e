"""What a caller said. It is kept in the turn that heard it, stored and turned into words.

`keep` writes the answer in the turn's own transaction. `audio` brings its voice from spool or carrier into the audio
store, `transcript` makes its words. `doubt` says which of them must be heard, `second_listening` keeps what a better
recogniser made of the same voice. `picture` fetches files that came with a text. `spooled_voice` decides whether
somebody has spoken whose words have not come yet. `folders` knows which machine holds which voice.
`shown` is an answer with what staff made of its words, `unheard` which voices nobody has listened to.

Knows: answers, spool, audio store. Must not know: turns of a call, promises, texts.
"""
