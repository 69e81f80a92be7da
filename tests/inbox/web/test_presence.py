"""Who else is here, over a real bus."""

import asyncio
from dataclasses import replace

from bots.queues.local import LocalBus
from inbox.web import presence
from inbox.web.presence import Colleague, Presence

ELIF, BURCU = Colleague(user_id=1, name="Elif", typing=False), Colleague(user_id=2, name="Burcu", typing=True)


async def test_one_process_hears_the_other() -> None:
    bus = LocalBus()
    here, there = Presence(bus), Presence(bus)
    follower = asyncio.create_task(there.listen())
    await asyncio.sleep(0)
    await here.tell(7, ELIF)
    await here.tell(7, BURCU)
    for _ in range(10):
        await asyncio.sleep(0)
    assert there.others(7, 3) == [BURCU, ELIF], "who is typing stands first"
    assert there.others(7, 2) == [ELIF]
    assert there.others(8, 3) == []
    await here.tell(7, BURCU, left=True)
    for _ in range(10):
        await asyncio.sleep(0)
    assert there.others(7, 3) == [ELIF]
    follower.cancel()


async def test_who_says_nothing_has_gone(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    now = [1000.0]
    monkeypatch.setattr(presence, "monotonic", lambda: now[0])
    here = Presence(LocalBus())
    await here.tell(7, ELIF)
    now[0] += presence.HERE_SECONDS - 1
    assert here.others(7, 2) == [ELIF]
    now[0] += 2
    assert here.others(7, 2) == []


async def test_who_pressed_a_key_is_typing_for_a_while(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Her page says every few seconds that it stands open; that ends nothing."""
    now = [1000.0]
    monkeypatch.setattr(presence, "monotonic", lambda: now[0])
    here = Presence(LocalBus())
    await here.tell(7, BURCU)
    now[0] += presence.TYPING_SECONDS - 1
    await here.tell(7, replace(BURCU, typing=False))
    assert here.others(7, 1) == [BURCU]
    now[0] += 2
    assert here.others(7, 1) == [replace(BURCU, typing=False)]
