"""A list as a file: masked, recorded, and harmless in a spreadsheet."""

import csv
import io

import pytest
from sqlmodel import select

from inbox.repositories import inbox_list
from inbox.repositories.list_query import ListQuery, Span, View
from inbox.services import exports
from models.errors import ForbiddenError
from models.tables import AccessRecord, Application, Citizen
from tests.conftest import NOW
from tests.factories import City

SPAN = Span(user_id=1, now=NOW, day_end=NOW, week_end=NOW)
NAMES = exports.Names(lambda kind, code: f"{kind}:{code}", lambda at: at.isoformat() if at else "")


async def exported(city: City, login: str = "elif") -> list[dict[str, str]]:
    async with city.desk.database.read() as session:
        lines = exports.lines(session, ListQuery(view=View.EVERYTHING), span=SPAN, actor=city.actor(login), names=NAMES)
        text = "".join([line async for line in lines])
    assert text.startswith(exports.BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(exports.BOM)), delimiter=";"))


async def test_every_application_once_over_all_pages(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_list, "PAGE", 3)
    rows = await exported(city)
    assert len(rows) == len(city.applications) == len({row["Başvuru no"] for row in rows})


async def test_personal_data_and_formulas_stay_inside(city: City) -> None:
    """[İ19h] Personal data are masked in exports always, for the desk too."""
    key = city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.summary = "=HYPERLINK(1) ben Deniz Kaya, ara beni 0532 765 43 21"
        one.neighbourhood = "Adatepe"
        citizen = await session.get_one(Citizen, one.citizen_id)
        citizen.display_name = "@Deniz Kaya"
        session.add_all([one, citizen])
        number = one.number
    row = next(row for row in await exported(city) if row["Başvuru no"] == number)
    assert row["Özet"].startswith("'=HYPERLINK")
    assert "765 43 21" not in row["Özet"]
    assert "Kaya" not in row["Özet"]
    assert row["Mahalle"] == "Adatepe"
    assert row["Vatandaş"] == "'@Deniz K•••"
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.confidential = True
        session.add(one)
    row = next(row for row in await exported(city) if row["Başvuru no"] == number)
    assert (row["Vatandaş"], row["Mahalle"], row["Özet"]) == ("Gizli başvuru sahibi", "", "")


async def test_an_export_is_recorded_and_not_for_everybody(city: City) -> None:
    async with city.desk.database.write() as session:
        await exports.record_export(session, city.actor("elif"), title="Bekleyenler", now=NOW)
        with pytest.raises(ForbiddenError):
            await exports.record_export(session, city.actor("izsu"), title="Bekleyenler", now=NOW)
    with pytest.raises(ForbiddenError):
        await exported(city, "izsu")
    async with city.desk.database.read() as session:
        (record,) = (await session.exec(select(AccessRecord))).all()
        assert (record.what, record.reason, record.user_id) == ("export", "Bekleyenler", city.actor("elif").user_id)
