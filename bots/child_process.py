"""A process of its own for work that may end it: another one takes its place. Knows nothing of the work."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Found = TypeVar("Found")


class ChildProcess:
    """Started with the first piece of work, and again after it has died; `prepare` runs in it before anything else."""

    def __init__(self, prepare: Callable[..., None] | None = None, *arguments: Any) -> None:
        self._prepare, self._arguments = prepare, arguments
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[..., Found], *arguments: Any) -> Found:
        """Raises BrokenProcessPool where the process died, of this work or of other work beside it."""
        pool = self._pool = self._pool or self._started()
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
        except BrokenProcessPool:
            if self._pool is pool:
                self.close()
            raise

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=context, initializer=self._prepare, initargs=self._arguments)
