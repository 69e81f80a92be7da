"""Letters to bodies outside the inbox: what stands in them, the PDF, number and date."""

import base64
import io
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from bots.file_folder import FolderFileStore
from inbox.letters.letter import LetterText, letter_page
from inbox.letters.pdf import pdf_of
from inbox.repositories import process
from inbox.services import approval, letters, responses, routing
from inbox.services.approval import Letter
from models.db import Database
from models.enums import ApplicationState
from models.errors import ConflictError, InputError
from models.profile import Profile
from models.tables import Application
from tests.conftest import NOW
from tests.process_bench import BRIEF, TEXT, Bench, process_bench


@pytest.fixture
async def bench(sqlite_database: Database, profile: Profile) -> Bench:
    return await process_bench(sqlite_database, profile)


@pytest.fixture
def files(tmp_path: Path) -> FolderFileStore:
    return FolderFileStore(tmp_path)


async def text_of(bench: Bench, key: int) -> LetterText:
    async with bench.database.read() as session:
        one = await session.get_one(Application, key)
        unit = await letters.needed_for(session, one)
        assert unit
        return await letters.letter_for(session, one, unit, brief=BRIEF, profile=bench.profile, now=NOW)


async def test_what_stands_in_a_letter(bench: Bench) -> None:
    """[İ6a7, İ8a4] The document names its file-plan code; number and date come with the signature."""
    text = await text_of(bench, await bench.register(topic="yol_bozuk", unit="ilce"))
    assert (text.receiver, text.file_plan_code) == ("Bornova Belediyesi", "622.03")
    page = letter_page(text)
    assert all(part in page for part in (BRIEF, TEXT, "Ayşe Yılmaz", text.application_number, "imzada EBYS verir"))


async def test_a_confidential_letter_names_nobody(bench: Bench) -> None:
    """[İ7d10] A confidential application goes out with the citizen's identity hidden."""
    key = await bench.register(topic="yol_bozuk", unit="ilce")
    async with bench.database.write() as session:
        one = await session.get_one(Application, key)
        one.confidential = True
        session.add(one)
    page = letter_page(await text_of(bench, key))
    assert "Ayşe" not in page
    assert TEXT not in page
    assert "GİZLİ" in page


def test_a_letter_is_no_page_of_the_citizens(profile: Profile) -> None:
    """[İ6a7] What a citizen wrote stays text."""
    words = '<script>alert(1)</script><img src="http://x">'
    page = letter_page(
        LetterText(
            sender="x", desk="x", receiver="x", subject="x", file_plan_code="x", application_number="x",
            written_on=NOW.date(), received_on=NOW.date(), due_on=NOW.date(), brief="x", citizen_words=[words],
            citizen_name="", place="", confidential=False,
        )
    )  # fmt: skip
    assert "<script" not in page
    assert "<img" not in page


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="weasyprint is not installed")
async def test_the_way_by_letter(bench: Bench, files: FolderFileStore) -> None:
    """[İ6a7, İ8a4] The letter waits for its signature; with number and date the application is with the body."""
    key = await bench.register(topic="yol_bozuk", unit="ilce")
    await bench.submit(key)
    letter = await letters.print_letter(files, await text_of(bench, key))
    assert (await files.get(letter.stored_as)).startswith(b"%PDF")
    elif_, onay = bench.staff["elif"], bench.staff["onay"]
    async with bench.database.write() as session:
        submission = await approval.waiting(session, await bench.submission(session, key), onay)
        one = await bench.read(session, key, "onay")
        await approval.approve_routing(
            session, submission, one, onay, text=BRIEF, letter=letter, rules=bench.rules, now=NOW
        )
        (document,) = await process.documents_of(session, key)
    assert (await bench.now_is(key)).state is ApplicationState.AWAITING_SIGNATURE
    tomorrow = (NOW + timedelta(days=1)).date()
    tries = [("", NOW.date(), "sayısını"), ("E-1", tomorrow, "bugünden sonra"), ("E-1", NOW.date(), "")]
    for number, day, problem in tries:
        async with bench.database.write() as session:
            one = await bench.read(session, key, "elif")
            document, _ = await letters.read_document(session, document.id or 0, elif_)
            step = routing.sign(session, document, one, elif_, number=number, signed_on=day, rules=bench.rules, now=NOW)
            if problem:
                with pytest.raises(InputError, match=problem):
                    await step
            else:
                await step
                data = await letters.document_data(session, document, one, profile=bench.profile, now=NOW)
    one = await bench.now_is(key)
    assert (one.state, one.routed_unit) == (ApplicationState.ROUTED, "ilce:bornova")
    assert (data["number"], data["signed_on"], data["file_plan_code"]) == ("E-1", "2026-11-23", "622.03")
    async with bench.database.write() as session:
        document, one = await letters.read_document(session, document.id or 0, elif_)
        with pytest.raises(InputError, match="daha önce"):
            await routing.sign(
                session, document, one, elif_, number="E-2", signed_on=NOW.date(), rules=bench.rules, now=NOW
            )


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="weasyprint is not installed")
async def test_the_printer_fetches_nothing() -> None:
    """[İ6a7] A page with an address in it is laid out without it."""
    made = await pdf_of('<img src="http://127.0.0.1:9/x.png"><p>Şişli ığ</p>')
    assert made.startswith(b"%PDF")
    assert b"/DCTDecode" not in made


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="weasyprint is not installed")
async def test_a_picture_that_stands_in_the_page_is_printed() -> None:
    """[M7ı] Reports carry their pictures with them."""
    drawn = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(drawn, "JPEG")
    made = await pdf_of(f'<img src="data:image/jpeg;base64,{base64.b64encode(drawn.getvalue()).decode()}">')
    assert b"/DCTDecode" in made


async def test_the_desk_enters_the_answer_of_a_body_outside(bench: Bench) -> None:
    """[İ20a] What comes back by letter is entered by the desk, which then reviews it like any unit's answer."""
    key = await bench.register(topic="yol_bozuk", unit="ilce")
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        unit = await routing.receiver(session, one)
        await routing.start(session, one, unit, actor=bench.staff["elif"], rules=bench.rules, now=NOW)
        one.state = ApplicationState.ROUTED
    async with bench.database.write() as session:
        one = await bench.read(session, key, "elif")
        for problem in (False, True):
            step = responses.give_answer(
                session, one, bench.staff["elif"], text="Onarıldı.", seen_version=one.version, now=NOW
            )
            if problem:
                with pytest.raises(ConflictError):
                    await step
            else:
                await step
    assert (await bench.now_is(key)).state is ApplicationState.ANSWER_REVIEW


async def test_it_is_with_the_body_to_which_the_letter_went(bench: Bench) -> None:
    """[İ6a7, İ8b2] A unit that was corrected while the letter waited has been approved by nobody."""
    key = await bench.register(topic="yol_bozuk", unit="ilce")
    await bench.submit(key)
    elif_, onay = bench.staff["elif"], bench.staff["onay"]
    letter = Letter(subject="Yol", file_plan_code="622.03", stored_as="letters/1.pdf", sha256="")
    async with bench.database.write() as session:
        submission = await approval.waiting(session, await bench.submission(session, key), onay)
        one = await bench.read(session, key, "onay")
        await approval.approve_routing(
            session, submission, one, onay, text=BRIEF, letter=letter, rules=bench.rules, now=NOW
        )
        one.unit = "izsu"
        (document,) = await process.documents_of(session, key)
        await routing.sign(
            session, document, one, elif_, number="E-1", signed_on=NOW.date(), rules=bench.rules, now=NOW
        )
    assert (await bench.now_is(key)).routed_unit == "ilce:bornova"
