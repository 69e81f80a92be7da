"""What Meta says of an access token, and the renewal of Instagram's. Tokens stand in no log, error or result."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from connectors.meta.graph import GraphClient
from connectors.meta.reading import UNREADABLE, record, sequence, text_of
from models.credentials import CredentialReport, Renewal
from models.errors import ReauthoriseError, RequestRefusedError, TransientError
from models.messages import AccountIdentity
from models.ports import Clock


class TokenOffice:
    """One access token of one app. All calls raise ChannelError."""

    def __init__(self, *, base_url: str, version: str, access_token: str, app_secret: str, clock: Clock) -> None:
        self._token = access_token
        self._clock = clock
        self._graph = GraphClient(
            base_url=base_url, version=version, access_token=access_token, app_secret=app_secret, clock=clock
        )

    async def inspect(self, identity: AccountIdentity, *, wanted: Iterable[str]) -> CredentialReport:
        """Ask `debug_token` (https://developers.facebook.com/docs/graph-api/reference/debug_token).

        A token that may not look at itself gives a report without expiry and permissions.
        """
        try:
            answer = await self._graph.get("debug_token", {"input_token": self._token})
        except RequestRefusedError:
            return CredentialReport(identity=identity)
        try:
            data = record(record(answer.json).get("data"))
            granted = {text_of(scope) for scope in sequence(data.get("scopes"))} if "scopes" in data else set(wanted)
        except UNREADABLE as error:
            raise TransientError(f"answer cannot be read ({type(error).__name__})") from error
        if data.get("is_valid") is False:
            raise ReauthoriseError("access token is not valid any more")
        ends = [end for name in ("expires_at", "data_access_expires_at") if (end := _time(data.get(name)))]
        return CredentialReport(
            identity=identity,
            expires_at=min(ends, default=None),
            missing_permissions=tuple(name for name in wanted if name not in granted),
        )

    async def refresh(self) -> Renewal:
        """A new token of sixty days for an Instagram token that lives and is a day old.

        https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token
        """
        query = {"grant_type": "ig_refresh_token", "access_token": self._token}
        answer = await self._graph.get("refresh_access_token", query)
        try:
            data = record(answer.json)
            fresh, seconds = text_of(data.get("access_token")), int(data["expires_in"])
        except UNREADABLE as error:
            raise TransientError(f"answer cannot be read ({type(error).__name__})") from error
        if not fresh:
            raise TransientError("answer holds no token")
        return Renewal(values={"access_token": fresh}, expires_at=self._clock.now() + timedelta(seconds=seconds))

    async def close(self) -> None:
        await self._graph.close()


def _time(value: object) -> datetime | None:
    """Seconds since the epoch; 0 means never."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) and value > 0 else None
