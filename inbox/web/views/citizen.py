"""The citizen in the side panel: masked, hidden, or for once in plain; and her other applications."""

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.rules.masking import HIDDEN_CITIZEN, hides_citizen, mask_name
from inbox.rules.permissions import Action, Actor
from inbox.services.reading import ApplicationFile
from inbox.web.views.labels import Labels
from inbox.web.views.moments import Moments
from models.enums import ChannelName


@dataclass(frozen=True, slots=True)
class OtherApplication:
    id: int
    number: str
    topic: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenView:
    """Empty texts are not shown. `may_reveal` where something is masked that this reader may see on demand."""

    hidden: bool
    name: str
    handle: str = ""
    phone: str = ""
    may_reveal: bool = False
    blocked_since: str = ""
    may_block: bool = False
    others: Sequence[OtherApplication] = ()


def citizen_view(
    file: ApplicationFile, *, actor: Actor, labels: Labels, moments: Moments, revealed: bool = False
) -> CitizenView:
    """`revealed` shows everything in plain; the caller has recorded the look."""
    if not revealed and hides_citizen(actor, confidential=file.application.confidential):
        return CitizenView(hidden=True, name=HIDDEN_CITIZEN)
    blocked_at = file.identity.blocked_at if file.identity else None
    known = _known(file)
    masked = [mask_name(word) for word in known]
    name, handle, phone = known if revealed else masked
    return CitizenView(
        hidden=False,
        name=name,
        handle="" if handle == name else handle,
        phone=phone,
        blocked_since=moments.exact(blocked_at) if blocked_at else "",
        may_block=actor.may(Action.BLOCK) and file.identity is not None,
        may_reveal=_may_reveal(file, actor) and not revealed and masked != known,
        others=[
            OtherApplication(one.id or 0, one.number, labels.short_topic(one.topic), labels.state(one.state))
            for one in file.others
        ],
    )


def _may_reveal(file: ApplicationFile, actor: Actor) -> bool:
    """A confidential citizen is looked at from her application's page on confidentiality, which asks for a reason."""
    return actor.may(Action.REVEAL_CITIZEN) and not file.application.confidential


def _known(file: ApplicationFile) -> list[str]:
    """Name, account name, and on WhatsApp the phone number."""
    identity = file.identity
    has_phone = identity and file.application.channel is ChannelName.WHATSAPP and identity.external_id.isdecimal()
    return [
        file.citizen.display_name if file.citizen else "",
        identity.handle if identity else "",
        identity.external_id if identity and has_phone else "",
    ]
