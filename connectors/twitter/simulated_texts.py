"""How the simulated X keeps a text: names, tags and links found in it, links wrapped as t.co, long posts cut."""

import hashlib
import html
import re
from collections.abc import Callable
from typing import Any

from connectors.twitter.weight import weighted_length

Json = dict[str, Any]
POST_LIMIT = 280
LONG_POST_LIMIT = 25_000
MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]{1,15})(?!\w)")
HASHTAG = re.compile(r"(?<![\w&/])#(\w+)")
LINK = re.compile(r"https?://[^\s]+")


def wrapped(text: str) -> tuple[str, dict[str, str]]:
    """The text with its addresses behind t.co, and the addresses by their short form."""
    links: dict[str, str] = {}

    def shorten(match: re.Match[str]) -> str:
        short = short_link(match.group())
        links[short] = match.group()
        return short

    return LINK.sub(shorten, text), links


def short_link(address: str) -> str:
    return f"https://t.co/{hashlib.sha256(address.encode()).hexdigest()[:10]}"


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def cut(text: str) -> str:
    """What `text` holds of a long post."""
    if weighted_length(text) <= POST_LIMIT:
        return text
    end = POST_LIMIT - 1
    while weighted_length(text[:end]) > POST_LIMIT - 2:
        end -= 1
    return text[:end] + "…"


def entities_of(text: str, *, links: dict[str, str], id_of: Callable[[str], str]) -> Json:
    """Names, tags and links with their places; no key where there are none."""
    found: Json = {
        "mentions": [
            {"start": match.start(), "end": match.end(), "username": match.group(1), "id": id_of(match.group(1))}
            for match in MENTION.finditer(text)
        ],
        "hashtags": [
            {"start": match.start(), "end": match.end(), "tag": match.group(1)} for match in HASHTAG.finditer(text)
        ],
        "urls": [_url(text, short, address) for short, address in links.items() if short in text],
    }
    return {name: items for name, items in found.items() if items}


def media_link(text: str, *, short: str, post_id: str, username: str, media_key: str) -> Json:
    """The entry of the link that X writes behind a post with a picture."""
    entry = _url(text, short, f"https://twitter.com/{username}/status/{post_id}/photo/1")
    return entry | {"display_url": f"pic.x.com/{short[-10:]}", "media_key": media_key}


def _url(text: str, short: str, address: str) -> Json:
    start = text.index(short)
    shown = address.removeprefix("https://").removeprefix("http://")[:27]
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": address,
        "display_url": shown,
    }
