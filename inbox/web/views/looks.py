"""Looks on the spot as they are read: what was found, with its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from inbox.web.views.chips import Chip, file_chip
from inbox.web.views.moments import Moments
from models.enums import FieldFinding
from models.tables import FieldCheck, StaffFile

FINDING_NAMES = {
    FieldFinding.DONE: "İş yapılmış",
    FieldFinding.PARTLY: "Kısmen yapılmış",
    FieldFinding.NOT_DONE: "İş yapılmamış",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """`finding` is empty while nobody has looked."""

    finding: str
    reason: str
    lines: Sequence[str]
    chips: Sequence[Chip]
    who: str
    asked: str
    checked: str


def look_views(
    looks: Sequence[FieldCheck],
    files: Sequence[StaffFile],
    *,
    people: Mapping[int, str],
    actor: Actor,
    confidential: bool,
    moments: Moments,
) -> list[LookView]:
    """Oldest first."""
    return [
        LookView(
            finding=FINDING_NAMES[one.finding] if one.finding else "",
            reason=mask_text(one.reason, actor, confidential=confidential),
            lines=mask_text(one.text, actor, confidential=confidential).splitlines(),
            chips=[file_chip(file) for file in files if file.check_id == one.id],
            who=people.get(one.checked_by or 0, ""),
            asked=moments.exact(one.asked_at),
            checked=moments.exact(one.checked_at) if one.checked_at else "",
        )
        for one in looks
    ]
