"""Every picture and every address of the guide opens for its reader; no browser is needed for that."""

import re

from tests.architecture.test_guide import CHAPTER_OF, GUIDE
from tests.e2e.guide_scene import furnish
from tests.e2e.guide_shots import guide_shots
from tests.factories import PEOPLE, City
from tests.inbox.web.conftest import LogIn, Visitor


async def test_every_pictured_page_opens_for_its_role(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    wanted = guide_shots(city, await furnish(city))
    visitors = {login: await logged_in(login) for login in {shot.login for shot in wanted} if login}
    answers = {shot.name: await visitors.get(shot.login, stranger).get(shot.address) for shot in wanted}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}
    assert len(answers) == len(wanted)
    texts = {name.removeprefix("guide-"): answer.text for name, answer in answers.items()}
    assert "herkez" in texts["approver-approvals"]
    assert "iade için son an" in texts["unit-list"]
    assert "Birimin cevabı" in texts["agent-answer-review"]
    assert "EBYS sayısı" in texts["agent-documents"]
    assert "üstlenilmeyi bekliyor" in texts["duty-home"]
    assert "Görüşmek istemedi" in texts["survey-talks"]
    assert "Tespiti kaydet" in texts["field-checks"]
    assert "Birim kullanıcısı olarak yetkilendir" in texts["quality-person"]
    assert "24 saat için izin ver" in texts["chief-confidentiality"]
    assert "yaklaşıyor" in texts["agent-reminders"]
    assert "Birimlerde geciken başvuru yok" not in texts["lead-late"]


async def test_every_address_of_a_chapter_opens_for_its_role(city: City, logged_in: LogIn) -> None:
    refused = []
    for login, (_, roles, _) in PEOPLE.items():
        visitor = await logged_in(login)
        chapter = (GUIDE / f"{CHAPTER_OF[roles[-1]]}.md").read_text()
        for address in sorted(set(re.findall(r"`(/[\w/-]+)`", chapter))):
            if (await visitor.get(address)).status_code != 200:
                refused.append((login, address))
    assert refused == []
