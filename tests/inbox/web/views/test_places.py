"""The links of every page: in groups, for those who may follow them, with the one marked where the reader is."""

import pytest

from inbox.rules.permissions import Actor
from inbox.web.views.places import groups
from models.enums import Role


def reader(role: Role) -> Actor:
    return Actor(user_id=1, name="Elif", roles=frozenset({role}), unit="izsu")


def here(role: Role, path: str) -> dict[str, str]:
    return {place.address: place.here for group in groups(reader(role), path) for place in group.places if place.here}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.FIELD_TEAM, ["", "Siz"]),
        (Role.AGENT, ["", "Raporlar ve izleme", "Siz"]),
        (Role.CHIEF, ["", "Raporlar ve izleme", "Yönetim", "Siz"]),
        (Role.ADMINISTRATOR, ["", "Raporlar ve izleme", "Yönetim", "Hesaplar", "Siz"]),
    ],
)
def test_only_groups_with_something_in_them_are_named(role: Role, names: list[str]) -> None:
    assert [group.name for group in groups(reader(role), "/profile")] == names


def test_the_page_or_the_one_above_it_is_marked() -> None:
    assert here(Role.ADMINISTRATOR, "/accounts/costs") == {"/accounts/costs": "page"}
    assert here(Role.ADMINISTRATOR, "/accounts/new/telegram") == {"/accounts": "true"}
    assert here(Role.ADMINISTRATOR, "/units/izsu") == {"/units": "true"}
    assert here(Role.ADMINISTRATOR, "/united") == {}
    assert here(Role.CHIEF, "/privacy/looks") == {"/privacy/looks": "page"}
