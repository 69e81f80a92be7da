"""What routes of the process share: the approval checks, and what a channel allows. Changes nothing."""

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.services import approval, reply_options
from inbox.services.deadlines import DeadlineRules, read_rules
from inbox.services.findings import ReviewDesk, ReviewDesks
from inbox.services.telling import GivenBy
from inbox.web.forms import written
from inbox.web.rendering import desk_of
from models.channel_facts import SurfaceFacts
from models.errors import InputError
from models.tables import Application


async def review_desk_of(request: Request) -> ReviewDesk:
    """The approval checks, built at the first use. Takes seconds then: must not be called inside a transaction."""
    state = request.app.state
    if not hasattr(state, "review_desks"):
        state.review_desks = ReviewDesks(desk_of(request).profile)
    desks: ReviewDesks = state.review_desks
    return await desks.get()


async def checks_of_replies(request: Request) -> ReviewDesk | None:
    """The checks where replies need approval; None where they leave at once. Not inside a transaction."""
    async with desk_of(request).database.read() as session:
        needed = await approval.replies_need_approval(session)
    return await review_desk_of(request) if needed else None


async def rules_of(request: Request, session: AsyncSession) -> DeadlineRules:
    return await read_rules(session, desk_of(request).profile)


async def surface_facts(request: Request, session: AsyncSession, application: Application) -> SurfaceFacts | None:
    """What the account's connector declares of the application's surface; None where nothing is connected."""
    return await reply_options.surface_facts(session, application, desk_of(request).facts)


def given_by_of(request: Request) -> GivenBy | None:
    """How the citizen was told, where it was not by her channel. Raises InputError for an unknown way."""
    value = written(request, "given_by")
    if not value:
        return None
    found = next((way for way in GivenBy if way == value), None)
    if found is None:
        raise InputError("Cevabın nasıl verildiğini listeden seçiniz.")
    return found
