"""Every page for every role: nothing for axe in both themes on desktop and phone, and no page too wide.

The pages are those of the app's routes: a new one is looked at by itself, or fails until its address can be filled in.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from inbox.services import people, users
from inbox.services.security_events import SHELL
from inbox.services.users import By, Change
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from models.enums import Role
from models.profile import Profile
from tests.conftest import copy_of_city
from tests.e2e.browser import serving
from tests.e2e.guide_scene import Places, furnish
from tests.e2e.test_office import furnish as furnish_office
from tests.e2e.watching import faults, let_in
from tests.factories import PEOPLE, City
from tests.inbox.web.test_guard import every_route

pytestmark = pytest.mark.timeout(300)
"""The first test waits until every address was asked for by everybody."""
STREAM = "/events"
STRANGER = "stranger"
Addresses = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A served desk in which every queue has something; the pages worth looking at, by log-in."""

    city: City
    address: str
    pages: Addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A page as somebody sees it."""

    login: str
    address: str
    kinds: set[str]


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def town(
    city_template: tuple[Path, City], tmp_path_factory: pytest.TempPathFactory, profile: Profile
) -> AsyncIterator[Town]:
    city = copy_of_city(city_template, tmp_path_factory.mktemp("town"), profile)
    await furnish_office(city)
    filled = fillings(city, await furnish(city), await invitation(city))
    app = create_app(city.desk)
    wanted = list(addresses({path for method, path in every_route(app) if method == "GET"}, filled))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        pages = await pages_worth_looking_at(city, client, wanted)
    async with serving(app) as address:
        yield Town(city=city, address=address, pages=pages)
    await city.desk.database.close()


async def invitation(city: City) -> str:
    """The token of a link by which somebody chooses her password."""
    change = Change(name="Deniz Yeni", email="", roles=[Role.AGENT.value], unit=None)
    by = By(actor=city.actor("yonetici"), now=city.desk.clock.now(), where=SHELL)
    async with city.desk.database.write() as session:
        _, token = await users.invite(session, "deniz.yeni", change, by=by)
    return token


def fillings(city: City, places: Places, token: str) -> Addresses:
    """What stands in an address, by the parameter's name or, where a page has more faces than one, by the path."""
    known = city.applications
    water, doubt, closed = known["deniz.kaya35"], known["Mehmet Akın"], known["ege_bisiklet"]
    choices: dict[str, list[object]] = {
        "application_id": [water],
        "/applications/{application_id}": [doubt, f"{closed}?view=closed", places.draft, places.confidential, 99_999],
        "/applications/{application_id}/steps": [places.draft, places.routed, places.answered_by_unit],
        "/applications/{application_id}/privacy": [places.confidential],
        "/inbox": ["?q=bulunmaz", "?view=review", "?view=closed"],
        "message_id": [city.checks["kriptokazan"]],
        "incident_id": [places.incident],
        "user_id": [places.invited],
        "channel": ["telegram"],
        "account_id": [1],
        "token": [token],
        "key": [1],
        "document_id": [1],
        "attachment_id": [1],
        "file_id": [1],
        "article_id": ["cop-toplama"],
        "action_id": [1],
        "unit_id": ["izsu"],
        "topic_id": ["su_kesintisi"],
        "kind": ["channels"],
        "what": ["topic"],
        "span": ["daily"],
        "day": [city.desk.clock.now().date()],
    }
    return {name: [str(one) for one in found] for name, found in choices.items()}


def addresses(paths: Iterable[str], filled: Addresses) -> Iterator[tuple[str, str]]:
    """(path, address) of everything that may be a page."""
    for path in sorted(paths):
        if path == STREAM or path.startswith("/webhooks/"):
            continue
        names = re.findall(r"{(\w+)}", path)
        assert set(names) <= set(filled), f"say in fillings() what stands in the address {path}"
        first = {name: filled[name][0] for name in names}
        yield path, path.format(**first)
        for more in filled.get(path, []):
            yield path, path.format(**dict.fromkeys(names, more)) + ("" if names else more)


async def pages_worth_looking_at(city: City, client: httpx.AsyncClient, wanted: list[tuple[str, str]]) -> Addresses:
    """Of every page as many faces as show together what anybody sees on it."""
    faces: dict[str, list[Face]] = {}
    for login in (STRANGER, *PEOPLE):
        client.cookies.clear()
        if login != STRANGER:
            async with city.desk.database.write() as session:
                client.cookies.set(COOKIE, await people.log_in(session, city.users[login], now=city.desk.clock.now()))
        for path, address in wanted:
            response = await client.get(address, headers={"Accept": "text/html"})
            if is_page(response):
                face = Face(login=login, address=address, kinds=kinds_of_elements(response.text))
                faces.setdefault(path if response.is_success else "problem", []).append(face)
    found: Addresses = {login: [] for login in (STRANGER, *PEOPLE)}
    for face in (face for same in faces.values() for face in enough(same)):
        found[face.login].append(face.address)
    return found


def enough(faces: list[Face]) -> Iterator[Face]:
    """The one with most that is new, again and again until nothing is."""
    known: set[str] = set()
    while (face := max(faces, key=lambda one: len(one.kinds - known))).kinds - known:
        known |= face.kinds
        yield face


def is_page(response: httpx.Response) -> bool:
    return response.status_code != 303 and response.text.startswith("<!doctype html>")


def kinds_of_elements(text: str) -> set[str]:
    """Elements without what the database filled in."""
    inside = re.sub(r"<nav.*?</nav>|<option.*?</option>|<div id=.alarm..*?</div>", "", text, flags=re.DOTALL)
    tags = re.findall(r"<[a-z][^>]*>", inside)
    values = r"""\b(?!class|type|role|aria-current)[\w-]+=("[^"]*"|'[^']*')|\s+"""
    return {re.sub(values, " ", tag) for tag in tags}


@pytest.mark.parametrize("login", [STRANGER, *PEOPLE])
async def test_axe_finds_nothing_and_nothing_is_too_wide(chromium: Browser, town: Town, login: str) -> None:
    context = await chromium.new_context(locale="tr-TR")
    page = await context.new_page()
    if login != STRANGER:
        await let_in(context, town.city, town.address, login=login)
    found = []
    for address in town.pages[login]:
        await page.goto(town.address + address)
        found += [f"{address}: {one}" for one in await faults(page)]
    await context.close()
    assert found == []


@pytest.mark.parametrize("login", PEOPLE)
async def test_the_first_page_of_everybody_needs_no_script(chromium: Browser, town: Town, login: str) -> None:
    context = await chromium.new_context(java_script_enabled=False, locale="tr-TR")
    await let_in(context, town.city, town.address, login=login)
    page = await context.new_page()
    await page.goto(town.address)
    await expect(page.locator("h1").first).to_be_visible()
    links = page.get_by_role("navigation").get_by_role("link")
    here = await page.locator('a[aria-current="page"]').count()
    assert await links.count() > here, "there is somewhere to go"
    await context.close()
