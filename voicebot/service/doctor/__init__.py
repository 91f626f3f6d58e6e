"""Whether this hotline could serve callers now. There is one finding for each check, with what would put it right.

`finding` is what a check says. `examination` runs checks one by one, each with a time limit. The others judge. They are
`storage` (database, disk, files), `promises` (staff, ladder, calendar), `capacity`, `carrier` (account, number, clock),
`countries` with the table `senders`, `address` (our public URL), `hearing` (the speech model), `sign_in` (second
factors, the company's own sign-in), `webhooks`.

Knows: ports. Must not know: adapters, the terminal.
"""
