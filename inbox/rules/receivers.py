"""Who gets an application that goes to a unit: the unit itself, or one of the district municipalities. Pure."""

from models.enums import UnitKind
from models.errors import InputError
from models.profile import UNKNOWN_DISTRICT_UNIT
from models.turkish import skeleton


def receiver_of(unit: str | None, *, district: str | None) -> str:
    """The id of the receiving `Unit`. Raises InputError where it cannot be told yet."""
    if not unit:
        raise InputError("Önce başvurunun gideceği birimi seçiniz.")
    if unit != UNKNOWN_DISTRICT_UNIT:
        return unit
    if not district:
        raise InputError("İlçe belediyesine gidecek bir başvuru için önce ilçeyi seçiniz.")
    return f"{UNKNOWN_DISTRICT_UNIT}:{skeleton(district)}"


def is_outside(kind: UnitKind) -> bool:
    """A body that answers the citizen itself: she is told where to turn; nothing is routed to it."""
    return kind is UnitKind.EXTERNAL
