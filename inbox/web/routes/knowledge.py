"""«Akıl Kutusu»: search and read for the desk; writing, changing, taking out of use and the gaps for who fills them."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.knowledge.articles import Article
from inbox.repositories import organisation, people
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Action
from inbox.services import knowledge
from inbox.services.knowledge import LONGEST, MOST_QUESTIONS, Entry, Written
from inbox.web.forms import number, written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other, today_of
from inbox.web.reviewing import review_desk_of
from models.enums import Kind
from models.errors import InputError
from models.tables import Application

router = APIRouter(prefix="/knowledge")
MOST_SHOWN = 50
FIELDS = ("title", "topic", "unit", "kind", "questions", "short", "long", "source", "valid_until", "is_public")


@router.get("")
async def overview(request: Request) -> Response:
    """All in use, or out of use (`retired`); of a topic; the best first where something is sought."""
    params = request.query_params
    text, topic, retired = params.get("q", "")[:200], params.get("topic", ""), bool(params.get("retired"))
    async with desk_of(request).database.read() as session:
        found = await knowledge.entries(
            session, actor_of(request), profile=desk_of(request).profile, text=text, topic=topic, retired=retired
        )
        labels = await office_labels(request, session)
        topics = await organisation.all_topics(session)
    today = today_of(request)
    lines = [
        {"article": one, "topic": labels.short_topic(one.topic), "over": one.valid_until < today}
        for one in (entry.article for entry in found[:MOST_SHOWN])
    ]
    context = {
        "lines": lines,
        "count": len(found),
        "q": text,
        "topic": topic,
        "topics": topics,
        "retired": retired,
    }
    return render(request, "knowledge.html", context)


@router.get("/gaps")
async def gaps(request: Request) -> Response:
    """What Akıl Kutusu lacks, the greatest first, with messages as examples."""
    actor, today = actor_of(request), today_of(request)
    async with desk_of(request).database.read() as session:
        found = await knowledge.lacks(session, actor, profile=desk_of(request).profile, today=today)
        labels = await office_labels(request, session)

    def example(one: Application) -> dict[str, object]:
        return {"id": one.id, "number": one.number, "text": mask_text(one.summary, actor, confidential=False)}

    lines = [
        {
            "topic": gap.topic,
            "name": labels.topic(gap.topic),
            "gap": gap,
            "examples": [example(found.examples[key]) for key in gap.examples],
        }
        for gap in found.gaps
    ]
    context = {
        "lines": lines,
        "bare": [(key, labels.topic(key)) for key in found.bare],
        "expired": found.expired,
        "drafts": found.drafts,
    }
    return render(request, "knowledge_gaps.html", context)


@router.get("/new")
async def new(request: Request) -> Response:
    """`topic` may be chosen already: from a gap."""
    actor_of(request).require(Action.EDIT_KNOWLEDGE)
    return await _form(request, None, values={"topic": request.query_params.get("topic", "")})


@router.post("/new")
async def add(request: Request) -> Response:
    actor, desk = actor_of(request, may=Action.EDIT_KNOWLEDGE), desk_of(request)
    checks = await review_desk_of(request)
    try:
        async with desk.database.write() as session:
            article_id = await knowledge.write(
                session, actor, _written(request), profile=desk.profile, desk=checks, now=desk.clock.now()
            )
    except InputError as error:
        return await _form(request, None, values=_values(request), problem=str(error))
    return see_other(f"/knowledge/{article_id}?notice=saved")


@router.get("/{article_id}")
async def show(request: Request, article_id: str) -> Response:
    async with desk_of(request).database.read() as session:
        entry = await _entry(request, session, article_id)
    return await _form(request, entry, values=_of_article(entry.article))


@router.post("/{article_id}")
async def change(request: Request, article_id: str) -> Response:
    actor, desk = actor_of(request, may=Action.EDIT_KNOWLEDGE), desk_of(request)
    checks = await review_desk_of(request)
    try:
        async with desk.database.write() as session:
            entry = await _entry(request, session, article_id)
            await knowledge.change(
                session, article_id, actor, _written(request), seen=number(request, "revision"), profile=desk.profile,
                desk=checks, now=desk.clock.now(),
            )  # fmt: skip
    except InputError as error:
        return await _form(request, entry, values=_values(request), problem=str(error))
    return see_other(f"/knowledge/{article_id}?notice=saved")


@router.post("/{article_id}/retire")
async def retire(request: Request, article_id: str) -> Response:
    actor, desk = actor_of(request, may=Action.EDIT_KNOWLEDGE), desk_of(request)
    async with desk.database.write() as session:
        seen = number(request, "revision")
        await knowledge.retire(session, article_id, actor, seen=seen, profile=desk.profile, now=desk.clock.now())
    return see_other(f"/knowledge/{article_id}?notice=saved")


async def _entry(request: Request, session: AsyncSession, article_id: str) -> Entry:
    return await knowledge.entry(session, article_id, actor_of(request), profile=desk_of(request).profile)


async def _form(request: Request, entry: Entry | None, *, values: dict[str, Any], problem: str = "") -> Response:
    """The page of an article, or of a new one; with a problem what was typed stands again."""
    actor, moments = actor_of(request), moments_of(request)
    async with desk_of(request).database.read() as session:
        labels = await office_labels(request, session)
        topics = await organisation.all_topics(session)
        units = [one for one in await organisation.all_units(session) if one.active and not one.parent]
        earlier = await knowledge.history(session, entry.article.id, actor) if entry else []
        names = await people.names(session, sorted({row.user_id for row in earlier if row.user_id}))
    context = {
        "entry": entry,
        "values": {**dict.fromkeys(FIELDS, ""), **values},
        "problem": problem,
        "topics": topics,
        "units": units,
        "kinds": {Kind.THANKS.value: labels.kind(Kind.THANKS)},
        "limits": {**LONGEST, "questions": MOST_QUESTIONS},
        "topic_name": labels.topic(entry.article.topic) if entry else "",
        "unit_name": labels.unit(entry.article.unit) if entry else "",
        "over": entry is not None and entry.article.valid_until < today_of(request),
        "earlier": [
            (row, names.get(row.user_id or 0, "Kurulumla gelen metin"), moments.exact(row.created_at))
            for row in earlier
        ],
    }
    return render(request, "article.html", context, status=422 if problem else 200)


def _written(request: Request) -> Written:
    """Raises InputError where the day is none."""
    values = _values(request)
    try:
        valid_until = date.fromisoformat(values["valid_until"])
    except ValueError:
        raise InputError("Metnin son geçerlilik gününü seçiniz.") from None
    if valid_until < today_of(request):
        raise InputError("Son geçerlilik günü geçmişte kalmış; ileri bir gün seçiniz.")
    kind = next((kind for kind in Kind if kind == values["kind"]), None)
    return Written(
        **{name: values[name] for name in ("title", "topic", "unit", "short", "long", "source")},
        kind=kind,
        questions=values["questions"].splitlines(),
        valid_until=valid_until,
        is_public=bool(values["is_public"]),
    )


def _values(request: Request) -> dict[str, Any]:
    return {name: written(request, name) for name in FIELDS}


def _of_article(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "topic": article.topic,
        "unit": article.unit,
        "kind": article.kind or "",
        "questions": "\n".join(article.questions),
        "short": article.short,
        "long": article.long,
        "source": article.source,
        "valid_until": article.valid_until.isoformat(),
    }
