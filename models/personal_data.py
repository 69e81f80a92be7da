"""Finds personal data in Turkish texts and masks it. Pure; knows no roles (`inbox.rules.masking` does)."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    places: Callable[[str], Iterable[tuple[int, int]]]
    masked: Callable[[str], str]


def find(text: str) -> list[Span]:
    """Personal data in order of place, none overlapping. Numbers with a check digit count only where it fits."""
    if not _SIGN.search(text):
        return []
    taken: list[Span] = []
    for finder in _FINDERS:
        spans = [Span(kind=finder.kind, start=start, end=end) for start, end in finder.places(text)]
        taken += [span for span in spans if not any(_overlap(span, other) for other in taken)]
    return sorted(taken, key=lambda span: span.start)


def mask(text: str, *, shown: frozenset[PersonalData] = frozenset()) -> str:
    """The text with dots in place of all personal data but the kinds `shown`."""
    return "".join(_masked_parts(text, shown))


def mask_phone(number: str) -> str:
    """`0532 ••• •• 00` for a Turkish number in any spelling; other numbers keep their beginning and last two digits."""
    digits = re.sub(r"\D", "", number)
    if digits[:-10] in ("", "0", "90", "0090") and digits[-10:-9] in tuple("234589"):
        return f"0{digits[-10:-7]} {DOT * 3} {DOT * 2} {digits[-2:]}"
    return f"{digits[:2]}{DOT * 6}{digits[-2:]}"


def is_identity_number(digits: str) -> bool:
    """The two check digits of a Turkish identity number (TCKN) are right."""
    if not re.fullmatch(r"[1-9]\d{10}", digits):
        return False
    numbers = [int(digit) for digit in digits]
    tenth = (sum(numbers[0:9:2]) * 7 - sum(numbers[1:8:2])) % 10
    return numbers[9] == tenth and numbers[10] == sum(numbers[:10]) % 10


def _is_written_identity_number(text: str) -> bool:
    return is_identity_number(re.sub(r"\D", "", text))


def is_card(number: str) -> bool:
    """13 to 19 digits with a right Luhn check digit."""
    digits = [int(digit) for digit in re.sub(r"\D", "", number)]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """The remainder of ISO 13616 is right."""
    compact = re.sub(r"[\s-]", "", text).upper()
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


def _is_phone(text: str) -> bool:
    """Ten digits behind the country code or the zero; an area code is none of a number's first nines."""
    digits = re.sub(r"\D", "", text)
    while digits.startswith("0"):
        digits = digits[1:]
    if len(digits) > 10:
        digits = digits.removeprefix("90").removeprefix("0")
    return len(digits) == 10 and digits[0] in "23458"


def _is_plate(text: str) -> bool:
    """In capitals, or written in one piece with letters that are no measure."""
    letters = re.sub(r"[^A-Za-z]", "", text)
    return letters.isupper() or (text.isalnum() and letters.lower() not in _MEASURES)


def _dots(_text: str) -> str:
    return DOT * 6


def _mask_email(text: str) -> str:
    name, host = re.split(_AT, text, maxsplit=1, flags=re.IGNORECASE)
    return f"{name[0]}{DOT * 3}@{host}"


def _mask_plate(text: str) -> str:
    return f"{text[:2]} {DOT * 3} {DOT * 2}"


_SIGN = re.compile(r"[\d@]|[(\[](?:at|et)[)\]]", re.IGNORECASE)
"""Without one of these there is nothing to be found; most texts and all names are done with it."""
_AT = r"@|\s@\s|\s?[(\[](?:at|et)[)\]]\s?"
_STREET = (
    r"mahallesi|mahalle|mah|mh|caddesi|cadde|cad|cd|bulvarı|bulvar|bulv|blv|sokağı|sokak|sok|sk"
    r"|meydanı|apartmanı|apartman|apt|sitesi"
)
_LOCATED = r"(?:nda|nde|ta|te|da|de)?"
_STREET_WORD = re.compile(rf"(?:{_STREET})[.,]*", re.IGNORECASE)
_DOOR = re.compile(
    rf"""
    \b(?:(?:{_STREET}){_LOCATED}\b[.,]?[\s,]{{0,3}}\d{{1,4}}\s+numara(?:da|daki|dayım|dayız|ya)?\b
      |(?:{_STREET})\b[.,]?[\s,]{{0,3}}
    (?:(?:[a-z]\d?\s?blok[\s,.]{{0,3}})?(?:no|numara|kapı\sno|daire|kat)\s?[.:]?\s?\d{{1,5}}\b(?:\s?[/-]\s?[a-z\d]{{1,3}}\b)?
      |\d{{1,5}}\s?/\s?\d{{1,3}}\b
      |\d{{1,4}}\b(?=\s?(?:kat\b|k:|daire\b|d:|apt\b|apartman))))
    (?:\s?,?\s?(?:kat|daire|d|k|apt|blok)\s?[.:]?\s?\d{{1,4}}\b){{0,4}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(r"\S+")
_LONGEST_NAME = 100
"""Characters before a door number in which the names of street and neighbourhood are looked for."""


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """A street with a door number, together with the names before it."""
    begun, ended = 0, 0
    for match in _DOOR.finditer(text):
        start = _start_of_names(text, match.start())
        if start == match.start():
            continue
        if ended and start >= ended:
            yield begun, ended
        begun, ended = (start if start >= ended else begun), match.end()
    if ended:
        yield begun, ended


def _start_of_names(text: str, street: int) -> int:
    """Where the names begin that belong to the street word at `street`; `Adatepe Mahallesi 3.` before `Sokak`."""
    window = max(0, street - _LONGEST_NAME)
    tokens = [(window + token.start(), token.group()) for token in _TOKEN.finditer(text[window:street])]
    start = street
    while tokens:
        named = _name_length([word for _, word in tokens])
        if not named:
            break
        start = tokens[-named][0]
        tokens = tokens[:-named]
        if not tokens or not _STREET_WORD.fullmatch(tokens[-1][1]):
            break
        tokens.pop()
    return start


def _name_length(words: Sequence[str]) -> int:
    """How many of the last words name a street: a number, up to three capitalised words, or one plain word."""
    last = words[-1]
    if re.fullmatch(r"\d+(?:/\d+)?\.?", last):
        return 1
    capitals = 0
    while capitals < min(3, len(words)) and words[-1 - capitals][0].isupper():
        capitals += 1
    return capitals or int(len(last) > 2 and last.isalpha())


_PHONE = (
    r"(?<![\d+])(?:"
    # with 0 or the country code: grouped as one likes
    r"(?:\(?(?:\+|00)?90\)?[\s./-]{0,2}\(?0?|\(?0[\s./-]?\(?)(?:5\d?|[234]\d?|8[\s./-]?5)(?:[\s./()-]{0,2}\d){8,9}"
    # without: a mobile number in one piece, any number in the usual groups
    r"|\(?5\d{9}|\(?(?:5\d{2}|[234]\d{2}|850)\)?[\s./-]{1,2}\d{3}[\s./-]?\d{2}[\s./-]?\d{2}"
    r")(?!\d)"
)
_PLATE = r"(?:0[1-9]|[1-7]\d|8[01])[\s.-]?(?:[A-Z][\s.-]?\d{4,5}|[A-Z]{2}[\s.-]?\d{3,4}|[A-Z]{3}[\s.-]?\d{2,4})"
_MEASURES = frozenset("tl mm cm km kg gr lt dk sn sa mb gb hz".split())


def _matches(
    pattern: str, *, holds: Callable[[str], bool] = bool, flags: re.RegexFlag = re.NOFLAG
) -> Callable[[str], Iterator[tuple[int, int]]]:
    """Places where a pattern stands and its content holds good. Patterns must read long texts in linear time."""
    compiled = re.compile(pattern, flags)

    def places(text: str) -> Iterator[tuple[int, int]]:
        return (match.span() for match in compiled.finditer(text) if holds(match.group()))

    return places


_FINDERS = (
    _Finder(
        PersonalData.EMAIL,
        _matches(rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_AT})[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}", flags=re.IGNORECASE),
        _mask_email,
    ),
    _Finder(
        PersonalData.IBAN,
        _matches(r"\bTR[\s-]?\d{2}(?:[\s-]?\d{4}){5}[\s-]?\d{2}\b", holds=is_iban, flags=re.IGNORECASE),
        _dots,
    ),
    _Finder(PersonalData.CARD, _matches(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", holds=is_card), _dots),
    _Finder(
        PersonalData.IDENTITY_NUMBER,
        _matches(r"(?<!\d)[1-9]\d{2}([ .]?)\d{3}\1\d{3}\1\d{2}(?!\d)", holds=_is_written_identity_number),
        _dots,
    ),
    _Finder(PersonalData.PHONE, _matches(_PHONE, holds=_is_phone), mask_phone),
    _Finder(PersonalData.PLATE, _matches(rf"\b{_PLATE}\b", holds=_is_plate, flags=re.IGNORECASE), _mask_plate),
    _Finder(
        PersonalData.PLATE,
        _matches(
            rf"(?:(?<=plaka )|(?<=plakası )|(?<=plakasi )|(?<=plaka: )|(?<=plakalı )){_PLATE}\b|\b{_PLATE}(?=\s?plaka)",
            flags=re.IGNORECASE,
        ),
        _mask_plate,
    ),
    _Finder(PersonalData.ADDRESS, _addresses, lambda _text: f"[adres {DOT * 3}]"),
)
_MASKS = {finder.kind: finder.masked for finder in _FINDERS}
