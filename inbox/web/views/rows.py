"""Rows of the list: applications, and messages that wait for a check."""

from typing import NamedTuple

from inbox.repositories.inbox_list import ListEntry
from inbox.rules.masking import HIDDEN_CITIZEN, hides_citizen, mask_name, without_names
from inbox.rules.permissions import Actor
from inbox.web.views.labels import GLYPHS, Labels
from inbox.web.views.moments import Moment, Moments, Tone
from models.enums import ApplicationState, Decision, Urgency
from models.personal_data import mask
from models.tables import Message


class Row(NamedTuple):
    """One line of the list, ready to be shown; names and texts are masked already."""

    key: str
    """`a12` for an application, `m7` for a message in the check queue."""
    href: str
    glyph: str
    channel_code: str
    channel: str
    who: str
    age: Moment
    words: str
    topic: str = ""
    unsure: bool = False
    unit: str = ""
    left: Moment | None = None
    state: str = ""
    assignee: str = ""
    initials: str = ""
    unread: bool = False
    emergency: bool = False


def application_row(one: ListEntry, *, actor: Actor, labels: Labels, moments: Moments) -> Row:
    hidden = hides_citizen(actor, confidential=one.confidential)
    words = without_names(one.summary, [one.citizen_name, one.handle]) if hidden else one.summary
    return Row(
        key=f"a{one.id}",
        href=f"/applications/{one.id}",
        glyph=GLYPHS[one.channel],
        channel_code=one.channel,
        channel=labels.channel(one.channel),
        who=HIDDEN_CITIZEN if hidden else mask_name(one.citizen_name) or "Adı bilinmiyor",
        age=moments.age(one.last_message_at),
        words=mask(words) or "Yazı yok, yalnızca ek",
        topic=labels.short_topic(one.topic),
        unsure=one.decision is Decision.REVIEW,
        unit=labels.short_unit(one.unit, district=one.district),
        left=_left(one, moments),
        state="" if one.state is ApplicationState.DRAFT else labels.state(one.state),
        assignee=one.assignee or "",
        initials=initials(one.assignee or ""),
        unread=one.unread,
        emergency=one.urgency is Urgency.EMERGENCY,
    )


def check_row(message: Message, *, name: str, handle: str, labels: Labels, moments: Moments) -> Row:
    return Row(
        key=f"m{message.id}",
        href=f"/checks/{message.id}",
        glyph=GLYPHS[message.channel],
        channel_code=message.channel,
        channel=labels.channel(message.channel),
        who=mask_name(name or handle) or "Adı bilinmiyor",
        age=moments.age(message.sent_at),
        words=mask(" ".join(message.text.split()))[:160] or "Yazı yok, yalnızca ek",
        topic="İşlem gerektirmiyor",
        unsure=True,
        unread=True,
    )


def initials(name: str) -> str:
    """Two letters for the round mark of a person."""
    return "".join(word[0] for word in name.split()[:2])


def _left(one: ListEntry, moments: Moments) -> Moment | None:
    if not one.is_open or one.state is ApplicationState.ANSWERED:
        return None
    left = moments.left(one.due_at)
    if one.urgency is Urgency.EMERGENCY and one.first_answer_at is None and left.tone is not Tone.LATE:
        return Moment(text="şimdi", exact=left.exact, tone=Tone.LATE)
    return left
