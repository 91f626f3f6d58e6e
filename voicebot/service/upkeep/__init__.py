"""What an operator's machine does by itself or on request, beside calls and cases.

`reconcile` asks the carrier about calls, texts and recordings that we missed. `leftover_recordings` takes those home.
`retention` erases what has been kept long enough, or on request. `after_restore` brings a restored database into the
present. `calendar_fetch` fetches calendars of the rota. `number_setup` sets the webhooks of our number at the
carrier, and puts them back. `person` is everything of one number. `customer_import` brings in the company's
customers, `customer_lookup` asks its own system who has a number. `search_index` makes the words of cases that the
search does not know yet, `restricted_fields` marks what it may not find any more. `card_numbers` destroys the numbers
of payment cards that people say, where the policy asks for it.

Knows: cases, the carrier's lists, the policy's times. Must not know: who starts it, when.
"""
