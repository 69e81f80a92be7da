"""What people do on the pages, as several scenes need it: by links, fields and buttons that stand there."""

from playwright.async_api import Locator, Page, expect


async def go(page: Page, name: str) -> None:
    """By the link of that name, in whatever menu it stands."""
    await page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()


async def find(page: Page, number: str) -> None:
    """Open an application by its number, from wherever she is."""
    if not await page.locator("#q").count():
        await go(page, "Gelen kutusu")
    await page.fill("#q", number)
    await page.press("#q", "Enter")
    await page.locator("#rows .row").first.click()
    await expect(page.locator("#work h1")).to_contain_text(number)


async def open_row(page: Page, key: int) -> None:
    """From the list; keys are pressed once the application stands there."""
    await page.locator(f"#row-a{key} .row").click()
    await expect(page.locator(f'#work .pane[data-application="{key}"]')).to_be_visible()


async def open_steps(page: Page) -> None:
    await page.get_by_role("link", name="Adımlar").first.click()
    await expect(page.locator("h1")).to_contain_text("Adımlar")


def card(page: Page, title: str) -> Locator:
    """A section by its heading."""
    return page.get_by_role("region", name=title)


async def take_step(page: Page, title: str, button: str, **fields: str) -> None:
    """Fill in a step's card and press its button; a field's name is its name in the form."""
    one = card(page, title)
    folded = one.locator("> details:not([open]) > summary")
    if await folded.count():
        await folded.click()
    for name, value in fields.items():
        field = one.locator(f"[name={name}]").first
        if await field.evaluate("one => one.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await one.get_by_role("button", name=button, exact=True).click()


async def told(page: Page, words: str) -> None:
    """What the page says of what was just done."""
    await expect(page.locator(".told, #notice").first).to_contain_text(words)


async def register(page: Page, *, urgency: str = "normal") -> str:
    """A call is written down; the number that it was given."""
    await go(page, "Yeni başvuru")
    await page.get_by_label("Geliş kanalı").select_option("phone")
    await page.get_by_label("Vatandaşın sözleri").fill("Sokağımızda su yok")
    await page.get_by_label("Adı soyadı").fill("Ayşe Yılmaz")
    await page.get_by_label("Telefonu").fill("0532 123 45 67")
    await page.get_by_label("Konu").select_option("su_kesintisi")
    await page.locator("#new-unit").select_option("izsu")
    await page.get_by_label("Öncelik").select_option(urgency)
    await page.get_by_role("button", name="Kaydet").click()
    await expect(page.locator("#head h1")).to_contain_text("Su kesintisi")
    return (await page.locator("#head h1").inner_text()).split(" · ")[0]


def key_of(page: Page) -> int:
    """The id of the application that stands in the address."""
    return int(page.url.split("/applications/")[1].split("/")[0].split("?")[0])
