"""Reads `profiles/<name>`: the organisation as data. It seeds the database once; then the database rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from models.enums import ChannelName, UnitKind, Urgency
from models.errors import InputError

PROFILES = Path(__file__).resolve().parent.parent / "profiles"
ANY_TOPIC_UNIT = "diger_kurum"
"""Another city's or body's matter: allowed for every topic."""
UNKNOWN_DISTRICT_UNIT = "ilce"


@dataclass(frozen=True, slots=True)
class TopicEntry:
    id: str
    name: str
    unit: str
    other_units: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that this topic can go to, the usual one first."""
        return tuple(dict.fromkeys((self.unit, *self.other_units, ANY_TOPIC_UNIT)))


@dataclass(frozen=True, slots=True)
class UnitEntry:
    id: str
    name: str
    kind: UnitKind


class Profile:
    """One organisation. Values are read once, at construction or first use; a broken file raises InputError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "profile.yaml").is_file():
            raise InputError(f"no profile at {folder.name!r}: profile.yaml is missing")
        self._basics = _read(folder / "profile.yaml")
        units = _read(folder / "units.yaml")
        self.units = {row["id"]: UnitEntry(row["id"], row["name"], UnitKind(row["kind"])) for row in units["units"]}
        self.districts: tuple[str, ...] = tuple(units["districts"])
        self.topics = {row["id"]: _topic(row) for row in _read(folder / "topics.yaml")["topics"]}

    @cached_property
    def texts(self) -> Mapping[str, Any]:
        """Bot texts and the names that the pages show (texts.yaml)."""
        return _read(self.folder / "texts.yaml")

    @property
    def name(self) -> str:
        return str(self._basics["name"])

    @property
    def desk(self) -> str:
        """The desk's own name, as letters show it."""
        return str(self._basics["desk"])

    @property
    def number_prefix(self) -> str:
        return str(self._basics["number_prefix"])

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self._basics["time_zone"])

    @property
    def deadline_days(self) -> int:
        """Calendar days from receipt to the answer."""
        return int(self._basics["deadline_days"])

    @property
    def return_days(self) -> int:
        """Calendar days from each routing in which a unit returns what is not its own."""
        return int(self._basics["return_days"])

    @property
    def instant_answer_days(self) -> int:
        """Calendar days from receipt for what can be answered at once."""
        return int(self._basics["instant_answer_days"])

    @property
    def holiday_country(self) -> str:
        """Country code of the public holidays' calendar."""
        return str(self._basics["holidays"])

    @property
    def urgency_days(self) -> Mapping[Urgency, int]:
        """Shorter limits per urgency, calendar days from receipt; none where the profile is silent."""
        return {Urgency(name): int(days) for name, days in self._basics.get("urgency_days", {}).items()}

    @property
    def topic_days(self) -> Mapping[str, int]:
        """Shorter limits per topic, calendar days from receipt."""
        return self._basics["topic_days"]

    @property
    def confidential_topics(self) -> frozenset[str]:
        return frozenset(self._basics["confidential_topics"])

    @property
    def approval_channels(self) -> tuple[ChannelName, ...]:
        """Channels whose applications go to a unit only after approval."""
        return tuple(ChannelName(name) for name in self._basics["approval"]["channels"])

    @property
    def approves_replies(self) -> bool:
        """Whether answers to citizens wait for approval too."""
        return bool(self._basics["approval"]["replies"])

    @property
    def integrated_districts(self) -> frozenset[str]:
        """Districts whose people work in the inbox; the others get a signed letter."""
        return frozenset(self._basics["integrated_districts"])

    def file_plan_code(self, *, topic: str | None, unit: str) -> str:
        """The standard file plan's code for a letter about this topic to this receiver."""
        plan = self._basics["file_plan"]
        return str(plan["units"].get(unit) or plan["topics"].get(topic) or plan["default"])

    @property
    def retention(self) -> Mapping[str, Any]:
        """How long what is kept; read by `inbox.rules.retention`."""
        return self._basics["retention"]

    @property
    def corpus_folder(self) -> Path:
        return self.folder / "corpus"

    @property
    def knowledge_folder(self) -> Path:
        return self.folder / "knowledge"

    @property
    def gazetteer_folder(self) -> Path:
        return self.folder / "gazetteer"

    @property
    def scenarios_folder(self) -> Path:
        return self.folder / "scenarios"


def load_profile(name: str) -> Profile:
    """The profile of that name. Raises InputError where there is none or a file of it is broken."""
    return Profile(PROFILES / name)


def _topic(row: Mapping[str, Any]) -> TopicEntry:
    return TopicEntry(row["id"], row["name"], row["unit"], tuple(row.get("or", ())))


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path.name} is missing in profile {path.parent.name!r}") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path.name} of profile {path.parent.name!r}: {error}") from error
