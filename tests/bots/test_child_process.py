"""Work in a process of its own, which may die of it."""

import asyncio
import os
from concurrent.futures.process import BrokenProcessPool

import pytest

from bots.child_process import ChildProcess

_prepared = ""


def prepare(word: str) -> None:
    global _prepared
    _prepared = word


def prepared() -> str:
    return _prepared


def die() -> None:
    os._exit(1)


async def test_a_process_that_died_is_followed_by_another_one() -> None:
    """Prepared like the first, and once, though all that was asked of the dead one fails."""
    child = ChildProcess(prepare, "ready")
    try:
        assert await child.run(prepared) == "ready"
        asked = await asyncio.gather(*(child.run(die) for _ in range(2)), return_exceptions=True)
        assert [type(one) for one in asked] == [BrokenProcessPool] * 2
        assert await child.run(prepared) == "ready"
    finally:
        child.close()


async def test_a_closed_one_may_be_closed_again() -> None:
    child = ChildProcess()
    child.close()
    with pytest.raises(ZeroDivisionError):
        await child.run(divmod, 1, 0)
    child.close()
    child.close()
