"""Protocols between the rooms. Each has a local implementation; tests use that one instead of mocks."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from models.channel_facts import ChannelFacts, SendLimit
from models.messages import (
    AccountIdentity,
    Attachment,
    Classification,
    OutboundMessage,
    Page,
    Parsed,
    Sender,
    SendResult,
    TextToClassify,
)

PieceAccepted = Callable[[str], Awaitable[None]]
"""Told the id of each accepted piece of a text while others still have to leave, so that a restart repeats none."""


class Clock(Protocol):
    """Domain time. Leases and time-outs of processes are real time and do not use it."""

    def now(self) -> datetime:
        """The present as an aware UTC time."""

    async def sleep(self, seconds: float) -> None:
        """Sleep for so many seconds of this clock."""


class Connector(Protocol):
    """One account on one platform. Knows HTTP and JSON, no database and no domain words."""

    facts: ChannelFacts

    @property
    def account_id(self) -> str:
        """The platform's id of the account."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The body that proves a webhook address is ours, or None where the query is no valid handshake."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """True where the signature over the raw bytes is right. Header names are lower-case."""

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        """Events of a webhook body or of a polled page of `stream`. What cannot be read becomes a problem, no error."""

    async def identify(self) -> AccountIdentity:
        """Who the credentials belong to. Raises ChannelError."""

    async def poll(self, stream: str, cursor: str) -> Page:
        """The next page of a stream; `cursor` is empty at first. Raises ChannelError."""

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        """Send a text, but for the pieces `message.accepted` names; the ids of all pieces.

        Raises ChannelError; OutcomeUnknownError where it may have been accepted.
        """

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        """Look an uncertain send up: its result, or None where the platform does not have it.

        Raises OutcomeUnknownError where this platform lets nobody check.
        """

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """The bytes of a citizen's file, at most `most`. Raises ChannelError; RequestRefusedError where it is gone."""

    async def close(self) -> None:
        """Give back connections."""


@runtime_checkable
class Hides(Protocol):
    """A connector whose platform lets us hide what citizens write under our own posts."""

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a comment from the public, or show it again. Doing it twice is no fault. Raises ChannelError."""


@runtime_checkable
class Acknowledges(Protocol):
    """A connector whose platform waits to be told that something was taken: a button spins until then."""

    async def acknowledge(self, payload: bytes) -> None:
        """Tell it of what a stored push or page holds; twice is no fault. What fails is logged and costs nobody."""


@runtime_checkable
class LooksUp(Protocol):
    """A connector whose platform tells of some messages by ids alone."""

    async def look_up(self, pointer: Mapping[str, Any], *, last: bool) -> bytes:
        """The words that the `extra` of a pointer leads to, to be parsed as a message. Raises ChannelError.

        What the platform refuses for good is a message without words; with `last`, so is what is only out of reach.
        """


@runtime_checkable
class KnowsPeople(Protocol):
    """A connector whose platform tells of some people by ids alone, and their names to who asks."""

    async def person(self, person_id: str) -> Sender | None:
        """Her names; None where the platform keeps them for good. Raises ChannelError where it may tell later."""


@runtime_checkable
class Blocks(Protocol):
    """A connector whose platform lets us block people."""

    async def block(self, person_id: str, *, blocked: bool) -> None:
        """Take no more messages from somebody, or take them again. Doing it twice is no fault. Raises ChannelError."""


class Classifier(Protocol):
    """Text in, classification out. No database, no network."""

    def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        """One classification per text, in order. Never raises because of a text."""


class JobQueue(Protocol):
    """Wakes workers. The job itself is a database row; an announcement may be lost or come twice."""

    async def announce(self, keys: Sequence[str]) -> None:
        """Tell that the conversations named by `keys` have work. Called after commit."""

    async def receive(self, *, most: int) -> list[str]:
        """Wait for at least one key with work; at most `most`, each once."""

    async def settle(self, keys: Sequence[str]) -> None:
        """The worker is through with these announcements."""

    async def close(self) -> None:
        """Give back connections."""


class LiveBus(Protocol):
    """Tells open pages that something changed. Messages carry ids, never personal data; may be lost."""

    async def publish(self, topic: str, data: Mapping[str, Any]) -> None:
        """Send to all who listen now."""

    def listen(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """(topic, data) pairs from now on, until cancelled."""

    async def close(self) -> None:
        """Give back connections."""


class Lease(Protocol):
    """One owner at a time, across processes; real time."""

    async def acquire(self, name: str, *, seconds: float) -> bool:
        """Become or stay the owner for so many seconds; False where another one is."""

    async def release(self, name: str) -> None:
        """Give the name back."""


class Mailer(Protocol):
    """Letters to the people of the desk; never to citizens."""

    async def send(self, *, to: str, subject: str, text: str) -> None:
        """Hand a plain text to the mail server. Raises ChannelError where it was not taken."""


class Notifier(Protocol):
    """Tells management what cannot wait for a look at the pages (directive 004, 7b2). Never personal data."""

    async def tell(self, subject: str, text: str) -> None:
        """Raises ChannelError where it was not taken; the caller tries again."""


class RateLimiter(Protocol):
    """Buckets by name, across processes; counts on the domain clock, on which platforms count, too."""

    async def take(self, buckets: Mapping[str, SendLimit], *, pieces: int) -> datetime | None:
        """Take `pieces` from each bucket; where one has too little, take nothing and say when to ask again."""


class SecretStore(Protocol):
    """Credentials of accounts. Values never reach logs, pages or errors."""

    def get(self, name: str) -> dict[str, str]:
        """All secrets kept under a name; empty where there are none."""

    def put(self, name: str, values: Mapping[str, str]) -> None:
        """Replace the secrets under a name."""


class FileStore(Protocol):
    """Bytes by name: attachments, exports."""

    async def put(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, replacing what was there."""

    async def get(self, name: str) -> bytes:
        """The bytes. Raises NotFoundError."""

    async def delete(self, name: str) -> None:
        """Forget the name; silent where it is unknown."""
