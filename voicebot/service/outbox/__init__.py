"""Texts. They are composed in the transaction that causes them, sent by a job and followed to their end.

`compose` writes a text for a complainant or for staff, `purpose` knows what each is for and when it is no longer true.
`limits` says how many may go to whom. `sms` sends what waits and takes the carrier's reports, `delivery` writes what
became of a text. `channels` knows by which channels staff can be reached. Of these `text_channel` is the one by text,
`mail_channel` by e-mail, `chat_channel` by chat and push. What these two take over waits in `staff_outbox`. `notice`
tells staff what happened on their cases. `alarm` tells staff at most so often that something is wrong. `at_once` sends
a message now and past every outbox. `try_out` does so that somebody sees that it reaches them.

Knows: texts, numbers that may be texted, the case a text belongs to. Must not know: calls, how a promise is made.
"""
