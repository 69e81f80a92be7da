"""The administrator's own words for what the bots say: one path, refused where they do not fit."""

import pytest
from sqlmodel import select

from inbox.services import bot_texts
from inbox.services.security_events import SHELL
from inbox.services.users import By
from models.channel_facts import SurfaceFacts
from models.enums import Purpose
from models.errors import ForbiddenError, InputError, NotFoundError
from models.tables import OutboxItem
from tests.conftest import NOW
from tests.factories import City, play
from tests.inbox.services.test_organisation import WATER

SMALL = {"X": SurfaceFacts(limit=60, measure=len)}
OWN = "Mesajınızı {number} numarasıyla kaydettik."


def by(city: City, login: str = "yonetici") -> By:
    return By(actor=city.actor(login), now=NOW, where=SHELL)


async def write(city: City, *texts: str, section: str = "direct", login: str = "yonetici") -> None:
    async with city.desk.database.write() as session:
        await bot_texts.change(session, section, texts, profile=city.desk.profile, limits=SMALL, by=by(city, login))


async def acknowledgement(city: City) -> str:
    """Of what a citizen writes now."""
    await play(city, WATER, number=900)
    query = select(OutboxItem.text).where(OutboxItem.purpose == Purpose.ACKNOWLEDGEMENT)
    async with city.desk.database.read() as session:
        return (await session.exec(query.order_by(OutboxItem.id.desc()))).first() or ""


async def test_bots_say_what_the_administrator_wrote(city: City) -> None:
    for section in ("public", "direct"):
        await write(city, f"  {OWN}\n", "", section=section)
    assert (await acknowledgement(city)).startswith("Mesajınızı HİM-2026-0000")
    async with city.desk.database.write() as session:
        assert await bot_texts.written_sections(session) == {"public", "direct"}
        await bot_texts.restore(session, "direct", profile=city.desk.profile, by=by(city))
    async with city.desk.database.read() as session:
        now = await bot_texts.acknowledgements(session, city.desk.profile)
    first = city.desk.profile.texts["acknowledgement"]
    assert now == {**first, "public": [OWN]}


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        ([], "En az bir"),
        ([OWN] * 6, "En az bir"),
        (["Mesajınız kaydedildi."], "numarasının yeri"),
        (["{number} {kim}"], "numarasının yeri"),
        ([f"{OWN} Teşekkür ederiz."], "X için metin çok uzun"),
    ],
)
async def test_texts_that_do_not_fit_are_refused(city: City, texts: list[str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        await write(city, *texts)


async def test_bot_texts_are_the_administrators(city: City) -> None:
    with pytest.raises(ForbiddenError):
        await write(city, OWN, login="mudur")
    with pytest.raises(NotFoundError):
        await write(city, OWN, section="yok")
