"""The web server of one process, started and stopped from our own event loop."""

import asyncio
import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from inbox.web.app import create_app
from inbox.web.desk import Desk
from models.errors import InputError


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to `bots`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the whole process, which then stops this server."""
        yield


class PageServer:
    """Serves pages and webhooks of a desk. Port 0 takes any free one."""

    def __init__(self, desk: Desk, *, host: str, port: int) -> None:
        self._app = create_app(desk)
        config = uvicorn.Config(
            self._app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1
        )
        self._server = _Server(config)
        self._host, self._port = host, port
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The address to open, known once started."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Return once requests are answered. Raises InputError where the port cannot be had."""
        listener = self._listen()
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started and not self._task.done():  # noqa: ASYNC110  (uvicorn has no event)
            await asyncio.sleep(0.02)
        if self._task.done():
            await self._task

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # asyncio sends small parts at once (TCP_NODELAY) only where the protocol is named: 40 ms an answer else.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError as error:
            listener.close()
            raise InputError(f"port {self._port} of {self._host} cannot be had ({error.strerror}); set PORT") from error
        self._port = listener.getsockname()[1]
        return listener

    async def wait(self) -> None:
        """Until the server ends."""
        if self._task:
            await self._task

    async def stop(self) -> None:
        self._app.state.closing.set()
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self.wait()


def keep_what_is_loaded() -> None:
    """Once a process has started: the collector need not walk through all of that while somebody waits for a page.

    A page makes some ten thousand objects: looking for rings among them after every 700 was a twentieth of its time.
    Looking after every fifty thousand kept every hundredth page waiting for 30 to 90 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 20)
