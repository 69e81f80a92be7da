"""Rude, informal, shouting or stiff wording in a text to a citizen (directive 004, 5b, 20a: «güler yüzlü»)."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from inbox.rules.findings.finding import Finding, FindingKind, sentences
from models.turkish import fold

_RUDE = (
    r"saçma|saçmalı\w*|aptal\w*|cahil\w*|ahmak\w*|salak\w*|terbiyesiz\w*|utanmaz\w*|"
    r"yalan söyl\w*|yalancı\w*|okumamışsınız|anlamamışsınız|anlamıyor musunuz|dinlemiyorsunuz|"
    r"iş(?:iniz|in)e gelm\w*|bizi meşgul \w+|meşgul etmeyin\w*|size ne|sana ne|bize ne|kaç (?:kere|kez|defa) söyle\w*|"
    r"beğenmiyorsan\w*|bizimle ilgisi yok|bizim işimiz değil|git(?:sin)? \w+[ae] sor|abartm\w*|boşuna yaz\w*|"
    r"defalarca (?:anlat|söyle|yaz)\w*|aynı şeyi (?:sor|yaz|söyle)\w*|tekrar tekrar|siz önce|bu saatte mi"
)
_INFORMAL = (
    r"sen|sana|senin(?:le)?|canım|cicim|tatlım|abi|abla|kardeşim|kanka|kanki|hocam|arkadaşım|reis|hadi|tamam mı|"
    r"bi|bakalım|istediğini|naber|slm|mrb|tşk|ok|yazarsan|ararsan|gelirsen|istiyorsan|adresi(?:ni)? (?:yaz|ver|at)|"
    r"(?:başvuru|şik[aâ]yet|adres|numara|talep)[ıiuü]?n birime|"
    r"\w{2,}(?:[ıiuü]yorsun|m[ıiuü]şs[ıiuü]n|[ae]ca[kğ]s[ıi]n|ece[kğ]sin)|"
    r"(?:bak|yaz|ol|gel|git|ver|de|bekle|söyle|ara)s[ae]n[ae]"
)
_IMPERATIVE = r"(?:yaz|bekle|ara|gel|at)(?=\s*(?:[.,!?]|$|biraz\b|bize\b|lütfen\b))"
_JARGON = {
    "işbu": "bu",
    "mezkûr": "söz konusu",
    "mezkur": "söz konusu",
    "bilahare": "daha sonra",
    "sehven": "yanlışlıkla",
    "binaenaleyh": "bu nedenle",
    "hasebiyle": "nedeniyle",
    r"keyfiyet\w*": "durum",
    r"tevdi\w*": "iletme",
    "ifa": "yerine getirme",
    "tebliğ olunur": "bildirilir",
    "arz olunur": "bilginize sunulur",
    "arz ederim": "bilginize sunarım",
    "tarafınıza": "size",
    "uhdesinde": "sorumluluğunda",
    "müteakip": "sonra",
    "mukabilinde": "karşılığında",
    "nezdinde": "ile",
    "rica olunur": "rica ederiz",
    "istinaden": "dayanarak",
    "ilgide kayıtlı": "",
    "bbys": "",
    "ebys": "",
    "sistaş": "",
    "ccpulse": "",
    r"iş takip program\w*": "",
    r"paraf\w*": "",
    "ofbys": "",
}
"""Office words and names of our own systems, with the plain word where there is one."""
_SENTENCE_OF_CAPITALS = re.compile(r"(?:\b[A-ZÇĞİÖŞÜ]{3,}\b\W*){4,}")
_EXCLAMATION = re.compile(r"!+")
_INFORMAL_WORDS = re.compile(rf"\b(?:(?:{_INFORMAL})\b|{_IMPERATIVE})")
_RUDE_WORDS = re.compile(rf"\b(?:{_RUDE})\b")
_JARGON_WORDS = [(re.compile(rf"\b{word}\b"), plain) for word, plain in _JARGON.items()]


Unfit = Callable[[Sequence[str]], Sequence[bool]]
"""Which of these sentences a reader would take amiss; learned, not listed."""


FEWEST_WORDS = 4
"""A greeting or a signature says too little to be judged."""


def never_unfit(sentences: Sequence[str]) -> Sequence[bool]:
    """For where nothing was learned."""
    return [False] * len(sentences)


def tone_findings(text: str, unfit: Unfit = never_unfit) -> Iterator[Finding]:
    text = unicodedata.normalize("NFC", text)
    listed = list(_listed(text))
    yield from listed
    parts = [part for part in sentences(text) if len(part[1].split()) >= FEWEST_WORDS]
    for (place, sentence), is_unfit in zip(parts, unfit([part for _, part in parts]), strict=True):
        end = place + len(sentence)
        if is_unfit and not any(place <= one.start < end for one in listed):
            yield _finding("Vatandaşı kırabilecek bir cümle.", (place, end))


def _listed(text: str) -> Iterator[Finding]:
    """What words alone give away."""
    lowered = fold(text)
    for match in _RUDE_WORDS.finditer(lowered):
        yield _finding("Kırıcı bir ifade.", match.span())
    for match in _INFORMAL_WORDS.finditer(lowered):
        yield _finding("Senli benli ya da gündelik bir ifade; «siz» ile yazılır.", match.span())
    for match in _EXCLAMATION.finditer(text):
        yield _finding("Ünlem işareti.", match.span(), ".")
    for match in _SENTENCE_OF_CAPITALS.finditer(text):
        yield _finding("Büyük harfle yazılmış cümle.", match.span())
    for pattern, plain in _JARGON_WORDS:
        for match in pattern.finditer(lowered):
            yield _finding("Kurum içi ya da eski bir söz; vatandaşın bilmesi beklenmez.", match.span(), plain)


def _finding(message: str, place: tuple[int, int], suggestion: str = "") -> Finding:
    return Finding(kind=FindingKind.TONE, message=message, start=place[0], end=place[1], suggestion=suggestion)
