"""Ends a timed run that does not end by itself, and says what hangs. A thread: a blocked event loop cannot stop it."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

HUNG = 1
"""Exit code: a fault of ours."""


class Watchdog:
    """Made inside a running loop; where the process still lives after so many seconds, it ends with exit code 1."""

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._timer = threading.Timer(max(0.0, seconds), self._bite)
        self._timer.daemon = True

    def start(self) -> None:
        """Nobody needs to call it off: a process that ends in time takes it along."""
        self._timer.start()

    def _bite(self) -> None:
        lines = [f"the run did not end {self._seconds:.0f} s after its start; still under way:", *self._under_way()]
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()
        os._exit(HUNG)

    def _under_way(self) -> Iterator[str]:
        """Roles and where each of them waits; the innermost place last."""
        for task in _tasks(self._loop):
            places = [f"{frame.f_code.co_qualname}:{frame.f_lineno}" for frame in task.get_stack()]
            waits = getattr(task.get_coro(), "__qualname__", "")
            yield f"  {task.get_name()}: {waits} {' > '.join(places)}"


def _tasks(loop: asyncio.AbstractEventLoop) -> list["asyncio.Task[object]"]:
    """The loop's tasks; the set may change while it is read from another thread."""
    for _ in range(10):
        try:
            return sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
        except RuntimeError:
            continue
    return []
