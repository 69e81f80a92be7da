"""The names of places, from the profile's CSV files, under the key that texts are matched by. No matching here."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from classifier.text import normal_form
from models.profile import Profile

NEIGHBOURHOODS = "izmir_ilce_mahalle.csv"
LANDMARKS = "landmarks.csv"


@dataclass(slots=True)
class Place:
    """All that a name can mean: a district, a neighbourhood of some districts, a landmark."""

    district: str | None = None
    neighbourhoods: list[tuple[str, str]] = field(default_factory=list)
    """(neighbourhood, district) pairs that bear this name."""
    landmark_districts: set[str] = field(default_factory=set)
    landmark_neighbourhood: str | None = None


class Gazetteer:
    """Names by key: normal form without blanks and signs (`evka 3` → `evka3`)."""

    def __init__(self, profile: Profile) -> None:
        self.places: dict[str, Place] = defaultdict(Place)
        for district in profile.districts:
            self.places[key(district)].district = district
        for row in _rows(profile.gazetteer_folder / NEIGHBOURHOODS):
            self._add_neighbourhood(row["mahalle"], row["ilce"])
        for row in _rows(profile.gazetteer_folder / LANDMARKS):
            self._add_landmark(row)

    def _add_neighbourhood(self, name: str, district: str) -> None:
        pair = (name, district)
        self.places[key(name)].neighbourhoods.append(pair)

    def _add_landmark(self, row: dict[str, str]) -> None:
        place = self.places[key(row["name"])]
        place.landmark_districts.add(row["district"])
        place.landmark_neighbourhood = row.get("neighbourhood") or None


def key(name: str) -> str:
    return "".join(c for c in normal_form(name) if c.isalnum())


def _rows(path: Path) -> Iterable[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
