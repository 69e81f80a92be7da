"""An emergency as the banner shows it over any page: number, topic and place, never the citizen or her words."""

from inbox.rules.permissions import Action, Actor
from inbox.services.emergencies import Alarm
from inbox.web.views.labels import Labels
from inbox.web.views.moments import Moments


def alarm_row(one: Alarm, *, actor: Actor, labels: Labels, moments: Moments) -> dict[str, object]:
    alarm, application = one.alarm, one.application
    place = ", ".join(part for part in (application.district, application.neighbourhood) if part)
    told = alarm.management_informed_at
    return {
        "id": application.id,
        "rings": one.rings,
        "number": application.number,
        "topic": labels.short_topic(application.topic),
        "place": place or "yer belirtilmemiş",
        "state": labels.state(application.state),
        "unit": labels.unit(application.routed_unit) if application.routed_unit else "",
        "since": moments.age(alarm.raised_at).text,
        "raised": moments.exact(alarm.raised_at),
        "off_shift": alarm.off_shift,
        "taken": moments.exact(alarm.taken_at) if alarm.taken_at else "",
        "told": moments.exact(told) if told else "",
        "may_take": alarm.taken_at is None and actor.may(Action.TAKE_EMERGENCY),
    }
