"""Which fields of an account are pushed to the simulated app: Graph's edge `subscribed_apps`.

Imported by simulators alone.
"""

from collections.abc import Collection

from aiohttp import web

from connectors.meta.simulation import GraphError, GraphServer
from connectors.meta.simulation_messages import missing


class Subscriptions:
    """The edge of every node of a server. A call replaces the fields that were there.

    `takes_fields`: a Page or Instagram account is subscribed field by field, a WhatsApp account as a whole. `nodes`:
    the only ones that there are; empty where anything goes.
    """

    def __init__(self, server: GraphServer, *, takes_fields: bool = True, nodes: Collection[str] = ()) -> None:
        self.fields: dict[str, set[str]] = {}
        """By node."""
        self.is_forbidden = False
        """The token lacks the permission."""
        self.calls = 0
        """How many wrote."""
        self._server = server
        self._takes_fields = takes_fields
        self._nodes = nodes
        server.route("GET", "/{node}/subscribed_apps", self._read)
        server.route("POST", "/{node}/subscribed_apps", self._subscribe)

    async def _read(self, request: web.Request) -> web.Response:
        self._check(request)
        fields = self.fields.get(request.match_info["node"])
        if fields is None:
            return self._server.answer({"data": []})
        app = {"id": "1", "name": "HİM", "link": "https://example.org"}
        by_field = {**app, "subscribed_fields": sorted(fields)}
        return self._server.answer({"data": [by_field if self._takes_fields else {"whatsapp_business_api_data": app}]})

    async def _subscribe(self, request: web.Request) -> web.Response:
        self._check(request)
        body = await request.post()
        fields = {name for name in str(body.get("subscribed_fields", "")).split(",") if name}
        if self._takes_fields and not fields:
            raise GraphError(100, "(#100) The parameter subscribed_fields is required.")
        self.fields[request.match_info["node"]] = fields
        self.calls += 1
        return self._server.answer({"success": True})

    def _check(self, request: web.Request) -> None:
        if self._nodes and request.match_info["node"] not in self._nodes:
            raise missing(request.match_info["node"])
        if self.is_forbidden:
            raise GraphError(200, "(#200) Permissions error", status=403)
