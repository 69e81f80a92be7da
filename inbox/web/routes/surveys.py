"""The survey agents' queue: the talk's result, refusal, nobody reached; what comes up goes on the spot."""

from enum import StrEnum

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import field_checks, surveys
from inbox.services.surveys import Result, Talk
from inbox.web.forms import choice, number, written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.labels import Labels
from models.errors import InputError
from models.personal_data import mask

router = APIRouter(prefix="/surveys")


class Deed(StrEnum):
    """What became of a try."""

    DONE = "done"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


@router.get("")
async def overview(request: Request) -> Response:
    desk = desk_of(request)
    async with desk.database.read() as session:
        found = await surveys.queue(session, actor_of(request), now=desk.clock.now())
        labels = await office_labels(request, session)
    return render(request, "surveys.html", {"rows": [_row(one, labels, request) for one in found]})


@router.post("/{survey_id}")
async def settle(request: Request, survey_id: int) -> Response:
    """`deed` says what became of it; with a talk `score`, `solved` and `note`; `brought` and `check`
    are what she brought up: a new application, a look on the spot."""
    desk, actor = desk_of(request), actor_of(request)
    actor.require(Action.SURVEY)
    deed, now = choice(request, "deed", Deed), desk.clock.now()
    async with desk.database.write() as session:
        if deed is Deed.DONE:
            _, application = await surveys.open_talk(session, survey_id, actor)
            if brought := written(request, "brought").strip():
                await surveys.bring_up(session, survey_id, actor, text=brought, profile=desk.profile, now=now)
            await surveys.finish(session, survey_id, actor, result=_result(request), now=now)
            if reason := written(request, "check").strip():
                await field_checks.ask(session, application, actor, reason=reason, now=now)
        elif deed is Deed.REFUSED:
            await surveys.refuse(session, survey_id, actor, now=now)
        else:
            await surveys.not_reached(session, survey_id, actor, now=now)
    return see_other("/surveys?notice=saved")


def _result(request: Request) -> Result:
    """Raises InputError where a question was left open: silence is no «Hayır»."""
    solved = written(request, "solved")
    if solved not in ("0", "1"):
        raise InputError("Sorunun çözülüp çözülmediğini seçiniz. Anket kaydedilmedi.")
    return Result(score=number(request, "score"), solved=solved == "1", note=written(request, "note"))


def _row(one: Talk, labels: Labels, request: Request) -> dict[str, object]:
    moments, application = moments_of(request), one.application
    return {
        "id": one.survey.id,
        "application": application.id,
        "number": application.number,
        "topic": labels.short_topic(application.topic),
        "words": mask(application.summary) or "Yazı yok, yalnızca ek",
        "citizen": one.citizen.display_name or "Bilinmiyor",
        "channel": labels.channel(application.channel),
        "closed": moments.exact(application.closed_at) if application.closed_at else "",
        "outcome": labels.outcome(application.outcome) if application.outcome else "",
        "tries": one.survey.tries,
    }
