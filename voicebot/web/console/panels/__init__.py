"""Parts of a case's page, each worded for itself.

- `before_call`: what somebody should know before they ring, and what else is known of the case.
- `field_rows`: fields with what stands and stood in them.
- `adjustments`: what was agreed with whoever has the number, and the forms for it.
- `category`: what kind of complaint it is, what the words suggest, and the fields of that kind.
- `customer`: who complains, as staff wrote it down, and the form for it.
- `lead_case`: how the case stands among many on one cause.
- `other_cases`: other cases from the same number.
- `words`: what the complainant said and wrote, with voices and files.
- `review`: what reviewers did with these words, and who listened.
- `timeline`: everything that happened, in one line, what people did first.

Knows: a case's view, instants, wording. Must not know: routes, forms.
"""
