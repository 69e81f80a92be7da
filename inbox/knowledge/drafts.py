"""A reply from the article that fits best, word for word; none where nothing fits well enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """`short` and `long` are the article's own two forms. `score` is the search's, 0..1."""

    article_id: str
    title: str
    score: float
    short: str
    long: str
