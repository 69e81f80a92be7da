"""The one Turkish fold of the project, and the ASCII skeleton for matching texts typed without diacritics."""

import re
import unicodedata

MONTHS = "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık".split()
_TURKISH_CAPITALS = str.maketrans({"İ": "i", "I": "ı"})
_SKELETON = str.maketrans("ışğçöüâîû", "isgcouaiu")
_AFTER = str.maketrans({"ç": "c\uffff", "ğ": "g\uffff", "ı": "h\uffff", "ö": "o\uffff", "ş": "s\uffff", "ü": "u\uffff"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower-case by Turkish rules: NFC, İ→i, I→ı. `'İZMİR'` and `'izmir'` become equal, `'IŞIK'` becomes `'ışık'`."""
    return unicodedata.normalize("NFC", text).translate(_TURKISH_CAPITALS).lower().replace("i\u0307", "i")


def skeleton(text: str) -> str:
    """The fold without diacritics: `'Karşıyaka'` and `'KARSIYAKA'` become `'karsiyaka'`."""
    return fold(text).translate(_SKELETON)


def alphabetical(text: str) -> str:
    """What to sort by: ç stands after c, ı before i, İ beside i; a database knows only its own order."""
    return fold(text).translate(_AFTER)


def clean(text: str) -> str:
    """Readable text without invisible characters; line breaks and other runs of white space become one space."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()
