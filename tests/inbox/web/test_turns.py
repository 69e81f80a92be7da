"""Pages of the inbox, one after the other."""

import asyncio

import pytest

from inbox.web import turns
from inbox.web.turns import Turns
from tests.inbox.web.conftest import LogIn


async def test_one_comes_after_the_other_in_the_order_of_asking() -> None:
    line, said, end = Turns(), list[str](), asyncio.Event()

    async def build(name: str) -> None:
        async with line.next():
            said.append(f"{name} begins")
            if name == "first":
                await end.wait()
            said.append(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third"):
            group.create_task(build(name))
        await asyncio.sleep(0)
        assert said == ["first begins"]
        end.set()
    assert said == [f"{name} {what}" for name in ("first", "second", "third") for what in ("begins", "ends")]


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a page that is slow the next begins beside it, and the line goes on as before."""
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    line = Turns()
    async with line.next():
        async with line.next():
            assert line._line.locked()
        assert line._line.locked(), "the first still has her turn"
    assert not line._line.locked()


async def test_an_error_gives_the_turn_back(logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    assert (await elif_.get("/applications/999999")).status_code == 404
    app = elif_.client._transport.app  # type: ignore[attr-defined]
    assert not app.state.turns._line.locked()
    assert (await elif_.get("/inbox")).status_code == 200
