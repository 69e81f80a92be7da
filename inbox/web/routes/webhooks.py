"""Where platforms push to. A body is verified, kept and answered; what it holds is read right after."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask

from inbox.repositories import accounts
from inbox.services.intake import WEBHOOK, Batch
from inbox.services.readers import read_push
from inbox.web.desk import Desk
from inbox.web.pushes import PushLine
from models.enums import SOCIAL_CHANNELS, ChannelName
from models.ports import Acknowledges, Connector

router = APIRouter(prefix="/webhooks")
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes; Meta's batches of 1,000 updates stay far below."""


@router.get("/{channel}")
async def handshake(channel: ChannelName, request: Request) -> Response:
    """Prove to the platform that this address is ours."""
    for connector in _connectors(request, channel).values():
        answer = connector.handshake(request.query_params)
        if answer is not None:
            media = "application/json" if answer.startswith("{") else "text/plain"
            return Response(answer, media_type=media)
    raise HTTPException(403, "handshake refused")


@router.post("/{channel}")
async def receive(channel: ChannelName, request: Request) -> Response:
    """Keep the bytes of a push and answer; 401 on a wrong signature, which is counted, 200 on everything that is kept.

    What they hold is stored right after: the platform waits for one short write only.
    """
    body = await _body(request)
    desk: Desk = request.app.state.desk
    connectors = _connectors(request, channel)
    signed = {key: one for key, one in connectors.items() if one.verify(request.headers, body)}
    if not signed:
        request.app.state.refused.note(await _meant(desk, channel, body), at=desk.clock.now())
        raise HTTPException(401, "signature does not fit")
    account_id, taker = next(iter(signed.items()))
    is_only = len(signed) == 1
    batch = Batch(
        channel=channel,
        source=WEBHOOK,
        body=body,
        parsed=read_push(connectors.values(), body, signer=taker if is_only else None),
        received_at=desk.clock.now(),
        account_id=account_id if is_only else None,
    )
    pushes: PushLine = request.app.state.pushes
    await pushes.keep(batch)
    return PlainTextResponse("OK", background=_told(taker, body) if isinstance(taker, Acknowledges) else None)


async def _meant(desk: Desk, channel: ChannelName, body: bytes) -> list[int]:
    """Accounts whose id stands in a forged body; all of the channel where none does. Such a body is never parsed."""
    async with desk.database.read() as session:
        known = [one for one in await accounts.all_accounts(session) if one.channel is channel and one.enabled]
    named = [one for one in known if one.external_id.encode() in body]
    return [one.id or 0 for one in named or known]


def _told(connector: Acknowledges, body: bytes) -> BackgroundTask:
    """After the answer: Telegram's buttons spin until they are answered."""
    return BackgroundTask(connector.acknowledge, body)


def _connectors(request: Request, channel: ChannelName) -> dict[int, Connector]:
    desk: Desk = request.app.state.desk
    if channel not in SOCIAL_CHANNELS:
        raise HTTPException(404)
    return {key: one for key, one in desk.connectors.items() if one.facts.channel is channel}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413)
    return bytes(body)
