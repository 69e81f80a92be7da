"""Serves the files of simulated citizens on loopback: a small picture, a moment of silence. For simulators alone."""

import base64

from aiohttp import web

from connectors.simulation import SimulatorServer

PICTURE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+"
    "b9//j/wAALCAAMABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AJAf/9k="
)
SILENCE = b"OggS\x00\x02" + bytes(20)
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
AUDIO_ASSETS = ("2",)


class SimulatedFiles:
    """A host of files. `base_url` has no slash at the end; any path below it is a file."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", _serve)
        self._server = SimulatorServer(app)

    @property
    def base_url(self) -> str:
        return self._server.base_url

    async def start(self) -> None:
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop()


async def _serve(request: web.Request) -> web.StreamResponse:
    if request.path.endswith(".mp4"):
        return web.Response(body=FILM, content_type="video/mp4")
    if request.query.get("asset_id") in AUDIO_ASSETS:
        return web.Response(body=SILENCE, content_type="audio/ogg")
    return web.Response(body=PICTURE, content_type="image/jpeg")
