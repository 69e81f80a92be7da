"""Which passwords are taken: long ones that nobody guesses first. No rule about kinds of characters. Pure."""

import re
from collections.abc import Iterable

from models.errors import InputError
from models.turkish import skeleton

SHORTEST = 12
LONGEST = 128
"""Characters. A longer one is refused, never cut."""
RULE = f"Parola en az {SHORTEST}, en çok {LONGEST} karakter olmalıdır; boşluk ve her türlü işaret kullanılabilir."
COMMON = "Bu parola çok kolay tahmin edilir. Birbiriyle ilgisi olmayan birkaç sözcük seçiniz."
PERSONAL = "Parola kullanıcı adınızı ya da adınızı içermemelidir."
_BASES = frozenset(
    """
    password passw0rd parola parolam sifre sifrem qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
    admin administrator root user guest test deneme demo login letmein welcome hosgeldin merhaba selam monkey dragon
    master shadow football futbol princess sunshine iloveyou seniseviyorum canim askim askimaskim hayat sevgi allah
    galatasaray fenerbahce besiktas trabzonspor goztepe karsiyaka altay cimbom kanarya kartal istanbul ankara izmir
    turkiye turkey ataturk mustafakemal cumhuriyet belediye buyuksehir izmirbel izmirbelediyesi him hemsehri iletisim
    merkez vatandas yonetici kullanici hesap personel mudur memur bilgi gizli secret secure guvenlik guvenli
    superman batman pokemon computer bilgisayar internet telefon samsung iphone google facebook twitter instagram
    abcdef abcdefgh abcdefghijkl abc abcd changeme default temp gecici yenisifre yeniparola sifresifre qwert q1w2e3r4
    1q2w3e4r 1qaz2wsx zaq12wsx mehmet mustafa ahmet ali huseyin hasan ibrahim ismail murat fatma ayse emine hatice
    zeynep elif meryem pazartesi sali carsamba persembe cuma cumartesi pazar ocak subat mart nisan mayis haziran
    temmuz agustos eylul ekim kasim aralik bahar yaz sonbahar kis
    """.split()
)
"""Words that lead the lists of leaked passwords, and those that everybody here tries first; folded, without marks."""
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p")
_LOOKALIKES = str.maketrans("@$0134578!", "asoleastbi")
_LEFT_OVER = 4
"""So many letters beside common words still leave a password common."""


def check(password: str, *, names: Iterable[str] = ()) -> None:
    """Raise InputError, which says why, for a password that is not taken. `names`: log-in and name of its owner."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(RULE)
    plain = skeleton(password)
    parts = [part for name in names for part in re.split(r"\W+", skeleton(name)) if len(part) >= SHORTEST // 3]
    if any(part in plain for part in parts):
        raise InputError(PERSONAL)
    if is_common(password):
        raise InputError(COMMON)


def is_common(password: str) -> bool:
    """Few different characters, a run along the keyboard, or common words with little beside them."""
    plain = skeleton(password)
    if len(set(plain)) < 5 or _is_repeated(plain) or _is_run(plain):
        return True
    return any(_is_worn(text) for text in (plain, plain.translate(_LOOKALIKES)))


def _is_repeated(text: str) -> bool:
    """The same short piece again and again."""
    return bool(re.fullmatch(r"(.{1,6}?)\1+", text))


def _is_run(text: str) -> bool:
    return any(text in run or text[::-1] in run for run in _RUNS)


def _is_worn(text: str) -> bool:
    """Hardly a letter is left when the common words are taken out."""
    letters = re.sub(r"[^a-z0-9]", "", text)
    rest = letters
    for word in _LONG_FIRST:
        rest = rest.replace(word, " ")
    left = re.sub(r"[^a-z]", "", rest)
    return rest != letters and len(left) < _LEFT_OVER


_LONG_FIRST = sorted(_BASES, key=len, reverse=True)
