"""Calling back from the product. The member's phone rings, a key connects them with the complainant.

`order` writes a call to be made, by hand or by policy. `barrier` says why none may be made now. `dial` has the carrier
ring, once, and `stuck` looks up a call that is silent. `hops` answers what the carrier asks while the call lasts, in
the words of `words`. `talk` has the talk recorded where the policy says so, after its notice. `pass_on` hands the step
of a ladder to the next person. `settle` writes what came of a call on the case, and what follows a try, `waiting` how
long the complainant waited on the line. `opening` rings when a promised window opens, `voice_channel` when a ladder's
step is taken, `rang_in` when a complainant who waits for our call rings in, `person_now` when a caller asks for a
person.

`survey` says whether a complainant may be asked now if the matter is settled.

Knows: calls to staff, promises, texts. Must not know: TwiML, HTTP.
"""
