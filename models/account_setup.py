"""What the set-up page may ask for: the forms of the platforms, and connecting an account, which tests it first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from models.enums import ChannelName


class ConnectState(StrEnum):
    """What came of «connect». Only `connected` stores anything."""

    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"
    WRONG = "wrong_credentials"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """One setting. `value` is empty for a secret; `is_kept` tells that one is stored."""

    name: str
    title: str
    help: str
    is_secret: bool
    is_required: bool
    value: str = ""
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformForm:
    """What must be known of one account on a platform, and the platform's own pages about it."""

    channel: ChannelName
    title: str
    pushes: bool
    fields: Sequence[SettingField]
    documentation: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectOutcome:
    """`message` is for the administrator; `fields` names the settings that are meant."""

    state: ConnectState
    message: str
    fields: tuple[str, ...] = ()
    account_id: int | None = None


class AccountOffice(Protocol):
    """Sets accounts up."""

    def channels(self) -> Sequence[tuple[ChannelName, str]]:
        """Platforms that an account can be added on, with their titles."""

    async def form(self, channel: ChannelName, *, account_id: int | None = None) -> PlatformForm:
        """The platform's form, filled with what is known of an account, secrets aside. Raises NotFoundError."""

    async def connect(
        self, channel: ChannelName, values: Mapping[str, str], *, account_id: int | None = None
    ) -> ConnectOutcome:
        """Test the settings against the platform; store them where they work. Empty secrets mean the stored ones."""
