"""What staff read, in words, on each page and on the terminal.

`names` puts statuses, outcomes, texts and actions into words, `policy` the names that policy gives, `history` says what
a line of the history changed, `lanes` rows of Today.

Knows: names of states and actions, instants. Must not know: pages, terminals.
"""
