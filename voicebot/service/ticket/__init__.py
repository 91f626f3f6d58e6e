"""A case is opened, written to and worked on.

`opening` opens one with its number, PIN and owner, `house_case` one for what concerns the house alone. `inbound_text`
puts a text from outside into a case, within the limits of `text_budget`. `joining` says which open case a text or a
call belongs to. `call_joining` joins a call to the case that stands. `missed_text` takes in texts that arrived while
the hotline was down. `actions` is what staff do to a case beside calling, such as acknowledging it or writing a note.
`hand_over` gives a case to somebody else, `spread` all cases of somebody who is away. `ending` is how a case is
answered, closed, found to be no complaint and opened again. `refusal` is how two people say that we cannot help.
`wrap_up` is what comes next after a call, `tasks` what somebody is asked or promises until a day. `offer` ends the
offer of a case to a second person. `matter` says which cases are about one matter. `category` is what kind of complaint
staff find a case to be, `route` who has it then, `fields` keeps what they write down of who complains and of what
happened, `review` mends the words of an answer, `heard` says who has listened to it. `about` keeps a case from whom of
the staff it complains about. `lead_case` lets cases on one cause follow one of them, and tells all of them once.
`spike` tells somebody of many on one cause. `adjustments` is what is done otherwise for somebody. `look_up` has the
company's books asked anew who has a number. `original` shows private numbers to who says why. `splitting` joins cases
and takes them apart, `joined_kind` carries what is written in them. `text_answer` is what a text to a known case is
answered with.

Knows: cases, answers, promises, texts. Must not know: turns of a call, pages.
"""
