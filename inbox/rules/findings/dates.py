"""Finds in a Turkish sentence when something is to happen, and the figures that it claims. Pure."""

import re
from collections.abc import Iterator

from models.turkish import fold

_MONTHS = (
    "ocak",
    "şubat",
    "mart",
    "nisan",
    "mayıs",
    "haziran",
    "temmuz",
    "ağustos",
    "eylül",
    "ekim",
    "kasım",
    "aralık",
)
MONTH = "|".join(_MONTHS)
_COUNT = r"(?:\d+|bir|iki|üç|dört|beş|altı|yedi|on|on beş|yirmi|otuz)"
_WHEN = re.compile(
    rf"""
    \b\d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?\b
    | \b\d{{1,2}}\s+(?:{MONTH})\w*
    | \b(?:{MONTH})\s+(?:ayı\w*|sonu\w*|başı\w*|ortası\w*|\d{{4}})
    | \b20\d{{2}}\s+(?:yılı\w*|sonu\w*)
    | \b{_COUNT}\s+(?:iş\s+)?(?:gün|hafta|ay|saat)\w*\s+(?:içinde|içerisinde|sonra|kadar)
    | \b(?:bugün|yarın|bu\s+(?:gece|akşam|sabah|hafta|ay)|gelecek\s+hafta|haftaya)
    | \b(?:hafta|ay|yıl)\s+sonu\w*
    | \b(?:pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\s+(?:günü\w*|sabahı|akşamı)
    | \bsaat\s+\d{{1,2}}[.:]?\d{{0,2}}
    """,
    re.VERBOSE,
)
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}})\s+({MONTH})\w*(?:\s+(\d{{4}}))?")
_SPAN = re.compile(rf"\b(\d{{1,2}})\s*(?:[-–]|\w*\s+ile)\s*(\d{{1,2}})\s+({MONTH})\w*(?:\s+(\d{{4}}))?")
_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_CLAIM = re.compile(
    r"""
    (?P<money>\b\d[\d.]*(?:,\d+)?\s*(?:tl\b|lira\w*|₺))
    | (?P<percent>%\s*\d+(?:,\d+)?|\byüzde\s+\d+)
    | (?P<law>\b\d{3,4}\s+sayılı)
    | (?P<article>\b\d{1,3}(?:\.|[’']\w+)?\s*madde)
    | (?P<times>\b(?:\d+|iki|üç|dört|beş)\s+kat(?=[ıi]))
    | (?P<weekday>\b(?:pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)(?=\s+gün(?:ü|leri)\b|l[ae]r[ıi]\b))
    | (?P<hours>\b\d{1,2}[.:]\d{2}\b(?![./]\d))
    | (?P<amount>\b\d+(?:,\d+)?\s*(?:ton|metre\w*|kilometre\w*|km|m2|m²|adet|litre|hane)\b)
    | (?P<phone>(?<![\d-])0?\s?\(?[2-5]\d{2}\)?\s\d{3}\s\d{2}\s\d{2}\b)
    """,
    re.VERBOSE,
)
_NUMBERS = {"iki": "2", "üç": "3", "dört": "4", "beş": "5"}
_UNIT_OF_AMOUNT = re.compile(r"[^\d\s,]+$")


def says_when(sentence: str) -> bool:
    """Whether a date, a day or a span with an end stands in it; «en kısa sürede» is none."""
    return bool(_WHEN.search(fold(sentence)))


def claims(text: str) -> Iterator[tuple[str, int, int]]:
    """(normal form, start, end) of each figure that a source must bear out: money, percent, law, hour, date, amount."""
    lowered = fold(text)
    taken: list[tuple[int, int]] = []
    for match in _SPAN.finditer(lowered):
        yield _date(match[1], _MONTHS.index(match[3]) + 1, match[4]), *match.span(1)
    for match in _WRITTEN_DATE.finditer(lowered):
        day, month, year = match.groups()
        taken.append(match.span())
        yield _date(day, _MONTHS.index(month) + 1, year), *match.span()
    for match in _DATE.finditer(lowered):
        taken.append(match.span())
        yield _date(match[1], int(match[2]), match[3]), *match.span()
    for match in _CLAIM.finditer(lowered):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield _normal(match.lastgroup or "", match.group()), *match.span()


def _date(day: str, month: int, year: str | None) -> str:
    return f"date:{int(day)}.{month}" + (f".{year}" if year else "")


def _normal(kind: str, words: str) -> str:
    if kind == "weekday":
        return f"weekday:{words}"
    number = re.sub(r"[^\d,]", "", words) or _NUMBERS[words.split()[0]]
    if kind == "phone":
        number = number[-10:]
    if kind == "hours":
        number = number.zfill(4)
    unit = _UNIT_OF_AMOUNT.search(words) if kind == "amount" else None
    return f"{kind}:{number}" + (f":{unit.group()[:5]}" if unit else "")
