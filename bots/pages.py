"""The web server of one process, started and stopped from our own event loop."""

import asyncio
from contextlib import suppress

import uvicorn

from inbox.web.app import create_app
from inbox.web.desk import Desk


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to `bots`."""

    def install_signal_handlers(self) -> None:
        """Signals stop the whole process, which then stops this server."""


class PageServer:
    """Serves pages and webhooks of a desk. Port 0 takes any free one."""

    def __init__(self, desk: Desk, *, host: str, port: int) -> None:
        self._app = create_app(desk)
        config = uvicorn.Config(
            self._app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
        self._server = _Server(config)
        self._host = host
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The address to open, known once started."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://{self._host}:{port}"

    async def start(self) -> None:
        """Return once requests are answered. Raises OSError where the port is taken."""
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            if self._task.done():
                await self._task
                raise OSError("the web server did not start; is the port taken?")
            await asyncio.sleep(0.02)

    async def wait(self) -> None:
        """Until the server ends."""
        if self._task:
            await self._task

    async def stop(self) -> None:
        self._app.state.closing.set()
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self.wait()
