"""«Raporlar»: a kind and a period, each as a page and as a file; crisis reports of incidents."""

import base64
from collections.abc import Mapping
from datetime import date
from itertools import islice
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from inbox.letters.pdf import pdf_of
from inbox.reports import crisis, daybook
from inbox.reports.counts import What
from inbox.reports.document import Report, score
from inbox.reports.making import TITLES, Kind, make_report, summary
from inbox.reports.names import read_names
from inbox.reports.naming import KINDS_OF_SPAN, when
from inbox.reports.page import render as whole_page
from inbox.reports.page import render_body
from inbox.reports.periods import Period, Span, period_of, periods_back
from inbox.reports.surging import KINDS, surging
from inbox.reports.table import csv_of
from inbox.repositories import incidents, report_examples
from inbox.rules.permissions import Action, Actor
from inbox.web.rendering import actor_of, desk_of, render, see_other, today_of
from models.errors import InputError, NotFoundError

router = APIRouter(prefix="/reports")
SHOWN = 12
"""Periods in the list; older ones are found by a day in them."""
NO_REPORT = "Bu dönem için rapor yok: dönem henüz başlamadı ya da ilk başvurudan önce."
ENDINGS = ("html", "csv", "pdf")


@router.get("")
async def overview(request: Request) -> Response:
    """The periods of a kind and a span; with `day`, the one around that day."""
    kind, span = _chosen(request)
    desk, now = desk_of(request), desk_of(request).clock.now()
    first = await _first(request)
    if given := request.query_params.get("day"):
        return see_other(_address(kind, _period(span, given, first, today_of(request))))
    listed = list(islice(periods_back(span, first=first, today=today_of(request)), SHOWN))
    async with desk.database.read() as session:
        headline = await summary(session, listed[0], now=now, profile=desk.profile)
        live = await incidents.live(session)
        steep = await surging(session, now=now, zone=desk.profile.time_zone)
        names = await read_names(session, desk.profile)
    context = {
        "kind": kind,
        "span": span,
        "kinds": {one: TITLES[one] for one in _allowed(actor_of(request))},
        "spans": KINDS_OF_SPAN,
        "periods": [(_address(kind, one), when(one), one.last < today_of(request)) for one in listed],
        "oldest": first.isoformat(),
        "today": today_of(request).isoformat(),
        "headline": headline,
        "incidents": [(one.id, names.of(What.TOPIC, one.topic), one.place) for one in live],
        "surges": [
            (f"/reports/crisis/{what}/{quote(one.key)}", names.of(what, one.key), one.number, score(one.usual).shown)
            for what, found in steep.items()
            for one in found
        ],
    }
    return render(request, "reports.html", context)


@router.get("/pictures/{attachment_id}")
async def picture(request: Request, attachment_id: int) -> Response:
    """The small copy of a picture that may stand in a report."""
    actor_of(request).require(Action.SEE_REPORTS)
    desk = desk_of(request)
    async with desk.database.read() as session:
        found = await report_examples.one(session, attachment_id)
    if found is None or desk.files is None:
        raise NotFoundError("Bu fotoğraf yok; paylaşan silmiş olabilir.")
    return Response(await desk.files.get(found.thumbnail), media_type="image/jpeg")


@router.get("/crisis/{incident_id}")
async def incident(request: Request, incident_id: str) -> Response:
    """An incident as it stands now; with an ending the same as a file."""
    actor_of(request).require(Action.SEE_REPORTS)
    desk, (key, _, ending) = desk_of(request), incident_id.partition(".")
    if not key.isdecimal():
        raise NotFoundError("Böyle bir olay yok.")
    async with desk.database.read() as session:
        names = await read_names(session, desk.profile)
        report = await crisis.of_incident(
            session, int(key), names=names, now=desk.clock.now(), zone=desk.profile.time_zone
        )
    return await _shown(request, report, ending, base=f"/reports/crisis/{key}")


@router.get("/crisis/{what}/{key}")
async def surge(request: Request, what: str, key: str) -> Response:
    """A topic or a district in the last 24 hours; with an ending the same as a file."""
    actor_of(request).require(Action.SEE_REPORTS)
    if what not in KINDS:
        raise NotFoundError("Böyle bir rapor yok.")
    desk, (key, _, ending) = desk_of(request), key.partition(".")
    async with desk.database.read() as session:
        names = await read_names(session, desk.profile)
        report = await crisis.of_surge(
            session, What(what), key, names=names, now=desk.clock.now(), zone=desk.profile.time_zone
        )
    return await _shown(request, report, ending, base=f"/reports/crisis/{what}/{key}")


@router.get("/{kind}/{span}/{day}")
async def show(request: Request, kind: str, span: str, day: str) -> Response:
    """The period that ends with this day. With an ending (.html, .csv, .pdf) the same as a file."""
    day, _, ending = day.partition(".")
    chosen, length = _kind(request, kind), _span(span)
    first, today, desk = await _first(request), today_of(request), desk_of(request)
    period = _period(length, day, first, today)
    if not ending and period.last.isoformat() != day:
        return see_other(_address(chosen, period))
    unit = request.query_params.get("unit", "") if chosen is Kind.UNITS else ""
    async with desk.database.read() as session:
        report = await make_report(session, chosen, period, now=desk.clock.now(), profile=desk.profile, unit=unit)
    return await _shown(
        request,
        report,
        ending,
        base=_address(chosen, period),
        query=f"?unit={unit}" if unit else "",
        link_of=f"{_address(chosen, period)}?unit=",
        earlier=_link(chosen, period.before, first, today),
        later=_link(chosen, period.after, first, today),
    )


async def _shown(
    request: Request, report: Report, ending: str, *, base: str, query: str = "", link_of: str = "", **links: object
) -> Response:
    if ending:
        return await _file(request, report, ending)
    pictures = {one.attachment_id: f"/reports/pictures/{one.attachment_id}" for one in report.examples}
    context = {
        "title": f"{report.title}, {report.when}",
        "base": base,
        "query": query,
        "body": render_body(report, pictures=pictures, link_of=link_of),
        "earlier": None,
        "later": None,
        **links,
    }
    return render(request, "report.html", context)


async def _file(request: Request, report: Report, ending: str) -> Response:
    if ending not in ENDINGS:
        raise NotFoundError("Rapor yalnız html, csv ve pdf olarak indirilir.")
    headers = {"Content-Disposition": f'attachment; filename="{report.name}.{ending}"'}
    if ending == "csv":
        return Response(csv_of(report), media_type="text/csv; charset=utf-8", headers=headers)
    page = whole_page(report, pictures=await _embedded(request, report))
    if ending == "html":
        return HTMLResponse(page, headers=headers)
    return Response(await pdf_of(page), media_type="application/pdf", headers=headers)


async def _embedded(request: Request, report: Report) -> Mapping[int, str]:
    """Pictures inside the file itself; what is gone from the store is left out."""
    files, found = desk_of(request).files, {}
    for one in report.examples:
        if files is None:
            break
        try:
            data = await files.get(one.picture)
        except NotFoundError:
            continue
        found[one.attachment_id] = f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    return found


def _allowed(actor: Actor) -> list[Kind]:
    actor.require(Action.SEE_REPORTS)
    return [kind for kind in Kind if kind is not Kind.PEOPLE or actor.may(Action.SEE_AGENTS_FIGURES)]


def _chosen(request: Request) -> tuple[Kind, Span]:
    asked = request.query_params
    return _kind(request, asked.get("kind", Kind.CHANNELS)), _span(asked.get("span", Span.WEEK))


def _kind(request: Request, name: str) -> Kind:
    actor = actor_of(request)
    actor.require(Action.SEE_REPORTS)
    if name not in list(Kind):
        raise NotFoundError("Böyle bir rapor yok.")
    if name not in _allowed(actor):
        actor.require(Action.SEE_AGENTS_FIGURES)
    return Kind(name)


def _span(name: str) -> Span:
    if name not in list(Span):
        raise NotFoundError("Böyle bir rapor dönemi yok.")
    return Span(name)


async def _first(request: Request) -> date:
    """The day of the first application; today where there is none yet."""
    desk = desk_of(request)
    async with desk.database.read() as session:
        return await daybook.first_day(session, desk.profile.time_zone) or today_of(request)


def _period(span: Span, day: str, first: date, today: date) -> Period:
    """Raises InputError for what is no day, NotFoundError for a period without a report."""
    try:
        period = period_of(span, date.fromisoformat(day))
    except (ValueError, OverflowError) as error:
        raise InputError("Dönemin bir gününü gün, ay ve yıl olarak yazınız.") from error
    if not _has_report(period, first, today):
        raise NotFoundError(NO_REPORT)
    return period


def _has_report(period: Period, first: date, today: date) -> bool:
    return period.last >= first and period.first <= today


def _address(kind: Kind, period: Period) -> str:
    return f"/reports/{kind}/{period.span}/{period.last.isoformat()}"


def _link(kind: Kind, period: Period, first: date, today: date) -> tuple[str, str] | None:
    """(address, name) of a period that has a report."""
    return (_address(kind, period), when(period)) if _has_report(period, first, today) else None
