"""Every route for every role, own or foreign unit, confidential or not: who gets through, who does not.

A new route fails the first test until the table says who may use it.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from fastapi import FastAPI

from inbox.web.routes import process
from models.enums import ApplicationState as State
from models.tables import Application
from tests.factories import PEOPLE, City, route_to_units
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
    ("GET", "/inbox"): frozenset(READERS | {"izsu", "anket"}),
    ("GET", "/inbox/fresh"): frozenset(READERS | {"izsu", "anket"}),
    ("GET", "/inbox/rows/{application_id}"): frozenset(READERS | {"izsu", "anket"}),
    ("GET", "/commands"): frozenset(READERS | {"izsu", "anket"}),
    ("GET", ON): frozenset(READERS),
    ("GET", f"{ON}/talk"): frozenset(READERS),
    ("GET", f"{ON}/side"): frozenset(READERS),
    ("POST", f"{ON}/measure"): frozenset(DESK),
    ("POST", f"{ON}/take"): frozenset(DESK),
    ("POST", f"{ON}/assign"): frozenset({"burcu", "mudur"}),
    ("POST", f"{ON}/snooze"): frozenset(DESK),
    ("POST", f"{ON}/bring-back"): frozenset(DESK),
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
    ("POST", "/profile/keys"),
    ("GET", "/profile/second-factor"),
    ("POST", "/profile/second-factor"),
    ("GET", "/login/code"),
    ("POST", "/login/code"),
}
"""Everybody's own, of nobody else; tested in test_profile."""
LEADS, CALLS, LOOKS, UNIT = {"burcu", "mudur"}, {"anket"}, {"saha"}, {"izsu"}
WRITERS = LEADS | {"yonetici"}
"""Of Akıl Kutusu."""
MATTER, INCIDENT = f"{ON}/matter", "/incidents/{incident_id}"
DUTY_PAGES: dict[tuple[str, str], set[str]] = {
    ("GET", "/emergencies"): LEADS | {"nobet"},
    ("GET", "/emergencies/ringing"): set(EVERYBODY),
    ("POST", f"{ON}/emergency"): LEADS | {"nobet"},
    ("GET", "/reminders"): set(EVERYBODY),
    ("POST", "/reminders"): set(EVERYBODY),
    ("GET", "/late"): LEADS,
    ("GET", "/late.csv"): LEADS,
    ("GET", "/reports"): LEADS | {"kalite"},
    ("GET", "/reports/{kind}/{span}/{day}"): LEADS | {"kalite"},
    ("GET", "/reports/crisis/{incident_id}"): LEADS | {"kalite"},
    ("GET", "/reports/crisis/{what}/{key}"): LEADS | {"kalite"},
    ("GET", "/reports/pictures/{attachment_id}"): LEADS | {"kalite"},
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
        [
            ("GET", "/corrective"),
            ("POST", "/corrective"),
            ("GET", "/corrective/{action_id}"),
            ("POST", "/corrective/{action_id}/plan"),
        ],
        set(EVERYBODY) - UNIT,
    ),
    ("POST", "/corrective/{action_id}/close"): {"kalite", "mudur"},
    **dict.fromkeys([("GET", "/knowledge"), ("GET", "/knowledge/{article_id}")], set(EVERYBODY) - UNIT),
    **dict.fromkeys([("GET", "/knowledge/gaps"), ("GET", "/knowledge/new"), ("POST", "/knowledge/new")], WRITERS),
    **dict.fromkeys([("POST", f"/knowledge/{{article_id}}{deed}") for deed in ("", "/retire")], WRITERS),
    **dict.fromkeys(
        [
            ("POST", f"{INCIDENT}/{deed}")
            for deed in ("confirm", "dismiss", "leave", "add", "answer", "withdraw", "close")
        ],
        DESK,
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
STEP, PRIVACY, REQUESTS = f"{ON}/steps", f"{ON}/privacy", "/privacy/requests"
APPROVERS, ANSWER_PERSONS = {"onay", "mudur"}, {"mudur", "yonetici"}
PROCESS_PAGES: dict[tuple[str, str], set[str]] = {
    ("GET", STEP): READERS,
    ("GET", "/approvals"): APPROVERS,
    ("POST", "/approvals/{submission_id}/approve"): APPROVERS,
    ("POST", "/approvals/{submission_id}/reject"): APPROVERS,
    ("GET", "/unit"): {"izsu"},
    ("GET", "/register"): DESK | CALLS,
    ("POST", "/register"): DESK | CALLS,
    ("GET", "/documents"): DESK,
    ("GET", "/documents/{document_id}.pdf"): DESK,
    ("GET", "/documents/{document_id}.json"): DESK,
    ("POST", "/documents/{document_id}/sign"): DESK,
}
LIST_PAGES: dict[tuple[str, str], set[str]] = {
    ("POST", "/inbox/bulk"): DESK,
    ("POST", "/inbox/bulk/{work_id}/undo"): READERS | CALLS | {"izsu"},  # somebody else's is not there for her
    ("GET", "/views"): READERS | CALLS | {"izsu"},
    ("POST", "/views"): READERS | CALLS | {"izsu"},
    ("POST", "/views/{view_id}/rename"): READERS | CALLS | {"izsu"},
    ("POST", "/views/{view_id}/remove"): READERS | CALLS | {"izsu"},
    ("POST", "/inbox/export"): {"elif"} | LEADS,
}
PRIVACY_PAGES: dict[tuple[str, str], set[str]] = {
    ("GET", PRIVACY): READERS,
    ("POST", f"{PRIVACY}/mark"): DESK,
    ("POST", f"{PRIVACY}/lift"): {"mudur"},
    ("POST", f"{PRIVACY}/end"): {"mudur"},
    ("GET", "/privacy/looks"): {"mudur"},
    ("GET", "/privacy"): ANSWER_PERSONS,
    ("POST", REQUESTS): ANSWER_PERSONS,
    ("GET", f"{REQUESTS}/{{key}}"): ANSWER_PERSONS,
    **dict.fromkeys(
        [("POST", f"{REQUESTS}/{{key}}/{deed}") for deed in ("identify", "export", "correct", "erase", "refuse")],
        ANSWER_PERSONS,
    ),
}
WRITING_PAGES: dict[tuple[str, str], set[str]] = {
    ("POST", f"{ON}/unsent"): DESK,
    ("POST", f"{ON}/files"): DESK,
    ("POST", f"{ON}/files/{{file_id}}/remove"): DESK,
    ("POST", f"{ON}/preview"): DESK,
    ("POST", f"{ON}/here"): READERS,
    ("GET", "/texts"): DESK | {"yonetici"},
    ("POST", "/texts"): DESK,
    ("POST", "/texts/{text_id}"): set(EVERYBODY),  # somebody else's is not there for her
    ("POST", "/texts/{text_id}/remove"): set(EVERYBODY),  # somebody else's is not there for her
    ("GET", "/mentions"): READERS | CALLS | UNIT,
    ("GET", "/wall"): READERS | {"kalite"},
}
RULE_PAGES: dict[tuple[str, str], frozenset[str]] = dict.fromkeys(
    [
        ("GET", "/rules"),
        ("POST", "/rules/approval"),
        ("POST", "/rules/leave"),
        ("POST", "/rules/leave/remove"),
        ("GET", "/bot-texts"),
        ("POST", "/bot-texts/{section}"),
        ("POST", "/bot-texts/{section}/restore"),
        ("GET", "/units"),
        ("GET", "/units/new"),
        ("POST", "/units/new"),
        ("GET", "/units/{unit_id}"),
        ("POST", "/units/{unit_id}"),
        ("POST", "/units/{unit_id}/close"),
        ("POST", "/units/{unit_id}/reopen"),
        ("GET", "/topics"),
        ("GET", "/topics/{topic_id}"),
        ("POST", "/topics/{topic_id}"),
    ],
    frozenset({"yonetici"}),
)
for pages in (WRITING_PAGES, RULE_PAGES, PROCESS_PAGES, LIST_PAGES, PRIVACY_PAGES):
    ALLOWED |= {route: frozenset(logins) for route, logins in pages.items()}
STEPS: dict[str, set[str]] = {
    **dict.fromkeys(["submit", "withdraw", "redirect", "dismiss", "close", "reopen"], DESK),
    **dict.fromkeys(["pass_interim", "keep_interim", "send_back", "consent_schedule", "refuse_schedule"], DESK),
    **dict.fromkeys(["pause", "resume", "other_body"], LEADS),
    "divide": DESK | CALLS,
    **dict.fromkeys(["accept", "return", "interim", "ask_schedule", "unit_answer"], UNIT),
}
"""The last part of `POST /applications/{id}/steps/{name}`; a unit's user takes hers on her own unit's alone."""
OF_OWN_UNIT = {
    ("GET", ON), ("GET", f"{ON}/talk"), ("GET", f"{ON}/side"), ("GET", STEP), ("GET", PRIVACY), ("POST", f"{ON}/note"),
    ("POST", f"{ON}/here"),
}  # fmt: skip
"""What a unit's user may do with her own unit's application, confidential or not, besides her steps."""
OF_ANSWERED = OF_OWN_UNIT | {
    ("POST", f"{ON}/reveal"), ("GET", MATTER), ("POST", f"{ON}/field-check"),
}  # fmt: skip
"""What the survey agent may do with an application whose citizen has an answer."""
CONFIDENTIAL: dict[tuple[str, str], set[str]] = {
    ("POST", f"{ON}/reveal"): {"mudur"},
}
"""Where a confidential application is for fewer people than others."""
PROCESS_PAGES = {
    ("GET", f"{ON}/steps"),
    ("POST", f"{ON}/steps/{{name}}"),
    ("GET", "/approvals"),
    ("POST", "/approvals/{submission_id}/approve"),
    ("POST", "/approvals/{submission_id}/reject"),
    ("GET", "/unit"),
    ("GET", "/register"),
    ("POST", "/register"),
    ("GET", "/documents"),
    ("GET", "/documents/{document_id}.pdf"),
    ("GET", "/documents/{document_id}.json"),
    ("POST", "/documents/{document_id}/sign"),
}
"""Each step asks for its own right; tested in test_process and tests/inbox/rules/test_workflow."""
STREAM = ("GET", "/events")
"""Never ends; tested in test_live."""
FILES = {
    ("GET", "/files/{attachment_id}"),
    ("GET", "/files/{attachment_id}/small"),
    ("GET", "/staff-files/{file_id}"),
    ("GET", "/staff-files/{file_id}/small"),
}
"""There or not there for a reader, never forbidden; tested in test_files and in services/test_staff_files."""


LIMITED = CALLS | LOOKS | UNIT | {"kalite"}
"""For them what they may not see is not there."""
MOVED = sorted(UNIT | CALLS)
"""Whose rights hang on where an application lies, or on its being answered; of the others one is tried."""
STEP_ROUTE = ("POST", f"{STEP}/{{name}}")
FIELDS = {
    "version": 999_999,
    "response": 999_999,
    "date": "2026-12-24",
    "outcome": "olumlu",
    "verb": "take",
    "pick-1": 1,
    "confidential": 1,
    "text": "x",
    "body": "x",
    "topic": "su_kesintisi",
    "item": 999_999,
    "method": "by_hand",
    "percent": 50,
    "day": "",
    "reason": "",
}
"""Enough to reach the question of rights in every route, and in the end too little to change anything."""


def test_the_table_names_every_route(app: FastAPI) -> None:
    known = set(ALLOWED) | OPEN | PUSHED | FILES | PEOPLE_PAGES | OWN_PAGES | PROCESS_PAGES | {STREAM, STEP_ROUTE}
    assert set(every_route(app)) == known


def test_the_table_names_every_step() -> None:
    assert set(process.DEEDS) == set(STEPS)


def is_of_application(route: tuple[str, str]) -> bool:
    return route[1].startswith(ON)


def deeds() -> Iterator[tuple[tuple[str, str], str, frozenset[str]]]:
    """(route, its address, who may) of everything that is done with an application."""
    for route, logins in ALLOWED.items():
        if is_of_application(route):
            yield route, route[1], logins
    for name, steps in STEPS.items():
        yield STEP_ROUTE, f"{STEP}/{name}", frozenset(steps)


def may(login: str, route: tuple[str, str], address: str, logins: frozenset[str], place: str, secret: bool) -> bool:
    """What the table says of one cell."""
    if login == "izsu":
        return place == "own" and (route in OF_OWN_UNIT or (route == STEP_ROUTE and login in logins))
    if login == "anket":
        hers = route in OF_ANSWERED or (route == STEP_ROUTE and login in logins)
        return place == "answered" and hers and not (secret and route in CONFIDENTIAL)
    return login in (CONFIDENTIAL.get(route, logins) if secret else logins)


async def lay(city: City, place: str, *, secret: bool) -> int:
    """An application with the reader's unit, with another one, or answered."""
    key = city.applications["gizemlisokak"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.routed_unit = {"own": "izsu", "foreign": "eshot"}.get(place)
        one.state = {"answered": State.ANSWERED}.get(place, State.ROUTED)
        one.is_open, one.confidential = True, secret
        session.add(one)
    return key


@pytest.mark.parametrize("secret", [False, True], ids=["open", "confidential"])
@pytest.mark.parametrize(
    ("login", "place"), [*product(sorted(PEOPLE), ["own"]), *product(["elif", *MOVED], ["foreign", "answered"])]
)
async def test_every_deed_for_every_role(city: City, logged_in: LogIn, login: str, place: str, secret: bool) -> None:
    """No address lets anybody do what her role or her unit does not allow [İ7d10, İ9a8]."""
    visitor, key = await logged_in(login), await lay(city, place, secret=secret)
    wrong = []
    for route, path, logins in deeds():
        fields = {**FIELDS, **fields_of(path, city)}
        address = path.format(application_id=key, file_id=1)
        response = await (visitor.get(address) if route[0] == "GET" else visitor.post(address, **fields))
        refused = response.status_code == 403 or (login in LIMITED and response.status_code == 404)
        if refused == may(login, route, path, logins, place, secret):
            wrong.append((route[0], path, response.status_code))
    assert wrong == []


def fields_of(path: str, city: City) -> dict[str, object]:
    """What some routes read before they ask for the right."""
    if path.endswith("/assign"):
        return {"user": city.users["burcu"].id}
    return {"kind": "routing"} if path.endswith("/withdraw") else {}


@pytest.mark.parametrize("login", sorted(PEOPLE))
async def test_routes_without_an_application(city: City, logged_in: LogIn, login: str) -> None:
    visitor = await logged_in(login)
    for (method, path), allowed in ALLOWED.items():
        if path == "/logout" or is_of_application((method, path)):
            continue
        ids = dict.fromkeys(re.findall(r"{(\w+)}", path), 1)
        address = path.format(**{**ids, "channel": "telegram", "message_id": city.checks["kriptokazan"]} if ids else {})
        # An empty form is refused after the permission was found: 422, 409 or 404, never 403.
        response = await (visitor.get(address) if method == "GET" else visitor.post(address, **FIELDS))
        assert (response.status_code == 403) == (login not in allowed), (method, path, response.status_code)


async def with_izsu(city: City) -> set[int]:
    """Two applications lie with İZSU."""
    await route_to_units(city, "deniz.kaya35", "kerem_35")
    return {city.applications[name] for name in ("deniz.kaya35", "kerem_35")}


async def test_a_unit_reaches_its_own_applications_and_no_others(city: City, logged_in: LogIn) -> None:
    visitor, own = await logged_in("izsu"), await with_izsu(city)
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
    own = await with_izsu(city)
    text = (await (await logged_in("izsu")).get(address)).text
    for application_id in set(city.applications.values()) - own:
        assert f'id="row-a{application_id}"' not in text
    assert 'id="row-m' not in text


async def test_a_units_counts_are_its_own(city: City, logged_in: LogIn) -> None:
    await with_izsu(city)
    text = (await (await logged_in("izsu")).get("/inbox")).text
    assert "Bekleyenler <b>2</b>" in text
    assert "WhatsApp</span> <b>0</b>" in text


@pytest.mark.parametrize("step", ["take", "correct", "answer", "close", "reopen", "reveal", "assign"])
async def test_a_unit_may_not_do_the_desks_work_on_its_own(city: City, logged_in: LogIn, step: str) -> None:
    visitor, own = await logged_in("izsu"), await with_izsu(city)
    response = await visitor.post(f"/applications/{min(own)}/{step}", version=1, text="x")
    assert response.status_code == 403
