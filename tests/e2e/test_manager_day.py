"""A manager's day: who may see whom in a confidential matter, and what persons ask of their own data."""

from playwright.async_api import expect

from tests.e2e.conftest import Enter
from tests.e2e.deeds import find, go
from tests.factories import City, route_to_units

NUMBER = "HİM-2026-0000002"
"""Deniz Kaya's, which lies with İZSU."""


async def test_a_confidential_matter_and_the_unit(enter: Enter, city: City) -> None:
    """[İ7d10-11, İ9a8, İ19h] Hidden from the unit; lifted for a day with a reason; every look is on record."""
    await route_to_units(city, "deniz.kaya35")
    elif_, izsu, mudur = await enter("elif"), await enter("izsu"), await enter("mudur")
    await find(elif_, NUMBER)
    await elif_.get_by_role("link", name="Gizlilik").click()
    await elif_.get_by_label("Gizleme gerekçesi").fill("Adının bilinmesini istemiyor")
    await elif_.get_by_role("button", name="Kimliği birimden gizle").click()
    await expect(elif_.locator("main")).to_contain_text("kimliği birimden gizlenir")

    await find(izsu, NUMBER)
    await expect(izsu.locator("#side")).to_contain_text("kimlik bilgileri birime gösterilmez")
    await expect(izsu.locator("body")).not_to_contain_text("Deniz")

    await find(mudur, NUMBER)
    await mudur.get_by_role("link", name="Gizlilik: gizli başvuru").click()
    grant = mudur.get_by_role("region", name="Birime süreli izin")
    await grant.get_by_label("Gerekçe").fill("Yerinde görüşme gerekiyor")
    await grant.get_by_role("button", name="24 saat için izin ver").click()
    await expect(grant).to_contain_text("Yerinde görüşme gerekiyor")

    await izsu.get_by_role("link", name="Gizlilik").click()
    await izsu.get_by_role("button", name="Kimliği bir kez göster").click()
    await expect(izsu.locator("#side")).to_contain_text("Deniz Kaya")
    await izsu.reload()

    await go(mudur, "Kişisel veri erişimleri")
    await expect(mudur.locator("main")).to_contain_text("İZSU Birim Kullanıcısı")
    await mudur.get_by_role("link", name=NUMBER).first.click()
    await mudur.get_by_role("button", name="İzni geri al").click()
    await find(izsu, NUMBER)
    await expect(izsu.locator("#side")).to_contain_text("kimlik bilgileri birime gösterilmez")


async def test_a_person_asks_for_what_is_kept_of_her(enter: Enter, city: City) -> None:
    """Law 6698, 11 and 13: identified, handed out, refused with a reason."""
    mudur = await enter("mudur")
    for kind in ("export", "erase"):
        await go(mudur, "Kişisel veriler")
        await mudur.get_by_label("Kişinin başvurularından birinin numarası").fill(NUMBER)
        await mudur.get_by_label("Ne istiyor").select_option(kind)
        await mudur.get_by_role("button", name="Talebi kaydet").click()
        await mudur.get_by_label("Kimliği nasıl doğrulandı").fill("Kimlik kartı görüldü")
        await mudur.get_by_role("button", name="Kimliği doğrulandı").click()
        if kind == "export":
            async with mudur.expect_download() as coming:
                await mudur.get_by_role("button", name="JSON indir").click()
            assert "Adatepe" in (await (await coming.value).path()).read_text()
        else:
            await mudur.get_by_label("Kişiye bildirilecek gerekçe").fill("Başvurunuz sürüyor.")
            await mudur.get_by_role("button", name="Talebi reddet").click()
            await expect(mudur.get_by_role("region", name="Durum")).to_contain_text("Başvurunuz sürüyor.")


async def test_the_list_for_the_official_letter(enter: Enter) -> None:
    """[İ15g]"""
    mudur = await enter("mudur")
    await go(mudur, "Gecikenler")
    async with mudur.expect_download() as coming:
        await mudur.get_by_role("link", name="Resmî yazı için liste").click()
    assert (await coming.value).suggested_filename.endswith(".csv")
