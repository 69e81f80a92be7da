"""Opens pictures in a process of its own: a broken one costs that process, and no event loop waits for pixels."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from bots import pictures
from bots.pictures import Picture
from models.errors import TransientError

DIED = "Resim açılırken beklenmeyen bir durum oldu."


class PictureProcess:
    """Started with the first picture, and again after a picture has ended it."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def prepare(self, data: bytes) -> Picture | None:
        """The safe copy; None where the bytes are no picture. Raises TransientError where the process died of it."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=context)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, pictures.prepare, data)
        except BrokenProcessPool as error:
            self.close()
            raise TransientError(DIED) from error

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
