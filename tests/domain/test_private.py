"""Cards and birth dates are masked in the languages of the seeds as in English, and other numbers stay."""

import pytest

from voicebot.domain.private.masking import masked

DIGITS = {
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "he": "אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע",
    "hr": "nula jedan dva tri četiri pet šest sedam osam devet",
    "lt": "nulis vienas du trys keturi penki šeši septyni aštuoni devyni",
    "ru": "ноль один два три четыре пять шесть семь восемь девять",
    "sk": "nula jeden dva tri štyri päť šesť sedem osem deväť",
}
"""A witness: the table of script.md, beside our files."""
CARD, MISHEARD, CASE = "5105105105105100", "5105105105105101", "482913757"
PHRASES = {
    "es": ("el número de mi tarjeta es {}", "pedido número {}"),
    "he": ("מספר כרטיס האשראי שלי {}", "מספר הזמנה {}"),
    "hr": ("broj moje kartice je {}", "broj narudžbe {}"),
    "lt": ("mano kortelės numeris {}", "užsakymo numeris {}"),
    "ru": ("номер моей карты {}", "номер заказа {}"),
    "sk": ("číslo mojej karty je {}", "číslo objednávky {}"),
}


def said(language: str, number: str) -> str:
    words = DIGITS[language].split()
    return " ".join(words[int(digit)] for digit in number)


@pytest.mark.parametrize("language", DIGITS)
def test_a_card_is_masked_and_an_order_or_a_case_number_is_not(language: str) -> None:
    card, order = PHRASES[language]
    assert masked(card.format(said(language, CARD))) == card.format("[card number]")
    assert masked(card.format(said(language, MISHEARD))) == card.format("[card number]")
    for kept in (order.format(said(language, CARD)), said(language, CASE)):
        assert masked(kept) == kept


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nací el tres de mayo de mil novecientos ochenta", "nací el [birth date]"),
        ("נולדתי בשלישי במאי אלף תשע מאות שמונים", "נולדתי [birth date]"),
        ("rođen sam trećeg svibnja tisuću devetsto osamdesete", "rođen sam [birth date]"),
        ("rodena sam 3. svibnja 1980. godine", "rodena sam [birth date]. godine"),
        ("gimiau tūkstantis devyni šimtai aštuoniasdešimtų metų gegužės trečią", "gimiau [birth date]"),
        ("gimimo data 1980 m. gegužės 3 d.", "gimimo data [birth date] d."),
        ("я родился двадцать третьего мая восемьдесят пятого года", "я родился [birth date] года"),
        ("я родилась третьего мая", "я родилась [birth date]"),
        ("дата рождения ноль три ноль пять восемьдесят", "дата рождения [birth date]"),
        ("narodil som sa tretieho mája tisícdeväťsto osemdesiat", "narodil som sa [birth date]"),
        ("я купил это третьего мая восьмидесятого года", "я купил это третьего мая восьмидесятого года"),
    ],
)
def test_a_birth_date_is_masked_and_another_date_is_not(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_the_code_of_a_case_is_blotted_out_in_every_language() -> None:
    for language in DIGITS:
        assert masked(f"код {said(language, '8558')} !", pins=["8558"]) == "код **** !"
