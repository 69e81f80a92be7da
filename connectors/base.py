"""What all platforms share: how a platform is declared, and measures of texts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from models.channel_facts import ChannelFacts
from models.enums import ChannelName, SendMode
from models.errors import RequestRefusedError
from models.messages import OutboundMessage, Parsed
from models.ports import Clock, Connector


class AccountSettings(BaseModel):
    """Base of every platform's settings. Fields carry title, description and `json_schema_extra={"secret": True}`.

    `base_url` and its like exist in every platform so that the same client reaches the real host or a simulator.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    channel: ClassVar[ChannelName]

    @property
    def account_id(self) -> str:
        """The platform's id of the account that these settings reach."""
        raise NotImplementedError

    def secret_values(self) -> dict[str, str]:
        """What belongs into the secret store."""
        return {name: value for name, value in self.model_dump().items() if name in self._secret_names()}

    def public_values(self) -> dict[str, Any]:
        """What may stand in the account's row."""
        return {name: value for name, value in self.model_dump(mode="json").items() if name not in self._secret_names()}

    @classmethod
    def _secret_names(cls) -> set[str]:
        return {
            name
            for name, field in cls.model_fields.items()
            if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("secret")
        }


def secret(title: str, description: str, *, required: bool = True) -> Any:
    """A setting that belongs into the secret store and stands in no representation."""
    extra: dict[str, Any] = {"json_schema_extra": {"secret": True}, "repr": False}
    if required:
        return Field(min_length=1, title=title, description=description, **extra)
    return Field(default="", title=title, description=description, **extra)


class Parse(Protocol):
    """Pure reading of a platform's JSON: a webhook body or a polled page of `stream`."""

    def __call__(self, payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A platform as the registry knows it."""

    channel: ChannelName
    facts: ChannelFacts
    settings: type[AccountSettings]
    parse: Parse
    build: Callable[[Any, Clock], Connector]
    """(settings, clock) -> connector"""


def require_mode(message: OutboundMessage, *modes: SendMode) -> None:
    """Raise RequestRefusedError where the platform has no such way of sending."""
    if message.mode not in modes:
        raise RequestRefusedError(f"this platform has no {message.mode}")


def utf8_bytes(text: str) -> int:
    """Measure of Instagram's messages: bytes of UTF-8; Turkish letters count two."""
    return len(text.encode("utf-8"))


def utf16_units(text: str) -> int:
    """Measure of Telegram: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
