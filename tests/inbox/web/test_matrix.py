"""Every route for every role: who gets through, who does not."""

import pytest
from fastapi import FastAPI

from tests.factories import PEOPLE, City
from tests.inbox.web.conftest import LogIn
from tests.inbox.web.test_guard import OPEN, PUSHED, every_route

DESK = {"elif", "burcu", "mudur", "nobet"}
"""Agent, team lead, chief, duty desk."""
READERS = DESK | {"onay", "yonetici"}
EVERYBODY = frozenset(PEOPLE)
ON = "/applications/{application_id}"
CHECK = "/checks/{message_id}"
ALLOWED: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): EVERYBODY,
    ("POST", "/logout"): EVERYBODY,
    ("GET", "/inbox"): frozenset(READERS | {"izsu"}),
    ("GET", "/inbox/fresh"): frozenset(READERS | {"izsu"}),
    ("GET", "/inbox/rows/{application_id}"): frozenset(READERS | {"izsu"}),
    ("GET", ON): frozenset(READERS),
    ("GET", f"{ON}/talk"): frozenset(READERS),
    ("GET", f"{ON}/side"): frozenset(READERS),
    ("POST", f"{ON}/measure"): frozenset(DESK),
    ("POST", f"{ON}/take"): frozenset(DESK),
    ("POST", f"{ON}/assign"): frozenset({"burcu", "mudur"}),
    ("POST", f"{ON}/correct"): frozenset(DESK),
    ("POST", f"{ON}/answer"): frozenset(DESK),
    ("POST", f"{ON}/undo"): frozenset(DESK),
    ("POST", f"{ON}/note"): frozenset(READERS),
    ("POST", f"{ON}/close"): frozenset(DESK),
    ("POST", f"{ON}/reopen"): frozenset(DESK),
    ("POST", f"{ON}/reveal"): frozenset(DESK),
    ("POST", f"{ON}/place"): frozenset(DESK),
    ("POST", f"{ON}/hide"): frozenset(DESK),
    ("POST", f"{ON}/block"): frozenset({"burcu", "mudur"}),
    ("POST", f"{ON}/private"): frozenset(DESK),
    ("POST", f"{ON}/private/measure"): frozenset(DESK),
    ("POST", f"{ON}/decide"): frozenset(DESK),
    ("GET", CHECK): frozenset(DESK),
    ("POST", f"{CHECK}/open"): frozenset(DESK),
    ("POST", f"{CHECK}/dismiss"): frozenset(DESK),
    ("POST", f"{CHECK}/restore"): frozenset(DESK),
}
ALLOWED |= dict.fromkeys(
    [
        ("GET", "/accounts"),
        ("POST", "/accounts/bots"),
        ("GET", "/accounts/new/{channel}"),
        ("POST", "/accounts/new/{channel}"),
        ("GET", "/accounts/costs"),
        ("POST", "/accounts/costs"),
        ("GET", "/accounts/uncertain"),
        ("GET", "/accounts/unreadable"),
        ("POST", "/accounts/unreadable/{delivery_id}"),
        ("GET", "/accounts/poisoned"),
        ("POST", "/accounts/poisoned/{job_id}"),
        ("GET", "/accounts/{account_id}"),
        ("POST", "/accounts/{account_id}"),
        ("POST", "/accounts/{account_id}/switches"),
    ],
    frozenset({"yonetici"}),
)
ALLOWED |= dict.fromkeys(
    [("GET", "/learning"), ("POST", "/learning/promote"), ("POST", "/learning/back")], frozenset({"yonetici", "mudur"})
)
PEOPLE_PAGES = {
    ("GET", "/people"),
    ("GET", "/people/new"),
    ("POST", "/people/new"),
    ("POST", "/people/second-factor"),
    ("GET", "/people/{user_id}"),
    ("POST", "/people/{user_id}"),
    ("POST", "/people/{user_id}/link"),
    ("POST", "/people/{user_id}/{deed}"),
    ("GET", "/security"),
}
"""For those who look after people; tested in test_people_pages."""
OWN_PAGES = {
    ("GET", "/profile"),
    ("POST", "/profile/password"),
    ("POST", "/profile/sessions"),
    ("GET", "/profile/second-factor"),
    ("POST", "/profile/second-factor"),
    ("GET", "/login/code"),
    ("POST", "/login/code"),
}
"""Everybody's own, of nobody else; tested in test_profile."""
LEADS, CALLS, LOOKS = {"burcu", "mudur"}, {"anket"}, {"saha"}
MATTER, INCIDENT = f"{ON}/matter", "/incidents/{incident_id}"
DUTY_PAGES: dict[tuple[str, str], set[str]] = {
    ("GET", "/emergencies"): LEADS | {"nobet"},
    ("GET", "/emergencies/ringing"): set(EVERYBODY),
    ("POST", f"{ON}/emergency"): LEADS | {"nobet"},
    ("GET", "/reminders"): set(EVERYBODY),
    ("POST", "/reminders"): set(EVERYBODY),
    ("GET", "/late"): LEADS,
    ("GET", "/late.csv"): LEADS,
    ("GET", "/surveys"): CALLS,
    ("POST", "/surveys/{survey_id}"): CALLS,
    ("GET", "/field-checks"): DESK | CALLS | LOOKS,
    ("POST", "/field-checks/{check_id}"): LOOKS,
    ("POST", "/field-checks/{check_id}/take"): LOOKS,
    ("POST", f"{ON}/field-check"): DESK | CALLS,
    ("GET", MATTER): DESK | CALLS,
    **dict.fromkeys([("POST", f"{MATTER}/{deed}") for deed in ("link", "unlink", "divide", "join", "part")], DESK),
    **dict.fromkeys([("GET", "/incidents"), ("GET", INCIDENT)], DESK),
    **dict.fromkeys(
        [("POST", f"{INCIDENT}/{deed}") for deed in ("confirm", "dismiss", "leave", "add", "answer", "close")], DESK
    ),
    **dict.fromkeys(
        [
            ("GET", "/roster"),
            ("POST", "/roster/method"),
            ("POST", "/roster/surveys"),
            ("POST", "/roster/people/{user_id}/shifts"),
            ("POST", "/roster/people/{user_id}/absences"),
            ("POST", "/roster/people/{user_id}/skills"),
            ("POST", "/roster/shifts/{shift_id}/remove"),
            ("POST", "/roster/absences/{absence_id}/end"),
        ],
        LEADS,
    ),
}
ALLOWED |= {route: frozenset(logins) for route, logins in DUTY_PAGES.items()}
STREAM = ("GET", "/events")
"""Never ends; tested in test_live."""
FILES = {("GET", "/files/{attachment_id}"), ("GET", "/files/{attachment_id}/small")}
"""There or not there for a reader, never forbidden; tested in test_files."""


def test_the_table_names_every_route(app: FastAPI) -> None:
    assert set(every_route(app)) == set(ALLOWED) | OPEN | PUSHED | FILES | PEOPLE_PAGES | OWN_PAGES | {STREAM}


@pytest.mark.parametrize("login", sorted(PEOPLE))
async def test_routes_of_an_application_of_another_unit(city: City, logged_in: LogIn, login: str) -> None:
    visitor = await logged_in(login)
    bus = city.applications["gizemlisokak"]
    for (method, path), allowed in ALLOWED.items():
        if path == "/logout":
            continue
        ids = {"channel": "telegram", "delivery_id": 1, "job_id": 1, "account_id": 1}
        address = path.format(application_id=bus, message_id=city.checks["kriptokazan"], **ids)
        # An empty form is refused after the permission was found: 422, 409 or 404, never 403.
        fields = {"user": city.users["burcu"].id} if path.endswith("/assign") else {}
        response = await (visitor.get(address) if method == "GET" else visitor.post(address, **fields))
        refused = response.status_code == 403 or (login == "izsu" and response.status_code == 404)
        assert refused == (login not in allowed), (method, path, response.status_code)


async def test_a_unit_reaches_its_own_applications_and_no_others(city: City, logged_in: LogIn) -> None:
    visitor = await logged_in("izsu")
    own = {city.applications["deniz.kaya35"], city.applications["kerem_35"]}
    for application_id in city.applications.values():
        for tail in ("", "/talk", "/side"):
            response = await visitor.get(f"/applications/{application_id}{tail}")
            assert response.status_code == (200 if application_id in own else 404)
        row = await visitor.get(f"/inbox/rows/{application_id}", part=True)
        assert bool(row.text) == (application_id in own)


@pytest.mark.parametrize(
    "address",
    ["/inbox?view=everything", "/inbox?q=690", "/inbox?unit=eshot", "/inbox?view=review", "/inbox?channel=whatsapp"],
)
async def test_no_list_or_search_shows_a_unit_what_is_not_its_own(city: City, logged_in: LogIn, address: str) -> None:
    text = (await (await logged_in("izsu")).get(address)).text
    own = {city.applications["deniz.kaya35"], city.applications["kerem_35"]}
    for application_id in set(city.applications.values()) - own:
        assert f'id="row-a{application_id}"' not in text
    assert 'id="row-m' not in text


async def test_a_units_counts_are_its_own(logged_in: LogIn) -> None:
    text = (await (await logged_in("izsu")).get("/inbox")).text
    assert "Bekleyenler <b>2</b>" in text
    assert "WhatsApp</span> <b>0</b>" in text


@pytest.mark.parametrize("step", ["take", "correct", "answer", "close", "reopen", "reveal", "assign"])
async def test_a_unit_may_not_do_the_desks_work_on_its_own(city: City, logged_in: LogIn, step: str) -> None:
    visitor = await logged_in("izsu")
    response = await visitor.post(f"/applications/{city.applications['deniz.kaya35']}/{step}", version=1, text="x")
    assert response.status_code == 403
