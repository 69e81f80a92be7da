"""Turkish names of everything with a code: from the profile's texts and the rows of topics and units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.enums import ApplicationState, ChannelName, Kind, Outcome, Role, Surface, Urgency
from models.tables import Topic, Unit
from models.turkish import fold

_LONG_ENDINGS = re.compile(r" (Dairesi Başkanlığı|Genel Müdürlüğü|Şube Müdürlüğü|Müdürlüğü|A\.Ş\.)|\s*\([^)]*\)")
GLYPHS = {
    ChannelName.TWITTER: "X",
    ChannelName.INSTAGRAM: "I",
    ChannelName.FACEBOOK: "F",
    ChannelName.WHATSAPP: "W",
    ChannelName.TELEGRAM: "T",
    ChannelName.PHONE: "P",
    ChannelName.IN_PERSON: "Y",
    ChannelName.LETTER: "M",
    ChannelName.EMAIL: "E",
    ChannelName.WEB: "B",
}


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic as pages need it, with the unit that it usually goes to."""

    id: str
    name: str
    unit: str
    short_name: str
    """The beginning of the name's enumeration: `Yol bakım`, `Elektrik, doğal gaz`, `Ağaç`."""


@dataclass(frozen=True, slots=True)
class UnitName:
    id: str
    name: str
    short_name: str
    """As spoken: without `Dairesi Başkanlığı` and the like."""
    parent: str = ""
    """Set for a single district: the unit that can be chosen in its place."""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Names by code. An unknown code is shown as it is: better than an empty place."""

    texts: Mapping[str, Any]
    topics: Mapping[str, TopicName]
    units: Mapping[str, UnitName]

    def kind(self, kind: Kind) -> str:
        return str(self.texts["kinds"].get(kind, kind))

    def urgency(self, urgency: Urgency) -> str:
        return str(self.texts["urgencies"].get(urgency, urgency))

    def state(self, state: ApplicationState) -> str:
        return str(self.texts["states"].get(state, state))

    def outcome(self, outcome: Outcome) -> str:
        return str(self.texts["outcomes"].get(outcome, outcome))

    def channel(self, channel: ChannelName) -> str:
        return str(self.texts["channels"].get(channel, channel))

    def surface(self, surface: Surface) -> str:
        return str(self.texts["surfaces"].get(surface, surface))

    def role(self, role: Role) -> str:
        return str(self.texts["roles"].get(role, role))

    def topic(self, topic: str | None) -> str:
        if not topic:
            return "Konu belirsiz"
        return self.topics[topic].name if topic in self.topics else topic

    def short_topic(self, topic: str | None) -> str:
        known = self.topics.get(topic or "")
        return known.short_name if known else self.topic(topic)

    def place(self, surface: Surface) -> str:
        """`Herkese açık yorum`, `Özel mesaj`."""
        name = self.surface(surface)
        return f"Herkese açık {fold(name)}" if surface.is_public else name

    def unit(self, unit: str | None, *, district: str | None = None) -> str:
        """A district municipality by its name, once the place is known."""
        if not unit:
            return "Birim belirsiz"
        if unit == "ilce" and district:
            return f"{district} Belediyesi"
        return self.units[unit].name if unit in self.units else unit

    def short_unit(self, unit: str | None, *, district: str | None = None) -> str:
        known = self.units.get(unit or "")
        is_one_of_many = unit == "ilce" and district
        return known.short_name if known and not is_one_of_many else self.unit(unit, district=district)


def labels_of(texts: Mapping[str, Any], *, topics: Sequence[Topic], units: Sequence[Unit]) -> Labels:
    """Copies of the rows: labels outlive the session that read them."""
    return Labels(
        texts=texts,
        topics={one.id: TopicName(one.id, one.name, one.unit, _short_topic(one.name)) for one in topics},
        units={one.id: UnitName(one.id, one.name, _short_unit(one), one.parent, one.active) for one in units},
    )


def _short_topic(name: str) -> str:
    parts = re.split(r":| \(", name)[0].split(", ")
    return parts[0] if " " in parts[0] else ", ".join(parts[:2])


def _short_unit(unit: Unit) -> str:
    return unit.short_name or _LONG_ENDINGS.sub("", unit.name).strip()
