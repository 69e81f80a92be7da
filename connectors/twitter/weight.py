"""Counts a text as X does: weighted characters after NFC (twitter-text v3). Pure; knows no limit and no account.

https://docs.x.com/fundamentals/counting-characters. Where a bare domain's ending is in doubt it counts too much.
"""

import re
import unicodedata

URL_WEIGHT = 23
LIGHT_RANGES = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that weigh one; all others weigh two."""
COUNTRY_ENDINGS = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd "
    "ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg "
    "kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv "
    "mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa "
    "sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug "
    "uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
GENERAL_ENDINGS = (
    "academy aero agency app art asia bar best bio biz blog cafe cat center city clinic club com community company "
    "coop dev digital earth edu energy events expert express farm finance fit fun gov group guide help host house "
    "info int istanbul jobs life link live market media mil mobi money museum name net network news ngo one online "
    "org page park photo photos plus post press pro pub red report rest school services shop site social solutions "
    "space sport store studio support systems taxi team tech tel today tools top tours town training travel tube video "
    "vip watch web website wiki win work works world wtf xyz zone"
)

_ENDING = "|".join(sorted({*COUNTRY_ENDINGS.split(), *GENERAL_ENDINGS.split()}, key=len, reverse=True))
_PATH = r"(?:/(?:[\w\-.~!*'():;@&=+$,%#\[\]|]*(?:[\w\-=+#]|\(\w+\)))?)*"
_QUERY = r"(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[A-Za-z0-9\-_&=#/])?"
_URL = re.compile(
    rf"https?://(?:[\w-]+\.)+[^\W\d_]{{2,}}(?::\d+)?{_PATH}{_QUERY}"
    rf"|(?<![@#$A-Z0-9_.\-/])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_ENDING})(?![0-9A-Za-z@+\-])(?::\d+)?{_PATH}{_QUERY}",
    re.IGNORECASE,
)
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
    without_urls, urls = _URL.subn("", normal)
    without_emoji, emoji = _EMOJI.subn("", without_urls)
    return urls * URL_WEIGHT + emoji * 2 + sum(_weight(ord(character)) for character in without_emoji)


def without_urls(text: str) -> str:
    """The text with its addresses taken out: X writes each of them anew as t.co."""
    return _URL.sub("", text)


def _weight(code_point: int) -> int:
    return 1 if any(first <= code_point <= last for first, last in LIGHT_RANGES) else 2
