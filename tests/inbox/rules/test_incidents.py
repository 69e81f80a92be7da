"""Which applications are proposed as one incident."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox.rules.incidents import Sighting, belongs_to, is_near, metres_between, propose_incidents, streets
from models.enums import Urgency

NOON = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(number: int, hours: float = 0, **facts: Any) -> Sighting:
    fields: dict[str, Any] = {
        "id": number,
        "citizen_id": 100 + number,
        "topic": "su_kesintisi",
        "at": NOON + hours * HOUR,
        "district": "Buca",
        "neighbourhood": "Şirinyer",
    }
    return Sighting(**{**fields, **facts})


def ids(sightings: list[Sighting], **facts: Any) -> list[tuple[int, ...]]:
    return [proposal.ids for proposal in propose_incidents(sightings, **facts)]


def test_three_citizens_one_topic_one_place_one_day() -> None:
    """[İ9b3] Same topic, near in place and time: proposed as one incident, oldest first."""
    (found,) = propose_incidents([report(2, 1), report(1), report(3, 20)])
    assert (found.ids, found.citizens, found.place, found.began_at) == ((1, 2, 3), 3, "Şirinyer, Buca", NOON)


def test_one_citizen_writing_often_is_no_incident() -> None:
    """[İ9b3] Citizens are counted, not messages."""
    assert ids([report(n, citizen_id=7) for n in range(1, 6)]) == []


@pytest.mark.parametrize(
    "other",
    [
        {"topic": "agac"},
        {"neighbourhood": "Adatepe"},
        {"district": "Bornova", "neighbourhood": "Şirinyer"},
        {"at": NOON + 30 * HOUR},
        {"neighbourhood": None},
        {"district": None, "neighbourhood": None},
    ],
    ids=["topic", "neighbourhood", "district", "time", "somewhere in the district", "nowhere"],
)
def test_what_differs_stays_apart(other: dict[str, Any]) -> None:
    """[İ9b3] Another topic, place or day is another incident; an unknown place proves nothing."""
    assert ids([report(1), report(2), report(3, **other)]) == []


def test_two_urgent_reports_are_enough() -> None:
    """[İ7b4] Where damage grows two citizens are enough."""
    assert ids([report(1, urgency=Urgency.HIGH), report(2, 1, urgency=Urgency.HIGH)]) == [(1, 2)]


def test_the_more_pressing_of_two_decides_how_long() -> None:
    """[İ7b4] An emergency of the morning is not the complaint of the evening."""
    assert not is_near(report(1, urgency=Urgency.EMERGENCY), report(2, 3))


def test_points_are_near_within_five_hundred_metres() -> None:
    """[İ9b3] Where both give a point, the distance decides, whatever the names say."""
    pier, square, airport = (38.4553, 27.1200), (38.4560, 27.1215), (38.2924, 27.1570)
    assert metres_between(pier, square) == pytest.approx(152, abs=5)
    assert is_near(report(1, point=pier), report(2, point=square, neighbourhood="Alaybey"))
    assert not is_near(report(1, point=pier), report(2, point=airport))


def test_a_line_is_one_place() -> None:
    """[İ9b3] Passengers of one line report one incident from many places; another line is another."""
    bus = {"topic": "otobus_sefer", "line": "690"}
    places = [{"neighbourhood": None, "district": None}, {}, {"district": "Konak", "neighbourhood": "Alsancak"}]
    found = propose_incidents([report(n, **bus, **place) for n, place in enumerate(places)])
    assert [(p.ids, p.place) for p in found] == [((0, 1, 2), "690")]
    assert not is_near(report(1, **bus), report(2, topic="otobus_sefer", line="202"))


def test_a_street_joins_where_the_neighbourhood_is_missing() -> None:
    """[İ9b3] In one district a street named by both is a place."""
    texts = ["233 sokakta su yok", "233. Sokak kesik", "233 SOKAĞIN suyu yok"]
    assert ids([report(n, neighbourhood=None, text=text) for n, text in enumerate(texts)]) == [(0, 1, 2)]


def test_streets_are_read_in_any_spelling() -> None:
    """[İ9b3] Streets are compared folded."""
    assert streets("Gazi Bulvarı ile 1620/2 sk.") == {"gazi", "1620/2"}
    assert streets("sokakta su yok") == frozenset()


def test_a_chain_of_reports_is_one_incident() -> None:
    """[İ9b3] Reports that follow each other belong together though first and last are far apart in time."""
    assert ids([report(n, n * 20) for n in range(1, 5)]) == [(1, 2, 3, 4)]


def test_what_an_agent_parted_is_not_proposed_again() -> None:
    """[İ9b3] An agent confirms or parts; a parted pair is never proposed together again."""
    sightings = [report(1), report(2), report(3), report(4)]
    assert ids(sightings, apart={frozenset({1, 4})}) == [(1, 2, 3)]


def test_a_late_report_fits_a_known_incident() -> None:
    """[İ9b3] A new report joins the proposal of an incident that is known, unless it was parted from one of it."""
    members = [report(1), report(2)]
    assert belongs_to(report(3, 2), members)
    assert not belongs_to(report(3, 2), members, apart={frozenset({2, 3})})


def test_the_largest_comes_first() -> None:
    """[İ9b3] What concerns most citizens stands first."""
    small = [report(n, neighbourhood="Adatepe") for n in range(1, 4)]
    large = [report(n) for n in range(4, 9)]
    assert [len(group) for group in ids(small + large)] == [5, 3]
