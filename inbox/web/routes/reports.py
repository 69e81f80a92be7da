"""«Raporlar»: the weeks that are over, each as a page and as a file. No personal data stands in them."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from inbox.letters.pdf import pdf_of
from inbox.reports.figures import ReportFigures, channel_figures
from inbox.reports.names import Names, read_names
from inbox.reports.page import headline, render_body
from inbox.reports.page import render as whole_page
from inbox.reports.periods import Period, week_of, whole_weeks
from inbox.reports.table import csv_of
from inbox.repositories import report_rows
from inbox.rules.permissions import Action
from inbox.web.rendering import desk_of, render, see_other
from inbox.web.views.moments import span_of_days
from models.errors import InputError, NotFoundError

router = APIRouter(prefix="/reports")
SHOWN = 26
"""Weeks in the list; older ones are found by a day in them."""


@router.get("")
async def overview(request: Request) -> Response:
    """The weeks; with `day`, the one around that day."""
    weeks = await _weeks(request)
    if given := request.query_params.get("day"):
        return see_other(f"/reports/{_week(given, weeks).last.isoformat()}")
    context = {
        "weeks": [(week.last.isoformat(), _name(week)) for week in weeks[:SHOWN]],
        "more": len(weeks) > SHOWN,
        "oldest": weeks[-1].first.isoformat() if weeks else "",
        "newest": weeks[0].last.isoformat() if weeks else "",
        "headline": "",
    }
    if weeks:
        figures, names = await _figures(request, weeks[0])
        context["headline"] = headline(figures, names=names)
    return render(request, "reports.html", context)


@router.get("/{day}")
async def show(request: Request, day: str) -> Response:
    """The week that ends with this day. With an ending (.html, .csv, .pdf) the same as a file."""
    day, _, ending = day.partition(".")
    weeks = await _weeks(request)
    week = _week(day, weeks)
    if not ending and week.last.isoformat() != day:
        return see_other(f"/reports/{week.last.isoformat()}")
    figures, names = await _figures(request, week)
    if ending:
        return await _file(figures, names, ending)
    context = {
        "name": _name(week),
        "key": week.last.isoformat(),
        "body": render_body(figures, names=names),
        "earlier": _link(week.before, weeks),
        "later": _link(week_of(week.last.fromordinal(week.last.toordinal() + 1)), weeks),
    }
    return render(request, "report.html", context)


async def _weeks(request: Request) -> Sequence[Period]:
    request.state.log_in.actor.require(Action.SEE_REPORTS)
    desk = desk_of(request)
    async with desk.database.read() as session:
        first = await report_rows.first_received(session)
    zone = desk.profile.time_zone
    today = desk.clock.now().astimezone(zone).date()
    return whole_weeks(first.astimezone(zone).date(), today) if first else []


def _week(day: str, weeks: Sequence[Period]) -> Period:
    """Raises InputError for what is no day, NotFoundError for a week that is not over or lies before the first."""
    try:
        week = week_of(date.fromisoformat(day))
    except ValueError as error:
        raise InputError("Haftanın bir gününü gün, ay ve yıl olarak yazınız.") from error
    if week not in weeks:
        raise NotFoundError("Bu hafta için rapor yok: hafta bitmemiş ya da ilk başvurudan önce.")
    return week


async def _figures(request: Request, week: Period) -> tuple[ReportFigures, Names]:
    desk = desk_of(request)
    async with desk.database.read() as session:
        figures = await channel_figures(session, week, profile=desk.profile)
        return figures, await read_names(session, desk.profile)


async def _file(figures: ReportFigures, names: Names, ending: str) -> Response:
    name = f"kanal-raporu-{figures.period.last.isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    match ending:
        case "html":
            return HTMLResponse(whole_page(figures, names=names), headers=headers)
        case "csv":
            body = csv_of(figures, names=names)
            return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
        case "pdf":
            made = await pdf_of(whole_page(figures, names=names))
            return Response(made, media_type="application/pdf", headers=headers)
    raise NotFoundError("Rapor yalnız html, csv ve pdf olarak indirilir.")


def _name(week: Period) -> str:
    return span_of_days(week.first, week.last)


def _link(week: Period, weeks: Sequence[Period]) -> tuple[str, str] | None:
    """(address, name) of a week that has a report."""
    return (f"/reports/{week.last.isoformat()}", _name(week)) if week in weeks else None
