"""«Birimler» and «Konular» as the administrator sees them."""

from sqlmodel import select

from models.tables import Topic, Unit
from tests.factories import City
from tests.inbox.web.conftest import LogIn


async def test_a_unit_is_added_changed_and_closed(city: City, logged_in: LogIn) -> None:
    admin = await logged_in("yonetici")
    page = (await admin.get("/units")).text
    assert "İZSU Genel Müdürlüğü" in page
    assert "Konak Belediyesi" in page
    made = await admin.post("/units/new", name="Su Müdürlüğü", kind="department", contact="KEP: su@hs01", integrated=1)
    assert made.headers["location"] == "/units/su_mudurlugu?notice=saved"
    assert "KEP: su@hs01" in (await admin.get("/units/su_mudurlugu")).text
    refused = await admin.post("/units/su_mudurlugu", name="", contact="yazdığım")
    assert refused.status_code == 422
    assert "yazdığım" in refused.text
    assert "Birim Su Müdürlüğü" not in refused.text
    assert (await admin.post("/units/su_mudurlugu/close")).status_code == 303
    assert "Birimi yeniden aç" in (await admin.get("/units/su_mudurlugu")).text
    closing = await admin.post("/units/izsu/close")
    assert closing.status_code == 409
    assert "açık başvuru var" in closing.text
    assert (await admin.get("/units/yok")).status_code == 404


async def test_a_district_comes_into_the_inbox(city: City, logged_in: LogIn) -> None:
    """[İ6a7] A district that is integrated needs no letter any more; an outside body never works in the inbox."""
    admin = await logged_in("yonetici")
    await admin.post("/units/ilce:konak", name="Konak Belediyesi", short_name="Konak", integrated=1)
    await admin.post("/units/gdz_elektrik", name="GDZ Elektrik Dağıtım", integrated="")
    async with city.desk.database.read() as session:
        assert (await session.get_one(Unit, "ilce:konak")).integrated
        assert (await session.get_one(Unit, "gdz_elektrik")).integrated
    assert "Sistemde çalışır" not in (await admin.get("/units/gdz_elektrik")).text


async def test_a_topics_new_name_and_unit_show_at_once(city: City, logged_in: LogIn) -> None:
    admin, elif_ = await logged_in("yonetici"), await logged_in("elif")
    await elif_.get("/inbox")
    fields = {"name": "Suyun kesilmesi", "unit": "cevre_koruma", "days": "5", "other-izsu": 1}
    assert (await admin.post("/topics/su_kesintisi", **fields)).status_code == 303
    assert "Suyun kesilmesi" in (await admin.get("/topics")).text
    assert "Suyun kesilmesi" in (await elif_.get(f"/applications/{city.applications['deniz.kaya35']}")).text
    async with city.desk.database.read() as session:
        topic = (await session.exec(select(Topic).where(Topic.id == "su_kesintisi"))).one()
    assert (topic.unit, topic.other_units, topic.days) == ("cevre_koruma", ["izsu"], 5)
    refused = await admin.post("/topics/su_kesintisi", **{**fields, "days": "çok"})
    assert refused.status_code == 422
    assert 'value="çok"' in refused.text
