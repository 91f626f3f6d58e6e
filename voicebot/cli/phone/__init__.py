"""A telephone in the browser, which rings the hotline through the pretend carrier.

The page is one more caller of `voicebot.simulator`. It speaks with a microphone, presses keys, and may say recorded
clips. What works here works on Twilio, because the hotline is asked by the same signed webhooks and streams. The
server answers on loopback only, and to nobody but its own page.

- `hotline` is the hotline that is rung, be it one that runs already or one of the phone's own. It says how it is.
- `messages` is what page and server say to one another.
- `desk` lets one page at a time hold the phone, `talk` carries that page's calls, `watch` looks at the case and at
  the words meanwhile, `case_facts` are what the page shows of the case.
- `site` serves the page and its socket, while page, style and scripts stand in `static`.

The caller's number and words stand on the page and in no log. A text to the caller is shown as it arrives, with its
code, because this is the caller's telephone and no page of staff.
Knows: the simulator, the store (to look). Must not know: what a call does inside the hotline.
"""
