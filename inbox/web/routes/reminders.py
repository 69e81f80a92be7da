"""Reminders of limits for whoever they are due, and the list of what is late for the official letter."""

import csv
import io

from fastapi import APIRouter, Request, Response

from inbox.rules.escalation import LetterRow, Recipient
from inbox.services import deadlines, emergencies, escalation
from inbox.services.escalation import Told
from inbox.web.forms import written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.labels import Labels

router = APIRouter()
DUTY_NAMES = {
    "iade": "Birimin iade süresi",
    "cevap": "Cevap süresi",
    "program_bildirimi": "Program tarihinin vatandaşa bildirilmesi",
    "termin": "Programa alınan tarih",
    "sure_uzatimi": "Süre uzatımının bildirilmesi",
    "ucret": "Ücretin ödenmesi",
    "zimni_ret": "30 gün sessizlik (zımni ret)",
}
RECIPIENT_NAMES = {
    Recipient.OWNER: "başvuru personeli",
    Recipient.TEAM_LEAD: "takım lideri",
    Recipient.UNIT: "birim",
    Recipient.UNIT_CHIEF: "birim amiri",
    Recipient.CENTRE_CHIEF: "merkez yöneticisi",
}


@router.get("/reminders")
async def overview(request: Request) -> Response:
    """What this reader has been reminded of."""
    async with desk_of(request).database.read() as session:
        found = await escalation.addressed(session, actor_of(request))
        labels = await office_labels(request, session)
    return render(request, "reminders.html", {"rows": [_row(one, labels, request) for one in found]})


@router.post("/reminders")
async def put_away(request: Request) -> Response:
    """She has seen them: `ids`, separated by commas."""
    ids = [int(one) for one in written(request, "ids").split(",") if one.isdecimal()]
    desk = desk_of(request)
    async with desk.database.write() as session:
        await escalation.put_away(session, actor_of(request), ids, now=desk.clock.now())
    return see_other("/reminders")


@router.get("/late")
async def late(request: Request) -> Response:
    """What units owe, where silence runs out, and emergencies whose approval is missing."""
    desk, actor, moments = desk_of(request), actor_of(request), moments_of(request)
    now = desk.clock.now()
    async with desk.database.read() as session:
        rules = await deadlines.read_rules(session, desk.profile)
        by_unit = await escalation.late_by_unit(session, actor, rules=rules, now=now)
        silent = await escalation.falling_silent(session, actor, rules=rules, now=now)
        owed = await emergencies.overdue_approvals(session, now=now)
        labels = await office_labels(request, session)
    context = {
        "units": [
            (labels.unit(unit), [(row, DUTY_NAMES[row.duty]) for row in found]) for unit, found in by_unit.items()
        ],
        "silent": [
            (one.application, labels.short_topic(one.application.topic), moments.left(one.ends_at)) for one in silent
        ],
        "owed": [(one, moments.exact(submission.submitted_at)) for submission, one in owed],
    }
    return render(request, "late.html", context)


@router.get("/late.csv")
async def late_as_file(request: Request) -> Response:
    """The list for the letter: numbers, duties and days; no personal data (directive 004, 15g)."""
    desk, actor = desk_of(request), actor_of(request)
    now = desk.clock.now()
    async with desk.database.read() as session:
        rules = await deadlines.read_rules(session, desk.profile)
        by_unit = await escalation.late_by_unit(session, actor, rules=rules, now=now)
        labels = await office_labels(request, session)
    body = _csv(by_unit, labels)
    headers = {"Content-Disposition": f'attachment; filename="geciken-basvurular-{now:%Y-%m-%d}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _csv(by_unit: dict[str, list[LetterRow]], labels: Labels) -> str:
    """With a mark of its encoding and semicolons, as spreadsheets in Turkish open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Birim", "Başvuru no", "Yükümlülük", "Geciken gün"])
    for unit, found in by_unit.items():
        writer.writerows([labels.unit(unit), row.number, DUTY_NAMES[row.duty], row.days_late] for row in found)
    return "\ufeff" + out.getvalue()


def _row(one: Told, labels: Labels, request: Request) -> dict[str, object]:
    moments, reminder = moments_of(request), one.reminder
    return {
        "id": reminder.id,
        "application": one.application.id,
        "number": one.application.number,
        "topic": labels.short_topic(one.application.topic),
        "duty": DUTY_NAMES.get(reminder.duty, reminder.duty),
        "due": moments.exact(reminder.due_at),
        "left": moments.left(reminder.due_at),
        "is_warning": reminder.is_warning,
        "recipient": RECIPIENT_NAMES[Recipient(reminder.recipient)],
    }
