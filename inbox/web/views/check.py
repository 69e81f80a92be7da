"""A message in the check queue: what was written, and why the machine takes it for nothing to act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.rules.masking import mask_name
from inbox.rules.permissions import Actor
from inbox.web.views.conversation import Day, Material, days_of
from inbox.web.views.labels import GLYPHS, Labels
from inbox.web.views.moments import Moments
from models.tables import Account, Citizen, ClassificationRecord, Conversation, Message, MessageAttachment


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """`percent` is the machine's certainty of its guess; `waiting` counts the messages decided on together."""

    glyph: str
    who: str
    surface: str
    place: str
    public: bool
    days: Sequence[Day]
    waiting: int
    percent: int | None
    reasons: Sequence[str]


def check_view(
    conversation: Conversation,
    messages: Sequence[Message],
    *,
    waiting: Sequence[Message],
    attachments: Sequence[MessageAttachment],
    citizen: Citizen | None,
    account: Account | None,
    record: ClassificationRecord | None,
    actor: Actor,
    labels: Labels,
    moments: Moments,
) -> CheckView:
    details = record.details if record else {}
    certainty = details.get("kind_confidence")
    return CheckView(
        glyph=GLYPHS[conversation.channel],
        who=mask_name(citizen.display_name) if citizen else "",
        surface=labels.place(conversation.surface),
        place=" · ".join(filter(None, (labels.channel(conversation.channel), account.name if account else ""))),
        public=conversation.surface.is_public,
        days=days_of(Material(messages=messages, attachments=attachments), actor=actor, moments=moments),
        waiting=len(waiting),
        percent=min(99, round(certainty * 100)) if certainty else None,
        reasons=[str(reason) for reason in details.get("reasons", [])],
    )
