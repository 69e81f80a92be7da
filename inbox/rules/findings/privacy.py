"""Personal data in a text that anybody can read (law 6698; directive 004, 7d10, 19h). Pure."""

import re
from collections.abc import Collection, Iterable, Iterator

from inbox.rules.findings.finding import Finding, FindingKind, sentences
from inbox.rules.findings.persons import PersonWords
from models.personal_data import PersonalData, find
from models.turkish import fold

_NAMES = {
    PersonalData.PHONE: "Telefon numarası",
    PersonalData.IDENTITY_NUMBER: "T.C. kimlik numarası",
    PersonalData.IBAN: "IBAN",
    PersonalData.CARD: "Kart numarası",
    PersonalData.PLATE: "Plaka",
    PersonalData.EMAIL: "E-posta adresi",
    PersonalData.ADDRESS: "Açık adres",
}
_ALWAYS_PERSONAL = (PersonalData.IDENTITY_NUMBER, PersonalData.CARD, PersonalData.PLATE)
_OFFICIAL = re.compile(r"@(?:[\w-]+\.)*(?:bel|gov)\.tr$", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:telefon\w*|(?:cep|gsm) numara\w*|kimlik numara\w*|tckn\w*|açık adres\w*|adresinizi|"
    r"iletişim (?:numara|bilgi)\w*|tc['’]?niz\w*|iban\w*|plaka\w*)\b"
)
_ASKS = re.compile(
    r"\b(?:yaz(?:ınız|ın|arsanız|ar mısınız|abilir\w*|manız\w*)|ilet(?:iniz|in|ir misiniz|ebilir\w*|meniz\w*)|"
    r"paylaş(?:ınız|ın|ır mısınız|manız\w*)|bildir(?:iniz|in|ir misiniz|meniz\w*)|"
    r"bırak(?:ınız|ın|ır mısınız|abilir\w*)|gönder(?:iniz|in|ir misiniz|meniz\w*))"
)
_PRIVATELY = re.compile(r"\b(?:özel(?:den| mesaj\w*)|dm|mesaj kutu\w*|153|formu?ndan|e-devlet\w*|sms\w*)\b")


def privacy_findings(
    text: str, *, citizen: str, public_contacts: Collection[str], persons: PersonWords | None = None
) -> Iterator[Finding]:
    """`citizen`: her full name where known; `public_contacts`: digits and addresses of the organisation itself."""
    for span in find(text):
        words = text[span.start : span.end]
        if not _is_public(words, public_contacts):
            yield _finding(f"{_NAMES[span.kind]} herkese açık cevapta.", span.start, span.end)
    yield from _named(text, citizen)
    yield from _asked(text)
    if persons:
        for start, end in persons.named(text):
            yield _finding("Kişi adı herkese açık cevapta.", start, end)
        for start, end in persons.told_of(text):
            yield _finding("Kişinin özel durumu herkese açık cevapta.", start, end)


def article_findings(
    text: str, *, public_contacts: Collection[str], persons: PersonWords | None, ours: bool
) -> Iterator[Finding]:
    """Of a text that will be sent to many. `ours`: numbers and addresses in it are the organisation's own.

    Nothing makes a person's identity number, card or plate the organisation's.
    """
    for span in find(text):
        words = text[span.start : span.end]
        may_be_ours = span.kind not in _ALWAYS_PERSONAL
        if not (may_be_ours and (ours or _is_public(words, public_contacts))):
            yield _finding(f"{_NAMES[span.kind]}: «{words}».", span.start, span.end)
    for start, end in persons.named(text) if persons else ():
        yield _finding(f"Kişi adı: «{text[start:end]}».", start, end)


def contacts_in(texts: Iterable[str]) -> frozenset[str]:
    """Keys of numbers and addresses that stand in texts which are public already (articles, the organisation's own)."""
    return frozenset(contact_key(text[span.start : span.end]) for text in texts for span in find(text))


def contact_key(words: str) -> str:
    """What makes two spellings of a number or an address equal: the last ten digits, else the fold."""
    digits = re.sub(r"\D", "", words)
    return digits[-10:] if len(digits) >= 7 and "@" not in words else fold(words).strip()


def _is_public(words: str, public_contacts: Collection[str]) -> bool:
    return bool(_OFFICIAL.search(words)) or contact_key(words) in public_contacts


def _named(text: str, citizen: str) -> Iterator[Finding]:
    """Her full name; a first name alone tells nobody who she is."""
    parts = fold(citizen).split()
    if len(parts) < 2:
        return
    name = r"\s+".join(re.escape(part) for part in parts)
    for match in re.finditer(rf"\b{name}\b", fold(text)):
        yield _finding("Vatandaşın adı ve soyadı herkese açık cevapta.", match.start(), match.end())


def _asked(text: str) -> Iterator[Finding]:
    """A question for personal data that leads to an answer in public."""
    for place, sentence in sentences(text):
        lowered = fold(sentence)
        if _ASKED.search(lowered) and _ASKS.search(lowered) and not _PRIVATELY.search(lowered):
            yield _finding("Kişisel bilgi herkese açık alanda isteniyor.", place, place + len(sentence))


def _finding(message: str, start: int, end: int) -> Finding:
    return Finding(
        kind=FindingKind.PERSONAL_DATA,
        message=message,
        start=start,
        end=end,
        suggestion="Özel mesajla yazın veya çıkarın.",
    )
