"""Spelling and wording of what agents write (directive 004, 7ç2, 8b2). Local and fast; limits: see `vocabulary`."""

import re
from collections.abc import Iterator

from inbox.rules.findings.finding import Finding, FindingKind, sentences
from inbox.rules.findings.mistakes import MISTAKES
from inbox.rules.findings.vocabulary import LONG_ENOUGH, WORD, Vocabulary
from models.turkish import fold

_VOICELESS = "fstkçşhp"
_HARD = re.compile(rf"(?P<stem>\w{{2,}}[{_VOICELESS}])d(?P<rest>[ae](?:n|ki(?:ler)?)?|[ıiuü]r(?:lar|ler)?)")
_ASKS = re.compile(r"\b(\w{2,}?)(m[ıiuü]s[ıiuü]n[ıiuü]z)\b")
_MANY_WORDS = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(MISTAKES, key=len, reverse=True)))})\b")
_TWICE = re.compile(r"\b(\w+)\s+\1\b")
_MEANT_TWICE = frozenset(
    "yavaş tek teker zaman ayrı sık bol çok kat peş adım sıra bire yer parça ara uzun kısa bir iki üç hızlı "
    "güzel tane gün sokak mahalle cadde kapı ev dakika saat öyle böyle sabah akşam baş yan karış".split()
)
_SPACE_BEFORE = re.compile(r"\s+[,.;:?](?=\s|$)")
_NO_SPACE_AFTER = re.compile(r"(?<=[a-zçğıöşü])(?:[,;][^\W\d]|[.:?](?=[A-ZÇĞİÖŞÜ]))")
_LINK = re.compile(r"\S*(?:https?:|www\.|@|\.(?:com|tr|org|net))\S*|[@#]\S+")
_PATTERNS = (
    (
        re.compile(
            r"\b(?:Başkanlığ|Müdürlüğ|Belediyes|Bakanlığ|Daires|Valiliğ|Kaymakamlığ|Üniversites|Kurumu|Kurulu|Merkez)"
            r"[ıiuü]?[’'](?=n?[ıiuüaed])"
        ),
        "Kurum adına gelen ek kesmeyle ayrılmaz.",
    ),
    (re.compile(r"\b\w{2,}[dt][ae] ki(?= \w)"), "Sıfat yapan -ki bitişik yazılır."),
    (re.compile(r"\b\d{1,2}[.:]\d{2} (?:[dt][ae]n?|y?[ae])(?= \w)"), "Sayıya gelen ek kesmeyle ayrılır."),
)
_JOINED = re.compile(r"(?P<word>\w{3,})(?P<and>d[ae])")
_CASE = r"(?:[dt][ae]n?|y[ae]|y[ıiuü]|n?[ıiuü]n)"


def spelling_findings(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """One finding a place, the surest first."""
    taken: list[Finding] = []
    blanked = _LINK.sub(lambda match: " " * len(match.group()), text)
    for finding in _all(blanked, vocabulary):
        if not any(finding.start < other.end and other.start < finding.end for other in taken):
            taken.append(finding)
    yield from sorted(taken, key=lambda finding: finding.start)


def _all(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    lowered = fold(text)
    if len(lowered) != len(text):
        lowered = text
    for match in _MANY_WORDS.finditer(lowered):
        yield _finding("Yanlış yazılmış.", match.span(), MISTAKES[match.group()])
    for match in _ASKS.finditer(lowered):
        yield _finding("Soru eki ayrı yazılır.", match.span(), f"{match[1]} {match[2]}")
    for match in _TWICE.finditer(lowered):
        if match[1] not in _MEANT_TWICE and not match[1].isdigit():
            yield _finding("Sözcük iki kez yazılmış.", match.span(), match[1])
    for pattern, message in _PATTERNS:
        for match in pattern.finditer(text):
            yield _finding(message, match.span())
    yield from _punctuation(text)
    yield from _municipalities(text, vocabulary)
    yield from _apostrophes(text, vocabulary)
    yield from _words(text, vocabulary)


def _punctuation(text: str) -> Iterator[Finding]:
    for match in _SPACE_BEFORE.finditer(text):
        yield _finding("Noktalama işaretinden önce boşluk bırakılmaz.", match.span(), match.group().strip())
    for match in _NO_SPACE_AFTER.finditer(text):
        yield _finding("Noktalama işaretinden sonra boşluk bırakılır.", match.span())
    for place, sentence in sentences(text):
        start = place + len(sentence) - len(sentence.lstrip())
        if text[start : start + 1].islower():
            yield _finding("Cümle büyük harfle başlar.", (start, start + 1))


def _apostrophes(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """`Bornovada` for `Bornova'da`."""
    names = "|".join(map(re.escape, sorted(vocabulary.names, key=len, reverse=True)))
    if not names:
        return
    for match in re.finditer(rf"\b({names})({_CASE})\b", text):
        if match.group() not in vocabulary.names:
            yield _finding("Özel addan sonra kesme işareti gelir.", match.span(), f"{match[1]}'{match[2]}")


def _municipalities(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """`Bornova belediyesi`: the whole name of a body is written with capitals."""
    names = "|".join(map(re.escape, sorted(vocabulary.names, key=len, reverse=True)))
    for match in re.finditer(rf"\b(?:{names}) (?:büyükşehir )?(belediye\w+)", text) if names else ():
        yield _finding("Kurum adının her sözcüğü büyük harfle başlar.", match.span(1), match[1].capitalize())


def _words(text: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    starts = {place + len(sentence) - len(sentence.lstrip()) for place, sentence in sentences(text)}
    for match in WORD.finditer(text):
        word = re.split("[’']", match.group())[0]
        is_name = word[0].isupper() and match.start() not in starts
        if word.isupper() or len(word) < 4:
            continue
        meant = _apart(word, vocabulary) if is_name else _meant(word, vocabulary)
        if meant:
            yield _finding("Yanlış yazılmış olabilir.", (match.start(), match.start() + len(word)), meant)


def _meant(shown: str, vocabulary: Vocabulary) -> str | None:
    """What was meant by a word that looks wrong; None where it looks right or nobody knows."""
    word = fold(shown)
    if vocabulary.is_trusted(word) or vocabulary.is_in_dictionary(word) or vocabulary.is_in_dictionary(shown):
        return None
    usual = vocabulary.best(word)
    if usual != word:
        return usual
    hard = _HARD.fullmatch(word)
    if hard and (vocabulary.is_formed(hard["stem"]) or vocabulary.is_in_dictionary(hard["stem"])):
        return f"{hard['stem']}t{hard['rest']}"
    return _apart(word, vocabulary) or _capital(word, vocabulary) or _slip(word, vocabulary)


def _apart(word: str, vocabulary: Vocabulary) -> str | None:
    """`aşısıda`: the conjunction stands by itself."""
    joined = _JOINED.fullmatch(word)
    if not joined or vocabulary.is_in_dictionary(word) or vocabulary.is_strong(fold(word)):
        return None
    return f"{joined['word']} {joined['and']}" if vocabulary.is_in_dictionary(joined["word"]) else None


def _capital(word: str, vocabulary: Vocabulary) -> str | None:
    """`izmirlilerin`: known only as a proper name."""
    name = ("İ" if word[0] == "i" else word[0].upper()) + word[1:]
    return name if vocabulary.is_in_dictionary(name) else None


def _slip(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < LONG_ENOUGH:
        return None
    marked = vocabulary.with_other_marks(word)
    if marked:
        return marked
    if vocabulary.is_formed(word) or vocabulary.is_derived(word):
        meant = vocabulary.nearest(word)
        return meant if meant and vocabulary.is_in_dictionary(meant) else None
    return vocabulary.with_marks(word) or vocabulary.nearest(word) or vocabulary.nearest_in_dictionary(word)


def _finding(message: str, place: tuple[int, int], suggestion: str = "") -> Finding:
    return Finding(kind=FindingKind.SPELLING, message=message, start=place[0], end=place[1], suggestion=suggestion)
