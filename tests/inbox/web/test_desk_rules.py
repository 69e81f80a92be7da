"""What the administrator decides for the whole desk, through its page."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.repositories import organisation
from models.enums import ChannelName
from models.tables import Application, LeaveDay, SecurityEvent, Setting
from tests.factories import City
from tests.inbox.web.conftest import LogIn
from tests.inbox.web.test_process import register


async def test_approval_is_set_per_channel(city: City, logged_in: LogIn) -> None:
    """[İ8b2] Which channels need approval, and whether replies do, is the administrator's setting; recorded."""
    admin = await logged_in("yonetici")
    await admin.post("/rules/approval", **{"channel-web": 1, "replies": 1})
    async with city.desk.database.read() as session:
        channels = await session.get_one(Setting, organisation.APPROVAL_CHANNELS)
        replies = await session.get_one(Setting, organisation.APPROVES_REPLIES)
        (event,) = (await session.exec(select(SecurityEvent).where(SecurityEvent.what == "rules_changed"))).all()
    assert (channels.value, replies.value) == ([ChannelName.WEB], True)
    assert (event.user_id, event.detail) == (city.users["yonetici"].id, "onay: web; cevaplar: evet")


async def test_leave_moves_limits_in_working_days(city: City, logged_in: LogIn) -> None:
    """[İ20a, S4l] Administrative leave that is added moves what is counted in working days, at once and back again."""
    admin, elif_ = await logged_in("yonetici"), await logged_in("elif")
    key = await register(elif_, channel="bilgi_edinme")

    async def due() -> object:
        async with city.desk.database.read() as session:
            return (await session.get_one(Application, key)).due_at

    before = await due()
    await admin.post("/rules/leave", day="2026-11-25", reason="Kar tatili")
    assert "Kar tatili" in (await admin.get("/rules")).text
    assert await due() == before + timedelta(days=1)  # type: ignore[operator]
    assert (await admin.post("/rules/leave", day="2026-11-25", reason="Yine")).status_code == 409
    assert (await admin.post("/rules/leave", day="yarın", reason="Kar")).status_code == 422
    await admin.post("/rules/leave/remove", day="2026-11-25")
    async with city.desk.database.read() as session:
        assert not (await session.exec(select(LeaveDay))).all()
    assert await due() == before


@pytest.mark.parametrize("login", ["elif", "mudur", "onay", "izsu"])
async def test_the_rules_are_the_administrators(logged_in: LogIn, login: str) -> None:
    """[İ8b2] Nobody else changes them."""
    visitor = await logged_in(login)
    assert (await visitor.get("/rules")).status_code == 403
    for address in ("/rules/approval", "/rules/leave", "/rules/leave/remove"):
        assert (await visitor.post(address)).status_code == 403
