"""Personal data in texts: found where it is, and only there."""

import time
from itertools import pairwise

import pytest

from models.personal_data import PersonalData, find, is_card, is_iban, is_identity_number, mask, mask_phone

K = PersonalData


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Beni 0532 123 45 67 numarasından arayın", K.PHONE, "0532 123 45 67"),
        ("05321234567", K.PHONE, "05321234567"),
        ("tel: +90 (532) 123 45 67.", K.PHONE, "+90 (532) 123 45 67"),
        ("532-123-45-67", K.PHONE, "532-123-45-67"),
        ("sabit hat 0232 293 12 00", K.PHONE, "0232 293 12 00"),
        ("0532/123/45/67", K.PHONE, "0532/123/45/67"),
        ("00905321234567", K.PHONE, "00905321234567"),
        ("05 32 123 45 67", K.PHONE, "05 32 123 45 67"),
        ("beni 0 5 3 2 1 2 3 4 5 6 7 den arayın", K.PHONE, "0 5 3 2 1 2 3 4 5 6 7"),
        ("kimlik 10000000146 bu", K.IDENTITY_NUMBER, "10000000146"),
        ("TC:10000000146", K.IDENTITY_NUMBER, "10000000146"),
        ("T.C. 100 000 001 46", K.IDENTITY_NUMBER, "100 000 001 46"),
        ("TR33-0006-1005-1978-6457-8413-26", K.IBAN, "TR33-0006-1005-1978-6457-8413-26"),
        ("TR33 0006 1005 1978 6457 8413 26 hesabına", K.IBAN, "TR33 0006 1005 1978 6457 8413 26"),
        ("tr330006100519786457841326", K.IBAN, "tr330006100519786457841326"),
        ("kartım 4111 1111 1111 1111", K.CARD, "4111 1111 1111 1111"),
        ("5500-0000-0000-0004", K.CARD, "5500-0000-0000-0004"),
        ("35 ABC 123 plakalı araç", K.PLATE, "35 ABC 123"),
        ("35ABC123", K.PLATE, "35ABC123"),
        ("35-ABC-123", K.PLATE, "35-ABC-123"),
        ("plakası 35abc123", K.PLATE, "35abc123"),
        ("34 tz 4587 plakalı araç", K.PLATE, "34 tz 4587"),
        ("06 A 1234 plaka", K.PLATE, "06 A 1234"),
        ("yazın: ayse.yilmaz@ornek.com.tr", K.EMAIL, "ayse.yilmaz@ornek.com.tr"),
        ("ali.veli @ ornek.com", K.EMAIL, "ali.veli @ ornek.com"),
        ("ali(at)ornek.com", K.EMAIL, "ali(at)ornek.com"),
        ("Gül Apartmanı no 4 daire 6", K.ADDRESS, "Gül Apartmanı no 4 daire 6"),
        ("Cumhuriyet Meydanı No:3", K.ADDRESS, "Cumhuriyet Meydanı No:3"),
        ("Yalı mah 6500/3 sok no 12 d 5", K.ADDRESS, "Yalı mah 6500/3 sok no 12 d 5"),
        ("1812 sokakta 7 numarada oturuyorum", K.ADDRESS, "1812 sokakta 7 numarada"),
        ("Adatepe Mahallesi 3. Sokak No: 14 Buca", K.ADDRESS, "Adatepe Mahallesi 3. Sokak No: 14"),
        ("1740 sokak no 5 Karşıyaka", K.ADDRESS, "1740 sokak no 5"),
        ("Kıbrıs Şehitleri Caddesi No:12/3", K.ADDRESS, "Kıbrıs Şehitleri Caddesi No:12/3"),
        ("Atatürk Mah. 1234 Sk. No:5 D:3", K.ADDRESS, "Atatürk Mah. 1234 Sk. No:5 D:3"),
        ("3. sokak 14 numara da aynı", K.ADDRESS, "3. sokak 14 numara"),
    ],
)
def test_is_found(text: str, kind: PersonalData, found: str) -> None:
    (span,) = find(text)
    assert (span.kind, text[span.start : span.end]) == (kind, found)
    assert found not in mask(text)
    assert mask(text, shown=frozenset({kind})) == text


@pytest.mark.parametrize(
    "text",
    [
        "690 hattı 40 dakikadır gelmiyor",
        "2026 yılında 3 kez aradık",
        "HİM-2026-0000001 numaralı başvurum",
        "10000000147 yanlış kimlik",
        "00000000000",
        "TR33 0006 1005 1978 6457 8413 27",
        "4111 1111 1111 1112",
        "1740 sokakta su yok",
        "bizim sokak 3 gündür karanlık",
        "İnönü Caddesi 35 numaralı otobüs",
        "Yeşillik Caddesi üzerinde 2 çukur var",
        "saat 18.30 ile 19.45 arasında",
        "35 derece sıcakta bekledik",
        "100 TL 50 kuruş",
        "@izmirhim cevap verin",
        "mahalle muhtarı 5 kez yazdı",
        "112 acil, 153 HİM, Alo 185",
        "başvuru no 20260001234",
        "abone numaram 1234567, tesisat 4567891234",
        "fatura no 12345678901",
        "4982 ve 6698 sayılı kanunlar",
        "12.11.2026 saat 14.30",
        "1.250.000 TL, 35 tl 200",
        "304 numaralı durak, durak no 10005",
        "sokakta 7/24 gürültü var",
        "caddede 12 numaralı otobüs",
        "1671. sokakta su yok",
        "35 mm yağmur, 16 yaş, 35 kg 100",
        "parsel 1234 ada 567",
        "",
    ],
)
def test_is_no_personal_data(text: str) -> None:
    assert find(text) == []
    assert mask(text) == text


def test_masks_keep_the_sentence_readable() -> None:
    text = "Ben 0532 765 43 00, Kıbrıs Şehitleri Caddesi No:12 önündeyim, 35 ABC 123 park etmiş"
    assert mask(text) == "Ben 0532 ••• •• 00, [adres •••] önündeyim, 35 ••• •• park etmiş"


def test_several_kinds_stand_in_order_without_overlap() -> None:
    spans = find("a@b.com 0532 123 45 67 10000000146")
    assert [span.kind for span in spans] == [K.EMAIL, K.PHONE, K.IDENTITY_NUMBER]
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_check_digits() -> None:
    assert is_identity_number("10000000146")
    assert not is_identity_number("1000000014")
    assert not is_card("0000 0000 0000 0000")
    assert is_iban("TR33 0006 1005 1978 6457 8413 26")


@pytest.mark.parametrize(
    ("number", "masked"),
    [("905327654300", "0532 ••• •• 00"), ("0 232 293 12 45", "0232 ••• •• 45"), ("4915112345678", "49••••••78")],
)
def test_phones_are_masked_whatever_their_spelling(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize("piece", ["Ab ", "1 ", "a ", "sokak ", "12 sokak ", "0", "5 32 ", "TR", "Mah. ", "no "])
def test_long_texts_are_read_in_bearable_time(piece: str) -> None:
    text = piece * (8000 // len(piece))
    started = time.perf_counter()
    find(text)
    assert time.perf_counter() - started < 1.0
