"""Akıl Kutusu in the hands of the desk (directive 004, 6a6, 8a10, 17j, 18l): read by all, its gaps filled by leads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.knowledge.articles import Article
from inbox.knowledge.search import ArticleIndex
from inbox.knowledge.shelf import article_of, articles_in_use, profile_articles
from inbox.repositories import knowledge as rows
from inbox.repositories import organisation
from inbox.rules.findings.finding import Finding
from inbox.rules.findings.privacy import article_findings
from inbox.rules.gaps import Gap, Try, gaps
from inbox.rules.permissions import Action, Actor
from inbox.services.findings import ReviewDesk
from inbox.services.writing_aids import shortcut_of
from models.db import lock
from models.enums import Kind
from models.errors import ConflictError, InputError, NotFoundError
from models.profile import Profile
from models.tables import Application, ArticleRevision
from models.turkish import skeleton

LOOKED_AT = 2000
"""Newest drafts in which gaps are sought."""
LONGEST = {"title": 120, "source": 200, "short": 280, "long": 4000}
"""Characters. The short form goes where the smallest channel writes."""
MOST_QUESTIONS = 20
WORSE = 3
"""So many times worse than the best hit is none for the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An article as its form brings it. `is_public`: numbers and addresses in it are the organisation's own."""

    title: str
    topic: str
    unit: str
    kind: Kind | None
    questions: Sequence[str]
    short: str
    long: str
    source: str
    valid_until: date
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article with its newest revision here; None where it stands in the profile alone."""

    article: Article
    revision: ArticleRevision | None = None

    @property
    def retired(self) -> bool:
        return self.revision is not None and self.revision.retired

    @property
    def number(self) -> int:
        """Of the revision that somebody sees and changes."""
        return (self.revision.id or 0) if self.revision else 0


async def entries(
    session: AsyncSession, actor: Actor, *, profile: Profile, text: str = "", topic: str = "", retired: bool = False
) -> list[Entry]:
    """Those in use, or those out of use; by title, or where a text is sought the best first."""
    actor.require(Action.READ_KNOWLEDGE)
    changed = {row.article_id: row for row in await rows.ruling(session)}
    if retired:
        found = {key: article_of(row) for key, row in changed.items() if row.retired}
    else:
        found = await articles_in_use(session, profile.knowledge_folder)
    chosen = [one for one in found.values() if topic in ("", one.topic)]
    if text.strip():
        hits = ArticleIndex(chosen).search(text, today=date.min)
        chosen = [hit.article for hit in hits if hit.score * WORSE >= hits[0].score]
    else:
        chosen = sorted(chosen, key=lambda one: skeleton(one.title))
    return [Entry(article=one, revision=changed.get(one.id)) for one in chosen]


async def entry(session: AsyncSession, article_id: str, actor: Actor, *, profile: Profile) -> Entry:
    """Raises NotFoundError."""
    actor.require(Action.READ_KNOWLEDGE)
    row = next(iter(await rows.revisions(session, article_id)), None)
    article = article_of(row) if row else (await profile_articles(profile.knowledge_folder)).get(article_id)
    if article is None:
        raise NotFoundError("Akıl Kutusu'nda böyle bir metin yok.")
    return Entry(article=article, revision=row)


async def history(session: AsyncSession, article_id: str, actor: Actor) -> Sequence[ArticleRevision]:
    """What an article said before, the newest first."""
    actor.require(Action.READ_KNOWLEDGE)
    return await rows.revisions(session, article_id)


async def write(
    session: AsyncSession, actor: Actor, wanted: Written, *, profile: Profile, desk: ReviewDesk, now: datetime
) -> str:
    """A new article; its id."""
    actor.require(Action.EDIT_KNOWLEDGE)
    await _check(session, wanted, desk)
    known = {*await profile_articles(profile.knowledge_folder), *(row.article_id for row in await rows.ruling(session))}
    article_id = _free_id(wanted.title, known)
    await rows.add(session, [_revision(article_id, wanted, actor, now)])
    return article_id


async def change(
    session: AsyncSession,
    article_id: str,
    actor: Actor,
    wanted: Written,
    *,
    seen: int,
    profile: Profile,
    desk: ReviewDesk,
    now: datetime,
) -> None:
    """Its next revision; one that was out of use is in use again. The earlier words stay in its history."""
    actor.require(Action.EDIT_KNOWLEDGE)
    known = await _seen(session, article_id, actor, seen=seen, profile=profile)
    await _check(session, wanted, desk)
    await rows.add(session, [*_first(known, now), _revision(article_id, wanted, actor, now)])


async def retire(
    session: AsyncSession, article_id: str, actor: Actor, *, seen: int, profile: Profile, now: datetime
) -> None:
    """Out of use: no draft is made of it any more."""
    actor.require(Action.EDIT_KNOWLEDGE)
    known = await _seen(session, article_id, actor, seen=seen, profile=profile)
    if known.retired:
        raise ConflictError("Bu metin zaten kullanımdan kaldırılmış.")
    last = _row(known.article, user_id=actor.user_id, now=now)
    last.retired = True
    await rows.add(session, [*_first(known, now), last])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacks:
    """`gaps` of topics in the newest drafts, `examples` their applications; `bare` topics have no valid article."""

    gaps: Sequence[Gap]
    examples: dict[int, Application]
    bare: Sequence[str]
    expired: Sequence[Article]
    drafts: int


async def lacks(session: AsyncSession, actor: Actor, *, profile: Profile, today: date) -> Lacks:
    """What is to be filled [İ17j, İ18l]."""
    actor.require(Action.EDIT_KNOWLEDGE)
    uses = await rows.last_drafts(session, limit=LOOKED_AT)
    found = gaps(
        Try(application_id=one.application.id or 0, topic=one.application.topic, draft=one.draft, answers=one.answers)
        for one in uses
    )
    named = {key for gap in found for key in gap.examples}
    articles = (await articles_in_use(session, profile.knowledge_folder)).values()
    served = {one.topic for one in articles if one.valid_until >= today}
    topics = await organisation.all_topics(session)
    return Lacks(
        gaps=found,
        examples={one.application.id or 0: one.application for one in uses if one.application.id in named},
        bare=[topic.id for topic in topics if topic.id not in served],
        expired=sorted((one for one in articles if one.valid_until < today), key=lambda one: one.valid_until),
        drafts=len(uses),
    )


async def _seen(session: AsyncSession, article_id: str, actor: Actor, *, seen: int, profile: Profile) -> Entry:
    """Nobody else changes it until the transaction ends."""
    await lock(session, f"article:{article_id}")
    known = await entry(session, article_id, actor, profile=profile)
    if known.number != seen:
        raise ConflictError("Bu metin siz bakarken değişti; güncel hâline bakıp değişikliğinizi yineleyiniz.")
    return known


def _first(known: Entry, now: datetime) -> list[ArticleRevision]:
    """The profile's words are kept beside their first change."""
    return [] if known.revision else [_row(known.article, user_id=None, now=now)]


def _revision(article_id: str, wanted: Written, actor: Actor, now: datetime) -> ArticleRevision:
    article = Article(
        id=article_id,
        title=" ".join(wanted.title.split()),
        topic=wanted.topic,
        unit=wanted.unit,
        kind=wanted.kind,
        valid_until=wanted.valid_until,
        source=" ".join(wanted.source.split()),
        questions=tuple(" ".join(one.split()) for one in wanted.questions if one.strip()),
        short=" ".join(wanted.short.split()),
        long=wanted.long.replace("\r\n", "\n").strip(),
    )
    return _row(article, user_id=actor.user_id, now=now)


def _row(article: Article, *, user_id: int | None, now: datetime) -> ArticleRevision:
    return ArticleRevision(
        article_id=article.id,
        title=article.title,
        topic=article.topic,
        unit=article.unit,
        kind=article.kind,
        questions=list(article.questions),
        short_text=article.short,
        long_text=article.long,
        source=article.source,
        valid_until=article.valid_until,
        user_id=user_id,
        created_at=now,
    )


async def _check(session: AsyncSession, wanted: Written, desk: ReviewDesk) -> None:
    """Raises InputError: something is missing, too long, unknown, or tells of a person."""
    texts = {"title": wanted.title, "source": wanted.source, "short": wanted.short, "long": wanted.long}
    names = {"title": "Başlık", "source": "Kaynak", "short": "Kısa cevap", "long": "Uzun cevap"}
    for field, text in texts.items():
        if not text.strip() or len(text.strip()) > LONGEST[field]:
            raise InputError(f"{names[field]} boş olamaz; en çok {LONGEST[field]} karakter olabilir.")
    if not 1 <= sum(bool(one.strip()) for one in wanted.questions) <= MOST_QUESTIONS:
        raise InputError(f"Vatandaşın sorabileceği en az bir, en çok {MOST_QUESTIONS} soru yazınız.")
    if await organisation.topic(session, wanted.topic) is None or await organisation.unit(session, wanted.unit) is None:
        raise InputError("Konu ve birim listeden seçilmelidir.")
    found = [one for text in (*texts.values(), *wanted.questions) for one in _personal(text, wanted, desk)]
    if found:
        raise InputError("Akıl Kutusu'nda kişisel veri durmaz: " + " ".join(sorted({one.message for one in found})))


def _personal(text: str, wanted: Written, desk: ReviewDesk) -> Collection[Finding]:
    return list(
        article_findings(
            text, public_contacts=desk.reviewer.public_contacts, persons=desk.reviewer.persons, ours=wanted.is_public
        )
    )


def _free_id(title: str, known: Collection[str]) -> str:
    base = shortcut_of(title)
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if name not in known)
