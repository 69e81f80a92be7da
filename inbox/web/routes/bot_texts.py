"""«Otomatik metinler»: what the bots say, how long it is where it goes, and the administrator's own words."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import bot_texts
from inbox.services.bot_texts import MOST_TEXTS, preview
from inbox.services.users import By
from inbox.web.forms import written
from inbox.web.rendering import actor_of, desk_of, render, see_other
from inbox.web.views.composer import measure
from inbox.web.visitors import where_of
from models.channel_facts import SurfaceFacts
from models.errors import InputError

router = APIRouter(prefix="/bot-texts")
SECTION_NAMES = {
    "public": "Alındı bilgisi, herkese açık",
    "direct": "Alındı bilgisi, özel mesaj",
    "emergency": "Acil başvuruda",
    "thanks": "Teşekkürde",
}


@router.get("")
async def show(request: Request) -> Response:
    return await _page(request)


@router.post("/{section}")
async def change(request: Request, section: str) -> Response:
    """`text-1` to `text-5`; empty ones are left out."""
    desk, by = desk_of(request), _by(request)
    try:
        async with desk.database.write() as session:
            await bot_texts.change(
                session, section, _written(request), profile=desk.profile, limits=_limits(request, section), by=by
            )
    except InputError as error:
        return await _page(request, section, problem=str(error))
    return see_other("/bot-texts?notice=saved")


@router.post("/{section}/restore")
async def restore(request: Request, section: str) -> Response:
    desk, by = desk_of(request), _by(request)
    async with desk.database.write() as session:
        await bot_texts.restore(session, section, profile=desk.profile, by=by)
    return see_other("/bot-texts?notice=saved")


async def _page(request: Request, refused: str = "", *, problem: str = "") -> Response:
    """Every section; after a refusal with what was typed into it."""
    actor_of(request).require(Action.MANAGE_ORGANISATION)
    desk = desk_of(request)
    async with desk.database.read() as session:
        texts = dict(await bot_texts.acknowledgements(session, desk.profile))
        own = await bot_texts.written_sections(session)
    if problem:
        texts[refused] = _written(request)
    number = f"{desk.profile.number_prefix}-{desk.clock.now():%Y}-0000001"
    sections = []
    for key, found in texts.items():
        limits = _limits(request, key)
        rows = [
            {
                "text": text,
                "preview": preview(text, number=number),
                "counts": [(place, measure(preview(text, number=number), facts)) for place, facts in limits.items()],
            }
            for text in found
        ]
        sections.append({"key": key, "name": SECTION_NAMES.get(key, key), "rows": rows, "is_own": key in own})
    context = {
        "sections": sections,
        "number": number,
        "most": MOST_TEXTS,
        "problem": problem,
        "refused": refused,
    }
    return render(request, "bot_texts.html", context, status=422 if problem else 200)


def _written(request: Request) -> list[str]:
    texts = [written(request, f"text-{place}") for place in range(1, MOST_TEXTS + 1)]
    return [text for text in texts if text.strip()]


def _limits(request: Request, section: str) -> Mapping[str, SurfaceFacts]:
    """The tightest place of each connected channel to which the section's texts go, by the channel's name."""
    desk, found = desk_of(request), {}
    for connector in desk.connectors.values():
        places = [
            facts
            for surface, facts in connector.facts.surfaces.items()
            if section not in ("public", "direct") or surface.is_public == (section == "public")
        ]
        if places:
            name = desk.profile.texts["channels"][connector.facts.channel]
            found[name] = min(places, key=lambda facts: facts.limit)
    return found


def _by(request: Request) -> By:
    return By(
        actor=actor_of(request, may=Action.MANAGE_ORGANISATION),
        now=desk_of(request).clock.now(),
        where=where_of(request),
    )
