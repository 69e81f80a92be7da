"""Akıl Kutusu: every article is usable, found by its own questions, and nothing is drafted where nothing fits."""

from datetime import date
from pathlib import Path

import pytest

from connectors.twitter.weight import weighted_length
from inbox.knowledge.articles import Article, read_article, read_articles
from inbox.knowledge.search import ArticleIndex
from models.enums import Kind
from models.errors import InputError
from models.messages import Guess
from models.profile import Profile
from tests.builders import classification

TODAY = date(2026, 11, 23)
LONGEST_SHORT = 240
"""Weighted characters on X; leaves room for a handle."""


@pytest.fixture(scope="module")
def articles(profile: Profile) -> list[Article]:
    return list(read_articles(profile.knowledge_folder))


@pytest.fixture(scope="module")
def index(articles: list[Article]) -> ArticleIndex:
    return ArticleIndex(articles)


def test_every_topic_has_an_article(articles: list[Article], profile: Profile) -> None:
    assert len(articles) >= 60
    assert {topic.id for topic in profile.topics.values()} - {article.topic for article in articles} == set()


def test_every_article_can_be_sent_as_it_stands(articles: list[Article], profile: Profile) -> None:
    for article in articles:
        assert article.unit in profile.topics[article.topic].units, article.id
        assert 0 < weighted_length(article.short) <= LONGEST_SHORT, article.id
        assert "http" not in article.short, article.id
        assert 200 < len(article.long) <= 950, article.id
        assert not {"{", "}", "[", "TODO"} & set(article.long + article.short), article.id
        assert len(article.questions) >= 3, article.id


def test_titles_are_unique(articles: list[Article]) -> None:
    assert len({article.title for article in articles}) == len(articles)


def test_an_article_is_found_by_its_own_questions(articles: list[Article], index: ArticleIndex) -> None:
    asked = [(question, article.id) for article in articles for question in article.questions]
    first = sum(index.search(question, today=TODAY)[0].article.id == owner for question, owner in asked)
    assert first / len(asked) > 0.95


@pytest.mark.parametrize("text", ["suyumuz kesildi", "SUYUMUZ KESILDI", "suyumuz kesıldı", "Suyumuz kesildi\u200b"])
def test_spelling_does_not_matter(index: ArticleIndex, text: str) -> None:
    assert index.search(text, today=TODAY)[0].article.topic == "su_kesintisi"


def test_an_expired_article_is_never_drafted(index: ArticleIndex) -> None:
    assert index.draft("suyumuz kesildi ne zaman gelecek", classification=None, today=date(2030, 1, 1)) is None


@pytest.mark.parametrize("text", ["", "😀😀", "kuantum salatası uzaylı", "\x00\x01", "م" * 500])
def test_where_nothing_fits_there_is_no_draft(index: ArticleIndex, text: str) -> None:
    assert index.draft(text, classification=None, today=TODAY) is None


def test_the_draft_follows_the_topic_that_the_classifier_is_sure_of(index: ArticleIndex) -> None:
    draft = index.draft("üç gündür böyle, bebek var evde", classification=classification(), today=TODAY)
    assert draft is not None
    assert draft.article_id.startswith("su-kesintisi")


def test_an_unsure_classification_gets_no_draft(index: ArticleIndex) -> None:
    unsure = classification(topics=(Guess(label="su_kesintisi", probability=0.2),))
    assert index.draft("böyle olmaz ki", classification=unsure, today=TODAY) is None


def test_another_bodys_matter_gets_no_article_of_ours(index: ArticleIndex) -> None:
    foreign = classification(unit="diger_kurum")
    assert index.draft("Manisa'da su kesildi", classification=foreign, today=TODAY) is None


def test_gecersiz_gets_no_draft(index: ArticleIndex) -> None:
    invalid = classification(kind=Kind.INVALID, topic=None, unit=None)
    assert index.draft("su gibi maç", classification=invalid, today=TODAY) is None


def test_thanks_are_answered_with_thanks(index: ArticleIndex) -> None:
    thanks = classification(kind=Kind.THANKS)
    draft = index.draft("su hemen geldi, elinize sağlık teşekkürler", classification=thanks, today=TODAY)
    assert draft is None or draft.article_id == "tesekkur"


@pytest.mark.parametrize("text", ["", "no front matter", "---\ntitle: x\n---\nbody", "---\n- list\n---\nbody"])
def test_a_broken_article_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.md"):
        read_article(path)
