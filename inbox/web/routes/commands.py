"""The command bar's search: applications by number or words, as the inbox finds them for this reader."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from inbox.web.pages import page_builder
from inbox.web.rendering import desk_of
from inbox.web.views.rows import Row

router = APIRouter()
MOST = 8
NUMBER_DIGITS = 7
"""A short number such as `3` means this year's or an earlier application 0000003 before anything else."""


@router.get("/commands")
async def find(request: Request, q: str = "") -> JSONResponse:
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        text = q.strip()
        found = dict(await builder.found(text.zfill(NUMBER_DIGITS))) if text.isdecimal() else {}
        found |= {number: row for number, row in await builder.found(text) if number not in found}
    return JSONResponse([_option(number, row) for number, row in list(found.items())[:MOST]])


def _option(number: str, row: Row) -> dict[str, str]:
    detail = " · ".join(part for part in (row.who, row.state, row.words) if part)
    return {"text": f"{number} · {row.topic}", "detail": detail, "address": row.href}
