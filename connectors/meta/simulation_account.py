"""What the simulated Page and the simulated Instagram account share: server, webhook, people, direct messages.

Imported by their simulators alone.
"""

from typing import Any

from aiohttp import web

from connectors.meta.simulation import GraphServer
from connectors.meta.simulation_messages import MessagingRules, SimulatedMessages
from connectors.meta.simulation_notices import Ids, Notices, People
from connectors.simulated_faults import FaultKind
from connectors.simulation import Disorder, Ledger, MetaWebhook
from models.enums import ChannelName
from models.ports import Clock


class SimulatedAccount:
    """One account with its direct messages; a platform adds what is public, and `write`.

    `usage_type` and `object_name` are Meta's words for it; people's ids begin with `people`.
    """

    channel: ChannelName

    def __init__(
        self,
        clock: Clock,
        rules: MessagingRules,
        *,
        app_secret: str,
        access_token: str,
        usage_type: str,
        object_name: str,
        people: str,
        ids: Ids,
        ledger: Ledger | None,
        disorder: Disorder,
    ) -> None:
        self.ledger = ledger or Ledger(clock)
        self.server = GraphServer(clock, app_secret=app_secret, access_token=access_token, usage_type=usage_type)
        self.faults = self.server.faults
        self._clock = clock
        self._ids = ids
        self._people = People(ids, people)
        self._served: set[str] = set()
        self._webhook = MetaWebhook(app_secret=app_secret, clock=clock, disorder=disorder, tally=self.ledger.disorder)
        self._notices = Notices(
            self._webhook, clock, object_name=object_name, account_id=rules.account.id, disorder=disorder
        )
        self.messages = SimulatedMessages(self.server, self._notices, self.ledger, self._people, ids, rules)
        self.server.engaged = lambda: len(self._people.known)
        self.messages.add_routes()
        self.server.route("POST", "/{node}/subscribed_apps", self._subscribe)

    async def start(self, *, port: int = 0) -> None:
        await self.server.start(port=port)
        await self.messages.files.start()

    async def stop(self) -> None:
        await self._notices.stop()
        await self.messages.files.stop()
        await self.server.stop()

    def connect_webhook(self, url: str) -> None:
        self._webhook.url = url

    def fault(self, kind: FaultKind | str, **options: Any) -> None:
        """As GraphServer.fault."""
        self.server.fault(kind, **options)

    async def settle(self) -> None:
        await self._notices.settle()

    async def _subscribe(self, request: web.Request) -> web.Response:
        return self.server.answer({"success": True})

    def _record_served(self, item: str, *, once: bool = False) -> None:
        if once and item in self._served:
            return
        self._served.add(item)
        self.ledger.record(self.channel, "served", item)
