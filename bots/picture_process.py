"""Opens pictures in a process of its own: a broken one costs that process, and no event loop waits for pixels."""

from concurrent.futures.process import BrokenProcessPool

from bots import pictures
from bots.child_process import ChildProcess
from bots.pictures import Picture
from models.errors import TransientError

DIED = "Resim açılırken beklenmeyen bir durum oldu."


class PictureProcess:
    """Started with the first picture, and again after a picture has ended it."""

    def __init__(self) -> None:
        self._child = ChildProcess()

    async def prepare(self, data: bytes) -> Picture | None:
        """The safe copy; None where the bytes are no picture. Raises TransientError where the process died of it."""
        try:
            return await self._child.run(pictures.prepare, data)
        except BrokenProcessPool as error:
            raise TransientError(DIED) from error

    def close(self) -> None:
        self._child.close()
