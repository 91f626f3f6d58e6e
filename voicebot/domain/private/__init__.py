"""What a complainant says or writes that staff need not see, such as the number of a payment card.

It is found in words as in digits, since callers say their numbers. `spans` names the kinds, and each kind has a module
that finds it: `card`, `account`, `birth_date`, `national`. `masking` shows a text or timed words with a mark such as
`[card number]` in each place, and the PIN of the case blotted out.

A finder has to leave case numbers, telephone numbers and order numbers readable. So it asks for a check digit, for a
word that names the kind, or for both.
Knows: numbers in texts (domain/number_words.py). Must not know: answers, who may see the original.
"""
