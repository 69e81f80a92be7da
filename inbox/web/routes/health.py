"""Tells a supervisor that this process answers and reaches its database. Says nothing else: nobody is logged in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlmodel import select

from inbox.web.rendering import desk_of

router = APIRouter()


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    async with desk_of(request).database.read() as session:
        await session.exec(select(1))
    return JSONResponse({"status": "ok"})
