"""Promises of work without a date (directive 004, 20a: a target date stands with every schedule). Pure.

What the desk itself owes by law (to examine, to inform) is no promise: its date is the limit.
"""

import re
from collections.abc import Iterator

from inbox.rules.findings.dates import says_when
from inbox.rules.findings.finding import Finding, FindingKind, sentences
from models.turkish import fold

_WILL = r"(?:(?:y?[ae]ca[kğ]|y?ece[kğ])(?:t[ıi]r|[ıi]z|[ıi]m|lar(?:d[ıi]r)?|ler(?:dir)?)?)"
_PROMISE = re.compile(rf"\b(?P<stem>\w{{2,}}?)(?P<will>{_WILL})\b(?=\s*(?:[.,;:!?…)]|$|ve\b|olup\b|\())")
_SCHEDULED = re.compile(
    r"\b(?:(?:iş )?program(?:ımız|ımıza|a|ına)\w*|sıraya|plana|takvime) (?:al[ıi]n(?:mış|dı)|dahil edil(?:miş|di))\w*"
    r"|\bplanl(?:ıyor|amakta|anıyor|anmakta|andı|anmış)\w*"
)
_WILL_DO = re.compile(
    r"\b(?!(?:ed|dil|ist|öner|önems|sun|um|bekl|hatırlat|bil|bulun|al|duy|üzül|anl|say|inan|çalış)[aeıiuü]?r?[ıiuü]?r)"
    r"\w{2,}[aeıiuü]r[ıiuü]z\b(?=\s*(?:[.,;!]|$))|\b\w+yor olaca[kğ]\w*|\bsöz veriyor\w*"
)
"""`Hallederiz`: the habit of speech for what will be done."""
_VAGUE = re.compile(
    r"\b(?:(?:en |çok )?(?:kısa|yakın) (?:bir )?(?:süre|zaman|vakit)\w*|ilk fırsatta|çok yakında|inşallah|"
    r"ileriki günlerde|"
    r"önümüzdeki (?:günler|dönem|süreç|aylar|haftalar)\w*|(?:planlama|proje|ihale|hazırlık) aşamasında\w*|"
    r"müsait ol\w+|fırsat bul\w+|imk[âa]n(?:lar)?\w* (?:ölçüsünde|doğrultusunda|el verdi\w+))\b"
)
"""Times that are none. With a verb of the desk's own duty they promise no work."""
_DONE = re.compile(r"(?:ederiz|dileriz|[dt][ıiuü]k?|m[ıiuü]ş(?:t[ıiuü]r)?|[ae]bilir\w*|n[ıiuü]z)\W*$")
"""What is past, or the citizen's to do, is no promise."""
_OWN_DUTY = re.compile(
    r"(?:bildir|ilet|değerlendir|incele|yanıtla|cevapla|paylaş|bilgilendir|ulaştır|araştır|görüş|kaydet|kaydedi|"
    r"sona er|sonuçlan|dön|gerek)\w*$"
)
_OWN_DUTY_BEFORE = re.compile(r"\b(?:bilgi|yanıt|cevap|dönüş|geri dönüş|karar|kayda|kayıt)\s+(?:\w+\s+)?$")
_NEGATED = re.compile(r"(?:m[ae]y?|maya|meye)$")
_NOUNS = frozenset({"gelecek", "olacak", "yiyecek", "içecek", "giyecek", "yakacak"})
"""`gelecek dönem`, `yiyecek, ısınma`: bare, these are no promise of work."""


def promise_findings(text: str) -> Iterator[Finding]:
    for place, sentence in sentences(text):
        if says_when(sentence) or sentence.rstrip().endswith("?"):
            continue
        lowered = fold(sentence)
        promised = [*_PROMISE.finditer(lowered), *_SCHEDULED.finditer(lowered), *_WILL_DO.finditer(lowered)]
        if not promised and not _DONE.search(lowered):
            promised = list(_VAGUE.finditer(lowered))
        for match in promised:
            if not _is_own_duty(lowered, match):
                yield _finding(place + match.start(), place + match.end())
                break


def _is_own_duty(sentence: str, match: re.Match[str]) -> bool:
    stem = match.groupdict().get("stem")
    if stem is None:
        return False
    before = sentence[: match.start()]
    return bool(
        match.group() in _NOUNS or _NEGATED.search(stem) or _OWN_DUTY.search(stem) or _OWN_DUTY_BEFORE.search(before)
    )


def _finding(start: int, end: int) -> Finding:
    return Finding(
        kind=FindingKind.PROMISE,
        message="Tarihi olmayan bir söz veriliyor.",
        start=start,
        end=end,
        suggestion="Termin tarihini yazın veya söz vermeden bilgi verin.",
    )
