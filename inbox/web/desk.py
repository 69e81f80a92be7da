"""What a request may reach: the parts of one installation, handed over by `bots.compose`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox.services.uploads import Prepare
from models.account_setup import AccountOffice
from models.channel_facts import ChannelFacts
from models.db import Database
from models.learning import ModelShelf
from models.ports import Clock, Connector, FileStore, JobQueue, LiveBus, Mailer, SecretStore
from models.profile import Profile
from models.single_sign_on import IdentityProvider


@dataclass(slots=True, kw_only=True)
class Desk:
    """`connectors` by account id; they may be exchanged while the desk runs (an account was set up)."""

    database: Database
    clock: Clock
    profile: Profile
    queue: JobQueue
    bus: LiveBus
    connectors: dict[int, Connector] = field(default_factory=dict)
    files: FileStore | None = None
    """Where citizens' files stand (`services.attachments.stored_file` names them)."""
    prepare_picture: Prepare | None = None
    """Takes what is hidden in it out of a picture that is uploaded."""
    accounts: AccountOffice | None = None
    """Sets accounts up; None where this process cannot."""
    models: ModelShelf | None = None
    """The trained models; None where this process cannot reach them."""
    secrets: SecretStore | None = None
    """Keeps the secrets of second factors; None where this process has nowhere to keep them."""
    sign_on: IdentityProvider | None = None
    """The city's identity provider; None where there is none."""
    mailer: Mailer | None = None
    """Takes letters to the people of the desk; None: links are shown to whoever makes them."""
    public_address: str = ""
    """How browsers reach us, such as `https://him.example`; empty: as each request says."""
    secure_cookies: bool = False
    demo_logins: Mapping[str, str] = field(default_factory=dict)
    """Login and password of the demo's users, shown on its log-in page; empty elsewhere."""

    @property
    def facts(self) -> dict[int, ChannelFacts]:
        """What the connected accounts' connectors declare, by account."""
        return {account_id: connector.facts for account_id, connector in self.connectors.items()}
