"""Search over Akıl Kutusu: BM25 over folded word stems, with the classifier's topic as a second witness."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inbox.knowledge.articles import Article, read_articles
from inbox.knowledge.drafts import DraftText
from models.enums import Kind
from models.messages import Classification
from models.turkish import skeleton

STEM = 5
"""Letters kept of a word: Turkish suffixes stand behind, so the beginning is the stem, nearly always."""
SATURATION, LENGTH_WEIGHT = 1.2, 0.5
TITLE_WEIGHT = 2
FIT = 0.45
"""Score from which an article may become a draft; chosen on the scenarios, see tests/inbox/knowledge."""
TOPIC_SHARE = 0.6
"""Weight of the classifier's topic beside the words, where there is a classification."""
STOP_STEMS = frozenset(
    "acaba ama ancak bana beni benim bile bir biz bizim boyle bu bunu cok da daha de degil diye en gibi hala hem "
    "hep her icin ile ise iyi kadar ki lutfe merha mi mu ne neden nasil nere o olan olara oldu olsun olur on ona onu "
    "sanki sayin selam size sizin var ve veya ya yani yok zaten gun gunle kolay tesek ediyo rica".split()
)
_WORDS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article with its score, 0..1: the share of the query's weight that the article's words carry."""

    article: Article
    score: float


def stems(text: str) -> list[str]:
    """Folded word beginnings that carry meaning."""
    words = (word[:STEM] for word in _WORDS.findall(skeleton(text)))
    return [word for word in words if len(word) > 1 and word not in STOP_STEMS]


class ArticleIndex:
    """All articles in memory: a few hundred texts, searched in well under a millisecond."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = list(articles)
        self._counts = [Counter(_words_of(article)) for article in self._articles]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean = sum(self._lengths) / max(1, len(self._lengths))
        holders = Counter(stem for counts in self._counts for stem in counts)
        total = len(self._articles)
        self._weights = {stem: math.log(1 + (total - n + 0.5) / (n + 0.5)) for stem, n in holders.items()}
        self._unknown = math.log(1 + (total + 0.5) / 0.5)

    @classmethod
    def of_folder(cls, folder: Path) -> "ArticleIndex":
        """The index of a folder of articles. Raises InputError naming the file that cannot be read."""
        return cls(read_articles(folder))

    def search(self, text: str, *, today: date) -> list[Hit]:
        """Articles that are valid today and share a word with the text, best first."""
        query = Counter(stems(text))
        hits = [
            Hit(article=article, score=score)
            for position, article in enumerate(self._articles)
            if article.valid_until >= today and (score := self._score(query, position)) > 0
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.article.id))

    def draft(self, text: str, *, classification: Classification | None, today: date) -> DraftText | None:
        """The best article's own words, or None where none fits well enough."""
        if classification is not None and classification.kind is Kind.INVALID:
            return None
        hits = self.search(text, today=today)
        if classification is not None:
            hits = self._with_topic(hits, classification, today)
        best = max(hits, key=lambda hit: hit.score, default=None)
        if best is None or best.score < FIT:
            return None
        article = best.article
        return DraftText(
            article_id=article.id,
            title=article.title,
            score=round(best.score, 4),
            short=article.short,
            long=article.long,
        )

    def _with_topic(self, hits: Sequence[Hit], classification: Classification, today: date) -> list[Hit]:
        """Hits rated by both witnesses. An article of another topic, kind or unit is out, whatever its words."""
        words = {hit.article.id: hit.score for hit in hits}
        certainty = {guess.label: guess.probability for guess in classification.topics}
        best_words = max(words.values(), default=1.0)
        return [
            Hit(
                article=article,
                score=TOPIC_SHARE * certainty.get(article.topic, 0.0)
                + (1 - TOPIC_SHARE) * words.get(article.id, 0.0) / max(best_words, FIT),
            )
            for article in self._articles
            if article.valid_until >= today and _suits(article, classification)
        ]

    def _score(self, query: Counter[str], position: int) -> float:
        counts, length = self._counts[position], self._lengths[position] / self._mean
        got = whole = 0.0
        for stem in query:
            weight = self._weights.get(stem, self._unknown / 2)
            whole += weight
            if count := counts.get(stem, 0):
                damped = count + SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length)
                got += weight * min(1.0, count * (SATURATION + 1) / damped)
        return got / whole if whole else 0.0


def _words_of(article: Article) -> list[str]:
    return [
        *stems(article.title) * TITLE_WEIGHT,
        *(stem for question in article.questions for stem in stems(question)),
        *stems(article.long),
    ]


def _suits(article: Article, classification: Classification) -> bool:
    """Thanks are answered by articles of thanks alone, all else by articles of the same topic and unit."""
    if article.kind is not None or classification.kind is Kind.THANKS:
        return article.kind is classification.kind
    return article.topic == classification.topic and article.unit == classification.unit
