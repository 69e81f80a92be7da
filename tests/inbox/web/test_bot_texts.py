"""«Otomatik metinler» as the administrator sees them, and texts shared with a role on the pages."""

import re

from tests.factories import City
from tests.inbox.web.conftest import LogIn


async def test_a_text_is_written_previewed_and_taken_back(city: City, logged_in: LogIn) -> None:
    admin = await logged_in("yonetici")
    page = (await admin.get("/bot-texts")).text
    assert "<code>{number}</code> yerine başvuru numarası gelir (örnek: HİM-2026-0000001)" in page
    assert "/ 280 karakter" in page
    assert "İlk hâline döndür" not in page
    await admin.post("/bot-texts/thanks", **{"text-1": "Teşekkürler, kayıt: {number}.", "text-2": ""})
    page = (await admin.get("/bot-texts")).text
    assert "Teşekkürler, kayıt: HİM-2026-0000001." in page
    assert "İlk hâline döndür" in page
    refused = await admin.post("/bot-texts/public", **{"text-1": "{number} " + "uzun " * 80})
    assert refused.status_code == 422
    assert "için metin çok uzun" in refused.text
    assert "uzun uzun" in refused.text
    await admin.post("/bot-texts/thanks/restore")
    assert "Teşekkürler, kayıt" not in (await admin.get("/bot-texts")).text


async def test_texts_and_views_for_one_role(city: City, logged_in: LogIn) -> None:
    admin, night, elif_ = await logged_in("yonetici"), await logged_in("nobet"), await logged_in("elif")
    assert "Yalnız ben" not in (await admin.get("/texts")).text
    await admin.post("/texts", shortcut="vardiya", title="Vardiya", text="Gece ekibi bakıyor.", shared="duty_desk")
    assert "Gece ekibi bakıyor." in (await night.get("/texts")).text
    assert "Gece ekibi bakıyor." not in (await elif_.get("/texts")).text
    await admin.post("/views?view=urgent", name="Geceki aciller", shared="duty_desk")
    assert "Geceki aciller" in (await night.get("/inbox")).text
    assert "Geceki aciller" not in (await elif_.get("/inbox")).text
    assert re.search(r"Geceki aciller</a> (<b>\d+</b> )?<span[^>]*>Merkez 1", (await admin.get("/views")).text)
    assert "Kim görsün" not in (await elif_.get("/inbox")).text
