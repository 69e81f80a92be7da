"""Records that somebody was refused: trying what one may not is a security event."""

from fastapi import Request

from inbox.services import security_events
from inbox.services.people import LogIn
from inbox.services.security_events import What
from inbox.web.rendering import desk_of
from inbox.web.visitors import where_of


async def note_refusal(request: Request) -> None:
    """Who, what and from where; addresses of pages carry no personal data."""
    log_in: LogIn | None = request.state.log_in
    if log_in is None:
        return
    desk, path = desk_of(request), request.scope["path"]
    async with desk.database.write() as session:
        await security_events.record(
            session,
            What.FORBIDDEN,
            now=desk.clock.now(),
            user_id=log_in.actor.user_id,
            where=where_of(request),
            detail=f"{request.method} {path}",
        )
