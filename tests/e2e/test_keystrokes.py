"""How many keys and clicks lie between opening an application and a sent answer: five usual ways, done and counted.

The guide's table for agents says the same numbers.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect
from sqlmodel import select

from models.enums import ApplicationState, OutboxState, ResponseKind
from models.tables import Application, ArticleRevision, Draft, OutboxItem, ReadyText, Submission, UnitResponse
from tests.e2e.watching import arrive
from tests.factories import City

GUIDE = Path(__file__).parents[2] / "docs/guide/basvuru-personeli.md"
DRAFT = "Arıza giderildi."
READY = "Planlı bakım akşam 18.00'de bitecek."
UNIT_SAYS = "Rögar kapağı yenilendi."


@dataclass(slots=True)
class Hands:
    """Counts what a person presses, each key of a chord by itself; letters of a text apart."""

    page: Page
    address: str
    keys: int = 0
    letters: int = 0

    async def press(self, *chords: str) -> None:
        for chord in chords:
            self.keys += len(chord.split("+"))
            await self.page.keyboard.press(chord)

    async def write(self, text: str) -> None:
        self.letters += len(text)
        await self.page.keyboard.type(text)

    async def open(self, application_id: int) -> None:
        """From its row in the list, where she has come to."""
        await self.page.goto(f"{self.address}/inbox")
        await self.page.locator(f"#row-a{application_id} .row").focus()
        await self.press("Enter")
        await expect(self.page.locator("#work .pane")).to_have_attribute("data-application", str(application_id))


async def accept_a_draft(hands: Hands, key: int) -> None:
    await hands.open(key)
    await hands.press("Control+Enter")
    await expect(hands.page.locator(".msg.pending")).to_contain_text(DRAFT)


async def correct_a_word(hands: Hands, key: int) -> None:
    await hands.open(key)
    await hands.press("r")
    await expect(hands.page.locator("#text")).to_be_focused()
    await hands.press("Control+Shift+ArrowRight")
    await hands.write("Sorun ")
    await hands.press("Control+Enter")
    await expect(hands.page.locator(".msg.pending")).to_contain_text("Sorun giderildi.")


async def take_a_ready_text(hands: Hands, key: int) -> None:
    await hands.open(key)
    await hands.press("r")
    await expect(hands.page.locator("#text")).to_be_focused()
    await hands.write("/bakim ")
    await hands.press("Control+Enter")
    await expect(hands.page.locator(".msg.pending")).to_contain_text(READY)


async def open_steps(hands: Hands, key: int) -> None:
    await hands.press("s")
    await hands.page.wait_for_url(f"**/applications/{key}/steps")


async def send_to_its_unit(hands: Hands, key: int) -> None:
    await hands.open(key)
    await open_steps(hands, key)
    await hands.press("r")
    await expect(hands.page.locator("#submit-text")).to_be_focused()
    await hands.write("690 hattı gelmedi.")
    await hands.press("Control+Enter")
    await expect(hands.page.locator(".told")).to_contain_text("onaya gönderildi")


async def pass_an_answer_on(hands: Hands, key: int) -> None:
    await hands.open(key)
    await open_steps(hands, key)
    await hands.press("r", "Control+Enter")
    await expect(hands.page.locator(".msg.pending")).to_contain_text(UNIT_SAYS)


WAYS = {
    "Hazır taslağı göndermek": (accept_a_draft, "deniz.kaya35"),
    "Taslağın bir sözcüğünü düzeltip göndermek": (correct_a_word, "onurtan"),
    "Hazır metinle cevaplamak": (take_a_ready_text, "Cem Öz"),
    "Özet yazıp birime göndermek": (send_to_its_unit, "gizemlisokak"),
    "Birimin cevabını vatandaşa iletmek": (pass_an_answer_on, "kerem_35"),
}


async def furnish(city: City) -> None:
    """Two drafts, one ready text, one unit's answer."""
    now, found = city.desk.clock.now(), city.applications
    async with city.desk.database.write() as session:
        for name, text in (("deniz.kaya35", DRAFT), ("onurtan", DRAFT), ("Cem Öz", "")):
            session.add(
                Draft(application_id=found[name], article_id="a" if text else "", article_title="Su",
                      short_text=text, long_text=text, created_at=now)
            )  # fmt: skip
        session.add(
            ArticleRevision(article_id="a", title="Su", topic="su_kesintisi", unit="izsu", questions=[], source="İZSU",
                            short_text=DRAFT, long_text=DRAFT, valid_until=now.date(), created_at=now)
        )  # fmt: skip
        session.add(ReadyText(shortcut="bakim", title="Bakım", text=READY, created_at=now))
        one = await session.get_one(Application, found["kerem_35"])
        one.state, one.routed_unit, one.routed_at = ApplicationState.ANSWER_REVIEW, "izsu", now
        session.add(one)
        session.add(
            UnitResponse(application_id=found["kerem_35"], unit="izsu", kind=ResponseKind.ANSWER, text=UNIT_SAYS,
                         user_id=city.users["izsu"].id or 0, created_at=now)
        )  # fmt: skip


def told() -> dict[str, tuple[int, int]]:
    """Keys and letters by the name of the way, as the guide says."""
    rows = re.findall(r"^\| ([^|]+) \|[^|]*\| (\d+) \| (\d+) \|$", GUIDE.read_text(), re.MULTILINE)
    return {name: (int(keys), int(letters)) for name, keys, letters in rows}


async def test_from_opening_to_a_sent_answer(page: Page, city: City, address: str) -> None:
    await furnish(city)
    await arrive(page, city, address, login="elif")
    counted = {}
    for name, (way, citizen) in WAYS.items():
        hands = Hands(page, address)
        await way(hands, city.applications[citizen])
        counted[name] = (hands.keys, hands.letters)
    async with city.desk.database.read() as session:
        assert len((await session.exec(select(OutboxItem).where(OutboxItem.state == OutboxState.QUEUED))).all()) == 4
        assert (await session.exec(select(Submission.text))).all() == ["690 hattı gelmedi."]
    assert counted == told()
