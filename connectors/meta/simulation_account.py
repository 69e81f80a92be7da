"""What the simulated Page and the simulated Instagram account share: server, webhook, people, direct messages.

Imported by their simulators alone.
"""

from collections import Counter
from typing import Any

from connectors.meta.simulation import GraphError, GraphServer
from connectors.meta.simulation_messages import MessagingRules, SimulatedMessages
from connectors.meta.simulation_notices import Ids, Notices, People, read_fields
from connectors.meta.simulation_subscriptions import Subscriptions
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
        verify_token: str,
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
        self._webhook = MetaWebhook(
            app_secret=app_secret,
            verify_token=verify_token,
            clock=clock,
            disorder=disorder,
            tally=self.ledger.disorder,
        )
        self._notices = Notices(
            self._webhook, clock, object_name=object_name, account_id=rules.account.id, disorder=disorder
        )
        self.messages = SimulatedMessages(self.server, self._notices, self.ledger, self._people, ids, rules)
        self.server.engaged = lambda: len(self._people.known)
        self.messages.add_routes()
        self.subscriptions = Subscriptions(self.server)
        self.profiles_read: Counter[str] = Counter()
        """How often each citizen's names were asked for, by her id."""

    async def start(self, *, port: int = 0) -> None:
        await self.server.start(port=port)
        await self.messages.files.start()

    async def stop(self) -> None:
        await self._notices.stop()
        await self.messages.files.stop()
        await self.server.stop()

    def choose(self, author: str, title: str) -> None:
        """As SimulatedMessages.choose."""
        self.messages.choose(author, title)

    def connect_webhook(self, url: str) -> None:
        self._webhook.url = url

    def fault(self, kind: FaultKind | str, **options: Any) -> None:
        """As GraphServer.fault."""
        self.server.fault(kind, **options)

    async def settle(self) -> None:
        await self._notices.settle()

    def _profile(self, person_id: str, fields: str) -> dict[str, Any] | None:
        """What the User Profile API tells of a citizen, who must have written to us; None for anybody else's id."""
        person = next((one for one in self._people.known.values() if one.id == person_id), None)
        if person is None:
            return None
        conversation = self.messages.by_citizen.get(person.id)
        if conversation is None or conversation.citizen_wrote_at is None:
            raise GraphError(230, "(#230) User consent is required to access user profile")
        first, _, last = person.name.rpartition(" ")
        known = {"first_name": first or last, "last_name": last if first else ""}
        if self.channel is ChannelName.INSTAGRAM:
            known = {"name": person.name, "username": person.handle}
        wanted = [name for name in read_fields(fields) if name != "id"]
        if unknown := [name for name in wanted if name not in known]:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({unknown[0]})")
        self.profiles_read[person.id] += 1
        return {"id": person.id, **{name: known[name] for name in wanted}}

    def _record_served(self, item: str, *, once: bool = False) -> None:
        if once and item in self._served:
            return
        self._served.add(item)
        self.ledger.record(self.channel, "served", item)
