"""Finds personal data in Turkish texts and masks it. Pure; knows no roles (`inbox.rules.masking` does)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

DOT = "•"


class PersonalData(StrEnum):
    """Kinds of personal data that a text can give away."""

    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    IBAN = "iban"
    CARD = "card"
    PLATE = "plate"
    EMAIL = "email"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where in a text which kind of data stands: `text[start:end]`."""

    kind: PersonalData
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Finder:
    kind: PersonalData
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    masked: Callable[[str], str]


def find(text: str) -> list[Span]:
    """Personal data in order of place, none overlapping. Numbers with a check digit count only where it fits."""
    taken: list[Span] = []
    for finder in _FINDERS:
        for match in finder.pattern.finditer(text):
            span = Span(kind=finder.kind, start=match.start(), end=match.end())
            if finder.holds(match.group()) and not any(_overlap(span, other) for other in taken):
                taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def mask(text: str, *, shown: frozenset[PersonalData] = frozenset()) -> str:
    """The text with dots in place of all personal data but the kinds `shown`."""
    return "".join(_masked_parts(text, shown))


def mask_phone(number: str) -> str:
    """`0532 ••• •• 00` for a Turkish number in any spelling; other numbers keep their beginning and last two digits."""
    digits = re.sub(r"\D", "", number)
    if len(digits) >= 10 and digits[-10] in "234589":
        return f"0{digits[-10:-7]} {DOT * 3} {DOT * 2} {digits[-2:]}"
    return f"{digits[:2]}{DOT * 6}{digits[-2:]}"


def is_identity_number(digits: str) -> bool:
    """The two check digits of a Turkish identity number (TCKN) are right."""
    if not re.fullmatch(r"[1-9]\d{10}", digits):
        return False
    numbers = [int(digit) for digit in digits]
    tenth = (sum(numbers[0:9:2]) * 7 - sum(numbers[1:8:2])) % 10
    return numbers[9] == tenth and numbers[10] == sum(numbers[:10]) % 10


def is_card(number: str) -> bool:
    """13 to 19 digits with a right Luhn check digit."""
    digits = [int(digit) for digit in re.sub(r"\D", "", number)]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """The remainder of ISO 13616 is right."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"TR\d{24}", compact):
        return False
    return int(compact[4:] + "2927" + compact[2:4]) % 97 == 1


def _masked_parts(text: str, shown: frozenset[PersonalData]) -> Iterator[str]:
    place = 0
    for span in find(text):
        if span.kind in shown:
            continue
        yield text[place : span.start]
        yield _MASKS[span.kind](text[span.start : span.end])
        place = span.end
    yield text[place:]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _always(_text: str) -> bool:
    return True


def _dots(_text: str) -> str:
    return DOT * 6


def _mask_email(text: str) -> str:
    name, _, host = text.partition("@")
    return f"{name[0]}{DOT * 3}@{host}"


def _mask_plate(text: str) -> str:
    return f"{text[:2]} {DOT * 3} {DOT * 2}"


_ADDRESS = re.compile(
    r"""
    (?:
      (?:\b\d+(?:/\d+)?\.?\s+|(?-i:\b[A-ZÇĞİÖŞÜ][\w'’.-]*\s+){1,3}|\b[^\W\d]{3,}\s+)
      (?:mahallesi|mahalle|mah|mh|caddesi|cadde|cad|cd|bulvarı|bulvar|bulv|blv|sokağı|sokak|sok|sk)\b\.?\s*,?\s*
    )+
    (?:(?:no|numara|kapı\sno)\s*[.:]?\s*\d+\b(?:\s*[/-]\s*[a-z\d]{1,3}\b)?
      |\d{1,4}\s+numara\b(?!lı)
      |\d+\s*/\s*\d+
      |\d{1,4}\b(?=\s*(?:kat\b|k:|daire\b|d:|apt\b|apartman)))
    (?:\s*,?\s*(?:kat|daire|d|k|apt|blok)\s*[.:]?\s*\d+\b)*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d+])(?:\+?90|0)?[\s.(-]{0,2}(?:5\d{2}|2\d{2}|3\d{2}|4\d{2}|850)[\s.)-]{0,2}\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)"
)
_FINDERS = (
    _Finder(PersonalData.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _always, _mask_email),
    _Finder(PersonalData.IBAN, re.compile(r"\bTR\s?\d{2}(?:\s?\d{4}){5}\s?\d{2}\b", re.IGNORECASE), is_iban, _dots),
    _Finder(PersonalData.CARD, re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), is_card, _dots),
    _Finder(PersonalData.IDENTITY_NUMBER, re.compile(r"(?<!\d)[1-9]\d{10}(?!\d)"), is_identity_number, _dots),
    _Finder(PersonalData.PHONE, _PHONE, lambda text: len(re.sub(r"\D", "", text)) >= 10, mask_phone),
    _Finder(
        PersonalData.PLATE,
        re.compile(r"\b(?:0[1-9]|[1-7]\d|8[01])\s?(?:[A-Z]\s?\d{4,5}|[A-Z]{2}\s?\d{3,4}|[A-Z]{3}\s?\d{2,3})\b"),
        _always,
        _mask_plate,
    ),
    _Finder(PersonalData.ADDRESS, _ADDRESS, _always, lambda _text: f"[adres {DOT * 3}]"),
)
_MASKS = {finder.kind: finder.masked for finder in _FINDERS}
