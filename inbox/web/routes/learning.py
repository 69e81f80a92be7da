"""The classifier's page: which model works, whether its challenger is better, how the weeks went. Promotes by name."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import learning as rows
from inbox.repositories import people
from inbox.rules.drift import WEEKS
from inbox.rules.permissions import Action, Actor
from inbox.services import learning
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.learning import PromotionView, comparison_view, drift_view, model_view, promotion_view
from models.errors import NotFoundError
from models.learning import ModelShelf
from models.tables import ModelPromotion

router = APIRouter(prefix="/learning")
MOST_PROMOTIONS = 20
NOT_HERE = "Bu süreç modellere ulaşamıyor."


@router.get("")
async def show(request: Request) -> Response:
    _require(request)
    moments, shelf = moments_of(request), desk_of(request).models
    async with desk_of(request).database.read() as session:
        comparison = await learning.comparison_of(session, shelf) if shelf else None
        weeks = await rows.weeks(session, most=WEEKS)
        promotions = [await _promotion(request, session, one) for one in await _promotions(session)]
    context = {
        "champion": model_view(shelf.champion if shelf else None, moments=moments),
        "challenger": model_view(shelf.challenger if shelf else None, moments=moments),
        "earlier": model_view(shelf.earlier if shelf else None, moments=moments),
        "comparison": comparison_view(comparison, moments=moments),
        "drift": drift_view(weeks, moments=moments),
        "promotions": promotions,
    }
    return render(request, "learning.html", context)


@router.post("/promote")
async def promote(request: Request) -> Response:
    """The challenger becomes champion, in the name of whoever is logged in."""
    return await _change(request, learning.promote)


@router.post("/back")
async def go_back(request: Request) -> Response:
    """The earlier champion works again."""
    return await _change(request, learning.go_back)


Verb = Callable[..., Awaitable[ModelPromotion]]


async def _change(request: Request, verb: Verb) -> Response:
    actor = _require(request)
    shelf: ModelShelf | None = desk_of(request).models
    if shelf is None:
        raise NotFoundError(NOT_HERE)
    now: datetime = desk_of(request).clock.now()
    async with desk_of(request).database.write() as session:
        await verb(session, shelf, actor, now=now)
    return see_other("/learning")


async def _promotions(session: AsyncSession) -> list[ModelPromotion]:
    return list(await rows.promotions(session, most=MOST_PROMOTIONS))


async def _promotion(request: Request, session: AsyncSession, one: ModelPromotion) -> PromotionView:
    names = await people.names(session, [one.user_id])
    comparison = await rows.comparison(session, one.comparison_id) if one.comparison_id else None
    return promotion_view(one, comparison, who=names.get(one.user_id, ""), moments=moments_of(request))


def _require(request: Request) -> Actor:
    actor = actor_of(request)
    actor.require(Action.PROMOTE_MODEL)
    return actor
