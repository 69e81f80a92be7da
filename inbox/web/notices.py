"""What a desktop notification says to one reader of something that happened: number and topic, no personal data."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications
from inbox.rules.permissions import Action, Actor
from inbox.services import emergencies
from inbox.web.views.labels import Labels

EMERGENCY = "Acil başvuru"
TITLES = {
    "message": "Size atanmış başvuruya yeni mesaj",
    "mentioned": "Bir notta adınız geçti",
    "reminded": "Süresi yaklaşan ya da geçen başvuru",
}
"""By what has happened; told to those whom the news names (`users`, `units`)."""
_RAISES = frozenset({"opened", "message", "emergency"})
"""After these an emergency may ring that did not ring before."""


def concerns(actor: Actor, data: Mapping[str, Any]) -> bool:
    """Whether the database should be asked for her notice."""
    return _may_ring(actor, data) or _names(actor, data)


async def notice(
    session: AsyncSession, actor: Actor, data: Mapping[str, Any], *, labels: Labels
) -> dict[str, str] | None:
    """Title and text; None where it does not concern her after all."""
    found = await applications.application(session, data["id"])
    if found is None or not actor.may_see(found):
        return None
    title = TITLES[data["what"]] if _names(actor, data) else ""
    if _may_ring(actor, data):
        ringing = await emergencies.ringing(session, actor)
        title = EMERGENCY if any(one.application.id == found.id for one in ringing) else title
    return {"title": title, "text": f"{found.number} · {labels.short_topic(found.topic)}"} if title else None


def _may_ring(actor: Actor, data: Mapping[str, Any]) -> bool:
    return bool(data.get("emergency")) and data.get("what") in _RAISES and actor.may(Action.TAKE_EMERGENCY)


def _names(actor: Actor, data: Mapping[str, Any]) -> bool:
    of_unit = actor.only_unit is not None and actor.only_unit in data.get("units", ())
    return data.get("what") in TITLES and (actor.user_id in data.get("users", ()) or of_unit)
