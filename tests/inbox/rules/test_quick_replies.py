"""Yes and no are offered where they answer, and nowhere else."""

import pytest

from inbox.rules.quick_replies import YES_OR_NO, offered


@pytest.mark.parametrize(
    "text",
    [
        "Merhaba, sokak lambanız onarıldı. Sorununuz çözüldü mü?",
        "Çukur, Atatürk Caddesi'nde mi?",
        "Kapağın kırıldığı yer okulun önü müydü?  ",
        "LAMBA HÂLÂ YANMIYOR MU?",
        "Ekip size ulaştı mı ?",
    ],
)
def test_a_question_of_fact_offers_both_words(text: str) -> None:
    assert offered(text) == YES_OR_NO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Başvurunuz kayıt altına alındı.",
        "Sorununuz çözüldü mü? Bize buradan yazabilirsiniz.",
        "Açık adresinizi yazar mısınız?",
        "Fotoğraf gönderebilir misiniz?",
        "Hangi ilçede?",
        "Çukur kaldırımda mı, yolda mı?",
        "Lamba mı yanmıyor yoksa direk mi?",
        "Sizi saat kaçta arayalım?",
        "Memnuniyetiniz bizim için önemli mi",
    ],
)
def test_other_texts_offer_nothing(text: str) -> None:
    assert offered(text) == ()
