"""Counts a text as X does: weighted characters after NFC (twitter-text v3). Pure; knows no limit and no account.

https://docs.x.com/fundamentals/counting-characters. An address in doubt counts as one. Pictures joined by signs that
X joins no pictures with count as one here and as several there: nobody writes them.
"""

import re
import unicodedata
from pathlib import Path

URL_WEIGHT = 23
LIGHT_RANGES = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that weigh one; all others weigh two."""
ENDINGS_FILE = Path(__file__).with_name("domain_endings.txt")


def _endings() -> list[str]:
    """The longest first."""
    lines = ENDINGS_FILE.read_text(encoding="utf-8").splitlines()
    names = [name for line in lines if not line.startswith("#") for name in line.split()]
    return sorted(names, key=len, reverse=True)


_ENDING = rf"(?:{'|'.join(_endings())})(?![0-9A-Za-z@+\-])"
_LETTERS = "a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LABEL = f"[{_LETTERS}](?:[{_LETTERS}_-]*[{_LETTERS}])?"
_INSIDE = rf"{_LETTERS}\u0300-\u036f\u0400-\u04ff!*';:=+,.$/%#\[\]\-\u2013_~@|&"
_PARENS = rf"\((?:[{_INSIDE}]|\([{_INSIDE}]+\))*\)"
_PATH = rf"(?:/(?:(?:[{_INSIDE}]|{_PARENS})*(?:[{_LETTERS}\u0300-\u036f\u0400-\u04ff+=_#/-]|{_PARENS}))?)?"
_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
_SHORT = r"t\.co/[a-z0-9]+"
"""X's own links have nothing behind them but a query: a Turkish suffix counts by its letters."""
_LONG = rf"(?:{_LABEL}\.)+{_ENDING}(?::\d+)?{_PATH}"
_WITH_PROTOCOL = rf"(?<!(?-i:[A-Za-z0-9@$#]))https?://(?:{_SHORT}|{_LONG}){_QUERY}"
_NOT_AFTER = rf"(?<!(?-i:[A-Za-z0-9@$#_/-]))(?<![{_LETTERS}]\.)(?!\A(?-i:[\u00c0-\u024f]))"
_BARE = rf"{_NOT_AFTER}(?:{_LABEL}\.)+{_ENDING}(?:(?::\d+)?(?=/){_PATH}{_QUERY})?"
_URL = re.compile(f"{_WITH_PROTOCOL}|{_BARE}", re.IGNORECASE)
"""An address, or a domain without `https://`, whose ending X knows; of the latter, no port unless a path follows."""
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934"
    "\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONED = f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_TONED}(?:\u200d{_TONED})*[\U000e0020-\U000e007f]*"
)


def weighted_length(text: str) -> int:
    """The text's length on X: Turkish letters weigh 1, emoji 2 each, `…` and `₺` 2, every address 23."""
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    without_urls, urls = _URL.subn("", normal) if "." in normal else (normal, 0)
    without_emoji, emoji = _EMOJI.subn("", without_urls)
    return urls * URL_WEIGHT + emoji * 2 + sum(_weight(ord(character)) for character in without_emoji)


def without_urls(text: str) -> str:
    """The text with its addresses taken out: X writes each of them anew as t.co."""
    return _URL.sub("", text)


def _weight(code_point: int) -> int:
    return 1 if any(first <= code_point <= last for first, last in LIGHT_RANGES) else 2
