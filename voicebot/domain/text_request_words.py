"""The words in which people say that they want no more texts, or want them again, and what may stand around them.

Each pattern is one whole request in plain form, in lower case, one blank between words, no punctuation
(text_request.py).
Knows: English, Croatian, Slovak, Lithuanian, Russian, Hebrew, Korean. Must not know: what a request changes.
"""

import re

_INSULT = (
    r"(?:idiots?|morons?|jerks?|ass ?holes?|arse ?holes?|bastards?|clowns?|fools?|scammers?|spammers?|crooks?|cunts?|"
    r"dicks?|pricks?|muppets?|wankers?|losers?|creeps?)"
)
_ANGER = (
    rf"(?:you )?(?:(?:stupid|bloody|fucking|damn|useless|total|absolute|complete) )*{_INSULT}|"
    r"you (?:people|guys|lot|all|folks)|yall|ffs|wtf|omg|for (?:gods|christs|fucks|heavens|petes) sake|"
    r"damn(?: it)?|dammit|goddamn|the (?:hell|fuck)|fuck (?:you|off)|piss off|seriously|or else|"
    r"i (?:already )?said|once and for all|for good|forever|at all|already|asap|stop it(?! with)"
)
_REASON = (
    r"i (?:never|did not|didnt)(?: ever)? (?:sign(?:ed)? up|subscribed?|asked?)(?: (?:for|to))?"
    r"(?: (?:this|these|that|it|any of this|your (?:texts|messages)|these (?:texts|messages)))?|"
    r"(?:this is|its|it is|thats|that is) (?:spam|harassment|illegal|annoying|enough)|"
    r"or (?:else )?(?:i will|ill|i am going to|im going to)(?: \w+){1,8}(?= $)|"
    r"who (?:is this|are you)|i (?:do not|dont) know (?:who )?(?:you|this)(?: are| is)?|"
    r"(?:case )?(?:number )?\d{3} ?\d{3} ?\d{3}"
)
_POLITE = (
    r"please|pls|plz|kindly|thank (?:you|u)(?: very much| so much)?|thanks(?: a lot)?|thx|thnx|tnx|ty|cheers|sorry|"
    r"hi|hello|hey|bye|goodbye|sir|madam|and|n|ok|okay|now|right now|at once|immediately|today|just|"
    r"(?:can|could|will|would) (?:you|u)|"
    r"molim(?: vas| te)?|hvala(?: vam| lijepa)?|odmah|prosím|ďakujem|prašau|ačiū|"
    r"пожалуйста|спасибо|בבקשה|תודה(?: רבה)?|제발|좀|감사합니다|고맙습니다"
)
COURTESY = re.compile(rf" (?:{_POLITE}|{_ANGER}|{_REASON}) ")
"""What neither makes a request nor unmakes one, such as courtesy, anger, reasons, the number of the case."""

ASKED = re.compile(
    r"^(?:i (?:want|need|would like|ask|asked|told|beg|have asked|have told) (?:you|u) to|id like (?:you|u) to|"
    r"(?:you|u) (?:need to|have to|must|should|better|had better)) "
)
"""How a request is introduced, at its beginning."""

_TEXTS = r"(?:texts?|messages?|sms|text (?:messages?|msgs?)|txts?|msgs?)"
_NEWS = rf"(?:{_TEXTS}|alerts?|notifications?|spam|communications?|contact)"
_PHONE = r"(?:number|phone|cell|mobile|cell phone|mobile phone|phone number|cell number|mobile number)"
_ME = rf"(?: (?:to )?(?:me|us|(?:this|my) {_PHONE}))?"
_WRITING = (
    r"(?:texting|txting|messaging|smsing|sending|writing(?: to)?|spamming|contacting|bothering|harassing|pestering)"
)
_WHOSE = (
    r"(?:any|all|these|those|this|the|your|ur|such|more|further|other|of|automated|automatic|auto|stupid|annoying|"
    r"damn|damned|bloody|fucking|goddamn|unwanted|unsolicited|constant|endless)"
)
_NOT = r"(?:do not|dont|never)(?: ever)?"
_AGAIN = (
    rf"(?: (?:again|any ?more|ever(?: again)?|from (?:you|u)|from now on|to me|to (?:this|my) {_PHONE}|"
    r"by (?:text|sms|message)))*"
)
_LIST = (
    r"(?:(?:mailing|text|texting|sms|message|messaging|contacts?|phone|distribution|subscribers?|subscription|"
    rf"marketing) )?(?:lists?|service|number|database|system|records|files|{_TEXTS})"
)
_UNSUBSCRIBE = r"(?:unsubscribed?|unsuscribe|unsubcribe|unsubscibe|unsubsribe|unsub)"
_MY_NUMBER = r"(?:my|this) (?:(?:phone|cell|mobile) )?number"

NAMED_STOPS = (
    rf"(?:stop|quit|cease|end|cancel|discontinue|halt|turn off|switch off|disable)(?: it)?(?: with)?(?: {_WRITING})?"
    rf"(?: me)?(?: {_WHOSE})* {_NEWS}{_AGAIN}",
    rf"(?:turn|switch)(?: {_WHOSE})* {_NEWS} off",
    rf"(?:stop|quit|cease|refrain from)(?: {_WHOSE})* {_WRITING}{_ME}{_AGAIN}",
    rf"stop (?:text|txt|msg|message|sms) (?:me|us){_AGAIN}",
    rf"make(?: {_WHOSE})* {_TEXTS} stop",
    rf"{_NOT} (?:text|txt|message|sms|write|contact){_ME}{_AGAIN}",
    rf"{_NOT} (?:send|write)(?: me)?(?: {_WHOSE})* {_TEXTS}{_AGAIN}",
    rf"i (?:do not|dont|no longer) (?:want|wish|need|consent)(?: to (?:get|receive|have))?(?: {_WHOSE})* {_TEXTS}"
    rf"{_AGAIN}",
    rf"i (?:do not|dont) want (?:you )?to (?:be )?(?:texted|messaged|contacted|text|message|contact){_ME}{_AGAIN}",
    # Croatian
    r"(?:ne šalji(?:te)?|ne piši(?:te)?|(?:nemoj(?:te)?|prestani(?:te)?)(?: mi)?(?: više)? (?:slati|pisati))"
    r"(?: mi)?(?: više)?(?: mi)?(?: poruke| sms(?:ove)?)?(?: više)?",
    r"(?:ne želim|neću)(?: više)?(?: primati| dobivati)?(?: vaše| vaših)? (?:poruke|poruka|sms)(?: više)?",
    # Slovak
    r"(?:už )?(?:mi )?(?:už )?(?:neposielajte|neposielaj|nepíšte|nepíš|prestaňte(?: mi)? (?:posielať|písať))"
    r"(?: mi)?(?: už| viac)?(?: mi)?(?: žiadne)?(?: správy| sms)?",
    r"(?:už )?nechcem(?: už)?(?: dostávať)?(?: žiadne)?(?: vaše)? (?:správy|sms)",
    # Lithuanian
    r"(?:daugiau )?(?:nebesiųskite|nesiųskite|neberašykite|nerašykite|nustokite(?: man)? (?:siųsti|rašyti))"
    r"(?: man)?(?: daugiau)?(?: man)?(?: žinučių| žinutes| sms)?",
    r"(?:daugiau )?(?:nebenoriu|nenoriu)(?: daugiau)?(?: gauti)?(?: jūsų)? (?:žinučių|sms)",
    # Russian
    r"(?:больше )?(?:мне )?(?:больше )?(?:не пишите|не пиши|не присылайте|не шлите|"
    r"(?:перестаньте|прекратите|хватит|не надо)(?: мне)?(?: больше)? (?:писать|слать|присылать))"
    r"(?: мне)?(?: больше)?(?: мне)?(?: сообщения| сообщений| смс)?",
    r"не хочу(?: больше)?(?: получать)?(?: ваши| ваших)? (?:сообщения|сообщений|смс)",
    r"(?:отключите|остановите|прекратите|отмените)(?: эти| эту| ваши| вашу)? (?:смс|сообщения|рассылку)",
    # Hebrew
    r"(?:אל תשלחו|תפסיקו לשלוח|הפסיקו לשלוח|לא לשלוח)(?: לי)?(?: יותר)?(?: הודעות)?(?: יותר)?",
    r"(?:אני )?לא (?:רוצה|מעוניין|מעוניינת)(?: לקבל)?(?: יותר)? (?:ה)?הודעות(?: יותר)?",
    # Korean
    r"(?:(?:문자|메시지)(?:를|는)? ?)?(?:더 ?이상 )?(?:그만 ?보내 ?(?:세요|주세요)|보내지 ?(?:마세요|마|말아 ?주세요))",
    r"(?:문자|메시지)(?:를)? ?(?:그만|받기 ?싫어요|거부)",
)
"""Requests that say what they are about, so one of them may stand among other words."""

STOPS = (
    *NAMED_STOPS,
    # English: the carrier's words, with what belongs to them.
    r"(?:(?:reply|text|txt|send|answer)(?: with| back)? )?(?:stop|stopall|stop all|cancel|cancel all|end|end all|quit|"
    r"revoke|optout|opt out|opt me out|cease(?: desist)?)"
    rf"(?: (?:to (?:opt out|end|stop|quit|cancel|unsubscribe)|for no {_TEXTS}))?",
    rf"{_UNSUBSCRIBE}(?: me| us| all| {_MY_NUMBER})?(?: from (?:(?:your|the|this|these|all) )?{_LIST})?",
    rf"{_UNSUBSCRIBE}(?: me)? from (?:this|these|all)",
    rf"(?:i |i am |im )?(?:opt|opting) (?:me )?out(?: of (?:this|these|everything|(?:{_WHOSE} )*{_TEXTS}))?",
    r"(?:i (?:want|wish|would like)|id like) to (?:opt out|unsubscribe)",
    rf"(?:i (?:want|wish|would like)|id like) (?:to stop|no)(?: {_WRITING})?(?: {_WHOSE})* {_TEXTS}",
    rf"(?:i (?:revoke|withdraw)|revoke|revoking|withdrawing) (?:my )?consent(?: to (?:{_WHOSE} )*(?:this|{_TEXTS}))?",
    rf"how (?:do|can|could) i (?:opt out|unsubscribe|(?:stop|end|get off|turn off|opt out of)(?: {_WHOSE})* {_TEXTS}|"
    rf"make(?: {_WHOSE})* {_TEXTS} stop)",
    rf"(?:no|no more|no further|no other|enough)(?: with)?(?: {_WHOSE})* {_TEXTS}{_AGAIN}",
    r"enough|no more|leave (?:me|us) alone|go away|get lost",
    r"(?:stop|quit) sending(?: me| us)? (?:all )?(?:these|those|this|stuff)",
    rf"(?:remove|delete|erase)(?: me| us| {_MY_NUMBER})(?: (?:from|off) (?:your|the|this|all) {_LIST})?",
    rf"(?:i (?:want|wish|would like)|id like) to be (?:removed|deleted)(?: from (?:your|the|this|all) {_LIST})?",
    rf"(?:take|get)(?: me| us| {_MY_NUMBER}) off(?: of)?(?: (?:your|the|this|all) {_LIST})?",
    rf"(?:lose|forget) {_MY_NUMBER}",
    rf"(?:put|add) (?:me|{_MY_NUMBER}) (?:on|to|onto) (?:your|the|a) do not (?:text|contact|call|message) list",
    r"stop (?:poruke|porukama|správy|správam|žinutės|žinutėms|сообщения|смс)",
    # Croatian
    r"(?:odjava|odjavi(?:te)?(?: me)?|prekini(?:te)?|prestani(?:te)?|zaustavi(?:te)?|dosta)(?: poruka| poruke| sms)?",
    r"ostavi(?:te)? me na miru",
    r"(?:uklonite|maknite|izbrišite|obrišite|odjavite|skinite)(?: me| moj broj| ovaj broj)"
    r"(?: (?:s|sa|iz)(?: vašeg| vaše)? (?:popisa|liste|baze))?",
    # Slovak
    r"(?:odhlásiť|odhláste ma|zrušiť|koniec|dosť|prestaňte)(?: správy| sms)?",
    r"nechajte ma na pokoji",
    r"(?:odstráňte|vymažte|vyraďte|vyškrtnite)(?: ma| moje číslo| toto číslo)(?: (?:zo|z) (?:zoznamu|databázy))?",
    # Lithuanian
    r"(?:atsisakau|atsisakyti|stabdyti|sustabdykite|užteks|liaukitės)(?: žinučių| žinutes| sms)?",
    r"palikite mane ramybėje",
    r"(?:pašalinkite|ištrinkite|išbraukite)(?: mane| mano numerį| šį numerį)(?: iš (?:sąrašo|duomenų bazės))?",
    # Russian
    r"(?:стоп|отписаться|отпишите меня|отписка|отмена|хватит|прекратите|перестаньте)(?: сообщений| смс)?",
    r"(?:удалите|уберите|вычеркните|исключите)(?: меня| мой номер| этот номер)(?: из (?:списка|базы|рассылки))?",
    r"отстаньте|оставьте меня в покое|не надо (?:сообщений|смс)|(?:отказываюсь|отказ) от (?:сообщений|смс|рассылки)",
    # Hebrew
    r"(?:הסר|הסירו|להסיר|הסרה|עצור|הפסק|הפסיקו|תפסיקו|די|מספיק)(?: עם)?(?: ה?הודעות)?",
    r"(?:הסר|הסירו|תסירו|הורידו|תורידו|מחקו|תמחקו|להסיר)(?: אותי| את המספר שלי| את המספר הזה)"
    r"(?: מהרשימה(?: שלכם)?| מרשימת התפוצה)?|(?:תעזבו|עזבו) אותי(?: במנוחה)?",
    # Korean
    r"(?:수신 ?거부|수신 ?차단|중지|그만|해지|구독 ?취소)(?:해 ?주세요| ?요청|합니다|할게요)?",
    r"연락 ?하지 ?(?:마세요|마|말아 ?주세요)",
    r"(?:(?:제|내) )?(?:전화 ?)?번호(?:를)? ?(?:삭제|지워)(?:해)?(?: ?주세요)?",
)
"""Every way to want no more texts, as the whole of one."""

STARTS = (
    rf"(?:start|unstop|resume)(?: {_WRITING})?(?: me)?(?: {_TEXTS})?(?: again)?",
    r"(?:opt in|optin|opt me in|(?:re)?subscribe)(?: me)?(?: again)?",
    r"(?:you may|you can|do) (?:text|message) me(?: again)*|(?:text|message) me again",
    rf"(?:send|i want) (?:me )?(?:your |the )?{_TEXTS} again",
    r"(?:ponovno|nastavi(?:te)?)(?: (?:slati|poruke))?|opäť posielajte(?: správy)?|vėl siųskite(?: žinutes)?",
    r"старт|возобновить|пишите снова|התחל|חדש|수신 ?동의|시작",
)
"""Every way to want them again, as the whole of a text, while "text me" alone asks for a person."""
