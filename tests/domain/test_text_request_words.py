"""Ways people have of saying that they want no more texts, in each language, and what only sounds like one.

The lists were written down before the patterns that read them.
"""

import re

import pytest

from voicebot.domain.text_request import TextRequest, has_stop_within, read_text_request
from voicebot.domain.text_request_words import NAMED_STOPS, STARTS, STOPS

WISHES = """
Reply STOP | Reply with STOP | text STOP | STOP to opt out | STOP for no texts | reply stop to end | STOP!!!1
STOP!!1!11 | Stop texting me, you idiots | stop texting me you morons | Stoooop | stopp | Stop it with the texts
Stop with the texts already | stop the texts | remove my number | Please remove my number. | please remove me
Remove me from your system | take me off | Take my number off your list | delete my number | Lose my number
remove my number from your database please | stop sending me these | stop sending these | Stop sending me this
stop sending me stuff | Stop bothering me | stop harassing me | Stop spamming | quit bothering me
Leave me alone | leave me alone!! | go away | I no longer wish to receive messages
I do not wish to receive texts from you | I revoke my consent | I withdraw my consent to texts | opting out
I opt out | I am opting out | Opt out of all messages | unsub | Unsubscribe my number | unsuscribe | unsubcribe
How do I unsubscribe? | how do I stop these texts | how can i opt out | do not contact | do not text
Put me on your do not text list | Add me to your do-not-call list | enough | Enough already!
enough with the texts | no more | cease | cease and desist | discontinue texts | turn off texts
Turn these messages off | STOP or I will report you | Stop texting me or I'll call my lawyer
stop, I never signed up for this | I didn't sign up for this. STOP | Who is this? Stop texting me
STOP this is spam | this is harassment, stop texting me | stop 482-719-300 | Stop case 482-719-300
don't txt me | stop ur texts | Stop sending messages to my cell | I want you to stop texting me
You need to stop texting me | kindly refrain from texting me | Stop automated texts | stop all these damn texts
stop your stupid messages | stop notifications | cancel alerts | FFS stop | stop pls n thx
Please stop, thank you, bye | I asked you to stop texting me | I told you to stop | I already said stop
Uklonite me | Obrišite moj broj | Nemojte mi više slati poruke | Nemojte mi pisati | Prestanite mi slati poruke
Maknite me s liste | Ne želim više vaših poruka | Odstráňte ma | Vymažte moje číslo | Už mi nepíšte
Prestaňte mi posielať správy | Nechcem už žiadne správy | Pašalinkite mane | Ištrinkite mano numerį
Nustokite siųsti žinutes | Nustokite man rašyti | Daugiau nesiųskite žinučių | Nenoriu žinučių | Удалите меня
Удалите мой номер | Больше не пишите мне | Хватит мне писать | Перестаньте писать | Перестаньте слать смс
Не надо мне писать | Оставьте меня в покое | Отстаньте | Отключите смс | Отключите рассылку | Стоп, хватит!
תסירו אותי | תורידו אותי מהרשימה | הסירו את המספר שלי | תפסיקו לשלוח לי הודעות | אני לא רוצה הודעות | תפסיקו
די עם ההודעות | 그만 보내세요 | 문자 그만 보내세요 | 더 이상 보내지 마세요
번호 삭제해 주세요 | 제 번호 지워 주세요 | 수신거부합니다 | 문자 받기 싫어요 | 구독 취소
Can you please take me off this list | Please quit sending me text messages | STOP SENDING ME MESSAGES NOW!!!
stop msg me | Plz stop txting me | no more text msgs | I said STOP | Stop. Stop. Stop. | stop immediately
please unsubscribe me from your messages | Dont ever text me again | Get me off your list
remove me from this text list | Stop it with these messages you clowns | I don't want to be contacted
I don't want to receive any further messages | please cease all messages | end texts | STOP FFS
I'd like to be removed from your list | please opt me out of texts | stop contacting this number
Delete my number please and thank you | don't message this number again | No more messages from you please
Stop text messages immediately or I'll contact the FCC | hey can u stop texting | unsubscribe!!!
Stop all communication | how do I make these texts stop? | Stopppp | i want no more texts
Please stop this texting | stop it, stop texting | Stop texting my phone | STOP MESSAGING ME YOU SCAMMERS
Molim prestanite | Ostavite me na miru | Nechajte ma na pokoji | Palikite mane ramybėje
Хватит слать мне сообщения | Прекратите слать сообщения | Больше не присылайте мне смс | תעזבו אותי
להסיר אותי מהרשימה | 문자 좀 그만 보내세요 | 연락하지 마세요
"""

COMPLAINTS = """
the bus did not stop | please remove the charge from my bill | cancel my order | end of story
Cancel my subscription | stop payment | stop the payment | please stop the noise | stop sending the wrong size
stop sending broken kettles | Remove the old sofa | please remove it | remove my old fridge
take it off my bill | take off the late fee | take me off the waiting list for the surgery? no, put me on
delete my account | delete my last order | enough is enough, I want my money back | There was not enough milk
no more milk was delivered | no more patience | leave me a message | leave me the keys | Go away from my fence
the driver told me to go away | I was left alone | How do I unsubscribe from the milk delivery?
how do I stop the leak | how can I opt out of the warranty | do not contact my employer
do not text while driving, said your driver | reply to my letter | Reply to me | text me
I never signed up for this | this is spam | this is harassment | I will report you | who is this | wrong number
you idiots | 1 | 482-719-300 | turn off the water | turn off the alarm | I want you to stop the water
You need to stop digging | I told you to stop the builders | I told you to call me | I already said no
stop this nonsense with my invoice | stop it | stop this machine | cease trading | discontinue the contract
cancel the alert on my door | I withdraw my complaint | I revoke the order | lose my parcel again and I sue
lost my number | forgot my number | you removed my number plate | my number is 2025550143 | Don't stop
do not stop texting me | don't remove me | do not unsubscribe me | never stop texting me
please do not end the service | I did not ask you to stop texting me | why did you stop texting me
you stopped texting me | When will you stop texting me? | Why do you not text me | no one texts me back
not enough texts | I get no messages | no messages came | stop and think | the stop button broke | Full stop
quit smoking ad on my bus | I quit my job because of you | the end | at the end | cancel culture
stop sign missing | The texts stop at noon | bus stop | Nemojte mi slati pokvarene stvari
Ne šaljite pokvareni toster | Prestanite kopati | Uklonite smeće | Obrišite moj račun | Odstráňte závadu
Vymažte moju objednávku | Prestaňte vŕtať | Pašalinkite gedimą | Nustokite triukšmauti | Nenoriu šito viryklės
Удалите заказ | Уберите мусор | Перестаньте шуметь | Хватит врать | Отключите воду | Не надо мне врать
Оставьте посылку у двери | תסירו את החיוב | תפסיקו לרעוש
הסירו את המדבקה | די לרעש | 그만 떠드세요 | 택배 보내지 마세요
주문 취소 | 예약 취소해 주세요 | Stop selling rotten fruit | Please stop charging me | stop billing my card
please remove the dog | remove my name from the door sign | I want you to call me today
I asked you to remove the wasps | How do I cancel my order | how do I opt out of insurance
you need to refund me | I don't want this anymore | I don't want these shoes | I do not want to wait
no more excuses | enough excuses | enough with the delays | leave the parcel with my neighbour
I opt for a refund | quit stalling and pay | stop the deliveries to my house | stop delivering to my number 14
delete the photo | take the sofa off my drive | take my name off the bill | Take me off hold | lose the attitude
put me on your list | put me through to a person | add me to your waiting list
unsubscribe me from the newspaper | stop alarm | stop the alarm notifications on my fridge
turn off my phone line | the message was rude | Your texts are late | no message came, no call either
Don't send the same size | do not send a technician | do not contact my wife | never contacted me
I no longer want the sofa | I withdraw my order | consent form missing | ceased to work
the end piece is missing | opt out button missing | Не присылайте мастера | Уберите шум | Nechcem tento tovar
Ne želim ovaj proizvod | 그만두고 싶어요 계약
"""

BOTH = """
My kettle broke. Stop texting me and call me instead
Stop texting me and call me instead
I told you: don't text me. Where is my parcel?
Please stop sending me messages, I am deaf blind and want a letter
The driver was rude! no wonder. Do not send me any more texts!!
stop texting me, my boiler is still broken
My parcel is wet and I don't want your texts
I want my money back. I do not wish to receive text messages
Čajnik je pokvaren. Ne šaljite mi više poruke.
Верните деньги. Не присылайте мне больше смс
הקומקום שבור. אל תשלחו לי יותר הודעות
주전자가 고장났어요. 문자 보내지 마세요
"""

NOT_BOTH = """
My kettle broke. Stop sending broken kettles, cancel my order
I waited two weeks, no texts, no calls
You never text me back. Why?
stop. look at the mess
do not contact my wife, she is ill
You said stop texting me would work
Please do not stop texting me, I need news
I got no messages and no call
the texts stop at noon. why?
stop it, stop the leak
remove me from the flat, end
Cancel. I want to cancel my order
Stop!! Wrong person
don't send me anything
"""


def listed(text: str, mark: str = " | ") -> list[str]:
    """Return what stands between marks, line by line."""
    return [each for line in text.strip().splitlines() for each in line.split(mark)]


@pytest.mark.parametrize("text", listed(WISHES))
def test_a_request_in_anybody_s_words_is_taken(text: str) -> None:
    assert read_text_request(text) is TextRequest.STOP


@pytest.mark.parametrize("text", listed(COMPLAINTS))
def test_what_may_be_about_anything_but_texts_is_for_a_person(text: str) -> None:
    assert read_text_request(text) is None
    assert not has_stop_within(text)


@pytest.mark.parametrize("text", listed(BOTH, mark="\n"))
def test_a_sentence_that_wants_no_texts_is_found_among_others(text: str) -> None:
    assert read_text_request(text) is None
    assert has_stop_within(text)


@pytest.mark.parametrize("text", listed(NOT_BOTH, mark="\n"))
def test_sentences_that_only_speak_of_stopping_or_of_texts_are_no_request(text: str) -> None:
    assert not has_stop_within(text)


@pytest.mark.parametrize("pattern", [*STOPS, *STARTS])
def test_a_pattern_needs_words(pattern: str) -> None:
    assert re.fullmatch(pattern, "") is None


def test_requests_that_name_texts_are_requests_as_a_whole_too() -> None:
    assert set(NAMED_STOPS) < set(STOPS)


@pytest.mark.parametrize("text", ["text me", "message me"])
def test_who_asks_to_be_texted_is_read_by_a_person(text: str) -> None:
    assert read_text_request(text) is None
